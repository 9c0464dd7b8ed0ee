"""What must be read from Canvas before a plan can be trusted."""

from accommodations.planning.plan import PlanningInputs, ReadsNeeded
from accommodations.planning.planner import planned_pairs


def reads_needed(inputs: PlanningInputs) -> ReadsNeeded:
    """Return the assessments whose extensions or submissions the plan waits for: empty once they were read.

    It asks the planner itself, so what is read and what is planned cannot drift apart. Extensions are needed before
    the first write, for running attempts, before anything shrinks, and to tell past from missed; submissions before
    anything shrinks or moves out of a shared override. New Quizzes cannot be read, and what Canvas refused to show is
    not asked for again.
    """
    extensions: set[str] = set()
    submissions: set[str] = set()
    for planned in planned_pairs(inputs):
        key = planned.pair.assessment.key
        if any(part.needs_extensions for part in planned.parts):
            extensions.add(key)
        if any(part.needs_submissions for part in planned.parts):
            submissions.add(key)
    facts = inputs.facts
    return ReadsNeeded(
        frozenset(extensions - facts.extensions_unreadable), frozenset(submissions - facts.submissions_unreadable)
    )
