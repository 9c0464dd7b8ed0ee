"""The gateway against the sandbox Canvas, in process: reading, applying, and reading again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    Outcome,
    OutcomeKind,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.errors import CanvasForbidden, CanvasNotFound, CanvasRejected, CanvasUnauthorized
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    Dates,
    EnrollmentState,
    ObservedOverride,
    OverrideTarget,
    overridden_to,
)
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=5)
LOCK = NOW + timedelta(days=6)
LATER = NOW + timedelta(days=9)
APPLIED, REFUSED, UNKNOWN, UNREACHABLE = (
    OutcomeKind.APPLIED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNKNOWN,
    OutcomeKind.UNREACHABLE,
)


@dataclass
class Campus:
    """One course of a sandbox with four students, and a gateway of the account's administrator to it."""

    state: SandboxState
    course: Course
    students: list[User]
    quiz: Quiz
    essay: Assignment
    new_quiz: Assignment
    gateway: CanvasGateway

    def gateway_of(self, token: str) -> CanvasGateway:
        return CanvasGateway(
            base_url="http://canvas.test",
            token=token,
            clock=self.state.now,
            sleep=lambda seconds: None,
            adapter=SandboxAdapter(self.state),
        )

    def read(self, gateway: CanvasGateway | None = None) -> CourseFacts:
        gateway = gateway or self.gateway
        enrollments = tuple(
            enrollment
            for student in self.students
            for enrollment in gateway.read_enrollments(canvas_user_id=student.id)
        )
        summary = gateway.read_course_summary(self.course.id)
        return gateway.read_course(summary, token_time_zone="America/New_York", enrollments=enrollments)

    def assessment(self, assignment_id: int | None) -> AssessmentFacts:
        return next(one for one in self.read().assessments if one.canvas_assignment_id == assignment_id)

    def overrides(self) -> tuple[ObservedOverride, ...]:
        return self.assessment(self.essay.id).overrides

    def apply(self, *changes: Change) -> list[Outcome]:
        return [
            outcome
            for request in self.gateway.requests_for(changes)
            for outcome in self.gateway.apply(canvas_course_id=self.course.id, request=request)
        ]

    def disturb(self, kind: str, **more: object) -> None:
        self.state.control.faults.append(Fault(kind, **more))  # type: ignore[arg-type]

    def methods_since(self, number: int) -> list[str]:
        return [record.method for record in self.state.control.requests if record.number > number]

    @property
    def asked(self) -> int:
        return self.state.control.request_count


@pytest.fixture
def campus() -> Campus:
    state = SandboxState(now=NOW)
    course = state.add_course("Optics", "PHY 210", time_zone="America/Denver")
    students = [
        state.add_user(name, sis_user_id=f"S-{number}")
        for number, name in enumerate(("Amara Okonkwo", "Bao Nguyen", "Chiara Rossi", "Dmitri Petrov"))
    ]
    for student in students:
        state.enroll(student, course)
    made = Campus(
        state=state,
        course=course,
        students=students,
        quiz=state.add_quiz(course, "Midterm", time_limit=60, allowed_attempts=2, due_at=DUE, lock_at=LOCK),
        essay=state.add_assignment(course, "Essay", due_at=DUE, lock_at=LOCK, allowed_attempts=1),
        new_quiz=state.add_new_quiz(course, "Weekly", time_limit_seconds=1830, max_attempts=3, due_at=DUE),
        gateway=None,  # type: ignore[arg-type]
    )
    made.gateway = made.gateway_of(state.add_admin_token())
    return made


