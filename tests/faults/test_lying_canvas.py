"""Canvas refuses, answers what cannot be, or a part of what there is: nothing is undone, and the rest goes on."""

import re
from typing import Any

import pytest

from accommodations.models import CourseSync, PairStatus, Student
from tests.faults.checker import FaultFree, check, check_at_rest, check_reached, picture_of, statuses
from tests.faults.http_proxy import HttpProxy, NetFault
from tests.faults.lab import Lab
from tests.faults.steering import once_at, somebody
from tests.services.processes import free_port

COURSE = 2001
REPEATED = 3.0
"""Requests of the run that was lied to and of the one after it, against one without a fault: some is asked again."""
LISTS = {
    "assignments": rf"/courses/{COURSE}/assignments\?",
    "quizzes": rf"/api/v1/courses/{COURSE}/quizzes\?",
    "New Quizzes": rf"/api/quiz/v1/courses/{COURSE}/quizzes\?",
}


def answers(lab: Lab, code: int, body: Any, *, path: str, method: str = "GET", count: int | None = None) -> None:
    """Let the sandbox answer that, without carrying anything out."""
    value = {"code": code, "body": body}
    lab.canvas_control(
        "POST", "faults", [{"kind": "status", "method": method, "path": path, "value": value, "count": count}]
    )


def course_of(lab: Lab, canvas_id: int = COURSE) -> CourseSync:
    """Return the newest sync of the course."""
    return CourseSync.objects.filter(course__canvas_course_id=canvas_id).latest("pk")


def check_goes_on_well(lab: Lab, expected: FaultFree) -> None:
    """The fault is over: one more sync reaches everything, whatever it took."""
    lab.canvas_control("DELETE", "faults")
    lab.sync()
    check(lab, expected, most_requests=REPEATED)


EXTENSIONS = rf"/courses/{COURSE}/quizzes/\d+/extensions"
OVERRIDES = rf"/courses/{COURSE}/assignments/overrides"
NEW_QUIZZES = rf"/courses/{COURSE}/quizzes/\d+/accommodations"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        *((code, EXTENSIONS) for code in (403, 404, 409, 422)),
        *((code, path) for path in (OVERRIDES, NEW_QUIZZES) for code in (403, 422)),
    ],
)
def test_f14_a_refusal_is_told_not_repeated_and_costs_no_other_course_anything(
    code: int, path: str, lab: Lab, expected: FaultFree
) -> None:
    """`failed` or `blocked` with Canvas's words; everything that was not refused is in place."""
    words = {"errors": [{"message": "It cannot be done here."}]}
    answers(lab, code, words, method="POST", path=path)
    lab.request_courses()
    lab.wait_until_settled()
    other = {key: status for key, status in statuses().items() if status != expected.statuses[key]}
    assert other
    assert set(other.values()) <= {"failed", "blocked"}
    refused = PairStatus.objects.filter(status__in=("failed", "blocked"))
    assert set(refused.values_list("assessment__course__canvas_course_id", flat=True)) == {COURSE}
    asked = [one["path"] for one in lab.writes() if one["method"] == "POST" and re.search(path, one["path"])]
    # One for all who need the same, then at most one each: what Canvas says of one student costs no other anything.
    assert len(asked) <= 2 * len(refused)
    check_at_rest(lab)
    check_goes_on_well(lab, expected)


@pytest.mark.parametrize("body", [{"not": "a list"}, [None], [{"id": "x", "name": 7}], "null"])
def test_f16_what_cannot_be_fails_that_course_alone_and_deletes_nothing(
    body: Any, lab: Lab, expected: FaultFree
) -> None:
    """Everything was in place: it stays, nothing is written anywhere, and the course says what is wrong."""
    lab.sync()
    lab.forget_requests()
    answers(lab, 200, body, path=LISTS["assignments"])
    run = lab.sync()
    assert course_of(lab).status == "failed", lab.told()
    assert set(run.course_syncs.exclude(course__canvas_course_id=COURSE).values_list("status", flat=True)) == {"done"}
    assert lab.writes() == []
    check_goes_on_well(lab, expected)


