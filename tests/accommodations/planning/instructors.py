"""Instructors at work in the small model of Canvas: each edit as its page or the API makes it."""

from dataclasses import replace
from datetime import timedelta

from canvas_bridge.facts import AssessmentFacts, AssessmentKind, DateSetting, ObservedOverride, OverrideTarget
from tests.accommodations.planning.canvas_model import World
from tests.strategies import NOW, InstructorEdit
from tests.strategies_of_overrides import is_of_assessment


def make(here: World, edit: InstructorEdit) -> None:
    """Let an instructor make the edit; where there is nothing to edit, nothing happens."""
    canvas = here.canvas
    one = canvas.facts.assessments[edit.position % len(canvas.facts.assessments)]
    if edit.kind == "move the class":
        canvas.edit(one.key, base_dates=edit.base_dates)
    elif edit.kind == "change the limit":
        _change_the_limit(here, one)
    elif edit.kind == "renew":
        canvas.edit(one.key, overrides=tuple(_renewed(override) for override in one.overrides))
    elif edit.kind == "fill":
        canvas.edit(one.key, overrides=tuple(_filled(override) for override in one.overrides))
    elif edit.kind in ("empty", "moderate"):
        _moderate(here, one, edit)
    elif edit.kind == "give":
        _give(here, one, edit)
    else:
        _edit_an_override(here, one, edit)


def _change_the_limit(here: World, one: AssessmentFacts) -> None:
    if one.time_limit_minutes:
        here.canvas.edit(one.key, time_limit_minutes=one.time_limit_minutes + 25)


def _renewed(override: ObservedOverride) -> ObservedOverride:
    """Return the override after its page was saved: a new id, and a count for a title (F35)."""
    if not is_of_assessment(override):
        return override
    number = len(override.canvas_user_ids)
    title = "1 student" if number == 1 else f"{number} students"
    return replace(override, canvas_override_id=override.canvas_override_id + 50_000, title=title)


def _filled(override: ObservedOverride) -> ObservedOverride:
    """Return the override with "no date" for every date that it left to the class."""
    overridden = {
        name: setting if setting.is_overridden else DateSetting(is_overridden=True, at=None)
        for name, setting in (("unlock", override.unlock), ("due", override.due), ("lock", override.lock))
    }
    return replace(override, **overridden)


def _moderate(here: World, one: AssessmentFacts, edit: InstructorEdit) -> None:
    """Set a student's minutes and attempts by hand; of New Quizzes nobody could read it, so none is touched."""
    if one.kind is AssessmentKind.NEW_QUIZ:
        return
    students = here.canvas.facts.students
    user = students[edit.position % len(students)].canvas_user_id
    if edit.kind == "empty":
        here.canvas.extensions.pop((user, one.key), None)
    else:
        here.canvas.extensions[user, one.key] = (45, 1)


def _give(here: World, one: AssessmentFacts, edit: InstructorEdit) -> None:
    """Give a student who has none an override of their own."""
    students = here.canvas.facts.students
    user = students[edit.position % len(students)].canvas_user_id
    named = {known for override in one.overrides if is_of_assessment(override) for known in override.canvas_user_ids}
    if user in named or one.canvas_assignment_id is None:
        return
    due = DateSetting(is_overridden=True, at=NOW + timedelta(days=2) + edit.by)
    given = ObservedOverride(
        canvas_override_id=70_000 + user, title="1 student", target=OverrideTarget.AD_HOC,
        canvas_user_ids=frozenset({user}), due=due, lock=due,
    )  # fmt: skip
    here.canvas.edit(one.key, overrides=(*one.overrides, given))


def _edit_an_override(here: World, one: AssessmentFacts, edit: InstructorEdit) -> None:
    """Move the due and the lock of an ad-hoc override, ours or not, or delete it."""
    found = [override for override in one.overrides if is_of_assessment(override)]
    if not found:
        return
    chosen = found[edit.position % len(found)]
    kept = tuple(override for override in one.overrides if override is not chosen)
    if edit.kind == "move ours":
        moved = replace(chosen, due=_moved(chosen.due, edit.by), lock=_moved(chosen.lock, edit.by))
        kept = (*kept, moved)
    here.canvas.edit(one.key, overrides=kept)


def _moved(setting: DateSetting, by: timedelta) -> DateSetting:
    return setting if setting.at is None else replace(setting, at=setting.at + by)
