"""How far the log's chain goes, its newest anchor and its newest verification, in one query: many pages show them."""

from typing import Any

from django.db.models import BigIntegerField, DateTimeField, QuerySet, Value

from accommodations.models import LogAnchor, LogCheck, LogHead

_NONE = Value(None, output_field=BigIntegerField())
_NO_WORDS, _NEVER = Value(""), Value(None, output_field=DateTimeField())


def state_of_chain() -> tuple[LogHead | None, LogAnchor | None, LogCheck | None]:
    """Return the log's end, its newest anchor and its newest verification, with what pages show of each."""
    rows = _check().union(_anchor(), _head(), all=True)
    found = {kind: values for kind, *values in rows}
    head, anchor, check = (found.get(kind) for kind in ("head", "anchor", "check"))
    return (
        LogHead(pk=head[0], sequence=head[1]) if head else None,
        LogAnchor(pk=anchor[0], sequence=anchor[1], at=anchor[8]) if anchor else None,
        _check_of(check) if check else None,
    )


def _check() -> QuerySet[Any, Any]:
    newest = LogCheck.objects.order_by("-pk").values("pk")[:1]
    rows = LogCheck.objects.filter(pk__in=newest).order_by()
    numbers = ("last", "first", "reached", "redacted", "bad_sequence")
    return rows.values_list(Value("check"), "pk", *numbers, "status", "problem", "seen_alive_at", "ended_at")


def _anchor() -> QuerySet[Any, Any]:
    newest = LogAnchor.objects.order_by("-pk").values("pk")[:1]
    rows = LogAnchor.objects.filter(pk__in=newest).order_by()
    none = (_NONE, _NONE, _NONE, _NONE, _NO_WORDS, _NO_WORDS)
    return rows.values_list(Value("anchor"), "pk", "sequence", *none, "at", _NEVER)


def _head() -> QuerySet[Any, Any]:
    none = (_NONE, _NONE, _NONE, _NONE, _NO_WORDS, _NO_WORDS)
    rows = LogHead.objects.filter(pk=1).order_by()
    return rows.values_list(Value("head"), "pk", "sequence", *none, _NEVER, _NEVER)


def _check_of(values: list[Any]) -> LogCheck:
    pk, last, first, reached, redacted, bad_sequence, status, problem, seen_alive_at, ended_at = values
    return LogCheck(
        pk=pk, last=last, first=first, reached=reached, redacted=redacted, bad_sequence=bad_sequence,
        status=status, problem=problem, seen_alive_at=seen_alive_at, ended_at=ended_at,
    )  # fmt: skip
