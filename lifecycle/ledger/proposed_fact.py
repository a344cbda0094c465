"""A fact that is about to be recorded, and what a command may still have against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lifecycle.events import Event, Stream


class ProposedFact(NamedTuple):
    """A fact that the rules allow and that is about to be recorded.

    A correction `replaces` the fact of a version by `event`, None where it makes it void.
    """

    stream: Stream
    event: Event | None
    replaces: int | None = None


Examination = Callable[[ProposedFact], None]
"""Raises `Rejected` for a fact that the rules allow and the command does not take as it is."""


def take_as_it_is(_proposed: ProposedFact) -> None:
    """Examine nothing."""
