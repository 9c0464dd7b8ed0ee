"""Puts the seeded university into a sandbox: the same seed and the same day give the same university."""

import random
from datetime import datetime

from canvas_bridge.sandbox.records.courses import Course, Term
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.seed.assessments import put_assessment
from canvas_bridge.sandbox.seed.campus import BuiltCourse, Campus
from canvas_bridge.sandbox.seed.catalogue import CATALOGUE, FACULTIES
from canvas_bridge.sandbox.seed.happenings import put_what_happened
from canvas_bridge.sandbox.seed.moments import (
    CURRENT_TERM,
    CURRENT_TERM_IN_PERIODS,
    NEXT_TERM,
    PREVIOUS_TERM,
    TERMS,
    Calendar,
    OnDay,
    TermSpec,
    day,
)
from canvas_bridge.sandbox.seed.names import invented_people
from canvas_bridge.sandbox.seed.patterns import assessments_of
from canvas_bridge.sandbox.seed.placement import (
    FIRST_INSTRUCTOR,
    FIRST_STUDENT,
    PLACED,
    STUDENT_COUNT,
    TAUGHT_BY_THE_FIRST,
    TEACHING_COUNT,
    courses_taken,
)
from canvas_bridge.sandbox.seed.specs import CourseSpec
from canvas_bridge.sandbox.seed.trouble import special_assessments
from canvas_bridge.sandbox.state import SandboxState

GROUPS_PER_SET = 6
IN_TWO_PERIODS = frozenset({"ENGR 115"})
"""Courses of the current weeks whose term has grading periods; the first ends in a few days."""
TERM_OF_WORD: dict[str, TermSpec] = {"previous": PREVIOUS_TERM, "current": CURRENT_TERM, "next": NEXT_TERM}


def build(state: SandboxState, *, seed: int, now: datetime | None = None) -> None:
    """Fill an empty sandbox with the university; every date is relative to `now` (the sandbox's own clock if None).

    People, enrollments and weekdays follow from `seed`; course codes, SIS ids and names of assessments are the same
    under every seed.
    """
    with state.lock:
        rng = random.Random(seed)  # noqa: S311  # invented people, no secret
        campus = Campus(state, Calendar(now or state.now()))
        _add_people(campus, rng)
        _add_courses(campus, rng)
        _enroll_instructors(campus)
        _enroll_students(campus, rng)
        _form_groups(campus)
        put_what_happened(campus)


def _add_people(campus: Campus, rng: random.Random) -> None:
    taken: set[str] = set()
    for prefix, first, count, people in (
        ("S100", FIRST_STUDENT, STUDENT_COUNT, campus.students),
        ("T200", FIRST_INSTRUCTOR, TEACHING_COUNT, campus.instructors),
    ):
        for person in invented_people(rng, first=first, count=count, sis_prefix=prefix, taken=taken):
            people[person.sis_user_id] = campus.state.add_user(
                person.name,
                sortable_name=person.sortable_name,
                login_id=person.login_id,
                sis_user_id=person.sis_user_id,
            )


def _add_courses(campus: Campus, rng: random.Random) -> None:
    terms = {spec.sis_term_id: _add_term(campus, spec) for spec in TERMS}
    in_periods = _add_term(campus, CURRENT_TERM_IN_PERIODS, ", two grading periods")
    _add_grading_periods(campus, day(11, "12:00"), term=in_periods)
    special = special_assessments(campus.calendar)
    account_of = _add_faculties(campus)
    for spec in CATALOGUE:
        term = TERM_OF_WORD[spec.term]
        is_in_periods = spec.code in IN_TWO_PERIODS
        built = _add_course(
            campus, spec, in_periods if is_in_periods else terms[term.sis_term_id], account_of[spec.code]
        )
        first_day = campus.calendar.monday + term.first_day
        for assessment in (
            *assessments_of(spec, rng=rng, first_day=first_day, calendar=campus.calendar),
            *special.get(spec.code, ()),
        ):
            put_assessment(campus, built, assessment)
    _add_grading_periods(campus, day(-3, "12:00"), course=campus.courses["GEOG 160"].course)


