"""The Django admin: searchable, linked, and what the app owns is shown and never edited."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AbstractUser, Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accommodations.models import (
    AccommodationException,
    ActionLogEntry,
    Alert,
    CanvasAct,
    Concern,
    ConfirmedEnding,
    CourseRelease,
    LedgerEntry,
    LinkedPerson,
    Notice,
    NoticeItem,
    PairHold,
    Student,
    SyncAction,
)
from accommodations.services import action_log
from tests.accommodations.views_a.conftest import Campus
from tests.factories import (
    PASSWORD,
    make_connection,
    make_course_sync,
    make_gone,
    make_linked_person,
    make_run,
    make_user,
)

OURS = list(apps.get_app_config("accommodations").get_models())


@pytest.fixture
def operator(campus: Campus) -> Client:
    """Return a client signed in as an administrator who may open the admin."""
    client = Client()
    client.force_login(make_user("administrator", is_staff=True))
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_is_shown_searchable_and_read_only(model: type, operator: Client) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert admin.site.get_model_admin(model).search_fields
    assert operator.get(reverse(f"{name}_changelist") + "?q=a1").status_code == 200
    assert operator.get(reverse(f"{name}_add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        url = reverse(f"{name}_change", args=[row.pk])
        assert operator.get(url).status_code == 200
        assert operator.post(url, {}).status_code == 403
        assert operator.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_b28_the_token_is_nowhere_in_the_admin(operator: Client) -> None:
    connection = make_connection()
    page = operator.get(reverse("admin:accommodations_canvasconnection_change", args=[connection.pk])).content.decode()
    assert "token-of-the-tests" not in page
    assert "canvas.example.edu" in page


def test_b04_private_notes_are_not_in_the_admin(campus: Campus, operator: Client) -> None:
    accommodation = campus.amara.accommodations.get()
    for name, pk in (
        ("accommodation", accommodation.pk),
        ("historicalaccommodation", accommodation.history.first().pk),
    ):
        page = operator.get(reverse(f"admin:accommodations_{name}_change", args=[pk])).content.decode()
        assert "Only for the office." not in page


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        ("accommodations_accommodation", "note__startswith=Only"),
        ("accommodations_accommodation", "note=Only for the office."),
        ("accommodations_accommodation", "student__accommodations__note__startswith=Only"),
        ("accommodations_historicalaccommodation", "note__startswith=Only"),
        ("accommodations_canvasconnection", "token__startswith=token"),
        ("accommodations_actionlogpayload", "data__reason__startswith=a"),
        ("accommodations_actionlogpayload", "salt__startswith=a"),
        ("auth_user", "password__startswith=pbkdf2"),
        ("auth_user", "groups__user__password__startswith=pbkdf2"),
    ],
)
def test_b04_hidden_fields_cannot_be_read_by_guessing(table: str, hidden: str, operator: Client) -> None:
    make_connection()
    response = operator.get(f"{reverse(f'admin:{table}_changelist')}?{hidden}")
    assert response.status_code == 400
    assert b"result_list" not in response.content


@pytest.mark.parametrize("model", [*OURS, User], ids=lambda model: model.__name__)
def test_the_filters_that_a_page_offers_narrow_it(model: type, operator: Client) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    listed = operator.get(url).context["cl"]
    for spec in listed.filter_specs:
        for choice in spec.choices(listed):
            assert operator.get(url + choice["query_string"]).status_code == 200


def rows_about(student: Student, campus: Campus) -> list[Model]:
    """Return a row of every table that is about the student; planned actions apart."""
    accommodation, someone = student.accommodations.get(), campus.users["director"]
    entry = action_log.record(act="pair.settled", student=student)
    return [
        student,
        accommodation,
        accommodation.history.get(),
        AccommodationException.objects.create(
            student=student, course=campus.own, reason="Declined.", effective_until=date(2030, 1, 1), decided_by=someone
        ),
        CourseRelease.objects.create(student=student, course=campus.own, released_by=someone),
        student.enrollments.get(),
        LedgerEntry.objects.create(
            student=student, assessment=campus.quiz, part="override", value={}, put_at=datetime.now(UTC)
        ),
        make_run(student=student),
        *rows_of_decisions(student, campus, someone),
        *rows_of_notices(student, campus, someone),
        CanvasAct.objects.create(
            kind="unlock", course=campus.own, student=student, asked={}, before={}, asked_by=someone
        ),
        make_gone(student),
        campus.own_pair,
        entry,
        entry.payload,
    ]


def rows_of_decisions(student: Student, campus: Campus, someone: AbstractUser) -> list[Model]:
    pair, now = {"student": student, "assessment": campus.quiz}, datetime.now(UTC)
    return [
        PairHold.objects.create(**pair, kind="undone", held_by=someone, held_at=now),
        Alert.objects.create(**pair, kind="drift", course=campus.own, message="Again.", raised_at=now),
        ConfirmedEnding.objects.create(student=student, number=1, confirmed_by=someone, confirmed_at=now),
    ]


def rows_of_notices(student: Student, campus: Campus, someone: AbstractUser) -> list[Model]:
    notice = Notice.objects.create(kind="student", student=student, recipient=someone, due_at=datetime.now(UTC))
    return [
        notice,
        NoticeItem.objects.create(
            notice=notice, event="write", student=student, course=campus.own, at=datetime.now(UTC)
        ),
        Concern.objects.create(course=campus.own, student=student, words="Why?", raised_by=someone),
    ]


def test_looking_at_any_row_about_a_student_in_the_admin_is_logged(campus: Campus, operator: Client) -> None:
    part = make_course_sync(make_run(), campus.own)
    action = SyncAction.objects.create(
        course_sync=part, student=campus.amara, assessment=campus.quiz, position=1, action={}
    )
    rows = [*rows_about(campus.amara, campus), action]
    named = {model for model in OURS if {"student", "student_id_logged"} & {field.name for field in model._meta.fields}}
    assert named <= {type(row) for row in rows}
    views = ActionLogEntry.objects.filter(act="student.viewed", student_id_logged=campus.amara.pk)
    for number, row in enumerate(rows, start=1):
        url = reverse(f"admin:accommodations_{row._meta.model_name}_change", args=[row.pk])
        assert operator.get(url).status_code == 200
        assert operator.post(url, {}).status_code == 403
        assert views.count() == number, row._meta.model_name


LINK_TO_OUR_PAGES = re.compile(r'href="(/(?:students|courses|coverage|runs|sync[a-z-]*|log)/[^"]*)"')


def links_in_the_admin(client: Client, rows: list[Model]) -> set[str]:
    """Return every link to a page of ours on the lists and the rows of the admin."""
    found: set[str] = set()
    for model in OURS:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        found |= set(LINK_TO_OUR_PAGES.findall(client.get(url).content.decode()))
    for row in rows:
        url = reverse(f"admin:accommodations_{row._meta.model_name}_change", args=[row.pk])
        found |= set(LINK_TO_OUR_PAGES.findall(client.get(url).content.decode()))
    return found


def test_b02_links_lead_an_administrator_only_to_pages_that_open(campus: Campus, operator: Client) -> None:
    rows = rows_about(campus.amara, campus)
    links = links_in_the_admin(operator, rows)
    assert links
    assert {link for link in links if operator.get(link).status_code != 200} == set()
    page = operator.get(reverse("admin:accommodations_accommodation_changelist")).content.decode()
    assert "Amara Okonkwo" in page


def test_rows_link_to_the_pages_of_whoever_may_open_them(campus: Campus, operator: Client) -> None:
    rows = rows_about(campus.amara, campus)
    User.objects.get(pk=operator.session["_auth_user_id"]).groups.add(Group.objects.get(name="director"))
    links = links_in_the_admin(operator, rows)
    assert {link for link in links if operator.get(link).status_code != 200} == set()
    for name, row in (("student", campus.amara), ("course", campus.own), ("pair", campus.own_pair)):
        assert reverse(f"{name}_detail", args=[row.pk]) in links
    assert any(link.startswith(reverse("log")) for link in links)


@pytest.mark.parametrize("role", ["coordinator", "director", "auditor", "instructor", "student"])
def test_b02_other_roles_do_not_get_in_even_as_staff(role: str, campus: Campus) -> None:
    client = Client()
    client.force_login(make_user(role, is_staff=True))
    assert client.get(reverse("admin:accommodations_student_changelist")).status_code in (403, 404)


def form_of_user(operator: Client, user: AbstractUser, **changes: Any) -> dict[str, Any]:
    """Return what the user's page would send with these changes; the user has one role at most, and no tie yet."""
    form = operator.get(reverse("admin:auth_user_change", args=[user.pk])).context["adminform"].form
    return {name: value for name, value in form.initial.items() if isinstance(value, str)} | {
        "groups": [group.pk for group in user.groups.all()],
        "is_active": "on",
        "linked_person-TOTAL_FORMS": "0", "linked_person-INITIAL_FORMS": "0",
    } | changes  # fmt: skip


