"""What `assignment[...]` may hold: read, typed and refused before anything is changed (contract 9.3, 9.8)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.base_dates import read_assignment_date
from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.http.answers import invalid, model_error, refusal
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight
from canvas_bridge.sandbox.shapes.assignments import has_submissions
from canvas_bridge.sandbox.shapes.times import leading_integer

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
LONGEST_NAME = 255
GRADING_TYPES = ("pass_fail", "percent", "letter_grade", "gpa_scale", "points", "not_graded")
SUBMISSION_TYPES = (
    *("online_quiz", "none", "on_paper", "discussion_topic", "external_tool", "online_upload"),
    *("online_text_entry", "online_url", "media_recording", "student_annotation", "not_graded", "wiki_page"),
)
FLAGS = ("moderated_grading", "grade_group_students_individually", "only_visible_to_overrides")
ECHOED_FLAGS = (
    *("peer_reviews", "automatic_peer_reviews", "omit_from_final_grade", "hide_in_gradebook", "anonymous_grading"),
    *("grader_comments_visible_to_graders", "graders_anonymous_to_graders", "graders_names_visible_to_final_grader"),
    *("muted", "post_to_sis"),
)
ECHOED_NUMBERS = ("grader_count", "annotatable_attachment_id")
ECHOED_AS_SENT = ("allowed_extensions", "external_tool_tag_attributes")
SIS_TEXTS = ("integration_id", "integration_data")


@dataclass
class AssignmentValues:
    """Fields of the record and echoed keys that change, and the three dates as they will be."""

    fields: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)
    dates: dict[str, datetime | None] = field(default_factory=dict)


def read_assignment_values(
    call: Call, course: Course, assignment: Assignment | None, values: dict[str, Any]
) -> AssignmentValues:
    """Return what is to change of an assignment; None is one to be created. Refuses what its model would refuse."""
    read = AssignmentValues()
    _read_dates(call, assignment, values, read)
    _read_texts(values, read)
    _read_numbers(assignment, values, read)
    _read_grading(values, read)
    _read_submission_types(call, assignment, values, read)
    _read_ids(call, course, values, read)
    _read_sis(call, assignment, values, read)
    read.fields |= {name: as_boolean(values[name]) for name in FLAGS if name in values}
    read.extras |= {name: as_boolean(values[name]) for name in ECHOED_FLAGS if name in values}
    read.extras |= {name: _number(values[name]) for name in ECHOED_NUMBERS if name in values}
    read.extras |= {name: values[name] for name in ECHOED_AS_SENT if name in values}
    if _flips_to_everyone(assignment, values, read):
        read.fields["only_visible_to_overrides"] = False
    return read


def _number(value: Any) -> int | None:
    return None if value in (None, "") else leading_integer(value)


def _read_dates(call: Call, assignment: Assignment | None, values: dict[str, Any], read: AssignmentValues) -> None:
    for name in DATE_NAMES:
        if name not in values:
            read.dates[name] = getattr(assignment, name) if assignment else None
            continue
        wanted = read_assignment_date(name, values[name], call.caller.zone)
        read.dates[name] = wanted if name == "unlock_at" else moved_off_midnight(wanted, call.caller.zone)
    if "peer_reviews_assign_at" in values:
        read_assignment_date("peer_reviews_assign_at", values["peer_reviews_assign_at"], call.caller.zone)


def _flips_to_everyone(assignment: Assignment | None, values: dict[str, Any], read: AssignmentValues) -> bool:
    """Whether a base due date that is sent ends `only_visible_to_overrides`, which was not sent along."""
    if assignment is None or not assignment.only_visible_to_overrides or "only_visible_to_overrides" in values:
        return False
    return "due_at" in values and read.dates["due_at"] is not None


def _read_texts(values: dict[str, Any], read: AssignmentValues) -> None:
    if "name" in values:
        read.fields["name"] = checked_name(values["name"])
    if "description" in values:
        read.fields["description"] = values["description"]


def checked_name(value: Any) -> str:
    """Return a name; a blank or too long one is refused."""
    name = "" if value is None else str(value)
    if not name.strip():
        raise invalid({"name": [model_error("name", "blank")]})
    if len(name) > LONGEST_NAME:
        raise invalid({"name": [model_error("name", "too_long")]})
    return name


def _read_numbers(assignment: Assignment | None, values: dict[str, Any], read: AssignmentValues) -> None:
    if "points_possible" in values:
        read.fields["points_possible"] = _points(values["points_possible"])
    if "position" in values:
        read.fields["position"] = leading_integer(values["position"])
    if "allowed_attempts" not in values:
        return
    attempts = _number(values["allowed_attempts"])
    if attempts is not None and attempts != -1 and attempts < 1:
        raise invalid({"allowed_attempts": [model_error("allowed_attempts", "greater_than")]})
    read.fields["allowed_attempts"] = -1 if attempts is None else attempts


def _points(value: Any) -> float:
    """Return points as Ruby reads a number: blank and text count as 0."""
    if isinstance(value, int | float):
        return float(value)
    match = re.match(r"\s*[+-]?\d+(\.\d+)?", str(value or ""))
    return float(match.group()) if match else 0.0


def _read_grading(values: dict[str, Any], read: AssignmentValues) -> None:
    if values.get("grading_type") not in (None, ""):
        if values["grading_type"] not in GRADING_TYPES:
            raise invalid({"grading_type": [model_error("grading_type", "inclusion")]})
        read.fields["grading_type"] = values["grading_type"]
    if "grading_standard_id" in values:
        standard = _number(values["grading_standard_id"])
        read.extras["grading_standard_id"] = standard
        if standard is not None and read.fields.get("grading_type") != "gpa_scale":
            read.fields["grading_type"] = "letter_grade"


def _read_submission_types(
    call: Call, assignment: Assignment | None, values: dict[str, Any], read: AssignmentValues
) -> None:
    """Read the types; on an edit they count only while nobody has submitted."""
    if as_boolean(values.get("quiz_lti")) and assignment is None:
        read.fields["submission_types"] = ["external_tool"]
        return
    if "submission_types" not in values or (assignment and has_submissions(call.state, assignment)):
        return
    sent = values["submission_types"]
    types = [str(one) for one in sent if one] if isinstance(sent, list) else [str(sent)]
    if any(one not in SUBMISSION_TYPES for one in types):
        key = "assignment[submission_types]"
        raise invalid({key: [model_error(key, "Invalid submission types", "invalid")]})
    read.fields["submission_types"] = types or ["none"]


def _read_ids(call: Call, course: Course, values: dict[str, Any], read: AssignmentValues) -> None:
    group = call.state.assignment_groups.get(plain_id(values.get("assignment_group_id")))
    if group and group.course_id == course.id:
        read.fields["assignment_group_id"] = group.id
    for name in ("group_category_id", "final_grader_id"):
        if name in values:
            read.fields[name] = plain_id(values[name])


def _read_sis(call: Call, assignment: Assignment | None, values: dict[str, Any], read: AssignmentValues) -> None:
    """Read the keys that need the SIS right; without it they are passed over."""
    if not call.caller.is_admin:
        return
    read.extras |= {name: values[name] for name in SIS_TEXTS if name in values}
    if "sis_assignment_id" not in values:
        return
    sis_id = str(values["sis_assignment_id"] or "") or None
    holder = call.state.assignments.first("sis", sis_id) if sis_id else None
    if holder and holder is not assignment and holder.workflow_state != "deleted":
        raise refusal(409, {"message": "Assignment with the given sis_source_id already exists"})
    read.fields["sis_assignment_id"] = sis_id
