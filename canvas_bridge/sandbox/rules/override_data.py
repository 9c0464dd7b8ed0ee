"""Reading the data of an override: targets, dates, and every text with which Canvas refuses them (contract 6.3)."""

from dataclasses import dataclass, field
from typing import Any

from canvas_bridge.sandbox.builders.assessments import OMITTED, MaybeDate
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.records.content import Discussion, Item
from canvas_bridge.sandbox.rules.enrollment import has_left
from canvas_bridge.sandbox.shapes.times import read_optional_time, ruby_inspect
from canvas_bridge.sandbox.store import Store

NO_TARGET = "one of student_ids, group_id, or course_section_id is required"
DATE_NAMES = ("due_at", "unlock_at", "lock_at")
RUBY_FALSE = (0, "0", "f", "F", "false", "FALSE", "off", "OFF")


@dataclass
class OverrideData:
    """What a request asks of an override; `errors` are Canvas's texts, empty when it can be saved."""

    set_type: str = "ADHOC"
    set_id: int | None = None
    student_ids: list[int] | None = None
    title: str | None = None
    unassigns: bool | None = None
    dates: dict[str, MaybeDate] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Writer:
    """Whose write it is: the zone in which times are read, and the sections that can be seen (None: all)."""

    zone: str
    section_ids: frozenset[int] | None = None


def read_new_override(store: Store, item: Item, data: Any, writer: Writer) -> OverrideData:
    """Read the data of an override to be created: a target is needed; the first one named counts."""
    wanted = OverrideData()
    values = _values(data, wanted)
    if not wanted.errors:
        _read_target(store, item, values, wanted, writer)
        _read_rest(values, writer.zone, wanted)
    return wanted


def read_changed_override(store: Store, item: Item, override: Override, data: Any, writer: Writer) -> OverrideData:
    """Read the data of an override to be updated: its kind stays, only the students of an ad-hoc one may change."""
    wanted = OverrideData(set_type=override.set_type, set_id=override.set_id)
    values = _values(data, wanted)
    if not wanted.errors:
        if override.set_type == "ADHOC" and "student_ids" in values:
            _read_students(store, item, values, wanted)
        _read_rest(values, writer.zone, wanted)
    return wanted


def _values(data: Any, wanted: OverrideData) -> dict[str, Any]:
    """Return the data as an object; missing or empty counts as an object without keys."""
    if data is None or data == "":
        return {}
    if not isinstance(data, dict):
        wanted.errors.append("invalid override data")
        return {}
    return data


def _read_rest(values: dict[str, Any], zone: str, wanted: OverrideData) -> None:
    title = values.get("title")
    wanted.title = None if title is None else str(title)
    wanted.unassigns = _unassigns(values.get("unassign_item"))
    for name in DATE_NAMES:
        try:
            wanted.dates[name] = read_optional_time(values[name], zone) if name in values else OMITTED
        except ValueError:
            wanted.errors.append(f"invalid {name} {ruby_inspect(values[name])}")


def _unassigns(value: Any) -> bool | None:
    """Return what is asked for; None, no change, for what Ruby holds to be blank, JSON false among it (6.7)."""
    if value is None or value is False or value in ("", [], {}):
        return None
    return value not in RUBY_FALSE


def _read_target(store: Store, item: Item, values: dict[str, Any], wanted: OverrideData, writer: Writer) -> None:
    if "student_ids" in values:
        _read_students(store, item, values, wanted)
    elif _is_given(values, "group_id"):
        _read_group(store, item, values, wanted)
    elif _is_given(values, "course_section_id"):
        _read_section(store, item, values, wanted, writer)
    elif _is_given(values, "course_id"):
        wanted.set_type, wanted.set_id = "Course", item.course_id
    elif _is_given(values, "noop_id"):
        wanted.set_type, wanted.set_id = "Noop", number_in(values["noop_id"])
    else:
        wanted.errors.append(NO_TARGET)


def _is_given(values: dict[str, Any], name: str) -> bool:
    value = values.get(name)
    return value is not False and value not in (None, "", [], {})


def _read_students(store: Store, item: Item, values: dict[str, Any], wanted: OverrideData) -> None:
    ids = values["student_ids"]
    if not isinstance(ids, list) or not ids:
        wanted.errors.append(f"invalid student_ids {ruby_inspect(ids)}")
        return
    found: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for one in ids:
        user_id = _student_id(store, item.course_id, one)
        if user_id is None:
            unknown[_as_text(one)] = None
        else:
            found[user_id] = None
    if unknown:
        wanted.errors.append(f"unknown student ids: {ruby_inspect(list(unknown))}")
    wanted.student_ids = list(found)


def _as_text(value: Any) -> str:
    """Return what Ruby's `to_s` makes of an entry: nothing of null, and of a text itself."""
    if value is None:
        return ""
    return value if isinstance(value, str) else ruby_inspect(value)


def _student_id(store: Store, course_id: int, value: Any) -> int | None:
    """Return the student that an entry names: a number, a SIS id, or a login in its stored letter case."""
    text = str(value)
    if text.startswith("sis_user_id:"):
        user = store.users.first("sis", text.removeprefix("sis_user_id:"))
    elif text.startswith("sis_login_id:"):
        login = text.removeprefix("sis_login_id:")
        user = store.users.first("login", login.lower())
        user = user if user and user.login_id == login else None
    else:
        user = store.users.get(number_in(value))
    return user.id if user and not has_left(store, course_id, user.id) else None


def _read_group(store: Store, item: Item, values: dict[str, Any], wanted: OverrideData) -> None:
    group = store.groups.get(number_in(values["group_id"]))
    if group is None or group.course_id != item.course_id or group.workflow_state != "available":
        wanted.errors.append(f"unknown group id {ruby_inspect(values['group_id'])}")
        return
    is_tag = store.group_categories[group.category_id].non_collaborative
    group_set = item.group_category_id if isinstance(item, Assignment | Discussion) else None
    if not is_tag and group.category_id != group_set:
        wanted.errors.append("group_id is not valid")
        return
    wanted.set_type, wanted.set_id = "Group", group.id


def _read_section(store: Store, item: Item, values: dict[str, Any], wanted: OverrideData, writer: Writer) -> None:
    value = values["course_section_id"]
    text = str(value)
    if text.startswith("sis_section_id:"):
        section = store.sections.first("sis", text.removeprefix("sis_section_id:"))
    else:
        section = store.sections.get(number_in(value))
    is_there = section is not None and section.course_id == item.course_id and section.workflow_state == "active"
    is_seen = writer.section_ids is None or (section is not None and section.id in writer.section_ids)
    if section is None or not is_there or not is_seen:
        wanted.errors.append(f"unknown section id {ruby_inspect(value)}")
        return
    wanted.set_type, wanted.set_id = "CourseSection", section.id


def number_in(value: Any) -> int | None:
    """Return a plain number, written as such or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() else None