def tie_to(user: AbstractUser, login_id: str) -> dict[str, Any]:
    """Return what the user's page sends for the Canvas person, first or changed."""
    person = LinkedPerson.objects.filter(user=user).first()
    return {
        "linked_person-TOTAL_FORMS": "1", "linked_person-INITIAL_FORMS": "1" if person else "0",
        "linked_person-0-id": person.pk if person else "", "linked_person-0-user": user.pk,
        "linked_person-0-login_id": login_id, "linked_person-0-canvas_user_id": "",
    }  # fmt: skip


def logged(act: str, operator: Client) -> dict[str, Any]:
    """Return the payload of the one entry of this act, which names the operator."""
    entry = ActionLogEntry.objects.select_related("payload").get(act=act)
    assert str(entry.actor_id) == operator.session["_auth_user_id"]
    return dict(entry.payload.data)


def test_an_operator_gives_a_user_a_role_and_a_canvas_person(operator: Client) -> None:
    user = make_user(None, username="newcomer")
    role = Group.objects.get(name="instructor")
    data = form_of_user(operator, user, groups=[role.pk], **tie_to(user, "newcomer.login"))
    response = operator.post(reverse("admin:auth_user_change", args=[user.pk]), data)
    assert response.status_code == 302, response.context["errors"]
    assert LinkedPerson.objects.get(user=user).login_id == "newcomer.login"
    assert user.groups.get().name == "instructor"
    assert logged("user.changed", operator) == {
        "user": "newcomer", "user_id": user.pk, "groups": {"before": [], "after": ["instructor"]},
    }  # fmt: skip
    assert logged("user.linked", operator)["login_id"] == {"before": "", "after": "newcomer.login"}


