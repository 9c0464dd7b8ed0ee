"""F29: an update of Leeway, by the guide's own step, in the middle of work that the release before had begun."""

import random

import pytest

from accommodations.models import CourseSync, SyncAction
from tests.faults.checker import FaultFree, check
from tests.faults.lab import Lab
from tests.faults.older_schema import put_back_to
from tests.faults.steering import WRITES_OF_THE_RUN, at_a_write


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("migration", ["0005_log_evidence", "0012_board_indexes"])
def test_f29_what_the_release_before_was_doing_is_finished_after_the_update(
    migration: str, when: str, lab: Lab, expected: FaultFree, lots: random.Random
) -> None:
    """R14: killed at a write, its tables migrated, and the write that nobody heard of is settled by reading."""
    at_a_write(lab, lab.kill_children, skip=lots.randrange(WRITES_OF_THE_RUN), when=when)
    lab.stop_workers()
    put_back_to(lab, migration)

    migrated = lab.manage("migrate", "--no-input")
    assert migrated.returncode == 0, migrated.stderr
    assert SyncAction.objects.filter(status=SyncAction.Status.STARTED).exists()
    assert CourseSync.objects.filter(status=CourseSync.Status.APPLYING).exists()

    lab.keep_one_worker()
    lab.wait_until_settled()
    check(lab, expected)
