"""A tiny model of who gets which dates in Canvas, written from the contract's sections 6 and 7 alone."""

from dataclasses import dataclass, field
from datetime import datetime

FIELDS = ("due_at", "unlock_at", "lock_at")
Dates = dict[str, datetime | None]


@dataclass
class ModelOverride:
    """One override: a date counts where its key is there; None is "no date" (6.2)."""

    kind: str
    target: int | None
    students: set[int]
    dates: Dates
    unassigns: bool = False


@dataclass
class ModelAssignment:
    """One assignment of one course with its people: sections by enrollment, and groups."""

    now: datetime
    base: Dates
    only_visible_to_overrides: bool = False
    overrides: dict[int, ModelOverride] = field(default_factory=dict)
    enrollments: dict[tuple[int, int], str] = field(default_factory=dict)
    """(student, section) → active, completed, inactive; a deleted one is left out."""
    groups: dict[int, int] = field(default_factory=dict)

    def is_free(self, override: ModelOverride, replacing: int | None = None) -> bool:
        """Whether Canvas takes it: one ad-hoc override for each student, one for each other target (6.4, 6.5)."""
        others = [other for key, other in self.overrides.items() if key != replacing]
        if override.kind == "ADHOC":
            return not any(other.kind == "ADHOC" and other.students & override.students for other in others)
        return not any((other.kind, other.target) == (override.kind, override.target) for other in others)

    def leave(self, student: int) -> None:
        """The last enrollment is gone: so is the student's place in ad-hoc overrides (6.8)."""
        if any(who == student for who, _ in self.enrollments):
            return
        for key, override in list(self.overrides.items()):
            override.students.discard(student)
            if override.kind == "ADHOC" and not override.students:
                del self.overrides[key]

    def found(self, student: int) -> list[ModelOverride]:
        """Return the overrides that name the student, in the order of 7.1."""
        states = {section: state for (who, section), state in self.enrollments.items() if who == student}
        tests = {
            "ADHOC": lambda one: student in one.students,
            "Group": lambda one: self.groups.get(student) == one.target,
            "CourseSection": lambda one: one.target in states,
            "Course": lambda one: "active" in states.values(),
        }
        return [
            one for kind, names in tests.items() for one in self.overrides.values() if one.kind == kind and names(one)
        ]

    def is_ambiguous(self, student: int) -> bool:
        """Whether the order among several sections would decide, which no source tells."""
        of_sections = [one for one in self.found(student) if one.kind == "CourseSection"]
        return len(of_sections) > 1 and any(one.unassigns for one in of_sections)

    def dates_of(self, student: int) -> Dates | None:
        """Return the effective dates, or None for a student who does not have the assignment (7.2, 7.3)."""
        found = self.found(student)
        if not found and self.only_visible_to_overrides:
            return None
        if found and found[0].unassigns:
            return None
        applying: list[ModelOverride] = []
        for override in found:
            if override.unassigns:
                break
            applying.append(override)
        applying = self._without_past_sections(student, applying)
        return {name: self._collapsed(name, applying) for name in FIELDS}

    def _without_past_sections(self, student: int, applying: list[ModelOverride]) -> list[ModelOverride]:
        def counts(one: ModelOverride) -> bool:
            return one.kind != "CourseSection" or self.enrollments[student, one.target or 0] == "active"

        counting = [one for one in applying if counts(one)]
        return applying if not counting and self.only_visible_to_overrides else counting

    def _collapsed(self, name: str, applying: list[ModelOverride]) -> datetime | None:
        holders = [one for one in applying if name in one.dates]
        if name == "unlock_at":
            holders = [one for one in holders if one.kind == "ADHOC" or not self._is_over(one)]
        if not holders:
            return self.base[name]
        values = [one.dates[name] for one in holders]
        if holders[0].kind == "ADHOC" or None in values:
            return values[0] if holders[0].kind == "ADHOC" else None
        dated = [value for value in values if value is not None]
        return min(dated) if name == "unlock_at" else max(dated)

    def _is_over(self, override: ModelOverride) -> bool:
        lock = override.dates.get("lock_at")
        return lock is not None and lock < self.now
