"""Projections: an initial value, and one small function for each kind of event that changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Generic, TypeVar

from lifecycle.events import Event
from projections.facts.narrow_events import DatedEvent, narrow

S = TypeVar("S")
E = TypeVar("E", bound=Event)
Step = Callable[[S, date, int, E], None]
"""Changes a state by one event: (state, day, version, event)."""


class Projection(Generic[S]):
    """The steps that fold a stream's events into a state. Events without a step change nothing."""

    def __init__(self) -> None:
        self._steps: dict[type[Event], Callable[[S, date, int, Any], None]] = {}

    def when(self, kind: type[E]) -> Callable[[Step[S, E]], Step[S, E]]:
        """Make the decorated function the step for one kind of event."""

        def register(step: Step[S, E]) -> Step[S, E]:
            self._steps[narrow(kind)] = step
            return step

        return register

    def apply(self, state: S, events: Iterable[DatedEvent]) -> None:
        """Change a state by events in their order."""
        # A replay takes every event of the ledger through this loop: it asks one dictionary.
        steps = self._steps
        for on, version, event in events:
            step = steps.get(type(event))
            if step is not None:
                step(state, on, version, event)
