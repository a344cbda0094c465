"""An event that somebody wants to record, with all that a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.decision_state import DecisionState
from lifecycle.events import Stream

E_co = TypeVar("E_co", covariant=True)


@dataclass(slots=True)
class Proposal(Generic[E_co]):
    """An event with the state of its stream before it, and the context of the rest of the ledger.

    A rule is a function of a proposal. It returns the problem with the event, or None.
    """

    state: DecisionState
    stream: Stream
    event: E_co
    context: DecisionContext
    version: int
    """The version that the event has, or is to have, in its stream."""
