"""Who may open and do what: every acting page for every role, as a stranger, without a token, by a wrong method."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.models import (
    Accommodation,
    Alert,
    CanvasAct,
    CourseSync,
    CoverageDay,
    GuardStop,
    ImportFile,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.services import imports
from accommodations.services.institution import change_settings
from accommodations.services.invitations import invite_to_new_password
from accommodations.urls_board import urlpatterns as board_patterns
from accommodations.urls_holds import urlpatterns as hold_patterns
from accommodations.urls_imports import urlpatterns as import_patterns
from accommodations.urls_letter import urlpatterns as letter_patterns
from accommodations.urls_merged import urlpatterns as merged_patterns
from accommodations.urls_office import urlpatterns as office_patterns
from accommodations.urls_settings import urlpatterns as settings_patterns
from tests import factories
from tests.accommodations.importing.files import csv_bytes
from tests.accommodations.views_b.conftest import HTMX, SignIn, make_plan

pytestmark = pytest.mark.django_db

ROLES = ("coordinator", "director", "instructor", "auditor", "student", "administrator")
OFFICE = frozenset({"coordinator", "director"})
READERS = OFFICE | {"auditor", "administrator"}
DIRECTOR, ADMINISTRATOR = frozenset({"director"}), frozenset({"administrator"})
FOR_STRANGERS = {"invitation_accept", "invitation_open"}


@dataclass(frozen=True)
class Page:
    """One URL: which object it names, who may read it (empty: nobody reads it) and who may post to it.

    `object_actors` may post where the object is their own: a foreign one is not there for them.
    """

    name: str
    object: str | None = None
    readers: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    object_actors: frozenset[str] = frozenset()


PAGES = (
    Page("student_find", None, OFFICE, OFFICE),
    Page("accommodation_new", "student", OFFICE, OFFICE),
    Page("accommodation_preview", "student", frozenset(), OFFICE),
    Page("accommodation_edit", "accommodation", OFFICE, OFFICE),
    Page("accommodation_end", "accommodation", OFFICE, OFFICE),
    Page("accommodation_approve", "accommodation", frozenset(), OFFICE),
    Page("approval_list", None, OFFICE),
    Page("student_approval", "student", OFFICE, OFFICE),
    Page("student_summary", "student", OFFICE | {"auditor"}),
    Page("student_summary_mail", "student", OFFICE),
    Page("student_release", "student", OFFICE, OFFICE),
    Page("student_gone", "gone", OFFICE, OFFICE),
    Page("student_gone_take_back", "gone", frozenset(), OFFICE),
    Page("exception_new", "student", OFFICE, OFFICE),
    Page("exception_withdraw", "exception", OFFICE, OFFICE),
    Page("renewal", None, OFFICE, OFFICE),
    Page("usual_set_list", None, OFFICE),
    Page("usual_set_new", None, frozenset({"director"}), frozenset({"director"})),
    Page("usual_set_edit", "usual set", frozenset({"director"}), frozenset({"director"})),
    Page("usual_set_retire", "usual set", frozenset(), frozenset({"director"})),
    Page("start_student_sync", "student", frozenset(), OFFICE),
    Page("start_course_sync", "course", frozenset(), OFFICE, frozenset({"instructor"})),
    Page("course_every_quiz", "course", OFFICE, OFFICE),
    Page("course_quiz_dates", "course", OFFICE, OFFICE),
    Page("act_take_back", "act", OFFICE, OFFICE),
    Page("pair_unlock", "pair", OFFICE, OFFICE),
    Page("attempt_extend", "pair", OFFICE, OFFICE, frozenset({"instructor"})),
    Page("student_undo", "student", OFFICE, OFFICE),
    Page("run_undo", "ended run", OFFICE, OFFICE),
    Page("hold_release", None, frozenset(), OFFICE),
    Page("pair_follow_class", "pair", frozenset(), OFFICE),
    Page("assessment_exam", "assessment", frozenset(), OFFICE),
    Page("guard_stop", "stop", OFFICE | {"auditor"}, frozenset({"director"})),
    Page("alert_seen", "alert", frozenset(), OFFICE),
    Page("set_aside_release", "set aside", frozenset(), DIRECTOR),
    Page("sync_run_list", None, READERS | {"instructor"}),
    Page("sync_run_detail", "run", READERS),
    Page("sync_run_status", "run", READERS),
    Page("sync_run_apply", "run", frozenset(), OFFICE),
    Page("sync_run_cancel", "run", frozenset(), OFFICE),
    Page("sync_run_retry", "ended run", frozenset(), OFFICE, frozenset({"instructor"})),
    Page("pair_unsettle", "pair", frozenset(), OFFICE, frozenset({"instructor"})),
    Page("coverage_day", "day", OFFICE | {"auditor"}),
    Page("start_reason_sync", None, frozenset(), OFFICE),
    Page("coverage_board", None, OFFICE | {"auditor", "instructor"}),
    Page("coverage_board_csv", None, OFFICE | {"auditor"}),
    Page("coverage_board_xlsx", None, OFFICE | {"auditor"}),
    Page("connection", None, frozenset({"administrator"}), frozenset({"administrator"})),
    Page("settings", None, DIRECTOR, DIRECTOR),
    Page("term_list", None, DIRECTOR),
    Page("holiday_list", None, DIRECTOR, DIRECTOR),
    Page("holiday_detail", "holiday", DIRECTOR, DIRECTOR),
    Page("user_list", None, ADMINISTRATOR, ADMINISTRATOR),
    Page("user_invite", None, ADMINISTRATOR, ADMINISTRATOR),
    Page("user_detail", "user", ADMINISTRATOR, ADMINISTRATOR),
    Page("user_switch", "user", ADMINISTRATOR, ADMINISTRATOR),
    Page("user_new_link", "user", frozenset(), ADMINISTRATOR),
    Page("invitation_revoke", "invitation", frozenset(), ADMINISTRATOR),
    Page("import_list", None, OFFICE),
    Page("import_new", None, OFFICE, OFFICE),
    Page("import_sample_csv", None, OFFICE),
    Page("import_sample_workbook", None, OFFICE),
    Page("import_source", "source", frozenset({"director"}), frozenset({"director"})),
    Page("import_detail", "file", OFFICE),
    Page("import_columns", "file", OFFICE, OFFICE),
    Page("import_progress", "file", OFFICE),
    Page("import_look_up", "file", frozenset(), OFFICE),
    Page("import_rows", "file", frozenset(), OFFICE),
    Page("import_take", "file", frozenset(), OFFICE),
    Page("import_confirm", "file", frozenset(), frozenset({"director"})),
    Page("import_discard", "file", frozenset(), OFFICE),
    Page("import_undo", "taken", OFFICE, OFFICE),
)
BY_NAME = {page.name: page for page in PAGES}


def make_dates_act(pair: PairStatus) -> CanvasAct:
    """Return dates of an ungraded quiz that stand in Canvas and can be taken back."""
    dates = {"unlock_at": None, "due_at": None, "lock_at": None}
    return CanvasAct.objects.create(
        kind=CanvasAct.Kind.QUIZ_DATES,
        course=pair.course,
        student=pair.student,
        assessment=pair.assessment,
        asked={"dates": dates, "override": "own"},
        before={"kind": "none", "override": None, "held": dates},
        status=CanvasAct.Status.APPLIED,
        is_standing=True,
        asked_by=factories.make_user(),
    )


def make_imports() -> dict[str, int]:
    """Return a file that is being checked, one that was taken, and their source."""
    user = factories.make_user("coordinator")
    files = [
        imports.upload_file(
            content=csv_bytes("Student ID,Multiplier", "nobody,1.5"), name="a.csv", source="Cases", uploaded_by=user
        )
        for _ in range(2)
    ]
    file = imports.map_columns(file=files[0], mapping=files[0].mapping, day_order="month_first")
    ImportFile.objects.filter(pk=files[1].pk).update(status=ImportFile.Status.TAKEN)
    return {"file": file.pk, "taken": files[1].pk, "source": file.source_id}


def make_stop(part: CourseSync) -> GuardStop:
    """Return what the safety guard stopped in the course."""
    return GuardStop.objects.create(
        course=part.course, run=part.run, digest="d" * 64, message="Too many at once.", stopped_at=timezone.now()
    )


def make_alert(pair: PairStatus) -> Alert:
    """Return an alert that nobody has noted."""
    return Alert.objects.create(
        kind=Alert.Kind.DRIFT,
        student=pair.student,
        assessment=pair.assessment,
        course=pair.course,
        message="Made less for the third time.",
        raised_at=timezone.now(),
    )


@pytest.fixture
def addresses(student: Student) -> dict[str, str]:
    run, part = make_plan(student)
    pair = factories.make_pair(student, factories.make_assessment(part.course))
    keys = {
        "student": student.pk,
        "accommodation": factories.make_accommodation(student, status="draft").pk,
        "course": part.course_id,
        "run": run.pk,
        "pair": pair.pk,
        "assessment": pair.assessment_id,
        "act": make_dates_act(pair).pk,
        **make_imports(),
        "ended run": factories.make_run(status="done").pk,
        "stop": make_stop(part).pk,
        "alert": make_alert(pair).pk,
        "set aside": factories.make_set_aside(part.course).pk,
        "gone": factories.make_gone(student).student_id,
        "exception": factories.make_exception(student, part.course).pk,
        "usual set": factories.make_usual_set().pk,
    }
    change_settings(changed_by=factories.make_user(), changes={"holidays": ["2025-12-25"]})
    CoverageDay.objects.create(day="2025-11-20", read_back=1)
    keys["holiday"], keys["user"] = 20251225, factories.make_user("auditor").pk
    invited, inviting = User.objects.get(pk=keys["user"]), factories.make_user("administrator")
    keys["invitation"] = invite_to_new_password(user=invited, invited_by=inviting)[0].pk
    numbers: dict[str, object] = {**keys, "day": "2025-11-20"}
    return {page.name: reverse(page.name, args=[numbers[page.object]] if page.object else []) for page in PAGES}


def test_b02_every_url_of_the_acting_pages_is_in_the_matrix() -> None:
    patterns = (
        *(*office_patterns, *import_patterns, *hold_patterns, *letter_patterns),
        *(*settings_patterns, *board_patterns, *merged_patterns),
    )
    assert {pattern.name for pattern in patterns} == set(BY_NAME) | FOR_STRANGERS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_b01_a_stranger_is_sent_to_sign_in(page: Page, addresses: dict[str, str]) -> None:
    for response in (Client().get(addresses[page.name]), Client().post(addresses[page.name])):
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("sign_in"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_b02_reading_is_for_the_roles_of_the_matrix_and_not_there_for_others(
    page: Page, role: str, addresses: dict[str, str], sign_in: SignIn
) -> None:
    status = sign_in(role).get(addresses[page.name], headers=HTMX).status_code

    if role in page.readers:
        assert status in (200, 286)
    elif page.readers or role not in page.actors | page.object_actors:
        assert status == 404
    else:
        assert status == 405, "B07: no state changes by GET"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", [page for page in PAGES if page.actors], ids=lambda page: page.name)
def test_b05_acting_is_for_the_roles_of_the_matrix_and_refused_to_others(
    page: Page, role: str, addresses: dict[str, str], sign_in: SignIn
) -> None:
    before = (SyncRun.objects.count(), list(Accommodation.objects.values_list("version", "status")))

    status = sign_in(role).post(addresses[page.name]).status_code

    if role in page.actors:
        assert status in (200, 302)
        return
    assert status == (404 if role in page.object_actors else 403)
    assert before == (SyncRun.objects.count(), list(Accommodation.objects.values_list("version", "status")))
    assert not CourseSync.objects.filter(is_approved=True).exists()


@pytest.mark.parametrize("page", [page for page in PAGES if page.actors], ids=lambda page: page.name)
def test_b07_a_post_without_the_token_of_the_form_is_refused(
    page: Page, addresses: dict[str, str], sign_in: SignIn
) -> None:
    role = "administrator" if "administrator" in page.actors else "director"
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.make_user(role))

    assert client.post(addresses[page.name]).status_code == 403


@pytest.mark.parametrize("page", [page for page in PAGES if page.object], ids=lambda page: page.name)
def test_what_does_not_exist_is_not_found(page: Page, sign_in: SignIn) -> None:
    client = sign_in("administrator" if page.actors == ADMINISTRATOR else "director")
    address = reverse(page.name, args=[987654])

    assert (client.get(address) if page.readers else client.post(address)).status_code == 404


def test_b04_the_private_note_is_only_in_the_offices_pages(
    student: Student, sign_in: SignIn, coordinator: Client
) -> None:
    row = factories.make_accommodation(student, note="Only for the office")

    assert "Only for the office" in coordinator.get(reverse("accommodation_edit", args=[row.pk])).content.decode()
    assert sign_in("auditor").get(reverse("accommodation_edit", args=[row.pk])).status_code == 404


def test_b15_a_name_is_text_everywhere(coordinator: Client, student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(name='<script>alert(1)</script>"><img onerror=x> {{7*7}}')
    run, _ = make_plan(student)
    row = factories.make_accommodation(student)

    for address in (
        reverse("accommodation_new", args=[student.pk]),
        reverse("accommodation_end", args=[row.pk]),
        reverse("sync_run_detail", args=[run.pk]),
        reverse("sync_run_list"),
    ):
        page = coordinator.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img onerror" not in page
        assert "&lt;script&gt;alert(1)" in page