def test_a_course_is_read_with_all_kinds(campus: Campus) -> None:
    state, course = campus.state, campus.course
    state.add_quiz(course, "Warm-up", quiz_type="practice_quiz", time_limit=10)
    state.add_quiz(course, "Opinion", quiz_type="survey")
    state.add_quiz(course, "Feedback", quiz_type="graded_survey")
    state.add_assignment(course, "Lab sheet", submission_types=("on_paper",))
    state.add_assignment(course, "Simulator", submission_types=("external_tool",))
    state.add_assignment(course, "Debate", submission_types=("discussion_topic",))
    state.add_assignment(course, "Attendance", submission_types=("none",))
    state.add_assignment(course, "Draft", published=False)

    found = {one.name: one for one in campus.read().assessments}

    assert {name: one.kind for name, one in found.items()} == {
        "Midterm": AssessmentKind.CLASSIC_QUIZ,
        "Essay": AssessmentKind.ASSIGNMENT,
        "Weekly": AssessmentKind.NEW_QUIZ,
        "Warm-up": AssessmentKind.PRACTICE_QUIZ,
        "Opinion": AssessmentKind.SURVEY,
        "Feedback": AssessmentKind.GRADED_SURVEY,
        "Lab sheet": AssessmentKind.ON_PAPER,
        "Simulator": AssessmentKind.EXTERNAL_TOOL,
        "Debate": AssessmentKind.DISCUSSION,
        "Attendance": AssessmentKind.NO_SUBMISSION,
        "Draft": AssessmentKind.ASSIGNMENT,
    }
    midterm, weekly = found["Midterm"], found["Weekly"]
    assert (midterm.time_limit_minutes, midterm.allowed_attempts) == (60, 2)
    assert (weekly.time_limit_minutes, weekly.allowed_attempts) == (31, 3)
    assert midterm.base_dates == Dates(due_at=DUE, lock_at=LOCK)
    assert (found["Warm-up"].canvas_assignment_id, found["Warm-up"].time_limit_minutes) == (None, 10)
    assert not found["Draft"].is_published


def test_q01_reading_a_course_takes_as_few_requests_as_canvas_allows(campus: Campus) -> None:
    for number in range(120):
        campus.state.add_assignment(campus.course, f"Exercise {number}")
    summary = campus.gateway.read_course_summary(campus.course.id)
    enrollments = campus.gateway.read_enrollments(canvas_user_id=campus.students[0].id)
    before = campus.asked

    facts = campus.gateway.read_course(summary, token_time_zone="America/New_York", enrollments=enrollments)

    assert len(facts.assessments) == 123
    assert campus.asked - before == 2 + 1 + 1


def test_r10_sections_groups_and_overrides_are_seen_as_they_are(campus: Campus) -> None:
    state, course, (amara, bao, *_) = campus.state, campus.course, campus.students
    evening = state.add_section(course, "Evening")
    state.enroll(amara, course, section=evening, state="completed")
    category = state.add_group_category(course, "Projects")
    group = state.add_group(category, "Lenses", amara)
    state.add_membership(group, bao, state="invited")
    report = state.add_assignment(course, "Report", group_category=category)
    state.add_override(report, group=group, due_at=LATER)
    state.add_override(report, section=evening, lock_at=None)
    state.add_override(report, students=(amara, bao), title="Away", unlock_at=NOW)

    facts = campus.read()

    students = {student.canvas_user_id: student for student in facts.students}
    assert students[amara.id].canvas_group_ids == frozenset({group.id})
    assert students[bao.id].canvas_group_ids == frozenset()
    assert {state for _, state in students[amara.id].sections} == {EnrollmentState.ACTIVE, EnrollmentState.COMPLETED}
    overrides = {one.target: one for one in campus.assessment(report.id).overrides}
    assert overrides[OverrideTarget.GROUP].due == overridden_to(LATER)
    assert overrides[OverrideTarget.SECTION].canvas_target_id == evening.id
    assert overrides[OverrideTarget.SECTION].lock == overridden_to(None)
    assert overrides[OverrideTarget.SECTION].due == NOT_OVERRIDDEN
    assert overrides[OverrideTarget.AD_HOC].canvas_user_ids == frozenset({amara.id, bao.id})


def test_base_dates_are_not_collapsed_for_the_tokens_user(campus: Campus) -> None:
    campus.state.add_override(campus.essay, students=campus.students[:1], lock_at=LATER)

    assert campus.assessment(campus.essay.id).base_dates.lock_at == LOCK


def test_r4_extensions_are_set_read_back_and_may_be_set_again(campus: Campus) -> None:
    amara, bao = campus.students[:2]
    changes = [
        SetQuizExtension(campus.quiz.id, amara.id, extra_minutes=30),
        SetQuizExtension(campus.quiz.id, bao.id, extra_attempts=1),
        SetAssignmentExtension(campus.essay.id, amara.id, extra_attempts=2),
    ]
    keys = frozenset({f"assignment:{campus.quiz.assignment_id}", f"assignment:{campus.essay.id}"})

    for _ in range(2):
        assert {one.kind for one in campus.apply(*changes)} == {APPLIED}
        facts = campus.gateway.read_extensions(campus.read(), keys)
        held = {
            (one.assessment_key, one.canvas_user_id): (one.extra_minutes, one.extra_attempts)
            for one in facts.extensions
        }
        assert held[f"assignment:{campus.quiz.assignment_id}", amara.id] == (30, 0)
        assert held[f"assignment:{campus.quiz.assignment_id}", bao.id] == (0, 1)
        assert held[f"assignment:{campus.essay.id}", amara.id] == (0, 2)
        assert facts.extensions_read == keys


