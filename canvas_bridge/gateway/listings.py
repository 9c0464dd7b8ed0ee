"""What Leeway asks lists for, said once."""

from collections.abc import Sequence

from canvas_bridge.wire.assignments import AssignmentListing
from canvas_bridge.wire.courses import CourseListing
from canvas_bridge.wire.people import EnrollmentListing
from canvas_bridge.wire.submissions import SubmissionListing

ASSIGNMENTS = AssignmentListing(include=["overrides"], exclude_response_fields=["description", "rubric"])
EVERY_LIVE_COURSE = CourseListing(
    include=["term", "account_name"], state=["created", "claimed", "available", "completed"]
)
PUBLISHED_COURSES = CourseListing(include=["term"], state=["available"])
STUDENTS = EnrollmentListing(type=["StudentEnrollment"])
WITHOUT_CONTENT = ("body", "attachments")
"""What a student wrote is none of our business, and large."""

MOST_STUDENTS = 100
MOST_ASSIGNMENTS = 50


def enrollments_in(role_types: Sequence[str]) -> EnrollmentListing:
    """Return the listing of one person's enrollments that count, in those roles."""
    return EnrollmentListing(type=role_types, state=["active", "invited", "completed", "inactive"])


def submissions_of(canvas_assignment_ids: Sequence[int] = ()) -> SubmissionListing:
    """Return the listing of submissions without what students wrote."""
    return SubmissionListing(assignment_ids=canvas_assignment_ids, exclude_response_fields=WITHOUT_CONTENT)
