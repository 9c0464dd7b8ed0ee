"""The pages on what waits for a person: the guard's stops, undo and release, following the class, alerts."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.codec import to_stored
from accommodations.models import ActionLogEntry, Alert, GuardStop, LedgerEntry, PairHold, PairStatus, Student, SyncRun
from accommodations.planning.dates_part import STAYS_UNTIL_DECIDED
from accommodations.planning.plan import LedgerExtension, PairOutcome, Values
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import Dates
from tests import factories
from tests.accommodations.views_b.conftest import SignIn, add_actions, make_plan

pytestmark = pytest.mark.django_db


def make_stop(student: Student) -> GuardStop:
    course = student.enrollments.get().course
    assessment = course.assessments.first()
    assert assessment is not None
    action = {
        "digest": "a" * 64,
        "student": student.pk,
        "assessment": assessment.pk,
        "sentence": f"{assessment.name}: 90 min becomes 60 min.",
        "before": to_stored(Values(extra_minutes=30)),
        "after": to_stored(Values(extra_minutes=0)),
    }
    return GuardStop.objects.create(
        course=course, digest="d" * 64, message="6 changes would shrink.", actions=[action],
        stopped_at=datetime.now(UTC),
    )  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("director", 200), ("auditor", 200), ("instructor", 404)])
def test_r16_the_office_reads_what_was_stopped_and_a_director_decides(
    role: str, status: int, student: Student, sign_in: SignIn
) -> None:
    stop = make_stop(student)
    client = sign_in(role)
    response = client.get(reverse("guard_stop", args=[stop.pk]))
    assert response.status_code == status
    if status == 200:
        text = response.content.decode()
        assert "6 changes would shrink." in text
        assert student.name in text
        assert ("Approve this 1 change" in text) == (role == "director")


def test_r16_a_coordinator_may_not_decide(student: Student, sign_in: SignIn) -> None:
    stop = make_stop(student)
    answer = {"digest": stop.digest, "decision": "approve"}
    assert sign_in("coordinator").post(reverse("guard_stop", args=[stop.pk]), answer).status_code == 403
    stop.refresh_from_db()
    assert stop.status == "waiting"


def test_r16_a_director_approves_exactly_what_the_page_showed(student: Student, sign_in: SignIn) -> None:
    stop, client = make_stop(student), sign_in("director")
    stale = client.post(reverse("guard_stop", args=[stop.pk]), {"digest": "e" * 64, "decision": "approve"})
    assert "Read it again" in stale.content.decode()
    response = client.post(reverse("guard_stop", args=[stop.pk]), {"digest": stop.digest, "decision": "approve"})
    assert response.status_code == 302
    stop.refresh_from_db()
    assert stop.status == "approved"
    assert ActionLogEntry.objects.filter(act="guard.approved", student_id_logged=student.pk).exists()


def test_r16_dismissing_needs_a_reason_and_holds_the_pairs(student: Student, sign_in: SignIn) -> None:
    stop, client = make_stop(student), sign_in("director")
    bare = client.post(reverse("guard_stop", args=[stop.pk]), {"digest": stop.digest, "decision": "dismiss"})
    assert "Say why it stays" in bare.content.decode()
    answer = {"digest": stop.digest, "decision": "dismiss", "reason": "A faulty import"}
    assert client.post(reverse("guard_stop", args=[stop.pk]), answer).status_code == 302
    assert PairHold.objects.get().reason == "A faulty import"


def test_home_and_the_run_name_what_the_guard_stopped(student: Student, sign_in: SignIn) -> None:
    stop = make_stop(student)
    run, part = make_plan(student)
    add_actions(part, student, 1, status="held")
    client = sign_in("coordinator")
    for address in (
        reverse("home"),
        reverse("sync_run_detail", args=[run.pk]),
        reverse("course_detail", args=[stop.course_id]),
    ):
        text = client.get(address).content.decode()
        assert reverse("guard_stop", args=[stop.pk]) in text
        assert "A director approves or dismisses them." in text


def put(student: Student) -> PairStatus:
    assessment = student.enrollments.get().course.assessments.get()
    LedgerEntry.objects.create(
        student=student,
        assessment=assessment,
        part="extension",
        value=to_stored(LedgerExtension(student.canvas_user_id, assessment.key, put_minutes=30)),
        put_at=datetime.now(UTC),
    )
    return factories.make_pair(student, assessment, reason=Reason.UNDONE)


def test_undo_of_a_student_shows_what_happens_offers_the_end_and_leads_to_a_plan(
    student: Student, coordinator: Client
) -> None:
    put(student)
    accommodation = factories.make_accommodation(student)
    address = reverse("student_undo", args=[student.pk])
    text = coordinator.get(address).content.decode()
    assert "Quiz 8" in text
    assert reverse("accommodation_end", args=[accommodation.pk]) in text
    response = coordinator.post(address, {"reason": "Wrong student"})
    run = SyncRun.objects.get(trigger="undo")
    assert response.headers["Location"] == reverse("sync_run_detail", args=[run.pk])
    assert run.reads_before_applying
    assert PairHold.objects.get().reason == "Wrong student"


def test_nothing_to_undo_is_said(student: Student, coordinator: Client) -> None:
    address = reverse("student_undo", args=[student.pk])
    assert "Nothing of it stands in Canvas." in coordinator.get(address).content.decode()
    assert coordinator.post(address, {}).headers["Location"] == reverse("student_detail", args=[student.pk])
    assert not PairHold.objects.exists()


def test_undo_of_a_run_is_offered_where_it_has_ended(student: Student, coordinator: Client) -> None:
    run, part = make_plan(student)
    address = reverse("run_undo", args=[run.pk])
    assert coordinator.get(address).status_code == 302
    SyncRun.objects.filter(pk=run.pk).update(status="done")
    add_actions(part, student, 1, status="applied", ended_at=datetime.now(UTC))
    assert address in coordinator.get(reverse("sync_run_detail", args=[run.pk])).content.decode()
    assert "Undo run" in coordinator.get(address).content.decode()
    assert coordinator.post(address, {}).status_code == 302
    assert PairHold.objects.get().run_id == run.pk


def test_held_pairs_are_released_on_the_students_and_the_pairs_page(student: Student, coordinator: Client) -> None:
    pair = put(student)
    coordinator.post(reverse("student_undo", args=[student.pk]), {"reason": "Wrong"})
    hold = PairHold.objects.get()
    for address in (reverse("student_detail", args=[student.pk]), reverse("pair_detail", args=[pair.pk])):
        text = coordinator.get(address).content.decode()
        assert "Held by people" in text
        assert "Wrong" in text
    response = coordinator.post(reverse("hold_release"), {"hold": [hold.pk]})
    assert response.status_code == 302
    hold.refresh_from_db()
    assert hold.released_by == coordinator.user
    again = coordinator.post(reverse("hold_release"), {"hold": [hold.pk, "x"]})
    assert again.headers["Location"] == reverse("home")


def test_staff_let_dates_follow_a_class_that_moved_earlier(student: Student, coordinator: Client) -> None:
    assessment = student.enrollments.get().course.assessments.get()
    class_dates = Dates(due_at=datetime(2030, 1, 1, tzinfo=UTC))
    outcome = PairOutcome(
        student.canvas_user_id, assessment.key, Reason.READ_BACK, "", Values(), Values(), class_dates, Values()
    )
    sentence = f"Quiz 8: later. {STAYS_UNTIL_DECIDED}"
    pair = factories.make_pair(student, assessment, sentence=sentence, outcome=to_stored(outcome))
    assert "Follow the class" in coordinator.get(reverse("pair_detail", args=[pair.pk])).content.decode()
    assert coordinator.post(reverse("pair_follow_class", args=[pair.pk])).status_code == 302
    hold = PairHold.objects.get()
    assert (hold.kind, hold.kept["dates"]["due_at"]) == ("follows", "2030-01-01T00:00:00Z")
    PairStatus.objects.filter(pk=pair.pk).update(sentence="Quiz 8: fine.")
    coordinator.post(reverse("pair_follow_class", args=[pair.pk]))
    assert SyncRun.objects.filter(trigger="undo").count() == 1


def test_an_alert_stands_on_home_and_on_the_instructors_course_page_until_it_is_noted(
    student: Student, sign_in: SignIn
) -> None:
    assessment = student.enrollments.get().course.assessments.get()
    factories.make_pair(student, assessment)
    alert = Alert.objects.create(
        kind="drift", student=student, assessment=assessment, course=assessment.course, number=3,
        message="Put back 3 times what had been made less in Canvas.", raised_at=datetime.now(UTC),
    )  # fmt: skip
    office, instructor = sign_in("coordinator"), sign_in("instructor")
    factories.make_teaching(factories.make_linked_person(instructor.user), assessment.course)
    course_page = reverse("course_detail", args=[assessment.course_id])
    assert "Put back 3 times" in office.get(reverse("home")).content.decode()
    text = instructor.get(course_page).content.decode()
    assert "Put back 3 times" in text
    assert "Noted" not in text
    assert instructor.post(reverse("alert_seen", args=[alert.pk])).status_code == 403
    office.post(reverse("alert_seen", args=[alert.pk]))
    assert "Put back 3 times" not in office.get(reverse("home")).content.decode()
    alert.refresh_from_db()
    assert alert.seen_by == office.user


def test_f03_home_run_and_course_name_a_course_set_aside_and_a_director_releases_it(
    student: Student, sign_in: SignIn
) -> None:
    run, part = make_plan(student)
    SyncRun.objects.filter(pk=run.pk).update(status="failed")
    row = factories.make_set_aside(part.course)
    release = reverse("set_aside_release", args=[row.pk])
    pages = (
        reverse("home"),
        reverse("sync_run_detail", args=[run.pk]),
        reverse("course_detail", args=[part.course_id]),
    )
    for role, may in (("coordinator", False), ("director", True)):
        client = sign_in(role)
        for address in pages:
            text = client.get(address).content.decode()
            assert "1 course set aside" in text, address
            assert (release in text) is may, address
    client.post(release)
    row.refresh_from_db()
    assert row.released_at is not None
    assert "1 course set aside" not in client.get(pages[0]).content.decode()
    assert client.post(release).headers["Location"] == pages[0]


def test_an_undo_of_a_large_run_is_listed_in_pages_and_its_numbers_are_of_the_whole(
    student: Student, coordinator: Client
) -> None:
    run, part = make_plan(student, changes=0, status=SyncRun.Status.DONE)
    add_actions(part, student, 120, status="applied", ended_at=datetime.now(UTC))
    address = reverse("run_undo", args=[run.pk])
    first, last = (coordinator.get(f"{address}{query}").content.decode() for query in ("", "?page=3"))
    for page, shown in ((first, "1 to 50 of 120"), (last, "101 to 120 of 120")):
        assert shown in page
        assert "Undo 120 assessments" in page
        assert "120, handed in, over or open" in page
    assert "Quiz 0<" in first
    assert "Quiz 119<" in last
    assert "Quiz 119<" not in first
    assert coordinator.post(f"{address}?page=3", {"reason": "A mistake."}).status_code == 302
    assert PairHold.objects.filter(student=student, released_at=None).count() == 120
