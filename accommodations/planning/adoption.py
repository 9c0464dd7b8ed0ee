"""Overrides that only their title says are ours: the ledger has forgotten them, or has given them up (F30)."""

from dataclasses import replace

from accommodations.planning.context import Pair
from accommodations.planning.desired import desired_for


def with_adopted(pair: Pair) -> Pair:
    """Return the pair with the override whose title only we can have made, where it says just what we would write.

    The title stays when an instructor sets other dates in an override of ours, and the ledger then gives it up (R3).
    So one that says anything else is the instructor's own, and so is every one where nothing is granted any more.
    """
    titled = pair.index.titled_as_ours.get(pair.key)
    if titled is None:
        return pair
    candidate = replace(pair, adopted=titled)
    dates = desired_for(candidate).dates
    return candidate if dates is not None and dates.is_needed and dates.wanted == titled.put else pair
