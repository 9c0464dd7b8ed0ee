"""The page of one assessment: base dates, overrides, and each student who has something of their own."""

from dataclasses import dataclass
from html import escape

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.pages.html import counted, facts, link, marked, moment, page, table
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.records.work import QuizSubmission
from canvas_bridge.sandbox.rules.effective_dates import EffectiveDates, effective_dates, is_assigned
from canvas_bridge.sandbox.state import SandboxState

QUIZ_KINDS = {
    "assignment": "Classic quiz",
    "practice_quiz": "Practice quiz",
    "graded_survey": "Graded survey",
    "survey": "Survey",
}
TARGETS = {"ADHOC": "Students", "CourseSection": "Section", "Group": "Group", "Course": "Everyone", "Noop": "Path"}


@dataclass(frozen=True)
class StudentRow:
    """What one student gets on the assessment."""

    user: User
    has_it: bool
    dates: EffectiveDates
    minutes: int
    attempts: int
    note: str

    def differs_from(self, base: Assignment | Quiz) -> bool:
        """Whether the student has anything that the class has not."""
        same_dates = (self.dates.unlock_at, self.dates.due_at, self.dates.lock_at) == (
            base.unlock_at,
            base.due_at,
            base.lock_at,
        )
        return not same_dates or bool(self.minutes or self.attempts or self.note) or not self.has_it


def name_of(item: Assignment | Quiz) -> str:
    """Return an assessment's name."""
    return item.title if isinstance(item, Quiz) else item.name


def address_of(item: Assignment | Quiz) -> str:
    """Return the address of an assessment's page."""
    return f"/courses/{item.course_id}/{'quizzes' if isinstance(item, Quiz) else 'assignments'}/{item.id}"


def kind_of(state: SandboxState, item: Assignment | Quiz) -> str:
    """Return an assessment's kind in words."""
    quiz = item if isinstance(item, Quiz) else state.quizzes.get(item.quiz_id)
    if quiz:
        return QUIZ_KINDS[quiz.quiz_type]
    assert isinstance(item, Assignment)  # noqa: S101 - a quiz has been answered above
    if item.is_new_quiz:
        return "New Quiz"
    return ", ".join(word.replace("_", " ") for word in item.submission_types).capitalize()


def count_with_something_of_their_own(state: SandboxState, item: Assignment | Quiz) -> int:
    """Return how many students an ad-hoc override or an extension names."""
    named = {one for override in state.active_overrides(item) for one in override.student_ids}
    quiz = item if isinstance(item, Quiz) else state.quizzes.get(item.quiz_id)
    if quiz:
        rows = state.quiz_submissions.where("quiz", quiz.id)
        named |= {row.user_id for row in rows if row.extra_time or row.extra_attempts}
    if isinstance(item, Assignment):
        submissions = state.submissions.where("assignment", item.id)
        named |= {row.user_id for row in submissions if row.extra_attempts}
        kept = state.new_quiz_accommodations.where("course", item.course_id)
        named |= {
            row.user_id for row in kept if row.assignment_id == item.id and (row.extra_time or row.extra_attempts)
        }
    return len(named)


def assessment_page(state: SandboxState, course: Course, item: Assignment | Quiz) -> Answer:
    """Return the page of one assessment."""
    name = name_of(item)
    rows = _student_rows(state, course, item)
    own = [row for row in rows if row.differs_from(item)]
    others = [row for row in rows if not row.differs_from(item)]
    body = (
        f"<p>{link('/', 'All courses')} / {link(f'/courses/{course.id}', course.name)}</p>"
        f"<h1>{escape(name)}</h1>"
        + _everyone(state, course, item)
        + f"<h2>Students with something of their own</h2>{_own_table(course, item, own)}"
        + f"<h2>Overrides</h2>{_override_table(state, course, item)}"
        + f"<h2>Everyone else</h2>{_others(others)}"
    )
    return page(name, body)


def _everyone(state: SandboxState, course: Course, item: Assignment | Quiz) -> str:
    minutes, attempts = _limits(state, item)
    pairs = [
        ("Kind", kind_of(state, item)),
        ("Published", "yes" if item.published else "no"),
        ("Opens", moment(item.unlock_at, course.time_zone)),
        ("Due", moment(item.due_at, course.time_zone)),
        ("Closes", moment(item.lock_at, course.time_zone)),
        ("Time limit", f"{minutes} min" if minutes else "none"),
        ("Attempts", "any number" if attempts is None else str(attempts)),
    ]
    if item.only_visible_to_overrides:
        pairs.append(("Assigned to", "only those whom an override names"))
    return facts(pairs)


def _limits(state: SandboxState, item: Assignment | Quiz) -> tuple[int | None, int | None]:
    quiz = item if isinstance(item, Quiz) else state.quizzes.get(item.quiz_id)
    if quiz:
        return quiz.time_limit, None if quiz.allowed_attempts < 0 else quiz.allowed_attempts
    assert isinstance(item, Assignment)  # noqa: S101 - a quiz has been answered above
    if item.is_new_quiz and item.quiz_settings:
        seconds = item.quiz_settings["session_time_limit_in_seconds"] if item.quiz_settings["has_time_limit"] else 0
        return int(seconds) // 60 or None, item.quiz_settings["multiple_attempts"]["max_attempts"]
    return None, None if item.allowed_attempts < 0 else item.allowed_attempts


