"""Random histories: staff, instructors, students, the registrar, the clock and failures, with a sync now and then."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from accommodations.errors import LeewayError
from accommodations.models import AccommodationException, Assessment, PairHold
from accommodations.services import accommodations, holds
from accommodations.services.accommodation_values import values_of
from tests.histories import checks
from tests.histories.campus import DAY, HOUR, Campus, later_dates, more_attempts, time_and_a_half

LOGINS = st.sampled_from(["ada", "ben"])
ANYBODY = st.sampled_from(["ada", "ben", "cem"])
POSITIONS = st.integers(0, 7)
VALUES = st.one_of(
    st.sampled_from(["1.25", "1.5", "2", "3.01"]).map(time_and_a_half),
    st.sampled_from(
        [
            {"provision": "extra_time", "extra_time_method": "minutes", "minutes": 20},
            {"provision": "extra_time", "extra_time_method": "minutes_per_hour", "minutes": 10},
            {"provision": "extra_time", "extra_time_method": "no_limit"},
        ]
    ),
    st.integers(1, 3).map(more_attempts),
    st.builds(later_dates, st.integers(1, 5), st.sampled_from(["days", "hours", "working_days"])),
)
MOMENTS = st.builds(
    lambda days, hours: timedelta(days=days, hours=hours, minutes=3), st.integers(-2, 12), st.sampled_from([0, 1, 8])
)
DATES = st.fixed_dictionaries({}, optional={name: st.none() | MOMENTS for name in ("unlock_at", "due_at", "lock_at")})
FAULTS = st.sampled_from(
    [
        ("drop_after", None),
        ("drop_before", None),
        ("status", {"code": 500}),
        ("status", {"code": 502, "carried_out": True}),
        ("status", {"code": 422, "body": {"errors": ["no"]}}),
        ("throttle", None),
        ("truncate", None),
    ]
)


class HistoryMachine(RuleBasedStateMachine):
    """Every rule is one thing that happens; `sync` checks what must hold after it."""

    def __init__(self) -> None:
        super().__init__()
        self.campus = Campus()

    def teardown(self) -> None:
        """Forget the world."""
        self.campus.close()

    @initialize(values=st.lists(VALUES, min_size=1, max_size=3))
    def ada_is_approved(self, values: list[dict[str, Any]]) -> None:
        """One student has accommodations from the start."""
        for one in values:
            self._act(lambda one=one: self.campus.record("ada", **one))

    # Staff

    @rule(login=LOGINS, values=VALUES, is_quizzes_only=st.sampled_from([False, False, False, True]))
    def staff_record(self, login: str, values: dict[str, Any], is_quizzes_only: bool) -> None:
        """The office records an accommodation."""
        kinds = ("classic_quiz", "new_quiz") if is_quizzes_only else ()
        self._act(lambda: self.campus.record(login, kinds=kinds, **values))

    @precondition(lambda self: self.campus.counting())
    @rule(position=POSITIONS, values=VALUES)
    def staff_change(self, position: int, values: dict[str, Any]) -> None:
        """The office changes one."""
        rows = self.campus.counting()
        row = rows[position % len(rows)]
        if row.provision != values["provision"]:
            return
        new = values_of(row)
        changed = type(new)(**{"effective_from": new.effective_from, "kinds": new.kinds, **values})
        self._act(
            lambda: accommodations.change_accommodation(
                accommodation=row, changed_by=self.campus.office, version=row.version, values=changed
            )
        )

    @precondition(lambda self: self.campus.counting())
    @rule(position=POSITIONS)
    def staff_end(self, position: int) -> None:
        """The office ends one."""
        rows = self.campus.counting()
        row = rows[position % len(rows)]
        self._act(
            lambda: accommodations.end_accommodation(
                accommodation=row, ended_by=self.campus.office, version=row.version, reads_before_applying=False
            )
        )

    @rule(login=LOGINS, position=POSITIONS, is_whole_course=st.booleans())
    def staff_except(self, login: str, position: int, is_whole_course: bool) -> None:
        """The office decides that nothing applies here, or withdraws that."""
        standing = AccommodationException.objects.filter(student=self.campus.students[login], withdrawn_at=None).first()
        if standing is not None:
            accommodations.withdraw_exception(
                exception=standing, withdrawn_by=self.campus.office, reads_before_applying=False
            )
            return
        rows = list(Assessment.objects.order_by("pk"))
        if not rows:
            return
        accommodations.record_exception(
            student=self.campus.students[login],
            course=self.campus.course_row(),
            assessment=None if is_whole_course else rows[position % len(rows)],
            reason="Speed is what is examined.",
            effective_until=(self.campus.now + 20 * DAY).date(),
            decided_by=self.campus.office,
            reads_before_applying=False,
        )

    @rule(login=LOGINS)
    def staff_undo(self, login: str) -> None:
        """The office takes back all that stands for a student, or releases what it took back before."""
        standing = PairHold.objects.filter(student=self.campus.students[login], released_at=None)
        if standing.exists():
            self._act(lambda: holds.release_holds(holds=list(standing), released_by=self.campus.office))
            return
        self._act(
            lambda: holds.undo_student(
                student=self.campus.students[login], undone_by=self.campus.office, reason="The wrong student"
            )
        )

    # Instructors, by the API and on Canvas's pages

    @rule(who=ANYBODY, position=POSITIONS, dates=DATES)
    def instructor_sets_dates(self, who: str, position: int, dates: dict[str, timedelta | None]) -> None:
        """The instructor gives one student dates of their own, or edits those that stand there."""
        assignment = self._assignment(position)
        user = self.campus.people[who]
        body = {"assignment_override": self._instants(dates)}
        standing = self.campus.override_of(user, assignment)
        address = self._address(assignment, "/overrides")
        if standing is not None:
            self.campus.ask("PUT", f"{address}/{standing.id}", body)
        else:
            body["assignment_override"] |= {"student_ids": [user.id]}
            self.campus.ask("POST", address, body)

    @rule(position=POSITIONS, whom=st.sets(ANYBODY, min_size=2), dates=DATES)
    def instructor_shares_an_override(self, position: int, whom: set[str], dates: dict[str, timedelta | None]) -> None:
        """The instructor gives several students one override, where they have none."""
        assignment = self._assignment(position)
        users = [self.campus.people[who] for who in sorted(whom)]
        free = [one.id for one in users if self.campus.override_of(one, assignment) is None]
        if free:
            body = {"assignment_override": {"student_ids": free, **self._instants(dates)}}
            self.campus.ask("POST", self._address(assignment, "/overrides"), body)

    @rule(who=ANYBODY, position=POSITIONS)
    def instructor_deletes_an_override(self, who: str, position: int) -> None:
        """The instructor deletes a student's override, whoever made it."""
        assignment = self._assignment(position)
        standing = self.campus.override_of(self.campus.people[who], assignment)
        if standing is not None:
            self.campus.ask("DELETE", self._address(assignment, f"/overrides/{standing.id}"))

    @rule(position=POSITIONS, is_first=st.booleans(), dates=DATES)
    def instructor_gives_a_section_dates(
        self, position: int, is_first: bool, dates: dict[str, timedelta | None]
    ) -> None:
        """The instructor gives a section dates of its own, once."""
        section = self.campus.sections[0 if is_first else 1]
        body = {"assignment_override": {"course_section_id": section.id, **self._instants(dates)}}
        self.campus.ask("POST", self._address(self._assignment(position), "/overrides"), body)

    @rule(position=POSITIONS, moment=MOMENTS, span=st.sampled_from([HOUR, 3 * HOUR, 5 * DAY]))
    def instructor_moves_the_class(self, position: int, moment: timedelta, span: timedelta) -> None:
        """The instructor moves the class's dates."""
        assignment = self._assignment(position)
        opens_at = self.campus.now + moment
        dates = {"unlock_at": _text(opens_at), "due_at": _text(opens_at + span), "lock_at": _text(opens_at + span)}
        self.campus.ask("PUT", self._address(assignment), {"assignment": dates})

    @rule(position=POSITIONS, limit=st.sampled_from([20, 45, 60, 200]))
    def instructor_changes_the_limit(self, position: int, limit: int) -> None:
        """The instructor changes a quiz's time limit on its page."""
        quiz = self.campus.quizzes[position % len(self.campus.quizzes)]
        self._do("change_time_limit", quiz_id=quiz.id, time_limit=limit)

    @rule(position=POSITIONS, renew_ids=st.booleans(), merge_equal_dates=st.booleans())
    def instructor_saves_the_page(self, position: int, renew_ids: bool, merge_equal_dates: bool) -> None:
        """The instructor saves the assignment's page, which touches every override on it (F35)."""
        assignment = self._assignment(position)
        self._do(
            "save_assignment_page",
            assignment_id=assignment.id,
            renew_ids=renew_ids,
            merge_equal_dates=merge_equal_dates,
            user_id=self.campus.teacher.id,
        )

    @rule(who=ANYBODY, position=POSITIONS, minutes=st.sampled_from([0, 5, 45]), attempts=st.integers(0, 2))
    def instructor_moderates_a_quiz(self, who: str, position: int, minutes: int, attempts: int) -> None:
        """The instructor sets a student's extension by hand."""
        quiz = self.campus.quizzes[position % len(self.campus.quizzes)]
        row = {"user_id": self.campus.people[who].id, "extra_time": minutes, "extra_attempts": attempts}
        path = f"/api/v1/courses/{self.campus.course.id}/quizzes/{quiz.id}/extensions"
        self.campus.ask("POST", path, {"quiz_extensions": [row]})

    @rule()
    def instructor_publishes(self) -> None:
        """The instructor publishes what was not."""
        final = self.campus.quiz("Final")
        self.campus.ask(
            "PUT", f"/api/v1/courses/{self.campus.course.id}/quizzes/{final.id}", {"quiz": {"published": True}}
        )

    # Students, the registrar, the clock

    @rule(who=ANYBODY, position=POSITIONS)
    def student_begins(self, who: str, position: int) -> None:
        """A student begins a quiz that is open for them."""
        quiz, user = self.campus.quizzes[position % len(self.campus.quizzes)], self.campus.people[who]
        row = self.campus.state.quiz_submissions.first("quiz_user", (quiz.id, user.id))
        if quiz.published and (row is None or row.workflow_state in ("settings_only", "complete")):
            self._do("start_attempt", quiz_id=quiz.id, user_id=user.id)

    @rule(who=ANYBODY, position=POSITIONS)
    def student_hands_in(self, who: str, position: int) -> None:
        """A student hands in a running attempt, or a paper."""
        user = self.campus.people[who]
        running = [
            one
            for one in self.campus.state.quiz_submissions
            if one.user_id == user.id and one.workflow_state == "untaken"
        ]
        if running:
            self.campus.state.complete_attempt(running[0])
        elif position % 2:
            self.campus.state.submit(self.campus.assignment("Essay"), user)

    @rule(who=ANYBODY, task=st.sampled_from(["conclude", "deactivate", "delete", "enroll", "move"]))
    def registrar_acts(self, who: str, task: str) -> None:
        """An enrollment ends, begins again, or another section is added."""
        state, user, course = self.campus.state, self.campus.people[who], self.campus.course
        live = [
            one
            for one in state.enrollments.where("course_user", (course.id, user.id))
            if one.workflow_state in ("active", "invited")
        ]
        if task in ("enroll", "move") or not live:
            section = self.campus.sections[1 if task == "move" else 0]
            if all(one.section_id != section.id for one in live):
                state.enroll(user, course, section=section)
            return
        self.campus.ask("DELETE", f"/api/v1/courses/{course.id}/enrollments/{live[0].id}?task={task}", token=_ADMIN)

    @rule(by=st.sampled_from([HOUR, 10 * HOUR, 2 * DAY, 5 * DAY]))
    def time_passes(self, by: timedelta) -> None:
        """Time passes, and what has run out expires."""
        self.campus.pass_time(by)
        accommodations.expire_accommodations(today=self.campus.now.date())

    # Failures and syncs

    @rule(fault=FAULTS, method=st.sampled_from([None, "GET", "POST", "PUT", "DELETE"]), count=st.integers(1, 3))
    def canvas_fails(self, fault: tuple[str, Any], method: str | None, count: int) -> None:
        """Canvas will fail the next requests of a kind."""
        kind, value = fault
        self.campus.fault(kind, method=method, count=count, value=value)

    @rule()
    def sync(self) -> None:
        """Leeway syncs as every night; where Canvas failed, again without failures. Then everything must hold."""
        self._sync_checked(self.campus.sync)
        self._all_holds()

    @rule()
    def sync_what_is_queued(self) -> None:
        """Leeway works off what staff's acts have queued."""
        self._sync_checked(self.campus.sweep)
        self._all_holds()

    @rule(by=st.sampled_from([HOUR, DAY]))
    def sync_after_a_while(self, by: timedelta) -> None:
        """Time passes, and Leeway syncs."""
        self.time_passes(by)
        self.sync()

    def _all_holds(self) -> None:
        self._sync_checked(self.campus.settle)
        checks.check_settled(self.campus)

    def _sync_checked(self, sync: Any) -> None:
        campus = self.campus
        campus.pass_time(campus.tick)
        before, with_us = campus.picture(), campus.users_with_us()
        sync()
        checks.check_disturbed(campus, before, with_us)

    def _act(self, act: Any) -> None:
        """Let staff act; what is refused with words for them is no failure."""
        self.campus.pass_time(self.campus.tick)
        try:
            act()
        except LeewayError:
            return

    def _assignment(self, position: int) -> Any:
        found = self.campus.assignments
        return found[position % len(found)]

    def _address(self, assignment: Any, more: str = "") -> str:
        return f"/api/v1/courses/{self.campus.course.id}/assignments/{assignment.id}{more}"

    def _instants(self, dates: dict[str, timedelta | None]) -> dict[str, Any]:
        return {name: None if by is None else _text(self.campus.now + by) for name, by in dates.items()}

    def _do(self, act: str, **values: Any) -> None:
        answer = self.campus.ask("POST", "/_sandbox/act", {"act": act, **values})
        assert answer.status_code in (200, 400, 404), answer.text


_ADMIN = "token-of-the-sandbox-0001"


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
