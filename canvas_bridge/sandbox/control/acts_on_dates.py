"""Instructors' pages that save dates: the edit page and the "Assign To" tray (contract 14.4), blueprint locks."""

from typing import Any

from canvas_bridge.sandbox.api.base_dates import read_quiz_date
from canvas_bridge.sandbox.builders.assessments import count_title
from canvas_bridge.sandbox.control.describing import Act, Json, assignment_in, quiz_in
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.content import Discussion, Page
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.rules.override_saving import delete_override, touch
from canvas_bridge.sandbox.shapes.overrides import override_json
from canvas_bridge.sandbox.state import SandboxState

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
RESTRICTIONS = ("content", "points", "due_dates", "availability_dates")
SAVED_DATES = dict.fromkeys(DATE_NAMES, "base date, ISO 8601 or null; left out, it stays")
SAVING = {
    "quiz_id": "in place of assignment_id: a classic quiz, also an ungraded one",
    "assignment_id": "the assignment; also that of a quiz or discussion",
    "known_override_ids": "overrides that were there when the page was opened; others are deleted",
    "renew_ids": "true: each override is made anew",
    "user_id": "who saves: the time zone in which dates are read",
    **SAVED_DATES,
}


def save_assignment_page(state: SandboxState, params: Json) -> Json:
    """Save the edit page: dates not overridden become "no date", titles of ad-hoc overrides become counts.

    `merge_equal_dates` saves students with equal dates as one override, as the page shows them as one row.
    """
    item = _item(state, params)
    overrides = _known_overrides(state, item, params)
    for override in overrides:
        _change(state, override, _filled(override))
    if as_boolean(params.get("merge_equal_dates")):
        overrides = _merge(state, item, overrides)
    return _saved(state, item, overrides, params)


def save_assign_to_tray(state: SandboxState, params: Json) -> Json:
    """Save the "Assign To" tray: dates stay as they are overridden or not, titles of ad-hoc overrides become counts."""
    item = _item(state, params)
    overrides = _known_overrides(state, item, params)
    for override in overrides:
        _change(state, override, _counted(override))
    return _saved(state, item, overrides, params)


def restrict_by_blueprint(state: SandboxState, params: Json) -> Json:
    """Lock content of a blueprint course or its child, or with an empty list unlock it (contract 10.7.11)."""
    item = _restrictable(state, params)
    wanted = params["restrictions"]
    if not isinstance(wanted, list) or not set(map(str, wanted)) <= set(RESTRICTIONS):
        raise refusal(400, {"error": f"restrictions must be a list of {', '.join(RESTRICTIONS)}"})
    item.blueprint_restrictions = [str(one) for one in wanted]
    course = state.courses[item.course_id]
    course.is_blueprint_child = course.is_blueprint_child or not course.is_blueprint
    name = "assignment_id" if isinstance(item, Assignment) else "id"
    return {name: item.id, "restrictions": item.blueprint_restrictions}


def _restrictable(state: SandboxState, params: Json) -> Assignment | Quiz | Discussion | Page:
    """Return what is locked; graded quizzes and discussions stand for their assignment."""
    topic = state.discussions.get(number_in(params.get("discussion_topic_id")))
    page = state.pages.get(number_in(params.get("page_id")))
    if topic:
        return topic if topic.assignment_id is None else state.assignments[topic.assignment_id]
    return page or _item(state, params)


def _item(state: SandboxState, params: Json) -> Assignment | Quiz:
    """Return what the page is about; a graded quiz stands for its assignment."""
    if params.get("assignment_id") in (None, ""):
        quiz = quiz_in(state, params)
        return quiz if quiz.assignment_id is None else state.assignments[quiz.assignment_id]
    return assignment_in(state, params)


def _known_overrides(state: SandboxState, item: Assignment | Quiz, params: Json) -> list[Override]:
    known = params.get("known_override_ids")
    if known is not None and not isinstance(known, list):
        raise refusal(400, {"error": "known_override_ids must be a list"})
    kept = []
    for override in state.active_overrides(item):
        if known is None or override.id in [number_in(one) for one in known]:
            kept.append(override)
        else:
            delete_override(state, item, override)
    return kept


def _counted(override: Override) -> Json:
    return {"title": count_title(len(override.student_ids))} if override.set_type == "ADHOC" else {}


def _filled(override: Override) -> Json:
    missing = [name for name in DATE_NAMES if not getattr(override, f"{name}_overridden")]
    filled: Json = {**dict.fromkeys(missing), **{f"{name}_overridden": True for name in missing}}
    return filled | _counted(override)


def _change(state: SandboxState, override: Override, values: Json) -> None:
    if any(getattr(override, name) != value for name, value in values.items()):
        vars(override).update(values, updated_at=state.now())


def _merge(state: SandboxState, item: Assignment | Quiz, overrides: list[Override]) -> list[Override]:
    kept: dict[Any, Override] = {}
    for override in overrides:
        is_ad_hoc = override.set_type == "ADHOC"
        dates = tuple(getattr(override, name) for name in DATE_NAMES)
        first = kept.setdefault(dates if is_ad_hoc else override.id, override)
        if first is not override:
            ids = first.student_ids + override.student_ids
            _change(state, first, {"student_ids": ids, "title": count_title(len(ids))})
            delete_override(state, item, override)
    return list(kept.values())


def _saved(state: SandboxState, item: Assignment | Quiz, overrides: list[Override], params: Json) -> Json:
    if as_boolean(params.get("renew_ids")):
        overrides = [_renewed(state, item, override) for override in overrides]
    _save_base_dates(state, item, params)
    touch(state, item)
    return {"overrides": [override_json(state, override) for override in overrides]}


def _renewed(state: SandboxState, item: Assignment | Quiz, override: Override) -> Override:
    values = dict(vars(override), student_ids=list(override.student_ids))
    delete_override(state, item, override)
    values |= {"id": state.overrides.take_id(), "created_at": state.now(), "updated_at": state.now()}
    return state.overrides.add(Override(**values))


def _save_base_dates(state: SandboxState, item: Assignment | Quiz, params: Json) -> None:
    zone = state.zone_of(state.users.get(number_in(params.get("user_id"))))
    dated = state.dated(item)
    if "due_at" in params:
        set_due_at(dated, read_quiz_date(params["due_at"], zone), zone)
    if "unlock_at" in params:
        dated.unlock_at = read_quiz_date(params["unlock_at"], zone)
    if "lock_at" in params:
        dated.lock_at = moved_off_midnight(read_quiz_date(params["lock_at"], zone), zone)


ACTS = (
    Act(save_assignment_page, {}, {**SAVING, "merge_equal_dates": "true: students with equal dates become one"}),
    Act(save_assign_to_tray, {}, SAVING),
    Act(
        restrict_by_blueprint,
        {"restrictions": f"list of {', '.join(RESTRICTIONS)}"},
        {
            "assignment_id": "the assignment",
            "quiz_id": "in place of it: a classic quiz",
            "discussion_topic_id": "in place of it: a discussion",
            "page_id": "in place of it: a page",
        },
    ),
)
