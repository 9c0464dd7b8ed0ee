"""Recording, changing, approving and ending accommodations."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accommodations.errors import ApprovalRefused, EditedMeanwhile, LeewayError, ValuesRefused
from accommodations.models import Accommodation, ActionLogEntry, ActionLogPayload, InstitutionSettings, Student, SyncRun
from accommodations.services import accommodations
from accommodations.services.accommodations import AccommodationValues
from tests.days import TODAY
from tests.factories import make_assessment, make_course, make_enrollment, make_student, make_user

pytestmark = pytest.mark.django_db

TIME_AND_A_HALF = AccommodationValues(
    provision="extra_time", extra_time_method="multiplier", multiplier=Decimal("1.5"), effective_from=TODAY
)
EXACT = AccommodationValues(
    provision="alternative_dates",
    scope="assessment",
    effective_from=TODAY,
    exact_due_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
    exact_lock_at=datetime(2026, 5, 5, 12, tzinfo=UTC),
)


@pytest.fixture
def student() -> Student:
    return make_student()


def problems_of(values: AccommodationValues, student: Student) -> dict[str, str]:
    with pytest.raises(ValuesRefused) as caught:
        accommodations.record_accommodation(student=student, recorded_by=make_user(), values=values)
    assert not Accommodation.objects.exists()
    assert not SyncRun.objects.exists()
    return {problem.field: problem.code for problem in caught.value.problems}


def test_a_change_whose_courses_could_not_be_queued_is_not_recorded(student: Student) -> None:
    def lost(*arguments: object, **named: object) -> None:
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        accommodations.record_accommodations(
            student=student, recorded_by=make_user(), values=[TIME_AND_A_HALF], queue=lost
        )
    assert not Accommodation.objects.exists()
    assert not ActionLogEntry.objects.filter(student_id_logged=student.pk).exists()


def test_recording_queues_the_courses_concerned_in_the_same_transaction(student: Student) -> None:
    running, over = make_course(), make_course(ends_at=datetime.now(UTC) - timedelta(days=60))
    make_enrollment(student, running)
    make_enrollment(student, over)
    coordinator = make_user()
    recorded, run = accommodations.record_accommodation(
        student=student, recorded_by=coordinator, values=TIME_AND_A_HALF
    )
    assert run is not None
    assert recorded.status == Accommodation.Status.ACTIVE
    assert [row.course for row in run.course_syncs.all()] == [running]
    assert (run.trigger, run.requested_by, run.student, run.reads_before_applying) == (
        "change",
        coordinator,
        student,
        True,
    )


def test_three_provisions_of_one_approval_are_one_run(student: Student) -> None:
    recorded, run = accommodations.record_accommodations(
        student=student,
        recorded_by=make_user(),
        values=[
            TIME_AND_A_HALF,
            AccommodationValues(provision="extra_attempts", attempts=1, effective_from=TODAY),
            AccommodationValues(provision="alternative_dates", shift_amount=2, shift_unit="days", effective_from=TODAY),
        ],
    )
    assert len(recorded) == 3
    assert list(SyncRun.objects.all()) == [run]


def test_acts_of_one_person_before_a_worker_begins_are_one_run(student: Student) -> None:
    coordinator = make_user()
    _, first = accommodations.record_accommodation(student=student, recorded_by=coordinator, values=TIME_AND_A_HALF)
    _, second = accommodations.record_accommodation(student=student, recorded_by=coordinator, values=TIME_AND_A_HALF)
    assert first == second
    _, third = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=TIME_AND_A_HALF)
    assert third != first


def test_one_that_starts_later_is_approved_and_not_yet_active(student: Student) -> None:
    values = replace(TIME_AND_A_HALF, effective_from=TODAY + timedelta(days=9))
    recorded, run = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=values)
    assert recorded.status == Accommodation.Status.APPROVED
    assert run is not None


def test_a_provision_keeps_only_its_own_fields(student: Student) -> None:
    values = replace(TIME_AND_A_HALF, attempts=5, minutes=30, shift_amount=2, term=None)
    recorded, _ = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=values)
    recorded.refresh_from_db()
    assert (recorded.multiplier, recorded.attempts, recorded.minutes, recorded.shift_amount) == (
        Decimal("1.50"),
        None,
        None,
        None,
    )


@pytest.mark.parametrize("text", ["0", "1", "-1", "1.001", "1.0000001", "10.01", "11", "NaN", "Infinity", "-Infinity"])
def test_b10_a_multiplier_outside_1_01_to_10_is_refused_at_its_field(text: str, student: Student) -> None:
    assert problems_of(replace(TIME_AND_A_HALF, multiplier=Decimal(text)), student) == {"multiplier": "time.multiplier"}


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        (replace(TIME_AND_A_HALF, multiplier=None), {"multiplier": "time.multiplier"}),
        (replace(TIME_AND_A_HALF, extra_time_method="much"), {"extra_time_method": "time.method"}),
        (replace(TIME_AND_A_HALF, extra_time_method="minutes", minutes=10_081), {"minutes": "time.minutes"}),
        (replace(TIME_AND_A_HALF, provision="a pony"), {"provision": "provision.unknown"}),
        (replace(TIME_AND_A_HALF, provision="extra_attempts", attempts=1001), {"attempts": "attempts.number"}),
        (replace(TIME_AND_A_HALF, provision="extra_attempts", attempts=-1), {"attempts": "attempts.number"}),
        (replace(TIME_AND_A_HALF, provision="alternative_dates"), {"shift_amount": "dates.missing"}),
        (replace(TIME_AND_A_HALF, scope="course"), {"course": "scope.missing"}),
        (replace(TIME_AND_A_HALF, scope="moon"), {"scope": "scope.unknown"}),
        (replace(TIME_AND_A_HALF, kinds=("exam",)), {"kinds": "kinds.unknown"}),
        (replace(TIME_AND_A_HALF, effective_until=TODAY - timedelta(days=1)), {"effective_until": "period.order"}),
        (replace(TIME_AND_A_HALF, effective_from=date(1, 1, 1)), {"effective_from": "period.year"}),
        (replace(TIME_AND_A_HALF, effective_until=date(9999, 1, 1)), {"effective_until": "period.year"}),
        (replace(EXACT, scope="every_course"), {"scope": "dates.one_assessment"}),
    ],
)
def test_b11_b12_bad_values_are_refused_at_their_field(
    values: AccommodationValues, problems: dict[str, str], student: Student
) -> None:
    assert problems_of(values, student) == problems


def test_b12_exact_dates_out_of_order_are_refused(student: Student) -> None:
    assessment = make_assessment(make_course())
    values = replace(EXACT, assessment=assessment, exact_unlock_at=datetime(2026, 5, 6, tzinfo=UTC))
    assert problems_of(values, student) == {"exact_due_at": "dates.order", "exact_lock_at": "dates.order"}


def test_exact_dates_name_the_course_of_their_assessment(student: Student) -> None:
    assessment = make_assessment(make_course())
    recorded, run = accommodations.record_accommodation(
        student=student, recorded_by=make_user(), values=replace(EXACT, assessment=assessment)
    )
    assert run is not None
    assert recorded.course == assessment.course
    assert [row.course for row in run.course_syncs.all()] == [assessment.course]
    assert run.is_limited_to_courses


def test_b39_the_second_of_two_who_save_at_once_is_told(student: Student) -> None:
    recorded, _ = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=TIME_AND_A_HALF)
    double = replace(TIME_AND_A_HALF, multiplier=Decimal(2))
    changed, _ = accommodations.change_accommodation(
        accommodation=recorded, changed_by=make_user(), version=1, values=double
    )
    with pytest.raises(EditedMeanwhile) as caught:
        accommodations.change_accommodation(
            accommodation=recorded, changed_by=make_user(), version=1, values=TIME_AND_A_HALF
        )
    assert caught.value.current == changed
    assert Accommodation.objects.get().multiplier == 2
    with pytest.raises(EditedMeanwhile):
        accommodations.end_accommodation(accommodation=recorded, ended_by=make_user(), version=1, reason="revoked")


def test_every_edit_is_a_new_version_and_the_old_one_stays_readable(student: Student) -> None:
    recorded, _ = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=TIME_AND_A_HALF)
    accommodations.change_accommodation(
        accommodation=recorded,
        changed_by=make_user(),
        version=1,
        values=replace(TIME_AND_A_HALF, multiplier=Decimal(2)),
    )
    versions = [(row.version, row.multiplier) for row in recorded.history.order_by("version")]
    assert versions == [(1, Decimal("1.50")), (2, Decimal("2.00"))]


def test_an_edit_that_moves_the_scope_queues_the_old_and_the_new_course(student: Student) -> None:
    old, new = make_course(), make_course()
    recorded, _ = accommodations.record_accommodation(
        student=student, recorded_by=make_user(), values=replace(TIME_AND_A_HALF, scope="course", course=old)
    )
    _, run = accommodations.change_accommodation(
        accommodation=recorded,
        changed_by=make_user(),
        version=1,
        values=replace(TIME_AND_A_HALF, scope="course", course=new),
    )
    assert run is not None
    assert {row.course for row in run.course_syncs.all()} == {old, new}


def test_an_ended_one_is_not_edited(student: Student) -> None:
    recorded, _ = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=TIME_AND_A_HALF)
    accommodations.end_accommodation(accommodation=recorded, ended_by=make_user(), version=1, reason="revoked")
    with pytest.raises(LeewayError, match="ended"):
        accommodations.change_accommodation(
            accommodation=recorded, changed_by=make_user(), version=2, values=TIME_AND_A_HALF
        )


def test_ending_queues_the_taking_back(student: Student) -> None:
    make_enrollment(student, make_course())
    recorded, _ = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=TIME_AND_A_HALF)
    run = accommodations.end_accommodation(
        accommodation=recorded, ended_by=make_user(), version=1, reason=Accommodation.EndReason.REVOKED
    )
    recorded.refresh_from_db()
    assert (recorded.status, recorded.end_reason) == ("ended", "revoked")
    assert recorded.ended_at is not None
    assert run is not None


class TestTwoPeople:
    @pytest.fixture(autouse=True)
    def two_person_approval(self) -> None:
        settings = InstitutionSettings.current()
        settings.two_person_approval = True
        settings.save()

    def test_a_record_waits_as_a_draft_and_queues_nothing(self, student: Student) -> None:
        recorded, run = accommodations.record_accommodation(
            student=student, recorded_by=make_user(), values=TIME_AND_A_HALF
        )
        assert (recorded.status, run) == ("draft", None)

    def test_b06_who_recorded_it_may_not_approve_it(self, student: Student) -> None:
        coordinator = make_user()
        recorded, _ = accommodations.record_accommodation(
            student=student, recorded_by=coordinator, values=TIME_AND_A_HALF
        )
        with pytest.raises(ApprovalRefused) as caught:
            accommodations.approve_accommodation(accommodation=recorded, approved_by=coordinator)
        assert caught.value.code == "approval.own_record"
        assert Accommodation.objects.get().status == "draft"

    def test_a_second_person_approves_and_a_second_approval_is_refused(self, student: Student) -> None:
        director = make_user("director")
        recorded, _ = accommodations.record_accommodation(
            student=student, recorded_by=make_user(), values=TIME_AND_A_HALF
        )
        run = accommodations.approve_accommodation(accommodation=recorded, approved_by=director)
        recorded.refresh_from_db()
        assert (recorded.status, recorded.approved_by) == ("active", director)
        assert run is not None
        with pytest.raises(ApprovalRefused):
            accommodations.approve_accommodation(accommodation=recorded, approved_by=make_user("director"))

    def test_a_change_of_one_that_counts_waits_beside_it_until_approved(self, student: Student) -> None:
        recorded, _ = accommodations.record_accommodation(
            student=student, recorded_by=make_user(), values=TIME_AND_A_HALF
        )
        accommodations.approve_accommodation(accommodation=recorded, approved_by=make_user("director"))
        draft, run = accommodations.change_accommodation(
            accommodation=recorded,
            changed_by=make_user(),
            version=2,
            values=replace(TIME_AND_A_HALF, multiplier=Decimal(2)),
        )
        recorded.refresh_from_db()
        assert (recorded.status, recorded.multiplier, draft.status, run) == ("active", Decimal("1.50"), "draft", None)
        accommodations.approve_accommodation(accommodation=draft, approved_by=make_user("director"))
        recorded.refresh_from_db()
        draft.refresh_from_db()
        assert (recorded.status, recorded.end_reason, draft.status) == ("ended", "replaced", "active")


def test_expiry_ends_what_has_run_out_and_starts_what_begins_once(student: Student) -> None:
    over, _ = accommodations.record_accommodation(
        student=student,
        recorded_by=make_user(),
        values=replace(TIME_AND_A_HALF, effective_from=TODAY - timedelta(days=9), effective_until=TODAY),
    )
    coming, _ = accommodations.record_accommodation(
        student=student,
        recorded_by=make_user(),
        values=replace(TIME_AND_A_HALF, effective_from=TODAY + timedelta(days=2)),
    )
    assert accommodations.expire_accommodations(today=TODAY) == []
    runs = accommodations.expire_accommodations(today=TODAY + timedelta(days=2))
    over.refresh_from_db()
    coming.refresh_from_db()
    assert (over.status, over.end_reason, coming.status) == ("ended", "expired", "active")
    assert [run.student for run in runs] == [student]
    assert accommodations.expire_accommodations(today=TODAY + timedelta(days=2)) == []


def test_r17_the_private_note_never_reaches_the_log(student: Student) -> None:
    accommodations.record_accommodation(
        student=student, recorded_by=make_user(), values=replace(TIME_AND_A_HALF, note="Called on Monday")
    )
    assert ActionLogEntry.objects.filter(act="accommodation.recorded").exists()
    assert "Monday" not in repr(list(ActionLogPayload.objects.values_list("data")))


def test_an_exception_needs_words_and_a_day_to_come(student: Student) -> None:
    with pytest.raises(ValuesRefused) as caught:
        accommodations.record_exception(
            student=student,
            course=make_course(),
            reason=" ",
            effective_until=TODAY - timedelta(days=2),
            decided_by=make_user("director"),
        )
    assert [problem.field for problem in caught.value.problems] == ["reason", "effective_until"]


def test_an_exception_queues_its_course_and_can_be_withdrawn_once(student: Student) -> None:
    course, director = make_course(), make_user("director")
    exception, run = accommodations.record_exception(
        student=student,
        course=course,
        reason="The lab exam measures speed.",
        effective_until=TODAY + timedelta(days=90),
        decided_by=director,
    )
    assert [row.course for row in run.course_syncs.all()] == [course]
    assert accommodations.withdraw_exception(exception=exception, withdrawn_by=director) is not None
    assert accommodations.withdraw_exception(exception=exception, withdrawn_by=director) is None


def test_a_release_queues_its_course_once(student: Student) -> None:
    course, coordinator = make_course(), make_user()
    release, run = accommodations.release_course(student=student, course=course, released_by=coordinator)
    assert run is not None
    assert accommodations.release_course(student=student, course=course, released_by=coordinator) == (release, None)
