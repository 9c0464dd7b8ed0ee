"""Dates of one student on an ungraded quiz, through `date_details` alone (contract 10.7.3).

Canvas takes the complete list of overrides or none and checks for no second writer: the caller reads all pages at most
seconds before, and what it read is what is sent back, each override with its id; what has none would be made anew.
"""

from collections.abc import Sequence

from canvas_bridge.changes import ActOutcome, OutcomeKind, QuizDatesOfOne
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.resources.date_details import SET_OF_QUIZ
from canvas_bridge.errors import CanvasError
from canvas_bridge.facts import DateSetting, ObservedOverride, QuizDates
from canvas_bridge.gateway.confirmed import act_outcome_of_error
from canvas_bridge.translate.dates import base_dates, override_date
from canvas_bridge.translate.overrides import observed_override
from canvas_bridge.wire.date_details import DateDetailsValues, DatedOverride
from canvas_bridge.wire.writing import json_of


class QuizDatesOfCourse:
    """Reads and writes the dates of classic quizzes of one course."""

    def __init__(self, client: CanvasClient, canvas_course_id: int) -> None:
        self._client = client
        self._canvas_course_id = canvas_course_id

    def read(self, canvas_quiz_id: int) -> QuizDates:
        """Return base dates and all overrides. Raises CanvasNotFound where this Canvas has no `date_details`."""
        found = self._client.date_details.of_quiz(self._canvas_course_id, canvas_quiz_id)
        overrides = tuple(observed_override(one) for one in found.overrides)
        return QuizDates(canvas_quiz_id, base_dates(found), found.only_visible_to_overrides is True, overrides)

    def write(self, stands: QuizDates, change: QuizDatesOfOne) -> ActOutcome:
        """Send the whole list as it stands, with the one change. 204 has no body: what came of it must be read."""
        place = SET_OF_QUIZ.at(self._canvas_course_id, stands.canvas_quiz_id)
        elements = elements_of(stands, change)
        sent: dict[str, object] = {"request": f"PUT {place.path}", "element": _own_part(elements, stands, change)}
        try:
            values = DateDetailsValues(assignment_overrides=elements)
            self._client.date_details.set_of_quiz(self._canvas_course_id, stands.canvas_quiz_id, values)
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
                unlock_at=override_date(unlock),
                due_at=override_date(due),
                lock_at=override_date(lock),
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
    unlock, due, lock = (override_date(setting) for setting in settings)
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
