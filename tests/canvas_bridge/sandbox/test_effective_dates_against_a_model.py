"""Random sequences of override, extension and enrollment calls: Canvas and a tiny model agree on every student."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas_bridge.sandbox.state import SandboxState
from tests.canvas_bridge.sandbox.collapse_model import FIELDS, Dates, ModelAssignment, ModelOverride
from tests.canvas_bridge.sandbox.conftest import CanvasCaller

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DATE_TIMES = [NOW + timedelta(hours=hours) for hours in (-30, -3, 4, 29, 76)]
REFUSED = 400

optional_date = st.sampled_from([None, *DATE_TIMES])
some_dates = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, optional_date))
students = st.sets(st.integers(0, 2), min_size=1)
target = st.one_of(
    st.tuples(st.just("student_ids"), students),
    st.tuples(st.just("group_id"), st.integers(0, 1)),
    st.tuples(st.just("course_section_id"), st.integers(0, 1)),
    st.tuples(st.just("course_id"), st.just(0)),
)
a_number = st.integers(0, 9)
call = st.one_of(
    st.tuples(st.just("create"), target, some_dates, st.integers(0, 5).map(lambda number: number == 0)),
    st.tuples(st.just("create_together"), st.lists(st.tuples(target, some_dates), min_size=1, max_size=3)),
    st.tuples(st.just("update"), a_number, some_dates, st.one_of(st.none(), students)),
    st.tuples(st.just("update_together"), a_number, some_dates),
    st.tuples(st.just("delete"), a_number),
    st.tuples(st.just("extend"), students, st.integers(-5, 90)),
    st.tuples(st.just("enroll"), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(
        st.just("end"), st.integers(0, 2), st.integers(0, 1), st.sampled_from(["conclude", "inactivate", "delete"])
    ),
    st.tuples(st.just("join"), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("show_to_overrides_only"), st.booleans()),
)
ENDED = {"conclude": "completed", "inactivate": "inactive"}


def shown(value: datetime | None) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


class Campus:
    """One course in the sandbox and in the model, changed by the same calls."""

    def __init__(self) -> None:
        self.state = SandboxState(now=NOW)
        self.admin = CanvasCaller(self.state, self.state.admin)
        self.course = self.state.add_course("Cell Biology", "BIO")
        self.sections = [self.state.add_section(self.course, name) for name in ("Morning", "Evening")]
        self.people = [self.state.add_user(f"Student {name}", login_id=name) for name in ("a", "b", "c")]
        category = self.state.add_group_category(self.course, "Projects")
        self.groups = [self.state.add_group(category, name) for name in ("First", "Second")]
        base: Dates = {"due_at": NOW + timedelta(days=2), "unlock_at": None, "lock_at": NOW + timedelta(days=3)}
        self.quiz = self.state.add_quiz(self.course, "Midterm", time_limit=60, **base)
        self.assignment = self.state.assignments[self.quiz.assignment_id or 0]
        self.assignment.group_category_id = category.id
        self.model = ModelAssignment(now=NOW, base=base)
        self.path = f"/courses/{self.course.id}/assignments/{self.assignment.id}"
        for student in range(3):
            self.enroll(student, 0)

    def wanted(self, target: tuple[str, Any], dates: Dates, *, unassigns: bool = False) -> tuple[Any, ModelOverride]:
        """Return the body of a call, and what the model makes of it."""
        name, value = target
        ids = {
            "student_ids": lambda: [self.people[one].id for one in sorted(value)],
            "group_id": lambda: self.groups[value].id,
            "course_section_id": lambda: self.sections[value].id,
            "course_id": lambda: self.course.id,
        }
        kinds = {
            "student_ids": "ADHOC",
            "group_id": "Group",
            "course_section_id": "CourseSection",
            "course_id": "Course",
        }
        body = {name: ids[name](), "title": "Moved", **{key: shown(one) for key, one in dates.items()}}
        unassigns = unassigns and name != "course_id"
        if unassigns:
            body["unassign_item"] = True
        students = set(value) if name == "student_ids" else set()
        number = None if name == "student_ids" else value
        return body, ModelOverride(kinds[name], number, students, dict(dates), unassigns)

    def create(self, target: tuple[str, Any], dates: Dates, unassigns: bool) -> None:
        body, override = self.wanted(target, dates, unassigns=unassigns)
        is_known = all(self._is_student(one) for one in override.students)
        answer = self.admin.post(f"{self.path}/overrides", {"assignment_override": body})
        if is_known and self.model.is_free(override):
            assert answer.status_code == 201, answer.text
            self.model.overrides[answer.json()["id"]] = override
        else:
            assert answer.status_code == REFUSED, answer.text

    def create_together(self, elements: list[tuple[tuple[str, Any], Dates]]) -> None:
        bodies, made, before = [], [], dict(self.model.overrides)
        is_accepted = True
        for place, (target, dates) in enumerate(elements):
            body, override = self.wanted(target, dates)
            bodies.append({"assignment_id": self.assignment.id, **body})
            is_known = all(self._is_student(one) for one in override.students)
            is_accepted = is_accepted and is_known and self.model.is_free(override)
            self.model.overrides[-1 - place] = override
            made.append(override)
        self.model.overrides = before
        answer = self.admin.post(f"/courses/{self.course.id}/assignments/overrides", {"assignment_overrides": bodies})
        assert answer.status_code == (200 if is_accepted else REFUSED), answer.text
        if is_accepted:
            self.model.overrides |= {row["id"]: one for row, one in zip(answer.json(), made, strict=True)}

    def update(self, number: int, dates: Dates, students: set[int] | None) -> None:
        key = self._override(number)
        if key is None:
            return
        old = self.model.overrides[key]
        body: dict[str, Any] = {name: shown(value) for name, value in dates.items()}
        if students is not None:
            body["student_ids"] = [self.people[one].id for one in sorted(students)]
        is_ad_hoc = old.kind == "ADHOC"
        kept = old.students if students is None or not is_ad_hoc else students
        new = ModelOverride(old.kind, old.target, set(kept), dict(dates), old.unassigns)
        is_known = not is_ad_hoc or students is None or all(self._is_student(one) for one in students)
        is_accepted = is_known and self.model.is_free(new, replacing=key)
        answer = self.admin.put(f"{self.path}/overrides/{key}", {"assignment_override": body})
        assert answer.status_code == (200 if is_accepted else REFUSED), answer.text
        if is_accepted:
            self.model.overrides[key] = new

    def update_together(self, number: int, dates: Dates) -> None:
        key = self._override(number)
        if key is None:
            return
        element = {"id": key, "assignment_id": self.assignment.id, **{name: shown(one) for name, one in dates.items()}}
        answer = self.admin.put(f"/courses/{self.course.id}/assignments/overrides", {"assignment_overrides": [element]})
        assert answer.status_code == 200, answer.text
        self.model.overrides[key].dates = dict(dates)

    def delete(self, number: int) -> None:
        key = self._override(number)
        if key is not None:
            assert self.admin.delete(f"{self.path}/overrides/{key}").status_code == 200
            assert self.admin.delete(f"{self.path}/overrides/{key}").status_code == 404
            del self.model.overrides[key]

    def extend(self, students: set[int], minutes: int) -> None:
        elements = [{"user_id": self.people[one].id, "extra_time": minutes} for one in sorted(students)]
        answer = self.admin.extend(self.quiz, *elements)
        are_current = all("active" in self._states(one) for one in students)
        assert answer.status_code == (200 if are_current else 404), answer.text
        if are_current:
            assert [row["extra_time"] for row in answer.json()["quiz_extensions"]] == [abs(minutes)] * len(students)

    def enroll(self, student: int, section: int) -> None:
        enrollment = {
            "user_id": self.people[student].id,
            "enrollment_state": "active",
            "course_section_id": self.sections[section].id,
        }
        answer = self.admin.post(f"/courses/{self.course.id}/enrollments", {"enrollment": enrollment})
        assert answer.status_code == 200, answer.text
        self.model.enrollments[student, section] = answer.json()["enrollment_state"]

    def end(self, student: int, section: int, task: str) -> None:
        if (student, section) not in self.model.enrollments:
            return
        if task == "delete":
            # No source tells whether a group keeps someone who has left the course.
            self.leave_group(student)
        rows = self.state.enrollments.where("course_user", (self.course.id, self.people[student].id))
        row = next(
            one for one in rows if one.section_id == self.sections[section].id and one.workflow_state != "deleted"
        )
        answer = self.admin.delete(f"/courses/{self.course.id}/enrollments/{row.id}?task={task}")
        assert answer.status_code == 200, answer.text
        if task == "delete":
            del self.model.enrollments[student, section]
            self.model.leave(student)
        else:
            self.model.enrollments[student, section] = ENDED[task]

    def join(self, student: int, group: int) -> None:
        if not self._is_student(student):
            return
        self.leave_group(student)
        answer = self.admin.post(f"/groups/{self.groups[group].id}/memberships", {"user_id": self.people[student].id})
        assert answer.status_code == 200, answer.text
        self.model.groups[student] = group

    def leave_group(self, student: int) -> None:
        old = self.model.groups.pop(student, None)
        if old is not None:
            path = f"/groups/{self.groups[old].id}/users/{self.people[student].id}"
            assert self.admin.delete(path).status_code == 200

    def show_to_overrides_only(self, is_on: bool) -> None:
        answer = self.admin.put(self.path, {"assignment": {"only_visible_to_overrides": is_on}})
        assert answer.status_code == 200, answer.text
        self.model.only_visible_to_overrides = is_on

    def _override(self, number: int) -> int | None:
        keys = sorted(self.model.overrides)
        return keys[number % len(keys)] if keys else None

    def _states(self, student: int) -> set[str]:
        return {state for (who, _), state in self.model.enrollments.items() if who == student}

    def _is_student(self, student: int) -> bool:
        return bool(self._states(student))

    def agree(self) -> None:
        """Every student with an active enrollment reads what the model says."""
        for student, person in enumerate(self.people):
            if "active" not in self._states(student) or self.model.is_ambiguous(student):
                continue
            answer = CanvasCaller(self.state, person).get(self.path)
            dates = self.model.dates_of(student)
            if dates is None:
                assert answer.status_code == 403, (student, answer.text)
            else:
                assert answer.status_code == 200, (student, answer.text)
                assert {name: answer.json()[name] for name in FIELDS} == {
                    name: shown(value) for name, value in dates.items()
                }, student


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=st.lists(call, min_size=1, max_size=14))
def test_contract_7_effective_dates_of_every_student_agree_with_a_model(calls: list[tuple[Any, ...]]) -> None:
    campus = Campus()
    for name, *arguments in calls:
        getattr(campus, name)(*arguments)
    campus.agree()
