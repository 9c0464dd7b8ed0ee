"""What happens next with a pair, by the reason of its status: one sentence, for whoever reads the derivation."""

from accommodations.planning.statuses import STATUS_OF, Reason, Status

_BY_STATUS = {
    Status.IN_PLACE: "Nothing: the next sync looks again, and puts back what anybody has made less.",
    Status.SHORT: "Leeway writes no more than this; a person decides about the rest.",
    Status.WAITING: "The next sync goes on with it.",
    Status.FAILED: "The next sync tries again, at the latest within the hour.",
    Status.HELD: "A person decides; until then Leeway changes nothing here.",
    Status.BLOCKED: "Leeway looks at every sync whether what is in the way has gone.",
    Status.NOT_NEEDED: "Nothing, unless the class’s dates, limits or the accommodations change.",
    Status.MISSED: "It stays on the list until a person has written what was done about it.",
    Status.PAST: "Nothing: it is over, and stays as it is.",
}
_BY_REASON = {
    Reason.ACCEPTED: "Nothing: Canvas’s own answer is the proof, and every sync compares it with the grant.",
    Reason.UNTIL_OVER: "When it is over for the student, the next sync makes the change.",
    Reason.RUNNING_ATTEMPT_SHORT: "A person extends the running attempt now; later attempts have the time already.",
    Reason.GUARD: "A director approves what the safety guard stopped, or dismisses it; everything else goes on.",
    Reason.UNDONE: "It stays away until the office releases it, or ends the accommodation.",
    Reason.DISMISSED: "What stands in Canvas stays, until the office releases the pair.",
    Reason.OUTSIDE_CANVAS: "The instructor gives it by hand and marks it as done.",
    Reason.EXCEPTION: "When the exception ends, or is withdrawn, the next sync puts the grant in.",
    Reason.NOT_RELEASED: "When the student asks for it in this course, the office releases it and a sync follows.",
}
_NOTHING_PLANNED = "Nothing: no accommodation counts here and nothing of Leeway’s is left."


def next_words(reason: Reason | None, *, has_actions: bool) -> str:
    """Return what happens next; `has_actions` where the plan holds something to write."""
    if reason is None:
        return _NOTHING_PLANNED
    if reason is Reason.PLANNED and has_actions:
        return "The next sync writes it to Canvas, and reads or takes Canvas’s answer as proof."
    return _BY_REASON.get(reason, _BY_STATUS[STATUS_OF[reason]])
