"""What must be read from Canvas before a plan can be trusted."""

from accommodations.planning.plan import PlanningInputs, ReadsNeeded
from accommodations.planning.planner import planned_pairs, reads_of


def reads_needed(inputs: PlanningInputs) -> ReadsNeeded:
    """Return the assessments whose extensions or submissions the plan waits for: empty once they were read.

    It asks the planner itself, so what is read and what is planned cannot drift apart; a plan says the same of itself.
    """
    return reads_of(planned_pairs(inputs), inputs)
