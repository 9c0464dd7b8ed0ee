"""One status for each pair: the worst of its findings, and past against missed (R12).

The order of `_WORST_FIRST`: what needs a person this minute (an attempt running short), then what is lost or refused,
then what waits for somebody, then what waits for Leeway, then what falls short, then what is well. Of what is well the
weaker proof comes first, and a field that needs nothing says so only where no other field says more.
"""

from collections.abc import Iterable
from dataclasses import replace

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.dates import gives_as_much
from accommodations.planning.desired import Desired
from accommodations.planning.extension import State, extension_of
from accommodations.planning.parts import Finding, Part
from accommodations.planning.statuses import Reason, Status

_WORST_FIRST = (
    Reason.RUNNING_ATTEMPT_SHORT,
    Reason.REFUSED,
    Reason.UNREACHABLE,
    Reason.BEGUN,
    Reason.CLOSED,
    Reason.PERMISSION_MISSING,
    Reason.COURSE_CONCLUDED,
    Reason.GRADING_PERIOD_CLOSED,
    Reason.OUTSIDE_CANVAS,
    Reason.UNGRADED_QUIZ,
    Reason.BLUEPRINT_LOCK,
    Reason.PACED_COURSE,
    Reason.CHECKPOINTS,
    Reason.GUARD,
    Reason.UNDONE,
    Reason.DISMISSED,
    Reason.SHARED_OVERRIDE,
    Reason.GROUP_ASSIGNMENT,
    Reason.WOULD_ASSIGN,
    Reason.WOULD_UNASSIGN,
    Reason.PLANNED,
    Reason.UNTIL_OVER,
    Reason.COURSE_END,
    Reason.GRADING_PERIOD,
    Reason.CLASS_WINDOW,
    Reason.CAPPED_BY_CANVAS,
    Reason.ACCEPTED,
    Reason.READ_BACK,
    Reason.OVER,
    Reason.INSTRUCTOR_GIVES_AS_MUCH,
    Reason.EXCEPTION,
    Reason.NOT_RELEASED,
    Reason.NO_TIME_LIMIT,
    Reason.UNLIMITED_ATTEMPTS,
    Reason.NO_DATE_TO_MOVE,
)
_RANK = {reason: position for position, reason in enumerate(_WORST_FIRST)}
_REFUSED_READ = (
    "Nothing is written, since Canvas does not let Leeway read what stands there: "
    "a Canvas administrator gives its account that permission."
)
_CLOSED_WITHOUT = "It closed while the grant was not in Canvas."
_CLOSED_UNSEEN = "It closed, and Canvas does not let Leeway read whether the grant was there."
_WAS_WELL = frozenset({Status.IN_PLACE, Status.SHORT, Status.PAST, Status.NOT_NEEDED})


def worst(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of the worst reason, which becomes the pair's status; empty where there are none."""
    known = tuple(findings)
    reason = min((finding.reason for finding in known), key=_RANK.__getitem__, default=None)
    return tuple(finding for finding in known if finding.reason is reason)


def with_failure(pair: Pair, part: Part) -> Part:
    """Return the part with *failed* or *blocked* for *planned*, where Canvas refused the same pair last time (R13).

    The action stays planned, so that it is tried again. Canvas's own words stand beside the sentence, not in it.
    """
    failure = pair.index.failures.get(pair.key)
    if failure is None or not (part.action or part.needs_extensions or part.needs_submissions):
        return part
    is_unanswered = failure.reason is Reason.UNREACHABLE
    note = "Canvas did not answer last time." if is_unanswered else "Canvas refused it last time."
    findings = tuple(
        replace(finding, reason=failure.reason, note=note) if finding.reason is Reason.PLANNED else finding
        for finding in part.findings
    )
    return replace(part, findings=findings)


def without_refused_reads(pair: Pair, part: Part) -> Part:
    """Return the part with *blocked* for *planned*, where it waits to read what Canvas refuses to show (R13)."""
    needs_extensions = part.needs_extensions and pair.can_read_extensions
    needs_submissions = part.needs_submissions and pair.can_read_submissions
    if (needs_extensions, needs_submissions) == (part.needs_extensions, part.needs_submissions):
        return part
    findings = part.findings
    if part.action is None:
        findings = tuple(
            replace(finding, reason=Reason.PERMISSION_MISSING, note=_REFUSED_READ)
            if finding.reason is Reason.PLANNED
            else finding
            for finding in findings
        )
    return replace(part, findings=findings, needs_extensions=needs_extensions, needs_submissions=needs_submissions)


def is_past(pair: Pair, desired: Desired) -> bool:
    """Whether the lock (else the due, else the course's end) of the grant as computed now has passed (R12)."""
    dates = desired.dates.wanted if desired.dates is not None else pair.dates_without_us
    over_at = dates.lock_at or dates.due_at or pair.index.course.ends_at
    return over_at is not None and over_at <= pair.now


def past_part(pair: Pair, desired: Desired) -> Part:
    """Return past or missed. What was in place before stays past; what was missed stays missed until a person acts."""
    words = explain.grant_words(pair, desired)
    previous = pair.index.previous.get(pair.key)
    if previous is not None and previous.reason in (Reason.BEGUN, Reason.RUNNING_ATTEMPT_SHORT):
        return _told(Reason.BEGUN, words, "An attempt began while the grant was not in Canvas.")
    if previous is not None and previous.status is Status.MISSED:
        return _told(Reason.CLOSED, words, _CLOSED_WITHOUT)
    if previous is not None and previous.status in _WAS_WELL:
        return _told(Reason.OVER, words, "It is over.")
    is_given = _is_given(pair, desired)
    if is_given is None and not pair.can_read_extensions:
        return _told(Reason.CLOSED, words, _CLOSED_UNSEEN)
    if is_given is None and previous is None:
        waits = Finding(Reason.PLANNED, words, "It is over; Canvas is read to see whether the grant was there.")
        return Part(findings=(waits,), needs_extensions=True)
    return _told(Reason.OVER, words, "It is over.") if is_given else _told(Reason.CLOSED, words, _CLOSED_WITHOUT)


def _is_given(pair: Pair, desired: Desired) -> bool | None:
    """Whether Canvas holds the grant now that it is over (or nothing was due); None where it must be read first."""
    if not pair.has_it or not pair.assessment.is_published:
        return True
    if Reason.OUTSIDE_CANVAS in desired.verdicts and pair.key not in pair.index.inputs.done_by_hand:
        return False
    dates = desired.dates
    if dates is not None and dates.is_needed and not gives_as_much(pair.observed_dates, dates.wanted):
        return False
    extension = extension_of(pair, desired)
    if extension.has(State.UNREAD):
        return None
    return not extension.has(State.RAISE)


def _told(reason: Reason, words: str, note: str) -> Part:
    return Part(findings=(Finding(reason, words, note),))