def test_an_extension_leaves_the_values_that_it_does_not_name(campus: Campus) -> None:
    amara = campus.students[0]
    campus.state.set_quiz_extension(campus.quiz, amara, extra_attempts=3, manually_unlocked=True)

    (outcome,) = campus.apply(SetQuizExtension(campus.quiz.id, amara.id, extra_minutes=30))

    row = campus.state.quiz_submission_of(campus.quiz, amara.id)
    assert (row.extra_time, row.extra_attempts, row.manually_unlocked) == (30, 3, True)
    assert outcome.answered["extra_attempts"] == 3


def test_f14_a_student_who_dropped_the_course_costs_nobody_else(campus: Campus) -> None:
    dropped = campus.students[2]
    for enrollment in campus.state.enrollments.where("user", dropped.id):
        enrollment.workflow_state = "deleted"
    changes = [SetQuizExtension(campus.quiz.id, one.id, extra_minutes=15) for one in campus.students]

    outcomes = campus.apply(*changes)

    assert [one.kind for one in outcomes] == [APPLIED, APPLIED, REFUSED, APPLIED]
    times = [campus.state.quiz_submission_of(campus.quiz, one.id).extra_time for one in campus.students]
    assert times == [15, 15, None, 15]


def test_f34_who_is_not_assigned_is_refused_and_the_others_hold(campus: Campus) -> None:
    stranger = campus.state.add_user("Eszter Varga")
    changes = [SetAssignmentExtension(campus.essay.id, one.id, 1) for one in (*campus.students[:2], stranger)]

    assert [one.kind for one in campus.apply(*changes)] == [APPLIED, APPLIED, REFUSED]


def test_attempts_on_a_discussion_are_refused_in_the_words_of_canvas(campus: Campus) -> None:
    debate = campus.state.add_assignment(campus.course, "Debate", submission_types=("discussion_topic",))

    (outcome,) = campus.apply(SetAssignmentExtension(debate.id, campus.students[0].id, 1))

    assert outcome.kind is REFUSED
    assert outcome.message.startswith("Extra attempts can only be set on submissions")


def test_f22_new_quizzes_accept_some_and_fail_others(campus: Campus) -> None:
    stranger = campus.state.add_user("Eszter Varga")
    changes = [
        SetNewQuizAccommodation(campus.new_quiz.id, one.id, extra_minutes=20) for one in (campus.students[0], stranger)
    ]

    first, second = campus.apply(*changes)

    assert (first.kind, second.kind) == (APPLIED, REFUSED)
    assert second.message
    held = list(campus.state.new_quiz_accommodations)
    assert [(one.user_id, one.extra_time) for one in held] == [(campus.students[0].id, 20)]


def test_r3_an_override_is_made_changed_and_taken_away_again(campus: Campus) -> None:
    amara = campus.students[0]
    before = campus.overrides()

    (made,) = campus.apply(CreateOverride(campus.essay.id, amara.id, "Extra 7KQ2", Dates(NOW, LATER, LATER)))
    (seen,) = campus.overrides()
    assert made.canvas_override_id == seen.canvas_override_id
    assert (seen.title, seen.canvas_user_ids) == ("Extra 7KQ2", frozenset({amara.id}))
    assert (seen.unlock, seen.due, seen.lock) == (overridden_to(NOW), overridden_to(LATER), overridden_to(LATER))

    update = UpdateOverride(
        campus.essay.id,
        seen.canvas_override_id,
        amara.id,
        unlock=NOT_OVERRIDDEN,
        due=overridden_to(DUE),
        lock=overridden_to(None),
        title="Extra 7KQ2",
    )
    campus.apply(update)
    (seen,) = campus.overrides()
    assert (seen.title, seen.unlock, seen.due, seen.lock) == (
        "Extra 7KQ2",
        NOT_OVERRIDDEN,
        overridden_to(DUE),
        overridden_to(None),
    )

    delete = DeleteOverride(campus.essay.id, seen.canvas_override_id, amara.id)
    assert [one.kind for one in campus.apply(delete)] == [APPLIED]
    assert [one.kind for one in campus.apply(delete)] == [APPLIED]
    assert campus.overrides() == before == ()


