"""The main job over HTTP, every part a real process: from a click to Canvas and back, without JavaScript."""

import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from accommodations.demo.accounts import ACCOUNTS
from tests.services.canvas_look import CanvasLook, Fact, is_open_or_over
from tests.services.stack import Stack
from tests.services.visitor import Visitor, signed_in

SIS_USER_ID = "S100300"
SYNC_SECONDS = 90
DONE = r"Run \d+ is done"
THREE_PROVISIONS: dict[str, str | list[str]] = {
    "provisions": ["extra_time", "extra_attempts", "alternative_dates"],
    "time_how": "1.5",
    "attempts": "1",
    "dates_how": "shift",
    "shift_amount": "2",
    "shift_unit": "days",
    "scope": "every_course",
}


@pytest.fixture
def look(stack: Stack) -> CanvasLook:
    """Return a look into the stack's Canvas."""
    return CanvasLook(stack.canvas_url, stack.values["CANVAS_TOKEN"])


@pytest.fixture
def coordinator(stack: Stack) -> Visitor:
    """Return the coordinator, signed in."""
    return signed_in(stack.url, ACCOUNTS[0].username, ACCOUNTS[0].password)


def wait_for_heading(visitor: Visitor, words: str) -> str:
    """Open the run's page again and again, as its Refresh link does, until its heading says so; return its text."""
    end = time.monotonic() + SYNC_SECONDS
    while not re.search(words, visitor.text):
        assert time.monotonic() < end, f"waited in vain for {words!r}: {visitor.text[:3000]}"
        time.sleep(1)
        visitor.open(visitor.url)
    return visitor.text


def apply_plan(visitor: Visitor) -> None:
    """Apply the plan on the page and wait for the end; where a round changed it meanwhile, it is applied anew."""
    for _ in range(4):
        visitor.submit("Apply th")
        if re.search(DONE, wait_for_heading(visitor, f"{DONE}|since you read")):
            return
    raise AssertionError(visitor.text[:3000])


def test_the_main_job_reaches_canvas_and_is_taken_back_again(
    stack: Stack, look: CanvasLook, coordinator: Visitor
) -> None:
    """Record three provisions, read the plan, apply, see them in Canvas and in the log, end them: as it was."""
    person = look.student(SIS_USER_ID)
    student: int = person["id"]
    courses = look.courses_of(student)
    before = look.settings_in(courses)

    coordinator.open("/students/find/").submit("Find the student", {"query": SIS_USER_ID})
    assert person["name"] in coordinator.text
    record_address = coordinator.url
    coordinator.submit("Save and read the plan", THREE_PROVISIONS)
    plan = wait_for_heading(coordinator, r"Plan of run \d+: \d+ changes, not yet in Canvas")
    assert look.settings_in(courses) == before, "a plan that nobody has applied changes nothing"
    assert re.search(r"\d+ min becomes \d+ min \(1\.5×\)", plan)
    assert re.search(r"due \w+ \d+ \w+ .* becomes", plan)
    assert re.search(r"1 attempt becomes 2", plan)

    apply_plan(coordinator)
    after = look.settings_in(courses)
    assert_granted(look, courses, student, after)
    assert of_others(after, student) == of_others(before, student)

    assert_a_second_sync_plans_nothing(coordinator, record_address)
    assert_logged(stack, coordinator)
    end_all_three(coordinator, record_address)
    assert_as_it_was(look, courses, student, before)


def assert_granted(look: CanvasLook, courses: list[int], student: int, after: dict[Fact, Any]) -> None:
    """Every timed quiz, limited assessment and due date that is still to come holds the whole grant."""
    checked: set[str] = set()
    for course in courses:
        for quiz in look.quizzes(course):
            if quiz["time_limit"] and not is_open_or_over(quiz):
                minutes, attempts = after["classic quiz", quiz["id"], student]
                assert minutes == -(-quiz["time_limit"] // 2), quiz["title"]
                assert attempts == (1 if quiz["allowed_attempts"] > 0 else 0), quiz["title"]
                checked.add("minutes")
        for assignment in look.assignments(course):
            dates = after.get(("dates", assignment["id"], student))
            if dates and assignment["due_at"] and not is_open_or_over(assignment):
                shift = datetime.fromisoformat(dates[1]) - datetime.fromisoformat(assignment["due_at"])
                # Two days by the wall clock: an hour more or less where a clock changes in between.
                assert abs(shift - timedelta(days=2)) <= timedelta(hours=1), assignment["name"]
                assert dates[0] == assignment["unlock_at"], "nobody sees an exam early, nor later"
                checked.add("dates")
    assert any(kind == "assignment" for kind, _, who in after if who == student)
    assert checked == {"minutes", "dates"}


def assert_a_second_sync_plans_nothing(coordinator: Visitor, record_address: str) -> None:
    """R4: a sync right after a sync plans nothing."""
    coordinator.open(student_address(record_address)).submit("Sync")
    wait_for_heading(coordinator, r"nothing to change")


def assert_logged(stack: Stack, coordinator: Visitor) -> None:
    """The log shows what was sent and what Canvas answered, and its chain holds."""
    coordinator.open("/log/?act=writes")
    for words in ("Sent to Canvas", "Accepted by Canvas", "POST /api/v1/courses/"):
        assert words in coordinator.text, coordinator.text[:3000]
    result = stack.manage("verify_log")
    assert result.returncode == 0, result.stdout + result.stderr


def end_all_three(coordinator: Visitor, record_address: str) -> None:
    """End each accommodation on the student's page, read the plan, apply it."""
    for provision in ("extra time", "extra attempts", "alternative dates"):
        coordinator.open(student_address(record_address))
        links = [href for _, href in coordinator.page.links if re.search(r"/accommodations/\d+/end/$", href)]
        coordinator.open(links[0])
        words = next(name for form in coordinator.page.forms for name in form.buttons if name.startswith("End "))
        coordinator.submit(words)
        wait_for_heading(coordinator, r"Plan of run \d+: \d+ changes?, not yet in Canvas|nothing to change")
        if "not yet in Canvas" in coordinator.text:
            apply_plan(coordinator)
        assert provision


def assert_as_it_was(look: CanvasLook, courses: list[int], student: int, before: dict[Fact, Any]) -> None:
    """What the class has not begun yet is as it was, for everybody; what is open stays until it is over (R18)."""
    begun = {row["id"] for course in courses for row in look.assignments(course) if is_open_or_over(row)}
    begun_quizzes = {row["id"] for course in courses for row in look.quizzes(course) if is_open_or_over(row)}

    def still_to_come(settings: dict[Fact, Any]) -> dict[Fact, Any]:
        return {
            (kind, number, who): value
            for (kind, number, who), value in settings.items()
            if number not in (begun_quizzes if kind == "classic quiz" else begun)
        }

    at_the_end = look.settings_in(courses)
    assert still_to_come(at_the_end) == still_to_come(before)
    assert of_others(at_the_end, student) == of_others(before, student)


def of_others(settings: dict[Fact, Any], student: int) -> dict[Fact, Any]:
    """Return what is set for everybody else."""
    return {fact: value for fact, value in settings.items() if fact[2] != student}


def student_address(record_address: str) -> str:
    """Return the address of the student's page, from that of their record form."""
    return record_address.partition("accommodations/new")[0]
