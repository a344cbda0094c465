"""Where the parts of a large piece of work run: in this process, or in others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, Protocol, TypeVar

Common = TypeVar("Common")
WorkPart = TypeVar("WorkPart")
PartOutcome = TypeVar("PartOutcome")
Submitted = TypeVar("Submitted")
StartMethod = Literal["fork", "spawn"]

EVENTS_OF_PART: Final = 20_000


class PartEngine(Protocol):
    """Runs one function over many parts of a piece of work."""

    @property
    def is_remote(self) -> bool:
        """Whether parts run on other machines, where this one's files may not be."""

    @property
    def events_of_part(self) -> int:
        """How many events a part has, about: what a process holds at a time follows from it."""

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        """Yield what the function returns for each part, in the order of the parts.

        The function is one of a module; `common`, which is the same for all parts, and the parts
        can be pickled. What the function raises is raised here.
        """


EngineChoice = Callable[[int], PartEngine | None]
"""Returns the engine for so many events; None is this process alone."""


def this_process(_events: int) -> None:
    """Choose no engine."""


class SingleProcess:
    """Runs parts one after another in this process."""

    is_remote = False
    events_of_part = EVENTS_OF_PART

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        """Yield the outcome of each part."""
        for part in parts:
            yield function(common, part)


def submitted_in_order(
    submit: Callable[[WorkPart], Submitted],
    parts: Sequence[WorkPart],
    most_ahead: Callable[[], int],
    waiting: dict[int, Submitted],
) -> Iterator[Submitted]:
    """Submit parts, at most so many ahead of the one asked for; yield what was submitted, in order.

    An engine waits for each before it takes the next. `waiting` holds what was submitted and not
    taken yet, by the number of its part: an engine that stops cancels it.
    """
    submitted = 0
    for number in range(len(parts)):
        while submitted < len(parts) and submitted < number + most_ahead():
            waiting[submitted] = submit(parts[submitted])
            submitted += 1
        yield waiting.pop(number)
