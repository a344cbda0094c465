"""A value worked out at the first look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 -- used like a decorator of the library
    """`functools.cached_property` without the lock that Python 3.11 takes at each first look."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, owner: Any, _kind: Any = None) -> T:
        """Work it out, and leave it where the next look finds it first."""
        found = owner.__dict__[self._name] = self._work(owner)
        return found
