"""An engine that shows on a terminal how many parts of the work are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from commands.cli.shared.progress_output import progress_bar
from commands.words.messages import _
from lifecycle.part_engine import Common, PartEngine, PartOutcome, WorkPart


@dataclass(frozen=True, slots=True)
class EngineWithBar:
    """Hands every part to another engine, and moves a bar as they come back."""

    engine: PartEngine

    @property
    def is_remote(self) -> bool:
        """Whether the other engine's parts run on other machines."""
        return self.engine.is_remote

    @property
    def events_of_part(self) -> int:
        """How many events a part of the other engine has, about."""
        return self.engine.events_of_part

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        """Yield the outcomes of the other engine."""
        with progress_bar(_("Evaluating"), len(parts)) as advance:
            for outcome in self.engine.outcomes(function, common, parts):
                advance(1)
                yield outcome