def test_an_update_without_a_title_keeps_the_instructors(campus: Campus) -> None:
    amara = campus.students[0]
    override = campus.state.add_override(campus.essay, students=[amara], title="Away team", due_at=DUE)
    change = UpdateOverride(
        campus.essay.id, override.id, amara.id, NOT_OVERRIDDEN, overridden_to(LATER), NOT_OVERRIDDEN
    )

    (outcome,) = campus.apply(change)

    (seen,) = campus.overrides()
    assert outcome.kind is APPLIED
    assert (seen.title, seen.canvas_user_ids, seen.due) == ("Away team", {amara.id}, overridden_to(LATER))


def test_f23_a_student_taken_meanwhile_is_refused_and_the_others_get_theirs(campus: Campus) -> None:
    amara, bao, chiara, _ = campus.students
    campus.state.add_override(campus.essay, students=[bao], due_at=LATER)
    changes = [CreateOverride(campus.essay.id, one.id, "Extra", Dates(due_at=LATER)) for one in (amara, bao, chiara)]
    before = campus.asked

    outcomes = campus.apply(*changes)

    assert [one.kind for one in outcomes] == [APPLIED, REFUSED, APPLIED]
    assert "already belongs to an assignment override" in outcomes[1].message
    assert campus.asked - before == 2
    assert len(campus.overrides()) == 3


def shared_move(campus: Campus) -> MoveOutOfSharedOverride:
    amara, bao, chiara, _ = campus.students
    shared = campus.state.add_override(
        campus.essay, students=[amara, bao, chiara], title="Away team", due_at=DUE, lock_at=None
    )
    return MoveOutOfSharedOverride(
        canvas_assignment_id=campus.essay.id,
        canvas_shared_override_id=shared.id,
        canvas_user_id=amara.id,
        remaining_canvas_user_ids=(bao.id, chiara.id),
        shared_title="Away team",
        shared_unlock=NOT_OVERRIDDEN,
        shared_due=overridden_to(DUE),
        shared_lock=overridden_to(None),
        title="Extra 7KQ2",
        dates=Dates(None, LATER, LATER),
    )


def test_f33_a_move_changes_nothing_for_the_others(campus: Campus) -> None:
    change = shared_move(campus)
    (before,) = campus.overrides()

    (outcome,) = campus.apply(change)

    shared, own = sorted(campus.overrides(), key=lambda one: one.canvas_override_id)
    assert outcome.kind is APPLIED
    assert (shared.title, shared.unlock, shared.due, shared.lock) == (
        before.title,
        before.unlock,
        before.due,
        before.lock,
    )
    assert before.canvas_user_ids - shared.canvas_user_ids == {change.canvas_user_id}
    assert (own.canvas_override_id, own.canvas_user_ids) == (outcome.canvas_override_id, {change.canvas_user_id})


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("status", method="POST", value={"code": 400, "body": {"errors": ["no"]}}), REFUSED),
        (Fault("throttle", method="POST"), UNREACHABLE),
        (Fault("drop_before", method="POST"), UNREACHABLE),
    ],
)
def test_f33_a_move_that_stops_half_way_is_put_back(campus: Campus, fault: Fault, kind: OutcomeKind) -> None:
    change = shared_move(campus)
    before = campus.overrides()
    campus.state.control.faults.append(fault)

    (outcome,) = campus.apply(change)

    assert outcome.kind is kind
    assert campus.overrides() == before


def test_f33_a_move_whose_answer_got_lost_is_found_done(campus: Campus) -> None:
    change = shared_move(campus)
    campus.disturb("drop_after", method="POST", count=1)

    (outcome,) = campus.apply(change)

    assert outcome.kind is APPLIED
    assert outcome.canvas_override_id in {one.canvas_override_id for one in campus.overrides()}


