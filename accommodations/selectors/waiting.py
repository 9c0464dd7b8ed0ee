"""What waits for a decision, as pages show it: stops of the safety guard, held pairs, alerts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from accommodations.codec import from_stored
from accommodations.models import (
    Accommodation,
    Alert,
    Assessment,
    Course,
    GonePerson,
    GuardStop,
    LetterRecord,
    PairHold,
    SetAside,
    Student,
)
from accommodations.planning.plan import HoldKind, Values
from accommodations.selectors.approvals import waiting_for_approval
from accommodations.selectors.concerns import open_concerns
from accommodations.selectors.notices import unconfirmed_letters
from accommodations.selectors.visibility import Viewer, is_of_taught_student, sees_all_students

_COURSE = Case(When(course__course_code="", then="course__name"), default="course__course_code")
WAITING_KINDS = (HoldKind.UNDONE.value, HoldKind.DISMISSED.value)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class StoppedRow:
    """One stopped action for a page."""

    student: Student
    assessment: Assessment
    before: Values
    after: Values
    sentence: str


def stops_visible_to(user: Viewer) -> QuerySet[GuardStop]:
    """Return the stops that the person may read: the office and auditors all, others none."""
    stops = GuardStop.objects.select_related("course", "run", "decided_by")
    return stops if sees_all_students(user) else stops.none()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stop or course set aside that waits for a director, an alert nobody has seen, an open concern, as one line."""

    pk: int
    course: str
    number: int
    message: str
    at: datetime
    student: str | None = ""
    assessment: str | None = ""


@dataclass(frozen=True, slots=True)
class WaitingLists:
    """What waits, newest first."""

    stops: tuple[Waiting, ...] = ()
    alerts: tuple[Waiting, ...] = ()
    concerns: tuple[Waiting, ...] = ()
    approvals: tuple[Waiting, ...] = ()
    set_asides: tuple[Waiting, ...] = ()
    letters: tuple[Waiting, ...] = ()
    gone: tuple[Waiting, ...] = ()
    """Students whom Canvas no longer knows; the number is the student's, the message who has their SIS id now."""

    @property
    def urgent(self) -> list[Waiting]:
        """Return the approvals that count already: their message is the reason why."""
        return [one for one in self.approvals if one.message]

    @property
    def token(self) -> str:
        """Return a text that changes when there is another alert, stopped part or course set aside, or one less."""
        return repr([(one.pk, one.number, one.at) for one in (*self.stops, *self.alerts, *self.set_asides, *self.gone)])

    @property
    def newest(self) -> tuple[int, int, int]:
        """Return the newest alert, stopped part and course set aside, by row number."""
        alerts, stops, set_asides = (
            max((one.pk for one in listed), default=0) for listed in (self.alerts, self.stops, self.set_asides)
        )
        return alerts, stops, set_asides


def waiting_for_people(user: Viewer, *, courses: QuerySet[Course] | None = None) -> WaitingLists:
    """Return what waits and the person may read, of all courses or of these, in one query.

    Without courses also what waits for approval, and what instructors recorded: home alone asks for them.
    """
    stops = stops_visible_to(user).select_related(None).filter(status=GuardStop.Status.WAITING)
    alerts = alerts_visible_to(user)
    set_asides = SetAside.objects.filter(released_at=None)
    if not sees_all_students(user):
        set_asides = set_asides.none()
    if courses is not None:
        stops, alerts = stops.filter(course__in=courses), alerts.filter(course__in=courses)
        set_asides = set_asides.filter(course__in=courses)
    no_words = Value("")
    of_stops = stops.order_by().values_list(
        Value("stop"), "pk", _COURSE, "pair_count", "message", "stopped_at", no_words, no_words
    )
    about = ("student__name", "assessment__name")
    of_alerts = alerts.order_by().values_list(Value("alert"), "pk", _COURSE, "number", "message", "raised_at", *about)
    asked = open_concerns(user).select_related(None).order_by()
    if courses is not None:
        asked = asked.filter(course__in=courses)
    of_concerns = asked.values_list(Value("concern"), "pk", _COURSE, Value(1), "words", "raised_at", *about)
    of_approvals = (
        waiting_for_approval() if courses is None and sees_all_students(user) else Accommodation.objects.none()
    )
    of_drafts = of_approvals.order_by().values_list(
        Value("approval"), "pk", no_words, Value(1), "urgent_reason", "created_at", "student__name", no_words
    )
    of_set_asides = set_asides.order_by().values_list(
        Value("set aside"), "pk", _COURSE, "deaths", "message", "set_aside_at", no_words, no_words
    )
    letters = unconfirmed_letters(user) if courses is None else LetterRecord.objects.none()
    of_letters = (
        letters.order_by()
        .select_related(None)
        .values_list(
            Value("letter"), "pk", _COURSE, Value(1), no_words, "recorded_at", "accommodation__student__name", no_words
        )
    )
    undecided = GonePerson.objects.filter(decision="")
    if courses is not None or not sees_all_students(user):
        undecided = undecided.none()
    of_gone = undecided.order_by().values_list(
        Value("gone"), "pk", no_words, "student_id", "survivor__name", "noted_at", "student__name", no_words
    )
    every = of_stops.union(of_alerts, of_concerns, of_drafts, of_set_asides, of_letters, of_gone, all=True)
    lines = sorted(every, key=lambda line: (line[5], line[1]), reverse=True)

    def of(kind: str) -> tuple[Waiting, ...]:
        return tuple(Waiting(*line[1:]) for line in lines if line[0] == kind)

    return WaitingLists(
        stops=of("stop"),
        alerts=of("alert"),
        concerns=of("concern"),
        approvals=of("approval"),
        set_asides=of("set aside"),
        letters=of("letter"),
        gone=of("gone"),
    )


def stopped_rows(stop: GuardStop) -> list[StoppedRow]:
    """Return the stopped actions with the names of whom they are about, assessment by assessment."""
    students = Student.objects.in_bulk({one["student"] for one in stop.actions})
    assessments = Assessment.objects.in_bulk({one["assessment"] for one in stop.actions})
    rows = [_stopped_row(one, students, assessments) for one in stop.actions]
    return sorted(rows, key=lambda row: (row.assessment.name, row.student.sortable_name, row.student.pk))


def _stopped_row(one: dict[str, Any], students: dict[int, Student], assessments: dict[int, Assessment]) -> StoppedRow:
    return StoppedRow(
        student=students[one["student"]],
        assessment=assessments[one["assessment"]],
        before=from_stored(Values, one["before"]),
        after=from_stored(Values, one["after"]),
        sentence=one["sentence"],
    )


def standing_holds(*, student: Student | None = None, assessment: Assessment | None = None) -> QuerySet[PairHold]:
    """Return what is held for a person, for one student or one pair, in the order of the courses."""
    holds = PairHold.objects.filter(released_at=None, kind__in=WAITING_KINDS)
    if student is not None:
        holds = holds.filter(student=student)
    if assessment is not None:
        holds = holds.filter(assessment=assessment)
    return holds.select_related("student", "assessment__course", "held_by").order_by(
        "assessment__course__course_code", "assessment__name", "pk"
    )


def alerts_visible_to(user: Viewer) -> QuerySet[Alert]:
    """Return the alerts that nobody has seen yet: of all students for the office, of those taught for instructors."""
    alerts = Alert.objects.filter(seen_at=None)
    if sees_all_students(user):
        return alerts
    if user.has_perm("accommodations.see_taught_students"):
        return alerts.filter(is_of_taught_student(user))
    return alerts.none()
