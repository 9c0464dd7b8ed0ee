"""Users and the roles that code gives them; students, shown."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from accommodations.admin.base import OfferedFiltersOnly, ReadOnlyAdmin, is_operator, page_link
from accommodations.errors import AccountRefused
from accommodations.models import ActCount, GonePerson, Invitation, LinkedPerson, Student
from accommodations.services import user_log, users

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.site_header = "Leeway: users and tables"
admin.site.site_title = "Leeway"
admin.site.index_title = "Users, roles and what is stored"


class LinkedPersonInline(admin.StackedInline):  # type: ignore[type-arg]  # generic in the stubs alone
    """The Canvas person that a user is: instructors and students need it."""

    model = LinkedPerson
    can_delete = True
    fields = ("login_id", "canvas_user_id")
    verbose_name_plural = "Canvas person"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators tie users to Canvas people."""
        return is_operator(request)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission


class LeewayUserChangeForm(UserChangeForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """Keeps the rule of the page of users here too: a role that is needed is never left without anybody."""

    def clean(self) -> dict[str, Any]:
        """Refuse to take the last administrator or director away, or to switch them off."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        before = User.objects.get(pk=self.instance.pk)
        had = set(before.groups.values_list("name", flat=True))
        kept = {group.name for group in cleaned.get("groups", ())} if cleaned.get("is_active") else set()
        try:
            users.refuse_without_somebody(before, had - kept)
        except AccountRefused as refused:
            raise ValidationError(refused.message, code="last") from refused
        return cleaned


@admin.register(User)
class LeewayUserAdmin(OfferedFiltersOnly, UserAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    """Users are added, changed and switched off here; never deleted, since the log names them."""

    form = LeewayUserChangeForm
    inlines = [LinkedPersonInline]
    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "linked_person__login_id")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Role", {"fields": ("groups", "is_active", "is_staff")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description="Role")
    def roles(self, user: User) -> str:
        """Return the names of the user's groups."""
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read the groups of all users at once."""
        return super().get_queryset(request).prefetch_related("groups")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List users for operators."""
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show users to operators."""
        return is_operator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators add users."""
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators change users, but only a superuser changes a superuser."""
        return is_operator(request) and (obj is None or not obj.is_superuser or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: switch the user off instead."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save the user, and remember for the log what was stored until now."""
        form.user_before = user_log.as_stored(obj.pk) if change else user_log.NOBODY
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            users.end_sessions(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save roles and Canvas person, and log all that was changed, in the transaction of the page."""
        super().save_related(request, form, formsets, change)
        actor: Any = request.user  # nobody gets here unless signed in
        user_log.log_saved(form.instance, before=form.user_before, actor=actor)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  # the name that Django's URL pattern gives it
        form_url: str = "",
    ) -> HttpResponse:
        """Set a password and log that it was set, both or neither."""
        with transaction.atomic():
            before = self.get_object(request, unquote(id))
            response = super().user_change_password(request, id, form_url)
            after = self.get_object(request, unquote(id))
            if before is not None and after is not None and before.password != after.password:
                user_log.log_password_set(after, actor=request.user)  # type: ignore[arg-type]  # an operator
        return response


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """The roles: code is the only source of who may what."""


@admin.register(LinkedPerson)
class LinkedPersonAdmin(ReadOnlyAdmin):
    """Which user is which Canvas person; changed on the user's page."""

    list_display = ("login_id", "user", "canvas_user_id", "teachings_read_at")
    search_fields = ("login_id", "user__username", "user__last_name", "canvas_user_id")
    list_select_related = ("user",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations, without the digest of their links; made and taken back on the page of users."""

    list_display = ("pk", "username", "role", "invited_by", "invited_at", "expires_at", "used_at", "revoked_at")
    search_fields = ("username", "last_name", "login_id")
    list_select_related = ("invited_by",)
    exclude = ("token_digest",)


@admin.register(ActCount)
class ActCountAdmin(ReadOnlyAdmin):
    """How often people did lately what is limited."""

    list_display = ("user", "act", "number", "began_at")
    search_fields = ("user__username", "act")
    list_select_related = ("user",)


@admin.register(Student)
class StudentAdmin(ReadOnlyAdmin):
    """Students on record."""

    list_display = ("sortable_name", "sis_user_id", "login_id", "canvas_user_id", "needs_release", "page")
    search_fields = ("name", "sortable_name", "sis_user_id", "login_id", "canvas_user_id")
    list_filter = ("needs_release",)
    readonly_fields = ("page",)

    @admin.display(description="Page")
    def page(self, student: Student) -> SafeString | str:
        """Return a link to the student's page."""
        return page_link("student_detail", student, "open")


@admin.register(GonePerson)
class GonePersonAdmin(ReadOnlyAdmin):
    """Students whom Canvas no longer knows, and what was decided."""

    list_display = ("pk", "student", "survivor", "noted_at", "decision", "decided_by", "decided_at")
    list_filter = ("decision",)
    search_fields = ("student__name", "student__sis_user_id", "survivor__name")
    list_select_related = ("student", "survivor", "decided_by")
