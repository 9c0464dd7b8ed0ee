"""The editable values of an accommodation, and the rules that they must keep."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from accommodations.errors import Problem, ValuesRefused
from accommodations.models import Accommodation, Assessment, Course, Term
from accommodations.planning.rules import ExtraTimeMethod, Scope, ShiftUnit
from accommodations.services.assignment_groups import NAME_LENGTH, cleaned_names
from canvas_bridge.facts import AssessmentKind

LEAST_MULTIPLIER, MOST_MULTIPLIER = Decimal("1.01"), Decimal(10)
MOST_MINUTES = 10_080
MOST_ATTEMPTS = 1_000
MOST_SHIFT = 8_760
MOST_GROUPS = 20
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class AccommodationValues:
    """What a person types to record an accommodation; the fields mirror the model's."""

    provision: str
    effective_from: date
    effective_until: date | None = None
    extra_time_method: str = ""
    multiplier: Decimal | None = None
    minutes: int | None = None
    attempts: int | None = None
    shift_amount: int | None = None
    shift_unit: str = ""
    exact_unlock_at: datetime | None = None
    exact_due_at: datetime | None = None
    exact_lock_at: datetime | None = None
    is_other_sitting: bool = False
    may_pass_end: bool = False
    scope: str = Scope.EVERY_COURSE.value
    term: Term | None = None
    course: Course | None = None
    assessment: Assessment | None = None
    kinds: tuple[str, ...] = ()
    assignment_groups: tuple[str, ...] = ()
    replaces_broader: bool = False
    note: str = ""


VALUE_NAMES = tuple(field.name for field in fields(AccommodationValues))


def values_of(accommodation: Accommodation) -> AccommodationValues:
    """Return the editable values of a stored accommodation."""
    values = {name: getattr(accommodation, name) for name in VALUE_NAMES}
    listed = {"kinds": tuple(accommodation.kinds), "assignment_groups": tuple(accommodation.assignment_groups)}
    return AccommodationValues(**{**values, **listed})


def write_values(accommodation: Accommodation, values: AccommodationValues) -> None:
    """Set the editable fields, leaving those empty that the provision and scope do not use."""
    for name in VALUE_NAMES:
        setattr(accommodation, name, getattr(values, name))
    accommodation.kinds = sorted(set(values.kinds))
    accommodation.assignment_groups = (
        [] if values.scope == Scope.ASSESSMENT else cleaned_names(values.assignment_groups)
    )
    used = _used_fields(values)
    for name, empty in _EMPTY.items():
        if name not in used:
            setattr(accommodation, name, empty)
    if accommodation.assessment is not None:
        accommodation.course = accommodation.assessment.course


_EMPTY: dict[str, object] = {
    "extra_time_method": "",
    "multiplier": None,
    "minutes": None,
    "attempts": None,
    "shift_amount": None,
    "shift_unit": "",
    "exact_unlock_at": None,
    "exact_due_at": None,
    "exact_lock_at": None,
    "is_other_sitting": False,
    "may_pass_end": False,
    "term": None,
    "course": None,
    "assessment": None,
}
_EXACT = ("exact_unlock_at", "exact_due_at", "exact_lock_at")


def _used_fields(values: AccommodationValues) -> set[str]:
    used = {Scope.TERM: {"term"}, Scope.COURSE: {"course"}, Scope.ASSESSMENT: {"course", "assessment"}}.get(
        Scope(values.scope), set()
    )
    if values.provision == Accommodation.Provision.EXTRA_TIME:
        used |= {"extra_time_method"}
        method = values.extra_time_method
        used |= {"multiplier"} if method == ExtraTimeMethod.MULTIPLIER else set()
        used |= {"minutes"} if method in (ExtraTimeMethod.MINUTES, ExtraTimeMethod.MINUTES_PER_HOUR) else set()
    elif values.provision == Accommodation.Provision.EXTRA_ATTEMPTS:
        used |= {"attempts"}
    elif values.shift_amount is not None:
        used |= {"shift_amount", "shift_unit", "may_pass_end"}
    else:
        used |= {*_EXACT, "is_other_sitting", "may_pass_end"}
    return used


def check_values(values: AccommodationValues) -> None:
    """Raise ValuesRefused, with every problem at its field, unless Canvas and the rules can carry the values."""
    problems = [
        problem for check in (_provision_problems, _scope_problems, _period_problems) for problem in check(values)
    ]
    if problems:
        raise ValuesRefused(tuple(problems))


def _provision_problems(values: AccommodationValues) -> list[Problem]:
    checks: dict[str, Callable[[AccommodationValues], list[Problem]]] = {
        Accommodation.Provision.EXTRA_TIME: _time_problems,
        Accommodation.Provision.EXTRA_ATTEMPTS: _attempt_problems,
        Accommodation.Provision.ALTERNATIVE_DATES: _date_problems,
    }
    check = checks.get(values.provision)
    return check(values) if check else [Problem("provision", "provision.unknown", "Choose what is granted.")]


