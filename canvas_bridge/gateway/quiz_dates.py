"""Dates of one student on an ungraded quiz, through `date_details` alone (contract 10.7.3).

Canvas takes the complete list of overrides or none and checks for no second writer: the caller reads all pages at most
seconds before, and what it read is what is sent back, each override with its id; what has none would be made anew.
"""

from collections.abc import Sequence
from datetime import datetime

from canvas_bridge.changes import ActOutcome, OutcomeKind, QuizDatesOfOne
from canvas_bridge.client.resources.date_details import SET_OF_QUIZ, DateDetailsOfItems
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasContractError, CanvasError
from canvas_bridge.facts import NOT_OVERRIDDEN as FALLS_THROUGH
from canvas_bridge.facts import Dates, DateSetting, ObservedOverride, OverrideTarget, QuizDates, overridden_to
from canvas_bridge.gateway.confirmed import act_outcome_of_error
from canvas_bridge.wire.absent import NOT_OVERRIDDEN, NotOverridden, OverrideDate
from canvas_bridge.wire.date_details import DateDetailsValues, DatedOverride
from canvas_bridge.wire.overrides import Override
from canvas_bridge.wire.writing import json_of


class QuizDatesOfCourse:
    """Reads and writes the dates of classic quizzes of one course."""

    def __init__(self, session: CanvasSession, canvas_course_id: int) -> None:
        self._details = DateDetailsOfItems(session)
        self._canvas_course_id = canvas_course_id

    def read(self, canvas_quiz_id: int) -> QuizDates:
        """Return base dates and all overrides. Raises CanvasNotFound where this Canvas has no `date_details`."""
        found = self._details.of_quiz(self._canvas_course_id, canvas_quiz_id)
        base = Dates(_instant(found.unlock_at), _instant(found.due_at), _instant(found.lock_at))
        overrides = tuple(_observed(one) for one in found.overrides)
        return QuizDates(canvas_quiz_id, base, found.only_visible_to_overrides is True, overrides)

    def write(self, stands: QuizDates, change: QuizDatesOfOne) -> ActOutcome:
        """Send the whole list as it stands, with the one change. 204 has no body: what came of it must be read."""
        place = SET_OF_QUIZ.at(self._canvas_course_id, stands.canvas_quiz_id)
        elements = elements_of(stands, change)
        sent: dict[str, object] = {"request": f"PUT {place.path}", "element": _own_part(elements, stands, change)}
        try:
            values = DateDetailsValues(assignment_overrides=elements)
            self._details.set_of_quiz(self._canvas_course_id, stands.canvas_quiz_id, values)
        except CanvasError as error:
            return act_outcome_of_error(error, sent)
        return ActOutcome(OutcomeKind.APPLIED, 204, sent=sent)


def elements_of(stands: QuizDates, change: QuizDatesOfOne) -> list[DatedOverride]:
    """Return the complete list with the one change: all others with their ids, as they were read.

    The student leaves a shared override before their own is made: Canvas allows one ad-hoc override each (6.4).
    """
    kept = [_kept(one, change) for one in stands.overrides if one.canvas_module_id is None]
    elements = [one for one in kept if one is not None]
    if change.canvas_override_id is None and change.dates is not None:
        unlock, due, lock = change.dates
        elements.append(
            DatedOverride(
                student_ids=[change.canvas_user_id],
                title=change.title,
                unlock_at=_date(unlock),
                due_at=_date(due),
                lock_at=_date(lock),
            )
        )
    return elements


def _kept(override: ObservedOverride, change: QuizDatesOfOne) -> DatedOverride | None:
    """Return one override's element; None for the student's own where it is taken away."""
    own_id = change.canvas_override_id
    if own_id is not None and override.canvas_override_id == own_id:
        if change.dates is None:
            return None
        return _element(override, change.dates)
    settings = (override.unlock, override.due, override.lock)
    if override.canvas_override_id == change.leaves_canvas_override_id:
        others = override.canvas_user_ids - {change.canvas_user_id}
        return _element(override, settings, students=sorted(others))
    if override.canvas_override_id == change.joins_canvas_override_id:
        return _element(override, settings, students=sorted(override.canvas_user_ids | {change.canvas_user_id}))
    return _element(override, settings)


def _element(
    override: ObservedOverride,
    settings: tuple[DateSetting, DateSetting, DateSetting],
    students: Sequence[int] | None = None,
) -> DatedOverride:
    unlock, due, lock = (_date(setting) for setting in settings)
    if students is None:
        return DatedOverride(id=override.canvas_override_id, unlock_at=unlock, due_at=due, lock_at=lock)
    return DatedOverride(
        id=override.canvas_override_id,
        student_ids=list(students),
        title=override.title,
        unlock_at=unlock,
        due_at=due,
        lock_at=lock,
    )


def _own_part(elements: Sequence[DatedOverride], stands: QuizDates, change: QuizDatesOfOne) -> object:
    """Return what of the request is this student's: never who else stands on the list (R14)."""
    own = next((one for one in elements if one.id == change.canvas_override_id), None)
    if change.canvas_override_id is None and change.dates is not None:
        own = elements[-1]
    return {"own": json_of(own) if own is not None else None, "overrides_sent": len(elements)}


def _date(setting: DateSetting) -> OverrideDate:
    return setting.at if setting.is_overridden else NOT_OVERRIDDEN


def _setting(date: OverrideDate) -> DateSetting:
    return FALLS_THROUGH if isinstance(date, NotOverridden) else overridden_to(date)


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _observed(one: Override) -> ObservedOverride:
    target, target_id, user_ids = _target(one)
    return ObservedOverride(
        canvas_override_id=one.id,
        title=one.title if isinstance(one.title, str) else "",
        target=target,
        canvas_user_ids=user_ids,
        canvas_target_id=target_id,
        unlock=_setting(one.unlock_at),
        due=_setting(one.due_at),
        lock=_setting(one.lock_at),
        unassigns=one.unassign_item is True,
        canvas_module_id=one.context_module_id if isinstance(one.context_module_id, int) else None,
    )


def _target(one: Override) -> tuple[OverrideTarget, int | None, frozenset[int]]:
    if isinstance(one.student_ids, tuple):
        return OverrideTarget.AD_HOC, None, frozenset(one.student_ids)
    targets = (
        (OverrideTarget.GROUP, one.group_id),
        (OverrideTarget.SECTION, one.course_section_id),
        (OverrideTarget.COURSE, one.course_id),
        (OverrideTarget.MASTERY_PATH, one.noop_id),
    )
    for target, target_id in targets:
        if isinstance(target_id, int):
            return target, target_id, frozenset()
    raise CanvasContractError(f"override {one.id} names nobody: neither students nor a section, group or course")