def test_f16_an_answer_that_is_no_json_is_asked_for_again(lab: Lab, expected: FaultFree) -> None:
    """It may have been cut on its way: the course waits and says so, and goes on by itself."""
    lab.sync()
    lab.forget_requests()
    answers(lab, 200, "[{", path=LISTS["assignments"])
    lab.request_courses()
    lab.wait_for(lambda: CourseSync.objects.exclude(next_try_at=None).exists(), "a course that waits for Canvas", 60)
    assert "did not answer" in course_of(lab).message
    lab.canvas_control("DELETE", "faults")
    lab.wait_until_settled()
    assert lab.writes() == []
    check(lab, expected, most_requests=REPEATED)


@pytest.mark.parametrize("name", LISTS)
def test_f17_a_list_that_comes_empty_deletes_nothing(name: str, lab: Lab, expected: FaultFree) -> None:
    """What Canvas has and its list lacks is asked for by itself, or the list is not believed."""
    lab.sync()
    lab.forget_requests()
    answers(lab, 200, [], path=LISTS[name])
    lab.sync(seconds=120)
    assert lab.writes() == []
    assert {key: one.all_given for key, one in picture_of(lab).items()} == {
        key: one.all_given for key, one in expected.after.items()
    }
    check_goes_on_well(lab, expected)


def test_f17_f31_a_next_page_on_another_host_is_never_asked_for(lab: Lab, expected: FaultFree) -> None:
    """The token goes nowhere else, and a list that is not whole undoes nothing."""
    lab.sync()
    lab.forget_requests()
    elsewhere = free_port()
    lab.canvas.faults = [NetFault("elsewhere", path=LISTS["assignments"], count=None, number=elsewhere)]
    lab.sync(seconds=120)
    assert course_of(lab).status == "failed", lab.told()
    assert f":{elsewhere}" not in course_of(lab).message
    assert lab.writes() == []
    lab.canvas.faults = []
    check_goes_on_well(lab, expected)


def test_f31_ids_of_another_shard_fail_that_course_alone_and_nothing_is_written(lab: Lab, expected: FaultFree) -> None:
    """`1~2` is no number of ours: it is never taken for 2, nor its absence for a deletion."""
    lab.sync()
    lab.forget_requests()
    foreign = {"id": "1~2", "name": "Essay", "course_id": COURSE, "submission_types": ["online_upload"]}
    answers(lab, 200, [foreign], path=LISTS["assignments"])
    lab.sync()
    assert course_of(lab).status == "failed", lab.told()
    assert lab.writes() == []
    check_goes_on_well(lab, expected)


def test_f31_a_canvas_that_is_another_one_is_never_asked(lab: Lab, expected: FaultFree) -> None:
    """The address was swapped for a test instance's with the same ids: nothing goes there, and the run says so."""
    lab.sync()
    with HttpProxy(lab.canvas_port) as other:
        hosts = f"{lab.environment['ALLOWED_CANVAS_HOSTS']},localhost:{other.port}"
        lab.stop_workers()
        lab.start_worker(CANVAS_BASE_URL=f"http://localhost:{other.port}", ALLOWED_CANVAS_HOSTS=hosts)
        lab.forget_requests()
        run = lab.sync()
        assert (run.status, other.exchanges, lab.requests()) == ("failed", [], []), lab.told()
        assert "the address now names localhost" in run.message
        lab.keep_one_worker()
    check_goes_on_well(lab, expected)


def test_f18_enrollments_that_are_suddenly_gone_undo_nothing(lab: Lab, expected: FaultFree) -> None:
    """R16: everybody's list comes empty in one night; nothing is taken back, and the next night all is well."""
    lab.sync()
    lab.forget_requests()
    answers(lab, 200, [], path=r"/users/\d+/enrollments")
    lab.request()
    lab.wait_until_settled()
    assert lab.writes() == []
    lab.canvas_control("DELETE", "faults")
    lab.request()
    lab.wait_until_settled()
    check(lab, expected, most_requests=REPEATED)


