"""Grading periods and their sets in JSON (contract 10.7.5)."""

from typing import Any

from canvas_bridge.sandbox.records.courses import GradingPeriod, GradingPeriodSet
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]


def grading_period_json(store: Store, period: GradingPeriod, *, is_last: bool, may_manage: bool) -> Json:
    """Return a grading period; its id as text or (switch 12) as a number."""
    return {
        "id": shown_id(store, period.id),
        "grading_period_group_id": None if period.set_id is None else shown_id(store, period.set_id),
        "title": period.title,
        "start_date": shown(period.start_date),
        "end_date": shown(period.end_date),
        "close_date": shown(period.close_date),
        "weight": period.weight,
        "is_last": is_last,
        "is_closed": store.now() > period.close_date,
        "permissions": {"read": True, "create": False, "update": may_manage, "delete": may_manage},
    }


def shown_id(store: Store, number: int) -> str | int:
    """Return an id as text or (switch 12) as a number."""
    return str(number) if store.switches.grading_period_ids == "text" else number


def grading_period_set_json(store: Store, found: GradingPeriodSet, periods: list[Json]) -> Json:
    """Return a set with its periods and the terms in which it holds."""
    terms = [one.id for one in store.terms if one.grading_period_set_id == found.id]
    return {
        "id": shown_id(store, found.id),
        "title": found.title,
        "weighted": found.is_weighted,
        "display_totals_for_all_grading_periods": found.is_total_shown,
        "account_id": found.account_id,
        "course_id": None,
        "created_at": shown(found.created_at),
        "enrollment_term_ids": [shown_id(store, one) for one in terms],
        "grading_periods": periods,
        "permissions": {"read": True, "create": True, "update": True, "delete": True},
    }
