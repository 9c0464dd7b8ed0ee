"""Reading one course: what is asked, how often, and what is made of gaps (F16, F17, F25, Q01)."""

from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from canvas_bridge.errors import CanvasContractError, CanvasForbidden, CanvasNotFound, CanvasUnavailable
from canvas_bridge.facts import (
    AssessmentKind,
    CourseFacts,
    CourseState,
    CourseSummary,
    EnrollmentFacts,
    EnrollmentState,
    ObservedExtension,
    ObservedSubmission,
)
from canvas_bridge.gateway import CanvasGateway
from tests.canvas_bridge.gateway.conftest import CANVAS, NOW

COURSE = CourseSummary(1, "Optics", "PHY 210", CourseState.AVAILABLE, "America/Denver")
ASSIGNMENTS = f"{CANVAS}/api/v1/courses/1/assignments"
QUIZZES = f"{CANVAS}/api/v1/courses/1/quizzes"
NEW_QUIZZES = f"{CANVAS}/api/quiz/v1/courses/1/quizzes"
GROUPS = f"{CANVAS}/api/v1/courses/1/groups"
SUBMISSIONS = f"{CANVAS}/api/v1/courses/1/students/submissions"
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}


def assignment(assignment_id: int = 12, **values: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": assignment_id,
        "name": f"Assignment {assignment_id}",
        "submission_types": ["online_upload"],
        "allowed_attempts": -1,
        "published": True,
        "is_quiz_assignment": False,
        "overrides": [],
    }
    return plain | values


def quiz_assignment(assignment_id: int = 20, quiz_id: int = 3, **values: object) -> dict[str, object]:
    kind = {"submission_types": ["online_quiz"], "is_quiz_assignment": True, "quiz_id": quiz_id}
    return assignment(assignment_id, **{**kind, **values})


def quiz(quiz_id: int = 3, **values: object) -> dict[str, object]:
    return {"id": quiz_id, "title": "Quiz", "quiz_type": "assignment", "time_limit": 60, "allowed_attempts": 1} | values


def new_quiz_assignment(assignment_id: int = 30, **values: object) -> dict[str, object]:
    kind = {"submission_types": ["external_tool"], "is_quiz_lti_assignment": True}
    return assignment(assignment_id, **{**kind, **values})


def enrollment(user_id: int = 5) -> EnrollmentFacts:
    return EnrollmentFacts(user_id, user_id, 1, 7, "StudentEnrollment", EnrollmentState.ACTIVE)


def play(
    canvas: responses.RequestsMock, *, assignments: list[object], quizzes: list[object], new_quizzes: object = None
) -> None:
    canvas.add("GET", ASSIGNMENTS, json=assignments)
    canvas.add("GET", QUIZZES, json=quizzes)
    if new_quizzes is not None:
        canvas.add("GET", NEW_QUIZZES, json=new_quizzes)


def read(gateway: CanvasGateway, *user_ids: int) -> CourseFacts:
    enrollments = tuple(enrollment(user_id) for user_id in user_ids or (5,))
    return gateway.read_course(COURSE, token_time_zone="America/Denver", enrollments=enrollments)


def test_q01_a_course_without_new_quizzes_and_groups_costs_two_requests(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[assignment(12), quiz_assignment(20)], quizzes=[quiz(3)])

    facts = read(gateway)

    assert [one.key for one in facts.assessments] == ["assignment:12", "assignment:20"]
    assert (facts.read_at, facts.token_time_zone) == (NOW, "America/Denver")
    assert len(canvas.calls) == 2


def test_base_dates_and_overrides_are_asked_for_and_never_all_dates(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[], quizzes=[])

    read(gateway)

    asked = parse_qs(urlsplit(canvas.calls[0].request.url or "").query)
    assert asked["override_assignment_dates"] == ["false"]
    assert asked["include[]"] == ["overrides"]
    assert asked["per_page"] == ["100"]


