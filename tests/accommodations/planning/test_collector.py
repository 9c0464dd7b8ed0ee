"""Planning pauses Python's search for cycles, and never leaves it off."""

import gc

import pytest

from accommodations.planning.collector import no_search_for_cycles


def test_the_search_is_off_within_and_on_again_after_it() -> None:
    with no_search_for_cycles():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_plan_that_fails_leaves_it_on() -> None:
    with pytest.raises(ValueError, match="odd facts"), no_search_for_cycles():
        raise ValueError("odd facts")
    assert gc.isenabled()


def test_who_had_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with no_search_for_cycles():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
