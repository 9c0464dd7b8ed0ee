"""What a student must reach on an assessment, worked out a second time from the rules' texts: it asks no planning.

Only accommodations that surely count are taken: those in force in the class's own window.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Q

from accommodations.models import Accommodation, InstitutionSettings, Student
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.rules.grading_periods import period_of, periods_of
from canvas_bridge.sandbox.rules.module_overrides import overrides_of_modules
from tests import invariants, reference
from tests.histories.campus import Campus
from tests.reference import DateTriple, Need, Said, Who

Item = Assignment | Quiz
EXAM_WINDOW = timedelta(hours=6)
TARGETS = {"ADHOC": "ad_hoc", "Group": "group", "CourseSection": "section", "Course": "course"}
CURRENT = ("active", "invited", "creation_pending")
COUNTING = Q(status__in=("approved", "active")) | Q(status="ended", end_reason="expired")
"""What has run out still counts wherever it was in force."""
SCOPES = ("every_course", "term", "course", "assessment")
ANY = datetime(1970, 1, 1, tzinfo=UTC)
"""A due or lock of another sitting that staff did not state: whatever stands there will do."""


@dataclass(frozen=True)
class Due:
    """What must be reached: `full` as approved, `least` where course end and grading period cap it (R11)."""

    minutes: int
    attempts: int
    limit: int | None
    class_dates: DateTriple
    without_us: DateTriple
    full: DateTriple
    least: DateTriple
    has_exact: bool
    is_whole: bool
    opens: datetime | None = None
    is_sitting: bool = False
    """Another sitting opens at exactly `opens`; other exact times no later than that."""

    @property
    def over_at(self) -> datetime | None:
        """Return when it is over, as far as dates say."""
        stated = [at for at in (self.least.lock, self.least.due) if at is not ANY]
        return next((at for at in stated if at is not None), None)


def counting_rows(campus: Campus, login: str, item: Item) -> tuple[list[Accommodation], bool] | None:
    """Return the accommodations that surely count on the assessment, and whether these are all.

    None where others make it unsure even what these give: exact times, or one that replaces the broader ones, of
    which it depends on a window that is not the class's whether it is in force.
    """
    rows = Accommodation.objects.filter(COUNTING, student=campus.students[login])
    here = [row for row in rows.select_related("term", "course", "assessment") if _is_in_scope(campus, row, item)]
    forces = _forces(campus, campus.people[login].id, item, here)
    unsure = [row for row in here if forces[row.pk] is None]
    if any(row.replaces_broader or is_exact(row) for row in unsure):
        return None
    sure = [row for row in here if forces[row.pk]]
    if len([row for row in sure if row.is_other_sitting]) > 1:
        return None
    return [row for row in sure if not _is_replaced(row, sure)], not unsure


def is_exact(row: Accommodation) -> bool:
    """Whether it states exact times."""
    return row.provision == "alternative_dates" and row.shift_amount is None


def _is_replaced(row: Accommodation, others: list[Accommodation]) -> bool:
    """R6: whether a narrower one of the same provision says that it replaces the broader ones."""
    narrower = SCOPES[SCOPES.index(row.scope) + 1 :]
    return any(one.replaces_broader and one.provision == row.provision and one.scope in narrower for one in others)


def _forces(campus: Campus, user: int, item: Item, rows: list[Accommodation]) -> dict[int, bool | None]:
    """Return of each whether it is in force at any moment of the class's window; None where only of another one."""
    of_class = dates_by_reference(campus, item, user, with_ad_hoc=False)
    others = [dates_by_reference(campus, item, user, with_ad_hoc=True), dates_without_us(campus, item, user)]
    others += [DateTriple(row.exact_unlock_at, row.exact_due_at, row.exact_lock_at) for row in rows if is_exact(row)]
    ends = course_end(campus, item)
    found: dict[int, bool | None] = {}
    for row in rows:
        if is_in_force(row, of_class, ends):
            found[row.pk] = True
        else:
            found[row.pk] = None if any(is_in_force(row, window, ends) for window in others) else False
    return found


def is_in_force(row: Accommodation, window: DateTriple, course_ends: datetime | None) -> bool:
    """Whether it is in force at any moment of a window: its days are the institution's, until 24:00 of the last one."""
    begins = _midnight(row.effective_from)
    ends = None if row.effective_until is None else _midnight(row.effective_until + timedelta(days=1))
    closes = window.lock or window.due or course_ends
    is_too_late = closes is not None and begins >= closes
    return not is_too_late and (ends is None or window.unlock is None or ends > window.unlock)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(InstitutionSettings.current().time_zone))


def _is_in_scope(campus: Campus, row: Accommodation, item: Item) -> bool:
    if row.kinds and kind_of(campus, item) not in row.kinds:
        return False
    course = campus.state.courses[item.course_id]
    return {
        "every_course": True,
        "term": row.term is not None and row.term.canvas_term_id == course.term_id,
        "course": row.course is not None and row.course.canvas_course_id == course.id,
        "assessment": row.assessment is not None and row.assessment.key == invariants.key_of(item),
    }[row.scope]