def _add_term(campus: Campus, spec: TermSpec, after_name: str = "") -> Term:
    calendar = campus.calendar
    return campus.state.add_term(
        spec.name(calendar) + after_name,
        start_at=calendar.instant(spec.starts(calendar)),
        end_at=calendar.instant(spec.ends(calendar)),
        sis_term_id=spec.sis_term_id,
    )


def _add_faculties(campus: Campus) -> dict[str, int]:
    """Add the accounts below the root and return the account of each course by its code."""
    return {
        spec.code: account.id
        for account, specs in ((campus.state.add_sub_account(name), specs) for name, specs in FACULTIES.items())
        for spec in specs
    }


def _add_course(campus: Campus, spec: CourseSpec, term: Term, account_id: int) -> BuiltCourse:
    course = campus.state.add_course(
        spec.title,
        spec.code,
        term=term,
        sis_course_id=f"{spec.term}-{spec.code.replace(' ', '-')}",
        time_zone=spec.zone,
        workflow_state="completed" if spec.is_concluded else "available",
        start_at=campus.calendar.instant(TERM_OF_WORD[spec.term].starts(campus.calendar))
        if spec.own_last_day
        else None,
        end_at=campus.calendar.instant(day(spec.own_last_day)) if spec.own_last_day else None,
        restrict_enrollments_to_course_dates=spec.own_last_day is not None,
        is_paced=spec.is_paced,
        is_blueprint_child=spec.is_blueprint_child,
        account_id=account_id,
    )
    sections = [
        campus.state.add_section(
            course, f"{spec.code} section {number:02d}", sis_section_id=f"{course.sis_course_id}-{number:02d}"
        )
        for number in range(1, spec.sections + 1)
    ]
    built = BuiltCourse(spec, course, sections)
    campus.courses[spec.code] = built
    return built


def _add_grading_periods(
    campus: Campus, boundary: OnDay, *, course: Course | None = None, term: Term | None = None
) -> None:
    """Give one course, or a term, two grading periods that meet at the boundary."""
    calendar, add = campus.calendar, campus.state.add_grading_period
    starts, meets, ends = (
        calendar.instant(at) for at in (CURRENT_TERM.starts(calendar), boundary, CURRENT_TERM.ends(calendar))
    )
    add("First part", start_date=starts, end_date=meets, course=course, term=term)
    add("Second part", start_date=meets, end_date=ends, course=course, term=term)


def _enroll_instructors(campus: Campus) -> None:
    """Give each course one or two instructors; every third of the second ones only sees their own section."""
    first, *others = campus.instructors.values()
    for number, built in enumerate(campus.courses.values()):
        lead = first if built.spec.code in TAUGHT_BY_THE_FIRST else others[number % len(others)]
        campus.state.enroll(lead, built.course, section=built.sections[0], type="TeacherEnrollment")
        if len(built.sections) > 1:
            campus.state.enroll(
                others[(number + len(others) // 2) % len(others)],
                built.course,
                section=built.sections[-1],
                type="TeacherEnrollment",
                limit_privileges_to_course_section=number % 3 == 0,
            )
            _enroll_assistant(campus, built, others[(number + 7) % len(others)])


def _enroll_assistant(campus: Campus, built: BuiltCourse, person: User) -> None:
    """Large courses have an assistant too."""
    if len(built.sections) > 2:
        campus.state.enroll(person, built.course, section=built.sections[1], type="TaEnrollment")


def _enroll_students(campus: Campus, rng: random.Random) -> None:
    for number, (sis_user_id, user) in enumerate(campus.students.items(), start=1):
        for code in courses_taken(rng, sis_user_id, number=number):
            built = campus.courses[code]
            is_placed = code in PLACED.get(sis_user_id, ())
            section = built.sections[0] if is_placed else rng.choice(built.sections)
            campus.state.enroll(user, built.course, section=section)
            built.students.append(user)


def _form_groups(campus: Campus) -> None:
    """Sort the students of a few courses into groups."""
    for code in ("MKTG 240", "ENGR 115", "BIOL 340", "NURS 310"):
        built = campus.courses[code]
        category = campus.group_set(built.course)
        for number in range(GROUPS_PER_SET):
            members: list[User] = built.students[number::GROUPS_PER_SET]
            campus.state.add_group(category, f"Team {number + 1}", *members)
