"""Between the record form's words and AccommodationValues: out of the cleaned form, and back for an edit."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accommodations.forms import kinds
from accommodations.forms.assignment_groups import groups_of, initial_groups
from accommodations.forms.fields import local_instant
from accommodations.models import Accommodation, Assessment
from accommodations.planning.rules import ExtraTimeMethod, Scope, ShiftUnit
from accommodations.services.accommodation_values import AccommodationValues

QUICK_MULTIPLIERS = ("1.25", "1.5", "2", "3")
_METHOD_OF_WORD = {
    "minutes": ExtraTimeMethod.MINUTES,
    "hourly": ExtraTimeMethod.MINUTES_PER_HOUR,
    "unlimited": ExtraTimeMethod.NO_LIMIT,
}
_WORD_OF_METHOD = {method.value: word for word, method in _METHOD_OF_WORD.items()}
_KINDS_FIELD = {
    Accommodation.Provision.EXTRA_TIME.value: "time_kinds",
    Accommodation.Provision.EXTRA_ATTEMPTS.value: "attempts_kinds",
    Accommodation.Provision.ALTERNATIVE_DATES.value: "dates_kinds",
}


def values_of(
    provision: str, cleaned: Mapping[str, Any], *, zone: ZoneInfo, before: Accommodation | None = None
) -> AccommodationValues:
    """Return what the cleaned form says about one provision. `zone` is where exact times were typed."""
    is_exact = provision == Accommodation.Provision.ALTERNATIVE_DATES and cleaned.get("dates_how") == "exact"
    stored = before.kinds if before is not None and before.provision == provision else ()
    where = _one_assessment(cleaned["exact_assessment"]) if is_exact else _scope(cleaned)
    amounts = _exact_times(cleaned, zone) | {"kinds": ()} if is_exact else amounts_of(provision, cleaned, stored=stored)
    return AccommodationValues(
        provision=provision,
        effective_from=cleaned["effective_from"],
        effective_until=cleaned.get("effective_until"),
        note=cleaned.get("note") or "",
        replaces_broader=bool(cleaned.get("replaces_broader")),
        **where,
        **amounts,
    )


def amounts_of(provision: str, cleaned: Mapping[str, Any], *, stored: Iterable[str] = ()) -> dict[str, Any]:
    """Return what the cleaned form grants by one provision, and the kinds that it counts for."""
    amounts = {
        Accommodation.Provision.EXTRA_TIME.value: _extra_time,
        Accommodation.Provision.EXTRA_ATTEMPTS.value: _extra_attempts,
        Accommodation.Provision.ALTERNATIVE_DATES.value: _shift,
    }
    chosen = cleaned.get(_KINDS_FIELD[provision]) or ()
    which = {"kinds": kinds.kinds_of(chosen, stored=stored), "assignment_groups": groups_of(cleaned)}
    return {**amounts[provision](cleaned), **which}


def _extra_time(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    word = cleaned["time_how"]
    if word in _METHOD_OF_WORD:
        return {"extra_time_method": _METHOD_OF_WORD[word].value, "minutes": cleaned.get(word)}
    multiplier = cleaned["multiplier"] if word == "other" else Decimal(word)
    return {"extra_time_method": ExtraTimeMethod.MULTIPLIER.value, "multiplier": multiplier}


def _extra_attempts(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {"attempts": cleaned["attempts"]}


def _shift(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "shift_amount": cleaned["shift_amount"],
        "shift_unit": cleaned["shift_unit"],
        "may_pass_end": bool(cleaned.get("may_pass_end")),
    }


def _exact_times(cleaned: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    opens, due, closes = (cleaned.get(name) for name in ("exact_opens", "exact_due", "exact_closes"))
    return {
        "exact_unlock_at": local_instant(opens, zone, earlier=True) if opens else None,
        "exact_due_at": local_instant(due, zone, earlier=False) if due else None,
        "exact_lock_at": local_instant(closes, zone, earlier=False) if closes else None,
        "is_other_sitting": bool(cleaned.get("is_other_sitting")),
        "may_pass_end": bool(cleaned.get("may_pass_end")),
    }


def _scope(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    scope = cleaned.get("scope") or Scope.EVERY_COURSE.value
    if scope == Scope.ASSESSMENT.value:
        return _one_assessment(cleaned["assessment"])
    return {"scope": scope} if scope == Scope.EVERY_COURSE.value else {"scope": scope, scope: cleaned[scope]}


def _one_assessment(assessment: Assessment) -> dict[str, Any]:
    return {"scope": Scope.ASSESSMENT.value, "assessment": assessment, "course": assessment.course}


def initial_of(accommodation: Accommodation) -> dict[str, Any]:
    """Return the form's first contents for an edit."""
    initial: dict[str, Any] = {
        "effective_from": accommodation.effective_from,
        "effective_until": accommodation.effective_until,
        "note": accommodation.note,
        "replaces_broader": accommodation.replaces_broader,
        "version": accommodation.version,
        "scope": accommodation.scope,
        "term": accommodation.term_id,
        "course": accommodation.course_id,
        "assessment": accommodation.assessment_id,
    }
    return initial | initial_amounts(accommodation)


def initial_amounts(accommodation: Accommodation) -> dict[str, Any]:
    """Return the form's first contents for what one accommodation grants, stored or not."""
    kinds_of_it: dict[str, Any] = {_KINDS_FIELD[accommodation.provision]: kinds.words_of(accommodation.kinds)}
    attempts = {"attempts": accommodation.attempts} if accommodation.attempts is not None else {}
    kinds_of_it |= initial_groups(accommodation.assignment_groups)
    return kinds_of_it | attempts | _initial_time(accommodation) | _initial_dates(accommodation)


def _initial_time(accommodation: Accommodation) -> dict[str, Any]:
    if accommodation.extra_time_method in _WORD_OF_METHOD:
        word = _WORD_OF_METHOD[accommodation.extra_time_method]
        return {"time_how": word, word: accommodation.minutes}
    multiplier = accommodation.multiplier
    if multiplier is None:
        return {}
    plain = f"{multiplier.normalize():f}"
    return {"time_how": plain} if plain in QUICK_MULTIPLIERS else {"time_how": "other", "multiplier": multiplier}


def _initial_dates(accommodation: Accommodation) -> dict[str, Any]:
    if accommodation.shift_amount is not None:
        return {
            "dates_how": "shift",
            "shift_amount": accommodation.shift_amount,
            "shift_unit": accommodation.shift_unit or ShiftUnit.DAYS.value,
            "may_pass_end": accommodation.may_pass_end,
        }
    if accommodation.assessment is None:
        return {}
    zone = ZoneInfo(accommodation.assessment.course.time_zone)
    times = {
        "exact_opens": accommodation.exact_unlock_at,
        "exact_due": accommodation.exact_due_at,
        "exact_closes": accommodation.exact_lock_at,
    }
    if not any(times.values()):
        return {}
    local = {name: at.astimezone(zone).replace(tzinfo=None) if at else None for name, at in times.items()}
    return {
        "dates_how": "exact",
        "exact_assessment": accommodation.assessment_id,
        "is_other_sitting": accommodation.is_other_sitting,
        "may_pass_end": accommodation.may_pass_end,
        **local,
    }
