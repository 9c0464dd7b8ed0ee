"""The roles of product.md as Django groups, written after each migration: code is the only source of who may what."""

from typing import Any

COORDINATOR = "coordinator"
DIRECTOR = "director"
INSTRUCTOR = "instructor"
AUDITOR = "auditor"
STUDENT = "student"
ADMINISTRATOR = "administrator"

_OFFICE = {
    "record_accommodation", "see_notes", "see_all_students", "export", "start_sync", "see_all_runs", "read_log",
}  # fmt: skip
_DIRECTORS = {
    "approve_accommodation", "change_institution", "change_usual_sets", "confirm_guard", "export_log", "see_operations",
}  # fmt: skip

PERMISSIONS_OF_ROLE: dict[str, frozenset[str]] = {
    COORDINATOR: frozenset(_OFFICE),
    DIRECTOR: frozenset(_OFFICE | _DIRECTORS),
    INSTRUCTOR: frozenset({"see_taught_students", "start_taught_sync"}),
    AUDITOR: frozenset({"see_all_students", "see_all_runs", "read_log", "export", "export_log"}),
    STUDENT: frozenset({"see_self"}),
    ADMINISTRATOR: frozenset({"manage_connection", "manage_users", "see_all_runs", "see_operations"}),
}


def write_roles(sender: object = None, using: str = "default", **kwargs: Any) -> None:
    """Create the groups and set their permissions to exactly those of the code; safe to repeat."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    if sender is not None:
        create_permissions(sender, verbosity=0, using=using)  # type: ignore[arg-type]  # sender is our AppConfig
    for role, codenames in PERMISSIONS_OF_ROLE.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(
            Permission.objects.using(using).filter(content_type__app_label="accommodations", codename__in=codenames)
        )
