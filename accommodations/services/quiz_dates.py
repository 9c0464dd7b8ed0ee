"""One student's own dates on an ungraded quiz: read with all of its list, shown, and checked before anything is sent.

`date_details` is the one way to them (contract 10.7.3), and it takes the complete list: who stands on it stays on it.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from accommodations.codec import from_stored, to_stored
from accommodations.errors import NotPossible, Problem, ValuesRefused
from accommodations.models import Assessment, CanvasAct, Course, Student
from accommodations.planning.dates import is_later, off_midnight, zone_named
from accommodations.planning.effective_dates import class_overrides, effective_dates, is_assigned, own_ad_hoc_overrides
from accommodations.planning.titles import override_title
from accommodations.services.course_look import CourseLook, assessment_in, in_plain_words, student_in
from canvas_bridge.changes import QuizDatesOfOne
from canvas_bridge.errors import CanvasNotFound
from canvas_bridge.facts import (
    UNGRADED_KINDS,
    AssessmentFacts,
    CourseFacts,
    Dates,
    DateSetting,
    ObservedOverride,
    QuizDates,
    overridden_to,
)

NOT_OFFERED = (
    "This Canvas does not offer dates for ungraded quizzes to other programs (it has no date details). "
    "The instructor sets them in Canvas, on the quiz’s page: Assign To."
)
_FIELDS = (("unlock_at", "Opens"), ("due_at", "Due"), ("lock_at", "Closes"))


@dataclass(frozen=True, slots=True)
class DatesLine:
    """One date: the class's, what the student has now, and what they would have."""

    label: str
    of_class: datetime | None
    before: datetime | None
    after: datetime | None

    @property
    def changes(self) -> bool:
        """Whether the student's date becomes another one."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class OwnDates:
    """What a confirmation would do: the student's dates before and after, and what stands for them on the list."""

    course: Course
    assessment: Assessment
    student: Student
    stands: QuizDates
    own: ObservedOverride | None
    class_dates: Dates
    held: Dates
    wanted: Dates

    @property
    def lines(self) -> list[DatesLine]:
        """Return the three dates."""
        return [
            DatesLine(label, getattr(self.class_dates, name), getattr(self.held, name), getattr(self.wanted, name))
            for name, label in _FIELDS
        ]

    @property
    def is_shared(self) -> bool:
        """Whether the student stands in an override together with others, and would be taken out of it."""
        return self.own is not None and len(self.own.canvas_user_ids) > 1

    @property
    def others_count(self) -> int:
        """Return how many other entries stand on the list and stay as they are."""
        return len(self.stands.overrides) - (1 if self.own is not None and not self.is_shared else 0)

    @property
    def opens_later(self) -> bool:
        """Whether the student could open it only later than the class: another sitting."""
        unlock, of_class = self.wanted.unlock_at, self.class_dates.unlock_at
        return unlock is not None and (of_class is None or unlock > of_class)

    @property
    def opens_earlier(self) -> bool:
        """Whether the student could open it before the class."""
        of_class, unlock = self.class_dates.unlock_at, self.wanted.unlock_at
        return of_class is not None and (unlock is None or unlock < of_class)

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.held != self.wanted or self.own is None

    @property
    def digest(self) -> str:
        """Return a digest of the whole list and of what is to be written: another one means another page."""
        return hashlib.sha256(repr((listed(self.stands), self.wanted)).encode()).hexdigest()

    @property
    def change(self) -> QuizDatesOfOne:
        """Return the change of the list."""
        user_id, dates = self.student.canvas_user_id, settings_of(self.wanted)
        if self.own is not None and not self.is_shared:
            return QuizDatesOfOne(user_id, dates, canvas_override_id=self.own.canvas_override_id)
        title = override_title(
            key=settings.LEEWAY_TITLE_KEY.encode(), canvas_user_id=user_id, assessment_key=self.assessment.key
        )
        leaves = self.own.canvas_override_id if self.own is not None else None
        return QuizDatesOfOne(user_id, dates, title=title, leaves_canvas_override_id=leaves)


def preview(course: Course, assessment: Assessment, student: Student, asked: Dates) -> OwnDates:
    """Read the quiz's list and return what would be written; None in `asked` is "as for the class". Sends nothing.

    Raises NotPossible, ValuesRefused with fields unlock_at, due_at and lock_at, or LeewayError where Canvas fails.
    """
    return preview_of(CourseLook(course), assessment, student, asked)


