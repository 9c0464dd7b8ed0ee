"""The university of a history: two terms, four courses, sections, groups, a module, and assessments of every kind."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.content import Module
from canvas_bridge.sandbox.records.courses import Course, Group, Section
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.state import SandboxState

START = datetime(2026, 3, 2, 15, 7, tzinfo=UTC)
"""A Monday, six days before the clocks go forward in New York, and four weeks before they do in Berlin."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOGINS = ("ada", "ben", "cem", "dee")
WITH_RECORDS = ("ada", "ben")
"""Who is known to the office; the others only ever have what Canvas and their instructors give them."""
LONG_AGO = START - 20 * DAY


@dataclass
class World:
    """What a history needs to name of the university."""

    courses: list[Course] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    visiting: Section | None = None
    people: dict[str, User] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    quizzes: list[Quiz] = field(default_factory=list)
    papers: list[Assignment] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    teacher: User | None = None

    @property
    def new_quizzes(self) -> list[Assignment]:
        """Return the New Quizzes."""
        return [one for one in self.papers if one.is_new_quiz]


def fill(state: SandboxState) -> World:
    """Put the university into an empty sandbox."""
    world = World()
    spring = state.add_term("Spring", start_at=START - 40 * DAY, end_at=START + 60 * DAY)
    _add_periods(state, spring)
    summer = state.add_term("Early summer", start_at=START - 10 * DAY, end_at=START + 100 * DAY)
    botany = state.add_course("Botany", "BOT 101", term=spring)
    chemistry = state.add_course("Chemistry", "CHE 201", term=summer, time_zone="Europe/Berlin")
    dance = state.add_course(
        "Dance",
        "DAN 110",
        term=summer,
        start_at=START - 10 * DAY,
        end_at=START + 12 * DAY,
        restrict_enrollments_to_course_dates=True,
    )
    ethics = state.add_course("Ethics", "ETH 120", term=summer)
    world.courses = [botany, chemistry, dance, ethics]
    world.sections = [state.add_section(botany, name) for name in ("Morning", "Evening")]
    for course, name in ((chemistry, "Lecture"), (dance, "Studio"), (ethics, "Seminar")):
        state.add_section(course, name)
    world.visiting = state.add_section(chemistry, "Laboratory")
    _add_people(state, world)
    _add_groups(state, world)
    _add_botany(state, world, botany)
    _add_chemistry(state, world, chemistry)
    _add_dance(state, world, dance)
    _add_ethics(state, world, ethics)
    return world


def _add_periods(state: SandboxState, term: object) -> None:
    for title, first, last in (("First half", -40, 5), ("Second half", 5, 60)):
        state.add_grading_period(
            title,
            start_date=START + first * DAY,
            end_date=START + last * DAY,
            close_date=START + (last + 3) * DAY,
            term=term,  # type: ignore[arg-type]  # a term of the sandbox
        )


def _add_people(state: SandboxState, world: World) -> None:
    world.people = {login: state.add_user(f"{login.title()} Nwosu", login_id=login) for login in LOGINS}
    botany, chemistry, dance, ethics = world.courses
    for login in ("ada", "ben", "cem"):
        state.enroll(world.people[login], botany, section=world.sections[0])
    for login in ("ada", "cem"):
        state.enroll(world.people[login], ethics)
    for login in ("ada", "dee"):
        state.enroll(world.people[login], chemistry)
    for login in ("ben", "cem"):
        state.enroll(world.people[login], chemistry, section=world.visiting)
    for login in ("ada", "ben", "dee"):
        state.enroll(world.people[login], dance)
    world.teacher = state.add_user("Thea Vance", login_id="thea")
    for course in world.courses:
        state.enroll(world.teacher, course, type="TeacherEnrollment")


def _add_groups(state: SandboxState, world: World) -> None:
    people = world.people
    botany, chemistry, *_ = world.courses
    projects = state.add_group_category(botany, "Projects")
    tags = state.add_group_category(chemistry, "Support", non_collaborative=True)
    world.groups = [
        state.add_group(projects, "Ferns", people["ada"], people["cem"]),
        state.add_group(projects, "Mosses", people["ben"]),
        state.add_group(tags, "Quiet room", people["ada"], people["dee"]),
    ]
    world.papers.append(
        state.add_assignment(
            botany,
            "Herbarium",
            group_category=projects,
            unlock_at=START - DAY,
            due_at=START + 4 * DAY,
            lock_at=START + 6 * DAY,
            created_at=LONG_AGO,
        )
    )


