"""The gateway reads a sandbox Canvas: courses, people, what students hold and have done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from canvas_bridge.changes import (
    SetAssignmentExtension,
)
from canvas_bridge.errors import (
    CanvasContractError,
    CanvasForbidden,
    CanvasNotFound,
    CanvasRejected,
    CanvasUnauthorized,
)
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentKind,
    Dates,
    EnrollmentState,
    OverrideTarget,
    overridden_to,
)
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from tests.canvas_bridge.gateway.campus import DUE, LATER, LOCK, NOW, Campus


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


def test_f12_a_read_survives_four_failures(campus: Campus) -> None:
    campus.disturb("status", method="GET", path="/assignments$", count=2, value=502)
    campus.disturb("truncate", method="GET", path="/assignments$", count=1)
    campus.disturb("drop_before", method="GET", path="/assignments$", count=1)

    assert len(campus.read().assessments) == 3


@pytest.mark.parametrize("not_allowed_status", [403, 401])
def test_a_token_that_may_not_is_told_from_a_dead_one(campus: Campus, not_allowed_status: int) -> None:
    campus.state.control.switches.not_allowed_status = not_allowed_status
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


def test_the_names_of_assignment_groups_are_read_where_they_are_asked_for_and_cost_one_request(campus: Campus) -> None:
    exams = campus.state.add_assignment_group(campus.course, "Exams")
    campus.essay.assignment_group_id = exams.id
    plain = campus.read()
    assert {one.assignment_group for one in plain.assessments} == {None}
    requests = campus.state.control.requests
    requests.clear()

    named = campus.gateway.read_group_names(plain)

    groups = {one.name: one.assignment_group for one in named.assessments}
    assert [one.path for one in requests] == [f"/api/v1/courses/{campus.course.id}/assignment_groups"]
    assert (plain.are_groups_named, named.are_groups_named) == (False, True)
    assert groups["Essay"] == "Exams"
    assert groups["Midterm"] not in (None, "Exams")


def test_an_assessment_that_has_left_its_named_group_has_the_whole_course_read_again(campus: Campus) -> None:
    exams = campus.state.add_assignment_group(campus.course, "Exams")
    named = campus.gateway.read_group_names(campus.read())
    again = campus.gateway.read_course_again(named)
    assert again is not None
    assert [one.assignment_group for one in again.assessments] == [one.assignment_group for one in named.assessments]

    campus.essay.assignment_group_id = exams.id
    assert campus.gateway.read_course_again(named) is None


def test_r13_a_group_that_canvas_does_not_list_leaves_the_reading_incomplete(campus: Campus) -> None:
    plain = campus.read()
    moved = tuple(replace(one, canvas_assignment_group_id=987_654) for one in plain.assessments)
    with pytest.raises(CanvasContractError):
        campus.gateway.read_group_names(replace(plain, assessments=moved))
