"""What was worked out for a view, for the same view at a later position to build on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar

from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.plots_of_projects import PlotsOfProjects

T = TypeVar("T")

HISTORIES: Final = "histories"
REGISTERED: Final = "registered"
PLOTS: Final = "plots"
"""The parts that are read from the store; every other one follows from them."""


class PartBasis(NamedTuple):
    """What every project's share of a part rests on beside the project itself."""

    units: UnitsOfDay
    plots: PlotsOfProjects

    def is_like(self, other: PartBasis) -> bool:
        """Whether projects are the same on both: the units' own facts do not count."""
        if self.plots != other.plots:
            return False
        if self.units is other.units:
            return True
        return list(self.units.standing_parts()) == list(other.units.standing_parts())


class KeptPart(NamedTuple):
    """A part, the position at which it was worked out, and on which basis."""

    position: int
    basis: Any
    part: Any

    def rests_on(self, basis: tuple[object, ...]) -> bool:
        """Whether the part was worked out from the very same things."""
        return all(before is now for before, now in zip(self.basis, basis, strict=True))


class KeptParts:
    """The newest of each part by its name, for views that differ in their positions alone.

    Several threads may use it: parts do not change once they are made.
    """

    def __init__(self, on_discard: Callable[[], None] | None = None) -> None:
        self._lock = Lock()
        self._parts: dict[str, KeptPart] = {}
        self._is_discarded = False
        self._on_discard = on_discard

    def latest(self, name: str, position: int) -> KeptPart | None:
        """Return the newest part of a name; None where there is none up to the position."""
        with self._lock:
            kept = self._parts.get(name)
        return kept if kept is not None and kept.position <= position else None

    def keep(self, name: str, kept: KeptPart) -> None:
        """Keep a part, unless a newer one of the name is kept, or nothing is any more."""
        with self._lock:
            before = self._parts.get(name)
            is_newer = before is None or before.position <= kept.position
            if is_newer and not self._is_discarded:
                self._parts[name] = kept

    def while_same(
        self,
        name: str,
        position: int,
        basis: tuple[object, ...],
        work_out: Callable[[], T],
    ) -> T:
        """Return what follows from its basis alone: worked out, unless it was kept of the same.

        Two threads may work it out at once, and none of them waits for the other.
        """
        kept = self.latest(name, position)
        if kept is not None and kept.rests_on(basis):
            part: T = kept.part
            return part
        part = work_out()
        self.keep(name, KeptPart(position, basis, part))
        return part

    def all_parts(self) -> dict[str, KeptPart]:
        """Return what is kept, by name."""
        with self._lock:
            return dict(self._parts)

    def discard(self) -> None:
        """Keep nothing any more, as the store was changed beneath what was kept."""
        with self._lock:
            self._is_discarded = True
            self._parts.clear()
        if self._on_discard is not None:
            self._on_discard()
