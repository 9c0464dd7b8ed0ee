"""What has been built so far, found by course code, name of the assessment, and SIS id."""

from dataclasses import dataclass, field

from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import AssignmentGroup, Course, GroupCategory, Section
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.seed.moments import Calendar
from canvas_bridge.sandbox.seed.specs import CourseSpec
from canvas_bridge.sandbox.state import SandboxState


@dataclass(slots=True)
class BuiltCourse:
    """A course in the sandbox, its sections, students and assessments by name."""

    spec: CourseSpec
    course: Course
    sections: list[Section]
    students: list[User] = field(default_factory=list)
    assessments: dict[str, Assignment | Quiz] = field(default_factory=dict)

    def quiz(self, name: str) -> Quiz:
        """Return a classic quiz by its name."""
        found = self.assessments[name]
        if not isinstance(found, Quiz):
            raise TypeError(f"{self.spec.code}: {name!r} is no classic quiz")
        return found

    def assignment(self, name: str) -> Assignment:
        """Return an assignment that is no classic quiz, by its name."""
        found = self.assessments[name]
        if not isinstance(found, Assignment):
            raise TypeError(f"{self.spec.code}: {name!r} is a classic quiz")
        return found


@dataclass(slots=True)
class Campus:
    """The sandbox that is being filled, the calendar of the seeding, and everything made so far."""

    state: SandboxState
    calendar: Calendar
    students: dict[str, User] = field(default_factory=dict)
    instructors: dict[str, User] = field(default_factory=dict)
    courses: dict[str, BuiltCourse] = field(default_factory=dict)

    def assignment_group(self, course: Course, name: str) -> AssignmentGroup:
        """Return a course's assignment group of that name, made where it is missing."""
        groups = self.state.assignment_groups.where("course", course.id)
        found = next((group for group in groups if group.name == name), None)
        return found or self.state.add_assignment_group(course, name)

    def group_set(self, course: Course) -> GroupCategory:
        """Return a course's group set, made where it is missing."""
        return self.state.group_categories.first("course", course.id) or self.state.add_group_category(
            course, "Project teams"
        )
