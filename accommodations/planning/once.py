"""A property that is computed at its first use and then kept: functools.cached_property without its lock."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class computed_once(Generic[Value]):  # noqa: N801  # written as a decorator, like property
    """Keeps what a method without arguments returns; planning runs in one thread, and a course has 50,000 pairs."""

    def __init__(self, method: Callable[[Any], Value]) -> None:
        self.method = method
        self.name = method.__name__
        self.__doc__ = method.__doc__

    def __get__(self, instance: Any, owner: type | None = None) -> Value:
        """Compute the value and put it where the next look-up finds it first."""
        value = self.method(instance)
        instance.__dict__[self.name] = value
        return value
