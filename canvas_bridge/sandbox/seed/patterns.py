"""Which assessments a course of each pattern has, over a term that began four weeks ago and lasts eleven more."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from canvas_bridge.sandbox.seed.moments import Calendar, OnDay, day
from canvas_bridge.sandbox.seed.specs import (
    UNLIMITED,
    AssessmentSpec,
    CourseSpec,
    Kind,
    Pattern,
    discussion,
    exam,
    quiz,
    work,
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The week of one course: days count from today, `first_day` is the term's first Monday, `shift` its weekday."""

    topics: tuple[str, ...]
    first_day: int
    shift: int
    exam_day: int

    def on(self, week: int, clock: str = "", *, plus: int = 0) -> OnDay:
        """Return a moment in a week of the term (0 is its first), `plus` days later, at a clock or the day's end."""
        return day(self.first_day + 7 * week + self.shift + plus, clock)

    def topic(self, number: int) -> str:
        """Return the topic of the n-th thing of its kind, counted from 1."""
        return self.topics[(number - 1) % len(self.topics)]


def assessments_of(spec: CourseSpec, *, rng: random.Random, first_day: int, calendar: Calendar) -> list[AssessmentSpec]:
    """Return a course's assessments; `rng` only sets its weekdays. Its term starts `first_day` days from today.

    The midterm exams of the current term lie in the ten days after today, whatever day it is. Nothing closes between
    today's midnight and now: what the office approves as of today would be too late for it, and a common sight.
    """
    monday = calendar.monday
    exam_day = _no_weekend(first_day + 28 - monday + rng.randrange(2, 9), monday)
    found: list[AssessmentSpec] = []
    for shift in rng.sample(range(5), 5):
        found = PATTERNS[spec.pattern](Rhythm(spec.topics, first_day, shift, exam_day))
        if not any(_closed_today(assessment, spec.zone, calendar) for assessment in found):
            break
    return found


def _closed_today(assessment: AssessmentSpec, zone: str, calendar: Calendar) -> bool:
    closes = calendar.maybe_instant(assessment.closes or assessment.due, zone)
    return closes is not None and calendar.instant(day(0, "00:00")) <= closes <= calendar.now


def _no_weekend(days: int, monday: int) -> int:
    """Return the day, or the Monday after it where it falls on a weekend."""
    weekday = (days - monday) % 7
    return days + (7 - weekday if weekday > 4 else 0)


def _weekly_quizzes(
    rhythm: Rhythm,
    *,
    word: str,
    minutes: int | None,
    weeks: tuple[int, ...],
    attempts: int = 1,
    kind: Kind = "quiz",
    open_days: int = 2,
) -> list[AssessmentSpec]:
    return [
        quiz(
            f"{word} {number}: {rhythm.topic(number)}",
            opens=rhythm.on(week, "08:00"),
            closes=rhythm.on(week, plus=open_days),
            minutes=minutes,
            attempts=attempts,
            kind=kind,
            is_published=week < 11,
        )
        for number, week in enumerate(weeks, start=1)
    ]


def _works(
    rhythm: Rhythm,
    *submission_types: str,
    word: str,
    weeks: tuple[int, ...],
    attempts: int = UNLIMITED,
    late_days: int = 3,
    points: float = 20,
) -> list[AssessmentSpec]:
    return [
        work(
            f"{word} {number}: {rhythm.topic(number)}",
            *submission_types,
            due=rhythm.on(week),
            closes=rhythm.on(week, plus=late_days),
            attempts=attempts,
            points=points,
            is_published=week < 11,
        )
        for number, week in enumerate(weeks, start=1)
    ]


def _discussions(rhythm: Rhythm, *weeks: int, word: str = "Discussion") -> list[AssessmentSpec]:
    return [
        discussion(f"{word} {number}: {rhythm.topic(number)}", due=rhythm.on(week), closes=rhythm.on(week, plus=2))
        for number, week in enumerate(weeks, start=1)
    ]


def _midterm(rhythm: Rhythm, *, minutes: int | None, window: int, kind: Kind = "quiz") -> AssessmentSpec:
    return exam(
        "Midterm exam", opens=_clock(rhythm, 10, 0), closes=_clock(rhythm, 10, window), minutes=minutes, kind=kind
    )


def _final(rhythm: Rhythm, *, minutes: int | None, window: int, kind: Kind = "quiz") -> AssessmentSpec:
    opens, closes = rhythm.on(12, "09:00"), rhythm.on(12, _minutes_after(9, window))
    return exam("Final exam", opens=opens, closes=closes, minutes=minutes, kind=kind, is_published=False)


def _clock(rhythm: Rhythm, hour: int, minutes: int) -> OnDay:
    return day(rhythm.exam_day, _minutes_after(hour, minutes))


def _minutes_after(hour: int, minutes: int) -> str:
    return f"{hour + minutes // 60:02d}:{minutes % 60:02d}"


