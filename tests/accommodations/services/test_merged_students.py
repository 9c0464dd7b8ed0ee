"""F26: a student is merged with another person in Canvas; Leeway notes it, and a person decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.models import (
    Accommodation,
    ActionLogEntry,
    GonePerson,
    LedgerEntry,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.services import explaining, merged, people
from accommodations.services.decisions import record_exception, release_course
from canvas_bridge.sandbox.control.acts import carry_out as act_in_canvas
from tests.accommodations.services.conftest import (
    University,
    approve,
    carry_out,
    give,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.accommodations.views_a.conftest import at_most_queries
from tests.days import TODAY
from tests.factories import make_linked_person, make_user


def merge(university: University) -> Any:
    """Let the registrar find that Ada is in Canvas twice: her first id goes."""
    other = university.state.add_user("Ada N. Nwosu", login_id="ada.new")
    gone = university.ada
    act_in_canvas(university.state, {"act": "merge_users", "user_id": gone.id, "into_user_id": other.id})
    return other


def nightly() -> SyncRun:
    return sync_now(trigger=SyncRun.Trigger.NIGHTLY, courses=None)


@pytest.fixture
def gone(university: University, ada: Student, ben: Student) -> GonePerson:
    """Give Ada and Ben their time, merge Ada, and let the night find it."""
    give(ada, time_and_a_half(), two_days_later())
    give(ben, time_and_a_half())
    merge(university)
    nightly()
    return GonePerson.objects.get()


def test_f26_who_is_merged_is_noted_with_who_has_their_sis_id_now_and_nothing_moves_by_itself(
    university: University, gone: GonePerson, ada: Student
) -> None:
    assert (gone.student, gone.survivor.sis_user_id, gone.survivor.login_id) == (ada, "S-ada", "ada")
    assert gone.survivor.canvas_user_id != ada.canvas_user_id
    before = university.picture()
    nightly()
    assert (GonePerson.objects.count(), university.picture()) == (1, before)
    assert ActionLogEntry.objects.filter(act="student.gone").count() == 1
    assert not gone.survivor.accommodations.exists()
    assert people.find_or_read_student(query="S-ada") == gone.survivor, "a letter that names the SIS id means them"
    assert statuses()[("ben", "Midterm")] == "read_back"
    university.forget_requests()
    sync_now()
    assert university.writes == [], "nothing is sent for whom Canvas does not know"
    told = PairStatus.objects.filter(student=ada)
    assert set(told.values_list("reason", flat=True)) == {"refused"}, "what stood in place there is theirs no more"
    assert "Canvas no longer knows this student" in told[0].sentence
    derivation = explaining.explain_pair(ada, told[0].assessment, pair=told[0], now=timezone.now()).derivation
    assert derivation is not None
    assert derivation.sentence == told[0].sentence


def test_f26_what_was_approved_moves_to_the_person_who_stays_and_reaches_canvas(
    university: University, gone: GonePerson, ada: Student
) -> None:
    office, survivor = make_user(), gone.survivor
    record_exception(
        student=ada,
        course=ada.enrollments.first().course,
        assessment=PairStatus.objects.get(student=ada, assessment__name="Essay").assessment,
        reason="Essential.",
        effective_until=TODAY + timedelta(days=1),
        decided_by=office,
        reads_before_applying=False,
    )
    run = merged.move_to_survivor(gone=gone, survivor=survivor, decided_by=office, reason="The registrar said so.")
    approve(carry_out(run), office)
    kept = university.state.users.where("login", "ada")[0]
    assert university.extra_time_of(kept) == (30, 0)
    assert {row.status for row in survivor.accommodations.all()} == {"active"}
    assert survivor.exceptions.get().reason == "Essential."
    assert {row.end_reason for row in ada.accommodations.all()} == {"replaced"}
    assert not LedgerEntry.objects.filter(student=ada, taken_back_at=None).exists()
    assert not PairStatus.objects.filter(student=ada).exists()
    university.forget_requests()
    nightly()
    assert not any(str(university.ada.id) in one.path for one in university.requests), "nobody asks for the old id"
    assert university.writes == []
    assert ActionLogEntry.objects.filter(act="accommodation.moved", student_id_logged=survivor.pk).count() == 2


def test_f26_a_decision_is_taken_back_and_everything_stands_as_before(
    university: University, gone: GonePerson, ada: Student
) -> None:
    office, survivor = make_user(), gone.survivor
    student_user = make_linked_person(make_user("student"), login_id="ada", canvas_user_id=ada.canvas_user_id)
    release_course(student=ada, course=ada.enrollments.first().course, released_by=office)
    before = list(ada.accommodations.order_by("pk").values_list("pk", "status", "end_reason"))
    ledger = set(LedgerEntry.objects.filter(student=ada, taken_back_at=None).values_list("pk", flat=True))
    merged.move_to_survivor(gone=gone, survivor=survivor, decided_by=office, reason="Mistaken.")
    student_user.refresh_from_db()
    assert student_user.canvas_user_id == survivor.canvas_user_id
    with pytest.raises(LeewayError, match="decided this already"):
        merged.end_for_gone(gone=gone, decided_by=office, reason="Twice.")
    run = merged.take_back(gone=gone, taken_back_by=office)
    assert run is not None
    student_user.refresh_from_db()
    assert student_user.canvas_user_id == ada.canvas_user_id
    assert list(ada.accommodations.order_by("pk").values_list("pk", "status", "end_reason")) == before
    assert set(LedgerEntry.objects.filter(student=ada, taken_back_at=None).values_list("pk", flat=True)) == ledger
    assert {row.status for row in survivor.accommodations.all()} == {"ended"}
    assert (survivor.releases.count(), GonePerson.objects.get().decision) == (0, "")


def test_f26_what_was_changed_since_is_not_taken_back(gone: GonePerson) -> None:
    merged.move_to_survivor(gone=gone, survivor=gone.survivor, decided_by=make_user(), reason="Known.")
    Accommodation.objects.filter(student=gone.survivor).update(version=2)
    with pytest.raises(LeewayError, match="changed since"):
        merged.take_back(gone=gone, taken_back_by=make_user())


def test_f26_everything_may_end_instead_and_nothing_is_sent(
    university: University, gone: GonePerson, ada: Student
) -> None:
    university.forget_requests()
    merged.end_for_gone(gone=gone, decided_by=make_user(), reason="Left the university.")
    nightly()
    assert university.writes == []
    assert {row.end_reason for row in ada.accommodations.all()} == {"revoked"}
    assert merged.take_back(gone=gone, taken_back_by=make_user()) is None
    assert {row.status for row in ada.accommodations.all()} == {"active"}


def test_f26_who_is_known_again_is_no_longer_marked(university: University, gone: GonePerson, ada: Student) -> None:
    university.state.users[university.ada.id].workflow_state = "registered"
    for enrollment in university.state.enrollments.where("user", university.ada.id):
        enrollment.workflow_state = "active"
    nightly()
    sync_now()
    assert statuses()[("ada", "Midterm")] != "refused"
    assert not GonePerson.objects.exists()
    assert ActionLogEntry.objects.filter(act="student.known_again", student_id_logged=ada.pk).exists()


def test_f26_the_pages_show_both_and_what_moving_does_and_a_person_decides(
    university: University, gone: GonePerson, ada: Student
) -> None:
    client = Client()
    client.force_login(make_user("coordinator"))
    home = client.get(reverse("home")).content.decode()
    assert "1 student whom Canvas no longer knows" in home
    assert "Canvas no longer knows this person" in client.get(reverse("student_detail", args=[ada.pk])).content.decode()
    address = reverse("student_gone", args=[ada.pk])
    with at_most_queries():
        page = client.get(address).content.decode()
    assert "Move it to Ada N. Nwosu" in page
    refused = client.post(address, {"step": "preview", "decision": "moved"}).content.decode()
    assert "Say how you know" in refused
    named = client.post(address, {"step": "name", "query": "ben"})
    assert named.status_code == 302
    assert "Move it to Ben Ito" in client.get(address).content.decode()
    same = client.post(address, {"step": "name", "query": str(ada.canvas_user_id)}).content.decode()
    assert "That is the person whom Canvas no longer knows." in same
    client.post(address, {"step": "name", "query": "S-ada"})
    typed = {"decision": "moved", "reason": "The registrar said so."}
    effect = client.post(address, {"step": "preview", **typed}).content.decode()
    assert "2 assessments change in 1 course" in effect
    ending = client.post(address, {"step": "preview", **typed, "decision": "ended"}).content.decode()
    assert "Nothing is sent to Canvas" in ending
    assert not GonePerson.objects.get().decision, "nothing happens before it is confirmed"
    answer = client.post(address, {"step": "confirm", **typed})
    assert answer["Location"] == reverse("sync_run_detail", args=[SyncRun.objects.latest("pk").pk])
    shown = client.get(reverse("student_detail", args=[ada.pk])).content.decode()
    assert "Moved to another person" in shown
    assert "“The registrar said so.”" in shown
    assert client.post(reverse("student_gone_take_back", args=[ada.pk])).status_code == 302
    assert GonePerson.objects.get().decision == ""
    assert client.get(reverse("student_gone", args=[gone.survivor.pk])).status_code == 404