def _student_rows(state: SandboxState, course: Course, item: Assignment | Quiz) -> list[StudentRow]:
    enrollments = state.enrollments.where("course", course.id)
    ids = {
        one.user_id
        for one in enrollments
        if one.type == "StudentEnrollment" and one.workflow_state in ("active", "invited", "completed", "inactive")
    }
    users = sorted((state.users[one] for one in ids), key=lambda one: (one.sortable_name.lower(), one.id))
    return [student_row(state, item, user) for user in users]


def student_row(state: SandboxState, item: Assignment | Quiz, user: User) -> StudentRow:
    """Return what one student gets on an assessment."""
    minutes, attempts, note = _extension(state, item, user)
    has_it = is_assigned(state, item, user.id)
    return StudentRow(user, has_it, effective_dates(state, item, user.id), minutes, attempts, note)


def _extension(state: SandboxState, item: Assignment | Quiz, user: User) -> tuple[int, int, str]:
    quiz = item if isinstance(item, Quiz) else state.quizzes.get(item.quiz_id)
    if quiz:
        row = state.quiz_submissions.first("quiz_user", (quiz.id, user.id))
        return (row.extra_time or 0, row.extra_attempts or 0, _note(row, quiz)) if row else (0, 0, "")
    assert isinstance(item, Assignment)  # noqa: S101 - a quiz has been answered above
    if item.is_new_quiz:
        kept = state.new_quiz_accommodations.first("target", (item.course_id, item.id, user.id))
        return state.new_quiz_minutes(item, user.id), kept.extra_attempts if kept else 0, ""
    submission = state.submissions.first("assignment_user", (item.id, user.id))
    return 0, (submission.extra_attempts or 0) if submission else 0, ""


def _note(row: QuizSubmission, quiz: Quiz) -> str:
    words = []
    if row.manually_unlocked:
        words.append("unlocked by hand")
    if row.workflow_state == "untaken" and row.end_at:
        words.append(f"attempt {row.attempt} is running until {row.end_at:%H:%M} UTC")
    elif row.workflow_state == "untaken":
        words.append(f"attempt {row.attempt} is running")
    return ", ".join(words)


def _own_table(course: Course, item: Assignment | Quiz, rows: list[StudentRow]) -> str:
    if not rows:
        return "<p>Nobody: each student has what the class has.</p>"
    heads = ("Student", "Opens", "Due", "Closes", "Extra minutes", "Extra attempts", "Notes")
    zone = course.time_zone
    return table(
        f"{counted(len(rows), 'student', 'students')}; what differs from the class is marked",
        heads,
        [
            [link(f"/courses/{course.id}/users/{row.user.id}", row.user.name), *cells_of(row, item, zone)]
            for row in rows
        ],
    )


def cells_of(row: StudentRow, item: Assignment | Quiz, zone: str) -> list[str]:
    """Return a student's dates and extras as cells, marked where they differ from the class's."""
    dates = [
        marked(moment(getattr(row.dates, name), zone), differs=getattr(row.dates, name) != getattr(item, name))
        for name in ("unlock_at", "due_at", "lock_at")
    ]
    extras = [marked(f"+{one}" if one else "0", differs=bool(one)) for one in (row.minutes, row.attempts)]
    return [*dates, *extras, escape(row.note if row.has_it else "does not have this assessment")]


def _override_table(state: SandboxState, course: Course, item: Assignment | Quiz) -> str:
    overrides = state.active_overrides(item)
    if not overrides:
        return "<p>None.</p>"
    rows = [_override_row(state, course, override) for override in overrides]
    return table(counted(len(overrides), "override", "overrides"), ("Title", "For", "Opens", "Due", "Closes"), rows)


def _override_row(state: SandboxState, course: Course, override: Override) -> list[str]:
    names = ", ".join(state.users[one].name for one in override.student_ids)
    target = names if override.set_type == "ADHOC" else TARGETS[override.set_type]
    return [
        escape(override.title),
        escape(target),
        escape(_date_of(override, "unlock_at", course.time_zone)),
        escape(_date_of(override, "due_at", course.time_zone)),
        escape(_date_of(override, "lock_at", course.time_zone)),
    ]


def _date_of(override: Override, name: str, zone: str) -> str:
    is_overridden = getattr(override, f"{name}_overridden")
    return moment(getattr(override, name), zone) if is_overridden else "as the class"


def _others(rows: list[StudentRow]) -> str:
    names = "".join(f"<li>{escape(row.user.name)}</li>" for row in rows)
    count = counted(len(rows), "student has", "students have")
    return f"<details><summary>{count} exactly what the class has</summary><ul>{names}</ul></details>"
