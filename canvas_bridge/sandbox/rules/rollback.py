"""One transaction over a few records: what a refusal interrupts is as it was before."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any


@contextmanager
def restored_on_refusal(*records: Any) -> Iterator[None]:
    """Put the fields of the records back when the block raises anything; None among them is passed over."""
    known = [one for one in records if one is not None]
    before = [deepcopy(vars(one)) for one in known]
    try:
        yield
    except BaseException:
        for record, values in zip(known, before, strict=True):
            vars(record).update(values)
        raise