def _add_botany(state: SandboxState, world: World, course: Course) -> None:
    opens = START + 3 * DAY
    world.quizzes += [
        state.add_quiz(
            course,
            "Midterm",
            time_limit=60,
            unlock_at=opens,
            due_at=opens + HOUR,
            lock_at=opens + HOUR,
            created_at=LONG_AGO,
        ),
        state.add_quiz(
            course,
            "Reading check",
            time_limit=25,
            allowed_attempts=2,
            unlock_at=START - DAY,
            due_at=START + 6 * DAY,
            lock_at=START + 8 * DAY,
            created_at=LONG_AGO,
        ),
        state.add_quiz(
            course,
            "Final",
            time_limit=90,
            unlock_at=opens + 9 * DAY,
            due_at=opens + 9 * DAY + 2 * HOUR,
            published=False,
            created_at=LONG_AGO,
        ),
        state.add_quiz(course, "Warm-up", quiz_type="practice_quiz", time_limit=10, created_at=LONG_AGO),
    ]
    world.papers += [
        state.add_assignment(
            course,
            "Essay",
            unlock_at=START + DAY,
            due_at=START + 6 * DAY,
            lock_at=START + 7 * DAY,
            allowed_attempts=2,
            created_at=LONG_AGO,
        ),
        state.add_new_quiz(
            course,
            "Lab quiz",
            time_limit_seconds=1800,
            unlock_at=START + 2 * DAY,
            due_at=START + 5 * DAY,
            lock_at=START + 5 * DAY,
            created_at=LONG_AGO,
        ),
    ]


def _add_chemistry(state: SandboxState, world: World, course: Course) -> None:
    opens = START + 5 * DAY
    hidden = state.add_assignment(
        course,
        "Safety test",
        only_visible_to_overrides=True,
        due_at=opens + DAY,
        allowed_attempts=1,
        created_at=LONG_AGO,
    )
    state.add_override(hidden, section=world.visiting, due_at=opens + 2 * DAY, lock_at=opens + 3 * DAY)
    world.papers += [
        hidden,
        state.add_assignment(
            course,
            "Open window",
            unlock_at=opens,
            due_at=opens + 2 * HOUR,
            lock_at=opens + 2 * HOUR,
            created_at=LONG_AGO,
        ),
    ]
    world.quizzes.append(
        state.add_quiz(
            course,
            "Titration",
            time_limit=45,
            unlock_at=opens + 20 * DAY,
            lock_at=opens + 20 * DAY + HOUR,
            created_at=LONG_AGO,
        )
    )


def _add_dance(state: SandboxState, world: World, course: Course) -> None:
    world.papers += [
        state.add_assignment(course, "Diary", due_at=START + 11 * DAY, allowed_attempts=1, created_at=LONG_AGO),
        state.add_assignment(course, "Concert", submission_types=("on_paper",), due_at=START + 9 * DAY),
    ]


def _add_ethics(state: SandboxState, world: World, course: Course) -> None:
    """Fill the course that may get a pace, checkpoints, a blueprint lock, and a module for some only."""
    opens = START + 4 * DAY
    sitting = state.add_new_quiz(
        course,
        "Case quiz",
        time_limit_seconds=2400,
        max_attempts=2,
        unlock_at=opens,
        due_at=opens + 2 * HOUR,
        lock_at=opens + 2 * HOUR,
        created_at=LONG_AGO,
    )
    debate = state.add_assignment(
        course, "Debate", submission_types=("discussion_topic",), due_at=START + 8 * DAY, created_at=LONG_AGO
    )
    state.add_checkpoints(debate, reply_to_topic_due_at=START + 7 * DAY, required_replies_due_at=START + 8 * DAY)
    locked = state.add_quiz(
        course,
        "Code of conduct",
        time_limit=30,
        unlock_at=opens,
        due_at=opens + HOUR,
        lock_at=opens + HOUR,
        created_at=LONG_AGO,
    )
    state.assignments[locked.assignment_id or 0].blueprint_restrictions = ["due_dates", "availability_dates"]
    course.is_blueprint_child = True
    world.papers += [sitting, debate]
    world.quizzes.append(locked)
    world.modules.append(state.add_module(course, "First weeks", sitting, locked))