@pytest.mark.parametrize("kind", ["drop_after", "truncate"])
def test_f11_a_write_whose_answer_got_lost_is_unknown_and_done_once(campus: Campus, kind: str) -> None:
    campus.disturb(kind, method="POST", count=1)

    (outcome,) = campus.apply(CreateOverride(campus.essay.id, campus.students[0].id, "Extra", Dates(due_at=LATER)))

    assert outcome.kind is UNKNOWN
    assert len(campus.overrides()) == 1


def test_f11_a_late_answer_is_unknown(campus: Campus) -> None:
    campus.disturb("latency", method="POST", count=1, value=60)

    (outcome,) = campus.apply(SetQuizExtension(campus.quiz.id, campus.students[0].id, extra_minutes=30))

    assert outcome.kind is UNKNOWN
    assert campus.state.quiz_submission_of(campus.quiz, campus.students[0].id).extra_time == 30


def test_f13_a_throttled_write_arrives_once(campus: Campus) -> None:
    campus.disturb("throttle", method="POST", count=2)

    (outcome,) = campus.apply(CreateOverride(campus.essay.id, campus.students[0].id, "Extra", Dates(due_at=LATER)))

    assert outcome.kind is APPLIED
    assert len(campus.overrides()) == 1


def test_f12_a_read_survives_four_failures(campus: Campus) -> None:
    campus.disturb("status", method="GET", path="/assignments$", count=2, value=502)
    campus.disturb("truncate", method="GET", path="/assignments$", count=1)
    campus.disturb("drop_before", method="GET", path="/assignments$", count=1)

    assert len(campus.read().assessments) == 3


@pytest.mark.parametrize("refusals_are_401", [False, True])
def test_a_token_that_may_not_is_told_from_a_dead_one(campus: Campus, refusals_are_401: bool) -> None:
    campus.state.control.switches.refusals_are_401 = refusals_are_401
    token = campus.state.add_token(campus.students[0])
    gateway = campus.gateway_of(token)

    with pytest.raises(CanvasForbidden):
        gateway.list_courses()
    campus.state.revoke_token(token)
    with pytest.raises(CanvasUnauthorized):
        gateway.list_courses()


def test_a_student_cannot_plan(campus: Campus) -> None:
    gateway = campus.gateway_of(campus.state.add_token(campus.students[0]))
    summary = campus.gateway.read_course_summary(campus.course.id)

    with pytest.raises(CanvasForbidden):
        gateway.read_course(summary, token_time_zone="UTC", enrollments=())


def test_people_are_found_by_each_kind_of_id(campus: Campus) -> None:
    amara = campus.students[0]
    campus.state.add_user("Óscar Peña", sis_user_id="S/1 ñ")

    assert campus.gateway.find_person(canvas_user_id=amara.id).name == "Amara Okonkwo"
    assert campus.gateway.find_person(sis_user_id="S-0").canvas_user_id == amara.id
    assert campus.gateway.find_person(login_id=amara.login_id).canvas_user_id == amara.id
    assert campus.gateway.find_person(sis_user_id="S/1 ñ").name == "Óscar Peña"
    assert [one.canvas_user_id for one in campus.gateway.search_people("Okonkwo")] == [amara.id]
    with pytest.raises(CanvasNotFound):
        campus.gateway.find_person(sis_user_id="nobody")
    with pytest.raises(CanvasRejected):
        campus.gateway.search_people("O")


def test_f26_enrollments_of_many_courses_come_over_all_pages(campus: Campus) -> None:
    amara = campus.students[0]
    for number in range(105):
        campus.state.enroll(amara, campus.state.add_course(f"Course {number}"), state="completed")
    before = campus.asked

    found = campus.gateway.read_enrollments(canvas_user_id=amara.id)

    assert len(found) == 106
    assert campus.asked - before == 2


def test_courses_come_over_all_pages_with_the_dates_that_bind(campus: Campus) -> None:
    term = campus.state.add_term("Spring", start_at=NOW, end_at=LATER)
    campus.state.add_course("Bound by itself", end_at=LOCK, restrict_enrollments_to_course_dates=True, term=term)
    campus.state.add_course("Bound by its term", end_at=LOCK, term=term)
    campus.state.add_course("Unpublished", workflow_state="unpublished")
    for number in range(100):
        campus.state.add_course(f"Course {number}")
    before = campus.asked

    found = {course.name: course for course in campus.gateway.list_courses()}

    assert len(found) == 104
    assert campus.asked - before == 2
    assert found["Bound by itself"].ends_at == LOCK
    assert found["Bound by its term"].ends_at == LATER
    assert found["Unpublished"].state.value == "unpublished"


