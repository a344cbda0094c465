"""An attribute that is computed when it is first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 -- a decorator, named like those of the standard library
    """`functools.cached_property` without its lock.

    Until Python 3.12 each first read of a cached property takes a lock, which costs more than most
    of our attributes do. Projections run in one thread; a value computed twice would be the same.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, instance: Any, _owner: type[Any] | None = None) -> T:
        """Compute the value and store it under the attribute's name, where Python looks first."""
        value = self._compute(instance)
        instance.__dict__[self._name] = value
        return value
