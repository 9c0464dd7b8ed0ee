"""What staff confirm one at a time in Canvas through Leeway, and what they write about what was missed."""

from collections.abc import Callable
from uuid import UUID

from accommodations.models import CanvasAct, PairStatus
from accommodations.services import (
    every_quiz,
    every_quiz_sending,
    pairs,
    quiz_dates,
    quiz_dates_sending,
    running_attempts,
    unlocking,
)
from accommodations.services.every_quiz import Asked
from canvas_bridge.facts import Dates
from tests.histories.campus import Campus
from tests.histories.steps import LOGIN, POSITION, between, hours, one_of, picked, step
from tests.histories.steps_of_staff import act

KEY = between(1, 2**63)
"""The number of a page: the same page sent twice is one act."""


def confirmed(campus: Campus, carry: Callable[[], object]) -> None:
    """Let a person confirm something; the process that sends it may die over it."""
    with campus.disturbances.at_work():
        act(carry)
    campus.look_at_what_was_missed()  # the act read the course: what is open again is missed no more


def _pairs(campus: Campus, kinds: tuple[str, ...]) -> list[PairStatus]:
    rows = PairStatus.objects.filter(assessment__kind__in=kinds, assessment__is_deleted=False)
    return list(rows.select_related("student", "assessment", "course__term").order_by("pk"))


@step(weight=3, position=POSITION, key=KEY, minutes=one_of(None, None, 10))
def staff_extend_a_running_attempt(campus: Campus, position: int, key: int, minutes: int | None) -> None:
    """A person extends an attempt that runs, by what it is short or by minutes of their own."""

    def extend() -> None:
        for pair in _pairs(campus, ("classic_quiz", "practice_quiz"))[position % 3 :]:
            if not running_attempts.is_thinkable(pair, campus.now):
                continue
            seen = running_attempts.look(pair)
            more = minutes or seen.suggested_minutes
            if not seen.problem and more and seen.ends_at:
                running_attempts.extend(
                    pair, minutes=more, shown_end_at=seen.ends_at, key=UUID(int=key), asked_by=campus.office
                )
                return

    confirmed(campus, extend)


@step(position=POSITION, key=KEY, to_unlocked=one_of(True, False))
def staff_unlock_a_quiz(campus: Campus, position: int, key: int, to_unlocked: bool) -> None:
    """A person unlocks a closed quiz for one student, or locks it again."""
    pair = picked(_pairs(campus, ("classic_quiz", "practice_quiz")), position)
    if pair is not None:
        confirmed(
            campus,
            lambda: unlocking.change(pair, to_unlocked=to_unlocked, key=UUID(int=key), asked_by=campus.office),
        )


@step(weight=1, login=LOGIN, position=POSITION, key=KEY, minutes=one_of(None, 15, 40), attempts=one_of(None, 1))
def staff_extend_every_quiz(
    campus: Campus, login: str, position: int, key: int, minutes: int | None, attempts: int | None
) -> None:
    """A person puts the same minutes and attempts on every classic quiz of a course."""
    student, asked = campus.students[login], Asked(minutes, attempts)
    course = picked([row.course for row in student.enrollments.select_related("course__term").order_by("pk")], position)
    if course is None or (minutes is None and attempts is None):
        return

    def extend() -> None:
        seen = every_quiz.preview(course, [student], asked)
        every_quiz_sending.apply(
            course, [student], asked, shown_digest=seen.digest, key=UUID(int=key), asked_by=campus.office
        )

    confirmed(campus, extend)


@step(weight=1, position=POSITION, key=KEY, opens=one_of(None, 30), ends=one_of(60, 300))
def staff_date_an_ungraded_quiz(campus: Campus, position: int, key: int, opens: int | None, ends: int) -> None:
    """A person sets one student's dates on a practice quiz."""
    pair = picked(_pairs(campus, ("practice_quiz",)), position)
    if pair is None:
        return
    asked = Dates(None if opens is None else campus.now + hours(opens), None, campus.now + hours(ends))

    def set_dates() -> None:
        seen = quiz_dates.preview(pair.course, pair.assessment, pair.student, asked)
        quiz_dates_sending.apply(
            pair.course,
            pair.assessment,
            pair.student,
            asked,
            shown_digest=seen.digest,
            key=UUID(int=key),
            asked_by=campus.office,
        )

    confirmed(campus, set_dates)


@step(weight=1, position=POSITION, key=KEY)
def staff_take_dates_back(campus: Campus, position: int, key: int) -> None:
    """A person takes a practice quiz's own dates back."""
    standing = CanvasAct.objects.filter(kind=CanvasAct.Kind.QUIZ_DATES, is_standing=True).order_by("pk")
    chosen = picked(list(standing.select_related("course__term", "student", "assessment")), position)
    if chosen is not None:
        confirmed(campus, lambda: quiz_dates_sending.take_back(chosen, key=UUID(int=key), asked_by=campus.office))


@step(position=POSITION)
def staff_write_about_what_was_missed(campus: Campus, position: int) -> None:
    """A person writes what was done about a missed assessment."""
    pair = picked([one for one in PairStatus.objects.order_by("pk") if pairs.may_be_settled(one)], position)
    if pair is not None:
        act(lambda: pairs.settle_pair(pair=pair, settled_by=campus.office, note="She sat it again on Friday."))
        campus.missed.discard((pair.student_id, pair.assessment_id))
