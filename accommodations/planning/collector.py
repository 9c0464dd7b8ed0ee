"""Python's search for cycles, paused while there can be none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Leave out the search while something makes many values and no cycles, which takes a quarter of a plan's time.

    What nobody refers to any more goes at once as always. Two threads at a time at most end each other's pause.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
