"""Instants and date settings, between Canvas's JSON and ours (contract 1.7, 6.2)."""

from canvas_bridge.facts import NOT_OVERRIDDEN, Dates, DateSetting, overridden_to
from canvas_bridge.wire.fields import JsonObject
from canvas_bridge.wire.times import instant_text


def base_dates(value: JsonObject) -> Dates:
    """Return the three dates of an assignment or quiz; absent and null are both "no date" there."""
    return Dates(value.instant("unlock_at"), value.instant("due_at"), value.instant("lock_at"))


def date_setting(value: JsonObject, key: str) -> DateSetting:
    """Return one date of an override: an absent key falls through, null is overridden to "no date"."""
    return overridden_to(value.instant(key)) if key in value else NOT_OVERRIDDEN


def dates_json(*, unlock: DateSetting, due: DateSetting, lock: DateSetting) -> dict[str, object]:
    """Return the date keys of an override to send; a date that is not overridden is left out, and so falls through."""
    settings = {"due_at": due, "unlock_at": unlock, "lock_at": lock}
    return {key: instant_text(setting.at) for key, setting in settings.items() if setting.is_overridden}


def whole_dates_json(dates: Dates) -> dict[str, object]:
    """Return all three date keys of an override to send."""
    return {
        "due_at": instant_text(dates.due_at),
        "unlock_at": instant_text(dates.unlock_at),
        "lock_at": instant_text(dates.lock_at),
    }
