"""Parts of a county at a view, each built on what was kept of it at an earlier position."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

from lifecycle.ledger.store import Ledger
from projections.facts.kept_histories import KeptHistories
from projections.facts.ledger_growth import LedgerGrowth, ledger_growth
from projections.scoring.result_view import View
from projections.views.kept_parts import HISTORIES, KeptPart, KeptParts

T = TypeVar("T")


class GrowingParts:
    """The parts at a view, each worked out when first asked for; threads wait for one another."""

    def __init__(
        self,
        ledger: Ledger,
        view: View,
        kept: KeptParts,
    ) -> None:
        self.ledger = ledger
        self.view = view
        self._kept = kept
        self._lock = RLock()
        self._parts: dict[str, Any] = {}
        self._growths: dict[int, LedgerGrowth | None] = {}

    def part(
        self,
        name: str,
        basis: object,
        grow: Callable[[KeptPart, LedgerGrowth], T | None],
        work_out: Callable[[], T],
    ) -> T:
        """A part as it grew from what is kept of it; worked out where nothing is, or too little."""
        part: T
        with self._lock:
            if name not in self._parts:
                grown = self._grown(name, grow)
                part = work_out() if grown is None else grown
                self._kept.keep(name, KeptPart(self.view.position, basis, part))
                self._parts[name] = part
            part = self._parts[name]
        return part

    def _grown(
        self,
        name: str,
        grow: Callable[[KeptPart, LedgerGrowth], T | None],
    ) -> T | None:
        position = self.view.position
        if name != HISTORIES and self._kept.latest(HISTORIES, position) is not None:
            # They show whether the store was changed beneath: then nothing that is kept serves.
            self.histories()
        kept = self._kept.latest(name, position)
        if kept is None:
            return None
        growth = self._growth_since(kept.position)
        return None if growth is None else grow(kept, growth)

    def _growth_since(self, position: int) -> LedgerGrowth | None:
        if position not in self._growths:
            growth = ledger_growth(self.ledger, position, self.view.position)
            self._growths[position] = growth
        return self._growths[position]

    def derived(
        self,
        name: str,
        basis: tuple[object, ...],
        work_out: Callable[[], T],
    ) -> T:
        """What follows from its basis alone: it stands while each part of that is the very same."""

        def grow(kept: KeptPart, _growth: LedgerGrowth) -> T | None:
            part: T = kept.part
            return part if kept.rests_on(basis) else None

        return self.part(name, basis, grow, work_out)

    def histories(self) -> KeptHistories:
        """Every project's effective events, whatever their day."""
        position = self.view.position

        def grow(kept: KeptPart, growth: LedgerGrowth) -> KeptHistories | None:
            histories: KeptHistories | None = kept.part.grown(growth, position)
            if histories is None:
                # What else is kept was read from the same store, and may be as wrong.
                self._kept.discard()
            return histories

        return self.part(
            HISTORIES,
            None,
            grow,
            lambda: KeptHistories.read(self.ledger, position),
        )
