"""An engine that hands everything on as another process would get it, without one."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lifecycle.part_engine import Common, PartOutcome, WorkPart


@dataclass(frozen=True)
class PicklingEngine:
    """Runs parts of about so many events here; work, parts and outcomes pass through `pickle`."""

    events_of_part: int
    is_remote = False

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        for part in parts:
            sent_function, *sent = pickle.loads(pickle.dumps((function, common, part)))
            outcome: PartOutcome = pickle.loads(pickle.dumps(sent_function(*sent)))
            yield outcome