def _problem_sets(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Quiz", minutes=30, weeks=(2, 3, 4, 6, 8, 10)),
        *_works(rhythm, "online_upload", word="Problem set", weeks=(2, 5, 7, 9), attempts=3),
        _midterm(rhythm, minutes=75, window=90),
        quiz("Practice test", minutes=75, attempts=UNLIMITED, kind="practice_quiz"),
        quiz("Warm-up drills", closes=rhythm.on(11), minutes=15, attempts=UNLIMITED),
        _final(rhythm, minutes=120, window=150),
    ]


def _laboratory(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Pre-lab quiz", minutes=12, weeks=(2, 4, 5, 7, 9), attempts=2, open_days=3),
        *_works(rhythm, "online_upload", word="Lab report", weeks=(3, 5, 8, 10), attempts=2),
        work("Lab notebook", "none", points=10, group="Participation"),
        _midterm(rhythm, minutes=60, window=75),
        quiz("Mid-term feedback", kind="survey", opens=rhythm.on(5, "08:00"), attempts=1),
        _final(rhythm, minutes=None, window=180),
    ]


def _seminar(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_discussions(rhythm, 2, 4, 6, 8),
        *_works(rhythm, "online_text_entry", word="Response", weeks=(3, 5, 7), attempts=2),
        *_works(rhythm, "online_upload", "online_text_entry", word="Essay", weeks=(6, 10), points=60),
        *_weekly_quizzes(rhythm, word="Reading check", minutes=15, weeks=(4, 6, 9), kind="new_quiz", open_days=4),
        _midterm(rhythm, minutes=None, window=120),
        work("Participation", "none", group="Participation"),
    ]


def _cases(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Check-up", minutes=25, weeks=(4, 5, 7, 9), kind="new_quiz"),
        *_weekly_quizzes(rhythm, word="Terms quiz", minutes=20, weeks=(2, 4, 8)),
        *_works(rhythm, "online_text_entry", word="Case memo", weeks=(3, 6, 8), attempts=1),
        *_discussions(rhythm, 3, 7, word="Debate"),
        _midterm(rhythm, minutes=80, window=90, kind="new_quiz"),
        _final(rhythm, minutes=120, window=130, kind="new_quiz"),
    ]


def _language(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Vocabulary", minutes=10, weeks=(2, 4, 6, 8, 10), attempts=3, open_days=4),
        *_weekly_quizzes(rhythm, word="Listening", minutes=20, weeks=(4, 7)),
        *_works(rhythm, "media_recording", word="Recording", weeks=(3, 6, 9)),
        *_discussions(rhythm, 5),
        quiz("Practice conversation", attempts=UNLIMITED, kind="practice_quiz"),
        _midterm(rhythm, minutes=50, window=60),
    ]


def _studio(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_works(rhythm, "online_upload", word="Study", weeks=(2, 4, 6, 8), late_days=5),
        *_works(rhythm, "online_url", word="Showcase", weeks=(5, 9)),
        *_discussions(rhythm, 3, 7, word="Critique"),
        *_weekly_quizzes(rhythm, word="Terms quiz", minutes=15, weeks=(2, 5, 8), attempts=2),
        quiz("Reading log", opens=rhythm.on(1, "08:00"), closes=rhythm.on(10), attempts=UNLIMITED),
    ]


def _projects(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Checkpoint", minutes=20, weeks=(4, 5, 7, 9), kind="new_quiz"),
        *_weekly_quizzes(rhythm, word="Code reading", minutes=25, weeks=(2, 6)),
        *_works(rhythm, "online_url", word="Project", weeks=(3, 6, 9), late_days=4, points=50),
        *_works(rhythm, "online_upload", word="Exercise", weeks=(4, 8), attempts=5),
        _midterm(rhythm, minutes=75, window=75),
        _final(rhythm, minutes=120, window=140),
    ]


def _clinical(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Dosage quiz", minutes=20, weeks=(2, 4, 5, 6, 8), open_days=1),
        *_works(rhythm, "online_upload", word="Care plan", weeks=(3, 6, 9), attempts=2),
        *_discussions(rhythm, 4, word="Reflection"),
        quiz("Readiness survey", kind="graded_survey", opens=rhythm.on(3, "08:00"), closes=rhythm.on(9)),
        _midterm(rhythm, minutes=90, window=100),
        _final(rhythm, minutes=120, window=180),
    ]


def _lectures(rhythm: Rhythm) -> list[AssessmentSpec]:
    return [
        *_weekly_quizzes(rhythm, word="Quiz", minutes=20, weeks=(2, 3, 4, 5, 7, 9)),
        *_works(rhythm, "online_text_entry", "online_upload", word="Response", weeks=(3, 6, 8), attempts=2),
        *_discussions(rhythm, 4, 8),
        _midterm(rhythm, minutes=60, window=75),
        _final(rhythm, minutes=100, window=120),
    ]


PATTERNS: dict[Pattern, Callable[[Rhythm], list[AssessmentSpec]]] = {
    "problem_sets": _problem_sets,
    "laboratory": _laboratory,
    "seminar": _seminar,
    "cases": _cases,
    "language": _language,
    "studio": _studio,
    "projects": _projects,
    "clinical": _clinical,
    "lectures": _lectures,
}