def test_a_change_of_the_canvas_person_is_logged_with_both_logins(operator: Client) -> None:
    user = make_user("student")
    make_linked_person(user, login_id="first", canvas_user_id=None)
    data = form_of_user(operator, user, **tie_to(user, "second"))
    assert operator.post(reverse("admin:auth_user_change", args=[user.pk]), data).status_code == 302
    assert logged("user.linked", operator) == {
        "user": user.username, "user_id": user.pk, "login_id": {"before": "first", "after": "second"},
    }  # fmt: skip
    assert not ActionLogEntry.objects.filter(act="user.changed").exists()


def test_switching_a_user_off_is_logged_and_saving_without_a_change_is_not(operator: Client) -> None:
    user = make_user("coordinator")
    page = reverse("admin:auth_user_change", args=[user.pk])
    assert operator.post(page, form_of_user(operator, user)).status_code == 302
    assert not ActionLogEntry.objects.filter(act__startswith="user.").exists()
    assert operator.post(page, form_of_user(operator, user, is_active="")).status_code == 302
    assert logged("user.changed", operator)["is_active"] == {"before": True, "after": False}


def test_adding_a_user_is_logged_without_the_password(operator: Client) -> None:
    data = {
        "username": "fresh", "usable_password": "true", "password1": "a-Long-Word-7", "password2": "a-Long-Word-7",
        "linked_person-TOTAL_FORMS": "0", "linked_person-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert operator.post(reverse("admin:auth_user_add"), data).status_code == 302
    payload = logged("user.added", operator)
    assert payload["user_id"] == User.objects.get(username="fresh").pk
    assert "a-Long-Word-7" not in str(payload)
    assert "password" not in payload


def test_setting_a_password_is_logged_and_a_refused_one_is_not(operator: Client) -> None:
    user = make_user("instructor")
    page = reverse("admin:auth_user_password_change", args=[user.pk])
    data = {"usable_password": "true", "password1": "a-Long-Word-7", "password2": "another"}
    assert operator.post(page, data).status_code == 200
    assert not ActionLogEntry.objects.filter(act="user.password_set").exists()
    assert operator.post(page, data | {"password2": "a-Long-Word-7", "set-password": "1"}).status_code == 302
    assert logged("user.password_set", operator) == {"user": user.username, "user_id": user.pk}


def test_a_change_of_a_user_that_cannot_be_logged_is_not_made(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user("coordinator")
    data = form_of_user(operator, user, groups=[Group.objects.get(name="director").pk])

    def fail(**_: object) -> None:
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(action_log, "record", fail)
    with pytest.raises(RuntimeError):
        operator.post(reverse("admin:auth_user_change", args=[user.pk]), data)
    assert user.groups.get().name == "coordinator"


def test_an_operator_can_neither_become_nor_change_a_superuser(operator: Client) -> None:
    chief = make_user(None, username="chief", is_superuser=True)
    assert operator.post(reverse("admin:auth_user_change", args=[chief.pk]), {}).status_code == 403
    own = operator.get(reverse("admin:auth_user_changelist"))
    assert own.status_code == 200
    user = make_user(None)
    page = operator.get(reverse("admin:auth_user_change", args=[user.pk])).content.decode()
    assert "is_superuser" not in page
    assert "user_permissions" not in page
    assert operator.post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", ["admin:password_change", "admin:index", "admin:auth_user_changelist"])
def test_pages_of_the_admin_need_nothing_inline_that_the_policy_forbids(page: str, operator: Client) -> None:
    response = operator.get(reverse(page))
    assert response.status_code == 200
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)(?![^>]*json)|\sstyle=|\son[a-z]+=", response.content.decode())


def test_an_operator_changes_the_own_password(operator: Client) -> None:
    data = {"old_password": PASSWORD, "new_password1": "a-Long-Word-7", "new_password2": "a-Long-Word-7"}
    assert operator.post(reverse("admin:password_change"), data, follow=True).status_code == 200
    assert User.objects.get(pk=operator.session["_auth_user_id"]).check_password("a-Long-Word-7")