PARTS = {
    "f21": rf"/courses/{COURSE}/quizzes/\d+/extensions",
    "f22": rf"/api/quiz/v1/courses/{COURSE}/quizzes/\d+/accommodations",
    "f34": rf"/courses/{COURSE}/assignments/\d+/extensions",
}
LEFT_OUT = {
    "f21": {"code": 404, "body": {"errors": [{"message": "The specified resource does not exist."}]}},
    "f22": {"code": 200, "body": {"message": "Processed", "successful": [], "failed": []}},
    "f34": {"code": 200, "body": {"assignment_extensions": []}},
}


@pytest.mark.parametrize("fault", PARTS)
def test_f21_f22_f34_one_student_gets_nothing_and_the_others_theirs(fault: str, lab: Lab, expected: FaultFree) -> None:
    """Who was left out is not told as in place, whatever Canvas says; the rest of the request holds."""
    everybody = {key[0] for key in expected.after}
    lab.canvas.faults = [NetFault("in_part", method="POST", path=PARTS[fault])]
    lab.request_courses()
    lab.wait_until_settled()
    assert lab.canvas.faults[0].count == 0, "it was met"
    check_at_rest(lab)
    given = picture_of(lab)
    wrong = {key for key, one in expected.after.items() if given[key].all_given != one.all_given}
    assert len({user for user, _ in wrong}) <= 1 < len(everybody)
    check_told(expected, wrong)
    check_goes_on_well(lab, expected)


@pytest.mark.parametrize("fault", PARTS)
def test_f21_f22_f34_whom_an_answer_leaves_out_does_not_count_as_given(
    fault: str, lab: Lab, expected: FaultFree
) -> None:
    """The next sync gives it; meanwhile nobody is told that it is in place, and nothing stands twice in the log."""
    value = LEFT_OUT[fault]
    lab.canvas_control(
        "POST", "faults", [{"kind": "status", "method": "POST", "path": PARTS[fault], "value": value, "count": 1}]
    )
    lab.request_courses()
    lab.wait_until_settled()
    assert lab.canvas_control("GET", "faults")["faults"] == [], "it was met"
    check_at_rest(lab)
    given = picture_of(lab)
    check_told(expected, {key for key, one in expected.after.items() if given[key].all_given != one.all_given})
    check_goes_on_well(lab, expected)


def check_told(expected: FaultFree, wrong: set[tuple[int, str]]) -> None:
    """I1: what is not given is told as failed, blocked or waiting, and nothing else is told otherwise than before."""
    users = dict(Student.objects.values_list("login_id", "canvas_user_id"))
    for (login, assessment), status in statuses().items():
        is_told = status in ("failed", "blocked", "waiting")
        assert is_told or (users[login], assessment) not in wrong, (login, assessment, status)
        assert is_told or status == expected.statuses[login, assessment], (login, assessment, status)


@pytest.mark.parametrize(
    "path",
    [rf"/courses/{COURSE}/assignments/overrides", r"2001/quizzes/\d+/extensions", r"2001/quizzes/\d+/accommodations"],
)
def test_f14_f19_f26_who_drops_the_course_in_the_last_moment_costs_nobody_else_anything(
    path: str, lab: Lab, expected: FaultFree
) -> None:
    """One item of a request is invalid: the others are given theirs at once; who comes back is covered again."""
    state = lab.state()
    gone = next(user for user in state.users if user.login_id == "ann07")
    enrollment = next(one for one in state.enrollments if one.user_id == gone.id and one.course_id == COURSE)
    drops = once_at(
        lab,
        lambda: somebody(lab, "DELETE", f"courses/{COURSE}/enrollments/{enrollment.id}?task=delete"),
        method="POST",
        path=path,
    )
    lab.request_courses()
    lab.wait_until_settled()
    assert drops.done.is_set()
    given = picture_of(lab)
    wrong = [key for key, one in expected.after.items() if key[0] != gone.id and given[key].all_given != one.all_given]
    assert wrong == []
    check_at_rest(lab)
    lab.canvas.hooks.before = lambda exchange: True
    somebody(
        lab,
        "POST",
        f"courses/{COURSE}/enrollments",
        {"enrollment": {"user_id": gone.id, "type": "StudentEnrollment", "enrollment_state": "active"}},
    )
    lab.request()
    lab.wait_until_settled()
    check_reached(lab, expected)
    check(lab, expected, most_requests=REPEATED)