def test_q01_new_quizzes_and_groups_are_read_only_where_there_are_any(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    group_override = {"id": 1, "title": "Group 8", "group_id": 8}
    play(
        canvas,
        assignments=[new_quiz_assignment(30), assignment(12, group_category_id=2, overrides=[group_override])],
        quizzes=[],
        new_quizzes=[
            {"id": "30", "quiz_settings": {"has_time_limit": True, "session_time_limit_in_seconds": 2700}},
        ],
    )
    canvas.add("GET", GROUPS, json=[{"id": 8, "users": [{"id": 5}], "members_count": 1}, {"id": 9, "users": []}])

    facts = read(gateway, 5, 6)

    assert len(canvas.calls) == 4
    assert facts.assessments[0].time_limit_minutes == 45
    assert [student.canvas_group_ids for student in facts.students] == [frozenset({8}), frozenset()]


def test_a_tag_that_the_course_does_not_list_is_read_on_its_own(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    overrides = [{"id": 1, "group_id": 8, "non_collaborative": True}, {"id": 2, "group_id": 9}]
    play(canvas, assignments=[assignment(12, overrides=overrides)], quizzes=[])
    canvas.add("GET", GROUPS, json=[])
    members = [
        {"id": 1, "group_id": 8, "user_id": 5, "workflow_state": "accepted"},
        {"id": 2, "group_id": 8, "user_id": 6, "workflow_state": "requested"},
    ]
    canvas.add("GET", f"{CANVAS}/api/v1/groups/8/memberships", json=members)
    canvas.add("GET", f"{CANVAS}/api/v1/groups/9/memberships", status=404, json=NOT_FOUND)

    facts = read(gateway, 5, 6)

    assert [student.canvas_group_ids for student in facts.students] == [frozenset({8}), frozenset()]


def test_practice_quizzes_and_surveys_come_from_the_quiz_list_alone(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    quizzes = [
        quiz(3),
        quiz(4, quiz_type="practice_quiz"),
        quiz(6, quiz_type="survey"),
        quiz(7, quiz_type="graded_survey"),
        quiz(8, quiz_type="quizzes.next"),
    ]
    graded_survey = quiz_assignment(21, 7, is_quiz_assignment=False)
    play(canvas, assignments=[quiz_assignment(20, 3), graded_survey], quizzes=quizzes)

    facts = read(gateway)

    assert [(one.key, one.kind) for one in facts.assessments] == [
        ("assignment:20", AssessmentKind.CLASSIC_QUIZ),
        ("assignment:21", AssessmentKind.GRADED_SURVEY),
        ("quiz:4", AssessmentKind.PRACTICE_QUIZ),
        ("quiz:6", AssessmentKind.SURVEY),
    ]


def test_f17_an_assignment_that_moved_to_the_next_page_counts_once(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    next_page = {"Link": f'<{ASSIGNMENTS}?page=2&per_page=100>; rel="next"'}
    canvas.add("GET", ASSIGNMENTS, json=[assignment(12), assignment(13)], headers=next_page)
    canvas.add("GET", ASSIGNMENTS, json=[assignment(13), assignment(14)])
    canvas.add("GET", QUIZZES, json=[])

    assert [one.key for one in read(gateway).assessments] == ["assignment:12", "assignment:13", "assignment:14"]


def test_a_token_that_may_not_see_overrides_may_not_plan(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    hidden = assignment(12)
    del hidden["overrides"]
    play(canvas, assignments=[hidden], quizzes=[])

    with pytest.raises(CanvasForbidden, match="overrides"):
        read(gateway)


def test_f25_a_quiz_deleted_between_two_reads_is_left_out_with_its_assignment(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[assignment(12), quiz_assignment(20, 3)], quizzes=[])
    canvas.add("GET", f"{QUIZZES}/3", status=404, json=NOT_FOUND)

    assert [one.key for one in read(gateway).assessments] == ["assignment:12"]


def test_f17_a_quiz_that_slipped_between_pages_is_read_on_its_own(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[quiz_assignment(20, 3)], quizzes=[])
    canvas.add("GET", f"{QUIZZES}/3", json=quiz(3, time_limit=50))

    assert read(gateway).assessments[0].time_limit_minutes == 50


def test_a_new_quiz_without_settings_known_is_never_taken_for_untimed(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[new_quiz_assignment(30, workflow_state="published")], quizzes=[], new_quizzes=[])
    canvas.add("GET", f"{NEW_QUIZZES}/30", status=404, json=NOT_FOUND)

    with pytest.raises(CanvasContractError, match="assignment 30"):
        read(gateway)


def test_a_new_quiz_that_is_still_being_copied_is_left_out(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    copy = new_quiz_assignment(30, workflow_state="duplicating", published=False)
    play(canvas, assignments=[copy, assignment(12)], quizzes=[], new_quizzes=[])
    canvas.add("GET", f"{NEW_QUIZZES}/30", status=404, json=NOT_FOUND)

    assert [one.key for one in read(gateway).assessments] == ["assignment:12"]


@pytest.mark.parametrize("url", [ASSIGNMENTS, QUIZZES])
def test_f14_a_course_that_is_gone_fails_as_a_whole(
    gateway: CanvasGateway, canvas: responses.RequestsMock, url: str
) -> None:
    canvas.add("GET", url, status=404, json=NOT_FOUND)
    canvas.add("GET", ASSIGNMENTS if url == QUIZZES else QUIZZES, json=[])

    with pytest.raises(CanvasNotFound):
        read(gateway)


@pytest.mark.parametrize(
    "broken",
    [
        [assignment(12), None],
        [assignment(12, due_at=5)],
        [assignment(12, overrides=[{"id": 1, "student_ids": "5"}])],
        [{"id": "1~12", "overrides": []}],
    ],
)
def test_f16_one_wrong_type_fails_the_course_and_gives_no_half_of_it(
    gateway: CanvasGateway, canvas: responses.RequestsMock, broken: list[object]
) -> None:
    play(canvas, assignments=broken, quizzes=[])

    with pytest.raises(CanvasContractError):
        read(gateway)


def test_f12_an_outage_in_the_middle_gives_no_facts(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", ASSIGNMENTS, json=[])
    canvas.add("GET", QUIZZES, status=503)

    with pytest.raises(CanvasUnavailable):
        read(gateway)


def quiz_row(user_id: int, **values: object) -> dict[str, object]:
    row = {"id": 900 + user_id, "user_id": user_id, "quiz_id": 3, "workflow_state": "settings_only", "attempt": None}
    return row | values


def test_extensions_of_a_quiz_bring_attempts_and_only_of_the_students_asked_for(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[quiz_assignment(20, 3)], quizzes=[quiz(3)])
    rows = [
        quiz_row(5, extra_time=30, workflow_state="untaken", started_at="2026-03-01T08:00:00Z", attempt=1),
        quiz_row(6, extra_time=15),
        quiz_row(99, extra_time=60),
    ]
    canvas.add("GET", f"{QUIZZES}/3/submissions", json={"quiz_submissions": rows})

    facts = gateway.read_extensions(read(gateway, 5, 6, 7), frozenset({"assignment:20"}))

    assert facts.extensions == (
        ObservedExtension("assignment:20", 5, 30, 0),
        ObservedExtension("assignment:20", 6, 15, 0),
    )
    assert [(one.canvas_user_id, one.is_running) for one in facts.attempts] == [(5, True)]
    assert facts.extensions_read == frozenset({"assignment:20"})
    assert facts.submissions_read == frozenset()


@pytest.mark.parametrize("status", [403, 404])
def test_r13_extensions_that_canvas_refuses_to_show_are_named_until_they_are_shown(
    gateway: CanvasGateway, canvas: responses.RequestsMock, status: int
) -> None:
    play(canvas, assignments=[quiz_assignment(20, 3)], quizzes=[quiz(3)])
    url = f"{QUIZZES}/3/submissions"
    canvas.add("GET", url, status=status, json=NOT_FOUND)
    canvas.add("GET", url, json={"quiz_submissions": [quiz_row(5, extra_time=30)]})
    keys = frozenset({"assignment:20"})

    refused = gateway.read_extensions(read(gateway), keys)
    shown = gateway.read_extensions(refused, keys)

    assert (refused.extensions_unreadable, refused.extensions_read) == (keys, frozenset())
    assert refused.submissions_unreadable == frozenset()
    assert (shown.extensions_unreadable, shown.extensions_read) == (frozenset(), keys)


def test_reading_again_replaces_what_was_read_before(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    play(canvas, assignments=[quiz_assignment(20, 3)], quizzes=[quiz(3)])
    url = f"{QUIZZES}/3/submissions"
    canvas.add("GET", url, json={"quiz_submissions": [quiz_row(5, extra_time=30)]})
    canvas.add("GET", url, json={"quiz_submissions": [quiz_row(5, extra_time=45)]})
    keys = frozenset({"assignment:20"})

    facts = gateway.read_extensions(gateway.read_extensions(read(gateway), keys), keys)

    assert facts.extensions == (ObservedExtension("assignment:20", 5, 45, 0),)


def test_new_quizzes_cannot_be_read_and_cost_nothing(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    settings = {"has_time_limit": False}
    play(canvas, assignments=[new_quiz_assignment()], quizzes=[], new_quizzes=[{"id": "30", "quiz_settings": settings}])
    facts = read(gateway)

    assert gateway.read_extensions(facts, frozenset({"assignment:30"})) == facts
    assert len(canvas.calls) == 3


def submission(user_id: int, assignment_id: int, **values: object) -> dict[str, object]:
    return {"user_id": user_id, "assignment_id": assignment_id, "workflow_state": "unsubmitted"} | values


def test_submissions_of_many_assignments_share_a_request(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[assignment(12), assignment(13)], quizzes=[])
    handed_in = {"submitted_at": "2026-03-01T08:00:00Z", "workflow_state": "submitted", "extra_attempts": 2}
    canvas.add("GET", SUBMISSIONS, json=[submission(5, 12, **handed_in), submission(5, 13), submission(99, 12)])

    facts = gateway.read_submissions(read(gateway, 5, 6), frozenset({"assignment:12", "assignment:13"}))

    asked = parse_qs(urlsplit(canvas.calls[-1].request.url or "").query)
    assert (asked["student_ids[]"], asked["assignment_ids[]"]) == (["5", "6"], ["12", "13"])
    assert facts.submissions == (
        ObservedSubmission("assignment:12", 5, True, NOW.replace(hour=8)),
        ObservedSubmission("assignment:13", 5, False),
    )
    assert facts.submissions_read == facts.extensions_read == frozenset({"assignment:12", "assignment:13"})
    assert facts.extensions[0] == ObservedExtension("assignment:12", 5, 0, 2)


def test_students_are_asked_for_a_hundred_at_a_time(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    play(canvas, assignments=[assignment(12)], quizzes=[])
    canvas.add("GET", SUBMISSIONS, json=[])

    gateway.read_submissions(read(gateway, *range(1, 102)), frozenset({"assignment:12"}))

    sizes = [
        len(parse_qs(urlsplit(call.request.url or "").query)["student_ids[]"])
        for call in canvas.calls
        if "submissions" in (call.request.url or "")
    ]
    assert sizes == [100, 1]


def test_f25_an_assignment_unpublished_meanwhile_does_not_hide_the_others(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(canvas, assignments=[assignment(12), assignment(13), assignment(14, published=False)], quizzes=[])
    canvas.add("GET", SUBMISSIONS, status=403, json={"error": "invalid assignment ids requested"})
    canvas.add("GET", f"{ASSIGNMENTS}/12/submissions", json=[submission(5, 12, workflow_state="submitted")])
    canvas.add("GET", f"{ASSIGNMENTS}/13/submissions", status=404, json=NOT_FOUND)
    canvas.add("GET", f"{ASSIGNMENTS}/14/submissions", json=[submission(5, 14, extra_attempts=1)])
    keys = frozenset({"assignment:12", "assignment:13", "assignment:14"})

    facts = gateway.read_extensions(read(gateway), keys)

    assert facts.submissions_read == facts.extensions_read == frozenset({"assignment:12", "assignment:14"})
    assert facts.submissions_unreadable == facts.extensions_unreadable == frozenset({"assignment:13"})
    assert [one.has_submitted for one in facts.submissions] == [True, False]


def test_a_practice_quiz_is_handed_in_by_its_attempt(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    play(canvas, assignments=[], quizzes=[quiz(4, quiz_type="practice_quiz")])
    row = quiz_row(5, workflow_state="complete", finished_at="2026-03-01T08:00:00Z")
    canvas.add("GET", f"{QUIZZES}/4/submissions", json={"quiz_submissions": [row]})

    facts = gateway.read_submissions(read(gateway), frozenset({"quiz:4"}))

    assert facts.submissions == (ObservedSubmission("quiz:4", 5, True, NOW.replace(hour=8)),)