def _time_problems(values: AccommodationValues) -> list[Problem]:
    if values.extra_time_method not in set(ExtraTimeMethod):
        return [Problem("extra_time_method", "time.method", "Choose how the extra time is stated.")]
    method = ExtraTimeMethod(values.extra_time_method)
    if method is ExtraTimeMethod.MULTIPLIER and not _is_multiplier(values.multiplier):
        return [Problem("multiplier", "time.multiplier", "Enter a multiplier from 1.01 to 10, such as 1.5.")]
    if method in (ExtraTimeMethod.MINUTES, ExtraTimeMethod.MINUTES_PER_HOUR) and not _is_within(
        values.minutes, MOST_MINUTES
    ):
        return [Problem("minutes", "time.minutes", "Enter whole minutes from 1 to 10080, the most that Canvas takes.")]
    return []


def _is_multiplier(multiplier: Decimal | None) -> bool:
    if multiplier is None or not multiplier.is_finite():
        return False
    return LEAST_MULTIPLIER <= multiplier <= MOST_MULTIPLIER and multiplier == multiplier.quantize(Decimal("0.01"))


def _is_within(number: int | None, most: int) -> bool:
    return number is not None and 1 <= number <= most


def _attempt_problems(values: AccommodationValues) -> list[Problem]:
    if _is_within(values.attempts, MOST_ATTEMPTS):
        return []
    return [Problem("attempts", "attempts.number", "Enter a whole number of attempts from 1 to 1000.")]


def _date_problems(values: AccommodationValues) -> list[Problem]:
    has_exact = any(getattr(values, name) is not None for name in _EXACT)
    if values.shift_amount is None and not has_exact:
        return [Problem("shift_amount", "dates.missing", "Enter by how much later, or exact dates.")]
    if values.shift_amount is not None:
        return _shift_problems(values, has_exact=has_exact)
    return _exact_problems(values)


def _shift_problems(values: AccommodationValues, *, has_exact: bool) -> list[Problem]:
    problems = []
    if has_exact:
        problems.append(Problem("shift_amount", "dates.both", "Enter a shift or exact dates, not both."))
    if not _is_within(values.shift_amount, MOST_SHIFT):
        problems.append(Problem("shift_amount", "dates.shift", "Enter a whole number from 1 to 8760."))
    if values.shift_unit not in set(ShiftUnit):
        problems.append(Problem("shift_unit", "dates.unit", "Choose days, working days or hours."))
    return problems


def _exact_problems(values: AccommodationValues) -> list[Problem]:
    problems = []
    if values.scope != Scope.ASSESSMENT:
        problems.append(Problem("scope", "dates.one_assessment", "Exact dates are for one assessment: choose it."))
    for earlier, later, words in (
        ("exact_unlock_at", "exact_due_at", "The due date must not be before the unlock date."),
        ("exact_due_at", "exact_lock_at", "The lock date must not be before the due date."),
        ("exact_unlock_at", "exact_lock_at", "The lock date must not be before the unlock date."),
    ):
        first, second = getattr(values, earlier), getattr(values, later)
        if first is not None and second is not None and second < first:
            problems.append(Problem(later, "dates.order", words))
    return problems


def _scope_problems(values: AccommodationValues) -> list[Problem]:
    if values.scope not in set(Scope):
        return [Problem("scope", "scope.unknown", "Choose where it counts.")]
    problems = []
    needed = {Scope.TERM: "term", Scope.COURSE: "course", Scope.ASSESSMENT: "assessment"}.get(Scope(values.scope))
    if needed and getattr(values, needed) is None:
        problems.append(Problem(needed, "scope.missing", f"Choose the {needed}."))
    if set(values.kinds) - set(AssessmentKind):
        problems.append(Problem("kinds", "kinds.unknown", "Choose kinds from the list."))
    problems += _group_problems(values)
    if values.assessment and values.course and values.assessment.course_id != values.course.pk:
        problems.append(Problem("assessment", "scope.other_course", "That assessment is of another course."))
    return problems


def _group_problems(values: AccommodationValues) -> list[Problem]:
    names = values.assignment_groups
    if len(names) > MOST_GROUPS or any(len(name) > NAME_LENGTH for name in names):
        words = f"Name at most {MOST_GROUPS} assignment groups, each with at most {NAME_LENGTH} characters."
        return [Problem("assignment_groups", "groups.too_many", words)]
    return []


def _period_problems(values: AccommodationValues) -> list[Problem]:
    problems = []
    until = values.effective_until
    for name, day in (("effective_from", values.effective_from), ("effective_until", until)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            problems.append(Problem(name, "period.year", "Enter a year from 2000 to 2200."))
    if until is not None and until < values.effective_from:
        problems.append(Problem("effective_until", "period.order", "The end must not be before the start."))
    return problems