def preview_of(course_look: CourseLook, assessment: Assessment, student: Student, asked: Dates) -> OwnDates:
    """Do the same by a look that is at hand."""
    facts = course_look.read()
    quiz, found = assessment_in(facts, assessment.key), student_in(facts, student)
    if quiz.kind not in UNGRADED_KINDS or quiz.canvas_quiz_id is None:
        raise NotPossible("Only ungraded quizzes get their dates here: a sync looks after all others.")
    stands = read_list(course_look, quiz.canvas_quiz_id)
    dated = as_dated(quiz, stands)
    own, others = own_ad_hoc_overrides(dated).get(found.canvas_user_id), class_overrides(dated)
    if not is_assigned(dated, found, ad_hoc=own, others=others):
        raise NotPossible("The student does not have this quiz, and dates would assign it (R19). Ask the instructor.")
    class_dates = effective_dates(dated, found, ad_hoc=None, others=others, now=facts.read_at)
    held = effective_dates(dated, found, ad_hoc=own, others=others, now=facts.read_at)
    wanted = _wanted(asked, class_dates, facts)
    _check(wanted, floor=_without_us(assessment, student, held))
    return OwnDates(course_look.course, assessment, student, stands, own, class_dates, held, wanted)


def read_list(course_look: CourseLook, canvas_quiz_id: int) -> QuizDates:
    """Return all of the quiz's overrides. Raises NotPossible where this Canvas has no `date_details`."""
    with in_plain_words():
        try:
            return course_look.gateway.read_quiz_dates(
                canvas_course_id=course_look.course.canvas_course_id, canvas_quiz_id=canvas_quiz_id
            )
        except CanvasNotFound as error:
            raise NotPossible(NOT_OFFERED, code="act.not_offered") from error


def as_dated(quiz: AssessmentFacts, stands: QuizDates) -> AssessmentFacts:
    """Return the quiz with the dates and overrides that the list of quizzes does not show."""
    return replace(
        quiz,
        base_dates=stands.base_dates,
        only_visible_to_overrides=stands.only_visible_to_overrides,
        overrides=stands.overrides,
    )


def own_of(stands: QuizDates, canvas_user_id: int) -> ObservedOverride | None:
    """Return the ad-hoc override of the list that names the student."""
    listed_here = AssessmentFacts(name="", kind=next(iter(UNGRADED_KINDS)), overrides=stands.overrides)
    return own_ad_hoc_overrides(listed_here).get(canvas_user_id)


def listed(stands: QuizDates) -> list[str]:
    """Return the list as text that is equal for equal lists, whatever their order."""
    return sorted(
        repr((one.canvas_override_id, one.target, sorted(one.canvas_user_ids), one.canvas_target_id, *_dates(one)))
        for one in stands.overrides
    )


def _dates(one: ObservedOverride) -> tuple[DateSetting, DateSetting, DateSetting]:
    return one.unlock, one.due, one.lock


def settings_of(dates: Dates) -> tuple[DateSetting, DateSetting, DateSetting]:
    """Return all three dates as overridden: a date left out would fall through, and follow the class."""
    return overridden_to(dates.unlock_at), overridden_to(dates.due_at), overridden_to(dates.lock_at)


def _wanted(asked: Dates, class_dates: Dates, facts: CourseFacts) -> Dates:
    zone = zone_named(facts.token_time_zone)
    return Dates(
        asked.unlock_at or class_dates.unlock_at,
        off_midnight(asked.due_at or class_dates.due_at, token_zone=zone),
        off_midnight(asked.lock_at or class_dates.lock_at, token_zone=zone),
    )


def _without_us(assessment: Assessment, student: Student, held: Dates) -> Dates:
    """Return the dates that the student would have had nothing been set from here."""
    ours = CanvasAct.objects.filter(
        kind=CanvasAct.Kind.QUIZ_DATES, assessment=assessment, student=student, is_standing=True
    ).first()
    return from_stored(Dates, ours.before["held"]) if ours is not None else held


def _check(wanted: Dates, *, floor: Dates) -> None:
    """Refuse dates that are out of order, or earlier than without us (R1); raises ValuesRefused."""
    problems = []
    if wanted.unlock_at and wanted.due_at and wanted.due_at < wanted.unlock_at:
        problems.append(Problem("due_at", "dates.order", "Due is before it opens."))
    if wanted.lock_at and any(at and wanted.lock_at < at for at in (wanted.unlock_at, wanted.due_at)):
        problems.append(Problem("lock_at", "dates.order", "It closes before it opens or is due."))
    for name, label in (("due_at", "due"), ("lock_at", "closing")):
        held = getattr(floor, name)
        if is_later(held, getattr(wanted, name)):
            more = f"no {label} time" if held is None else f"a later {label} time"
            problems.append(Problem(name, "dates.earlier", f"The student has {more} now, and nothing is made earlier."))
    if problems:
        raise ValuesRefused(tuple(problems))


def before_of(seen: OwnDates) -> dict[str, object]:
    """Return what stood there for the student before us, in its stored form: what taking back restores."""
    standing = CanvasAct.objects.filter(
        kind=CanvasAct.Kind.QUIZ_DATES, assessment=seen.assessment, student=seen.student, is_standing=True
    ).first()
    if standing is not None:
        return dict(standing.before)
    kind = "none" if seen.own is None else ("shared" if seen.is_shared else "own")
    override = replace(seen.own, canvas_user_ids=frozenset()) if seen.own is not None else None
    return {"kind": kind, "override": to_stored(override), "held": to_stored(seen.held)}