def kind_of(campus: Campus, item: Item) -> str:
    """Return the assessment's kind, in Leeway's word."""
    if isinstance(item, Quiz):
        return "practice_quiz"
    if item.quiz_id:
        return "classic_quiz"
    if item.is_new_quiz:
        return "new_quiz"
    words = {"on_paper": "on_paper", "discussion_topic": "discussion"}
    return next((words[one] for one in item.submission_types if one in words), "assignment")


def who_is(campus: Campus, item: Item, user: int) -> Who:
    """Return the student as the reference sees them."""
    state = campus.state
    rows = [one for one in state.enrollments.where("course_user", (item.course_id, user)) if "Student" in one.type]
    groups = set()
    for one in state.memberships.where("user", user):
        group = state.groups[one.group_id]
        category = state.group_categories[group.category_id]
        is_of_item = getattr(item, "group_category_id", None) == category.id
        if one.workflow_state == "accepted" and group.course_id == item.course_id:
            groups |= {group.id} if is_of_item or category.non_collaborative else set()
    return Who(user, tuple((one.section_id, one.workflow_state) for one in rows), frozenset(groups))


def said_by(override: Override) -> Said:
    """Return an override in the reference's words."""
    says = {
        field: getattr(override, f"{field}_at")
        for field in reference.FIELDS
        if getattr(override, f"{field}_at_overridden")
    }
    students = frozenset(override.student_ids)
    is_of_module = override.context_module_id is not None
    kind = TARGETS[override.set_type]
    return Said(override.id, kind, override.set_id, students, says, override.unassign_item, is_of_module)


def dates_by_reference(campus: Campus, item: Item, user: int, *, with_ad_hoc: bool) -> DateTriple:
    """Return the student's dates as the contract's text collapses them."""
    dated = campus.state.dated(item)
    base = {field: getattr(dated, f"{field}_at") for field in reference.FIELDS}
    said = [said_by(one) for one in (*campus.state.active_overrides(item), *overrides_of_modules(campus.state, item))]
    chosen = [one for one in said if with_ad_hoc or one.kind != "ad_hoc" or one.is_of_module]
    who = who_is(campus, item, user)
    found = reference.dates_of(
        base, chosen, who, only_overrides=dated.only_visible_to_overrides, now=campus.state.now()
    )
    return DateTriple(found["unlock"], found["due"], found["lock"])


def due(campus: Campus, login: str, item: Item) -> Due | None:
    """Return what the student must reach; None where it is not sure."""
    found = counting_rows(campus, login, item)
    if found is None:
        return None
    rows, is_whole = found
    user = campus.people[login].id
    class_dates = dates_by_reference(campus, item, user, with_ad_hoc=False)
    without_us = dates_without_us(campus, item, user)
    limit = limit_of(campus, item)
    need = _need(campus, item, rows, limit, class_dates)
    exacts = [row for row in rows if is_exact(row)]
    sitting = next((row for row in exacts if row.is_other_sitting), None)
    if sitting is not None:
        full = _of_sitting(sitting, need)
    else:
        full = _full(campus, item, rows, need, class_dates, without_us)
    return Due(
        minutes=need.extra if need is not None and limit else 0,
        attempts=max((row.attempts for row in rows if row.attempts and _takes_attempts(campus, item)), default=0),
        limit=limit,
        class_dates=class_dates,
        without_us=without_us,
        full=full,
        least=_capped(campus, item, full, without_us),
        has_exact=bool(exacts),
        is_whole=is_whole,
        opens=sitting.exact_unlock_at if sitting else _opens(exacts, class_dates),
        is_sitting=sitting is not None,
    )


def _full(
    campus: Campus,
    item: Item,
    rows: list[Accommodation],
    need: Need | None,
    class_dates: DateTriple,
    without_us: DateTriple,
) -> DateTriple:
    start = _start(campus, item, rows, class_dates)
    exacts = [row for row in rows if is_exact(row)]
    opens = _opens(exacts, class_dates)  # R9 counts from the dates that the student will really have
    start = start if opens is None else replace(start, unlock=opens)
    granted = start if need is None else reference.fitted(start, need)
    if granted == class_dates or (not exacts and _is_another_sitting(class_dates, without_us)):
        return without_us if need is None else reference.fitted(without_us, need)
    return reference.not_before_due(reference.most_lenient(granted, without_us))


def _of_sitting(sitting: Accommodation, need: Need | None) -> DateTriple:
    """Return another sitting as staff stated it, with the time that must fit into it."""
    stated = DateTriple(sitting.exact_unlock_at, sitting.exact_due_at, sitting.exact_lock_at)
    fits = stated if need is None else reference.fitted(stated, need)
    return DateTriple(fits.unlock, fits.due or ANY, fits.lock or ANY)