def test_the_tokens_zone_and_user_are_known(campus: Campus) -> None:
    assert campus.gateway.read_token_time_zone() == "America/New_York"
    assert campus.gateway.read_self().canvas_user_id == campus.state.admin.id


def test_r18_what_students_have_begun_and_handed_in_is_seen(campus: Campus) -> None:
    amara, bao, *_ = campus.students
    campus.state.start_attempt(campus.quiz, amara)
    campus.state.complete_attempt(campus.state.start_attempt(campus.quiz, bao))
    campus.state.submit(campus.essay, amara)
    quiz_key, essay_key = f"assignment:{campus.quiz.assignment_id}", f"assignment:{campus.essay.id}"

    facts = campus.gateway.read_extensions(campus.read(), frozenset({quiz_key}))
    facts = campus.gateway.read_submissions(facts, frozenset({quiz_key, essay_key}))

    attempts = {one.canvas_user_id: one for one in facts.attempts}
    assert attempts[amara.id].is_running
    assert attempts[amara.id].end_at == NOW + timedelta(minutes=60)
    assert not attempts[bao.id].is_running
    submitted = {(one.assessment_key, one.canvas_user_id) for one in facts.submissions if one.has_submitted}
    assert submitted == {(quiz_key, bao.id), (essay_key, amara.id)}
    assert facts.submissions_read == {quiz_key, essay_key}


def test_extra_attempts_of_an_unpublished_assignment_are_read_too(campus: Campus) -> None:
    draft = campus.state.add_assignment(campus.course, "Draft", published=False, allowed_attempts=1)
    campus.apply(SetAssignmentExtension(draft.id, campus.students[0].id, 1))

    facts = campus.gateway.read_extensions(campus.read(), frozenset({f"assignment:{draft.id}"}))

    assert [(one.canvas_user_id, one.extra_attempts) for one in facts.extensions if one.extra_attempts] == [
        (campus.students[0].id, 1)
    ]


def test_before_request_runs_before_every_single_request(campus: Campus) -> None:
    count = 0

    def renew() -> None:
        nonlocal count
        count += 1

    before = campus.asked
    gateway = CanvasGateway(
        base_url="http://canvas.test",
        token=campus.state.add_admin_token(),
        sleep=lambda seconds: None,
        before_request=renew,
        adapter=SandboxAdapter(campus.state),
    )
    campus.disturb("status", method="GET", count=2, value=503)

    campus.read(gateway)

    assert count == campus.asked - before


def test_permissions_of_an_administrator_are_all_there_and_nothing_is_written(campus: Campus) -> None:
    writes, before = campus.state.writes, campus.asked

    checks = campus.gateway.check_permissions()

    assert [(one.name, one.words) for one in checks if not one.is_ok] == []
    assert len(checks) == 11
    assert set(campus.methods_since(before)) == {"GET"}
    assert campus.state.writes == writes


def test_permissions_that_are_missing_say_what_to_do(campus: Campus) -> None:
    teacher = campus.state.add_user("Farid Haddad")
    campus.state.enroll(teacher, campus.course, type="TeacherEnrollment")

    checks = {one.name: one for one in campus.gateway_of(campus.state.add_token(teacher)).check_permissions()}

    assert checks["Address and token"].is_ok
    refused = checks["Courses of the account"]
    assert not refused.is_ok
    assert "user not authorized" in refused.words
    assert "Courses" in refused.remedy


def test_a_wrong_token_is_one_check_and_no_more(campus: Campus) -> None:
    (check,) = campus.gateway_of("wrong").check_permissions()

    assert not check.is_ok
    assert "Invalid access token" in check.words
    assert check.remedy


def test_an_empty_canvas_proves_nothing(campus: Campus) -> None:
    state = SandboxState(now=NOW)
    gateway = CanvasGateway(base_url="http://canvas.test", token=state.add_admin_token(), adapter=SandboxAdapter(state))

    checks = {one.name: one for one in gateway.check_permissions()}

    assert checks["Search for people"].is_ok
    assert checks["Assignments and overrides"].words == "not tried: no published course was found"
    assert not checks["Assignments and overrides"].is_ok
