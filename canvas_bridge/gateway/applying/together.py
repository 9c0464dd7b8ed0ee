"""Many changes in one request: when Canvas refuses some of them, the others are sent again without these."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from canvas_bridge.changes import Change, Outcome, OutcomeKind
from canvas_bridge.errors import CanvasContractError, CanvasError, CanvasNotFound, CanvasUnauthorized
from canvas_bridge.gateway.applying.outcomes import is_refusal, outcome_of_error

OneKind = TypeVar("OneKind", bound=Change)
Answered = TypeVar("Answered")


class Together(ABC, Generic[OneKind, Answered]):
    """One sort of request that carries many changes."""

    @abstractmethod
    def send(self, changes: Sequence[OneKind]) -> Answered:
        """Send one request and return its answer."""

    @abstractmethod
    def sent(self, change: OneKind) -> dict[str, object]:
        """Return the change's own part of the request."""

    @abstractmethod
    def outcomes(self, changes: Sequence[OneKind], answer: Answered) -> list[Outcome]:
        """Return one outcome per change from a 2xx answer, in order. May raise CanvasContractError."""

    def refusals(self, changes: Sequence[OneKind], error: CanvasError) -> Mapping[int, str]:
        """Return Canvas's words by index in `changes`, where a refusal names the elements that it is about."""
        return {}


def apply_together(work: Together[OneKind, Answered], changes: Sequence[OneKind]) -> tuple[Outcome, ...]:
    """Return one outcome per change, in order, sending as many requests as refusals make necessary.

    A refusal that names its elements costs one more request for the rest. One that names none is found by halving:
    a single dropped student among n costs about 2·log2(n) requests and nobody else their time.
    Raises CanvasUnauthorized where nothing was carried out; a token that dies in between leaves the rest unreachable,
    so that what did arrive is not forgotten.
    """
    return tuple(_Splitting(work, len(changes)).outcomes(changes))


class _Splitting(Generic[OneKind, Answered]):
    """Sends, and sends parts again; gives up on the rest when it looks as if everything were refused."""

    def __init__(self, work: Together[OneKind, Answered], count: int) -> None:
        self._work = work
        # One refused change is reached within log2(n) steps; twice that without any success means all are refused.
        self._most_refusals_in_a_row = 2 * count.bit_length() + 2
        self._refusals_in_a_row = 0
        self._is_answered = False

    def outcomes(self, changes: Sequence[OneKind]) -> list[Outcome]:
        if not changes:
            return []
        try:
            answer = self._work.send(changes)
        except CanvasError as error:
            if isinstance(error, CanvasUnauthorized) and not self._is_answered:
                raise
            self._is_answered = True
            return self._after_error(changes, error)
        self._is_answered = True
        self._refusals_in_a_row = 0
        return self._read(changes, answer)

    def _read(self, changes: Sequence[OneKind], answer: Answered) -> list[Outcome]:
        try:
            return self._work.outcomes(changes, answer)
        except CanvasContractError as error:
            return self._all(changes, error)

    def _after_error(self, changes: Sequence[OneKind], error: CanvasError) -> list[Outcome]:
        if not is_refusal(error):
            return self._all(changes, error)
        named = self._work.refusals(changes, error)
        if named:
            return self._without_named(changes, named, error)
        self._refusals_in_a_row += 1
        if len(changes) == 1 or self._looks_hopeless(error):
            return self._all(changes, error)
        return self._halves(changes)

    def _without_named(self, changes: Sequence[OneKind], named: Mapping[int, str], error: CanvasError) -> list[Outcome]:
        rest = iter(self.outcomes([change for index, change in enumerate(changes) if index not in named]))
        return [
            replace(outcome_of_error(change, error, self._work.sent(change)), message=named[index])
            if index in named
            else next(rest)
            for index, change in enumerate(changes)
        ]

    def _halves(self, changes: Sequence[OneKind]) -> list[Outcome]:
        middle = len(changes) // 2
        first = self.outcomes(changes[:middle])
        lost = next((one for one in first if one.kind is OutcomeKind.UNREACHABLE), None)
        if lost is None:
            return first + self.outcomes(changes[middle:])
        # Canvas went away in between; the rest would only wait for it once more.
        rest = [replace(lost, change=change, sent=self._work.sent(change)) for change in changes[middle:]]
        return first + rest

    def _looks_hopeless(self, error: CanvasError) -> bool:
        """Whether to stop looking: never for 404, which is what dropped students look like, several of them too."""
        return not isinstance(error, CanvasNotFound) and self._refusals_in_a_row >= self._most_refusals_in_a_row

    def _all(self, changes: Sequence[OneKind], error: CanvasError) -> list[Outcome]:
        return [outcome_of_error(change, error, self._work.sent(change)) for change in changes]