def _opens(exacts: list[Accommodation], class_dates: DateTriple) -> datetime | None:
    """Return the unlock of exact times that is earlier than the class's: so early the student may begin."""
    stated = [row.exact_unlock_at for row in exacts if row.exact_unlock_at is not None]
    earliest = min(stated, default=None)
    is_earlier = earliest is not None and class_dates.unlock is not None and earliest < class_dates.unlock
    return earliest if is_earlier else None


def dates_without_us(campus: Campus, item: Item, user: int) -> DateTriple:
    """Return what Canvas would give with everything but what the ledger says that we put there."""
    given = invariants.given_without_us(campus.state, item, user)
    return DateTriple(given.unlock_at, given.due_at, given.lock_at)


def _is_another_sitting(class_dates: DateTriple, without_us: DateTriple) -> bool:
    """Whether an instructor's override is another sitting: it opens at another time than the class's."""
    return without_us.unlock is not None and without_us.unlock != class_dates.unlock


def limit_of(campus: Campus, item: Item) -> int | None:
    """Return the time limit in minutes."""
    quiz = invariants.quiz_of(campus.state, item)
    if quiz is not None:
        return quiz.time_limit or None
    settings = getattr(item, "quiz_settings", None) or {}
    return (settings.get("session_time_limit_in_seconds") or 0) // 60 or None


def _need(
    campus: Campus, item: Item, rows: list[Accommodation], limit: int | None, class_dates: DateTriple
) -> Need | None:
    times = [row for row in rows if row.provision == "extra_time"]
    if not times or kind_of(campus, item) == "on_paper":
        return None
    span = timedelta(minutes=limit) if limit else _window(class_dates)
    if span is None:
        return None
    minutes = Fraction(span // timedelta(seconds=1), 60)
    extra = max(
        reference.extra_minutes(minutes, method=row.extra_time_method, multiplier=row.multiplier, minutes=row.minutes)
        for row in times
    )
    return Need(span, min(extra, reference.MOST_MINUTES))


def _window(dates: DateTriple) -> timedelta | None:
    if dates.unlock is None or dates.lock is None or dates.lock <= dates.unlock:
        return None
    return dates.lock - dates.unlock if dates.lock - dates.unlock <= EXAM_WINDOW else None


def _takes_attempts(campus: Campus, item: Item) -> bool:
    quiz = invariants.quiz_of(campus.state, item)
    if quiz is not None:
        return quiz.allowed_attempts > 0
    if isinstance(item, Assignment) and item.is_new_quiz:
        return True
    return isinstance(item, Assignment) and item.allowed_attempts > 0 and "online_upload" in item.submission_types


def _start(campus: Campus, item: Item, rows: list[Accommodation], class_dates: DateTriple) -> DateTriple:
    exacts = [row for row in rows if is_exact(row)]
    zone = campus.state.courses[item.course_id].time_zone
    best = class_dates
    for row in exacts:
        stated = DateTriple(best.unlock, row.exact_due_at or best.due, row.exact_lock_at or best.lock)
        best = reference.most_lenient(best, stated)
    for row in () if exacts else rows:
        if row.provision == "alternative_dates":
            moved = reference.shifted(class_dates, row.shift_amount or 0, row.shift_unit, zone)
            best = reference.most_lenient(best, moved)
    return best if best == class_dates else reference.not_before_due(best)


def course_end(campus: Campus, item: Item) -> datetime | None:
    """Return when the course ends for its students: by its own dates where it restricts to them, else its term's."""
    course = campus.state.courses[item.course_id]
    if course.restrict_enrollments_to_course_dates:
        return course.end_at
    return campus.state.terms[course.term_id].end_at


def _capped(campus: Campus, item: Item, full: DateTriple, without_us: DateTriple) -> DateTriple:
    state = campus.state
    course = state.courses[item.course_id]
    end = course_end(campus, item)
    due_at = reference.capped(full.due, without_us.due, end)
    lock_at = reference.capped(full.lock, without_us.lock, end)
    periods = periods_of(state, course)
    if without_us.due is not None and periods:
        period = period_of(periods, without_us.due)
        closed = [
            one.start_date for one in periods if without_us.due <= one.start_date and one.close_date < state.now()
        ]
        latest = period.end_date if period else min(closed, default=None)
        due_at = reference.capped(due_at, without_us.due, latest)
    return DateTriple(full.unlock, due_at, lock_at)


def is_current(campus: Campus, item: Item, user: int) -> bool:
    """Whether the person is a student of the course now."""
    rows = campus.state.enrollments.where("course_user", (item.course_id, user))
    return any(one.workflow_state in CURRENT and "Student" in one.type for one in rows)


def row_of(login: str, campus: Campus) -> Student:
    """Return Leeway's row of the student, as it is now."""
    return Student.objects.get(pk=campus.students[login].pk)
