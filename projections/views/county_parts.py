"""The parts of a county's pages at a view, each built on what pages had at an earlier position.

After a few events only the streams that grew are read, folded and judged again; what all other
projects give stands. Where that is not enough, a part is worked out from every project: after many
events, where units stand otherwise than before, where plots changed hands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import RLock
from typing import Any, Protocol, Self, TypeVar

from lifecycle.ledger.store import Ledger
from projections.facts.kept_histories import KeptHistories
from projections.facts.ledger_growth import LedgerGrowth, ledger_growth
from projections.facts.project_facts import ProjectFacts
from projections.facts.unit_facts import RegisteredUnit
from projections.facts.units_of_day import UnitsOfDay, units_in_doubt
from projections.scoring.judged_history import judged_facts
from projections.scoring.judgement import JudgedProject
from projections.scoring.plots_of_projects import NO_PLOTS, PlotsOfProjects, plots_at
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import registered_units, units_there
from projections.views.kept_parts import (
    HISTORIES,
    PLOTS,
    REGISTERED,
    KeptPart,
    KeptParts,
    PartBasis,
)

T = TypeVar("T")
Value = TypeVar("Value")
Value_contra = TypeVar("Value_contra", contravariant=True)


class Collection(Protocol[Value_contra]):
    """What projects give together, some of whose values can be exchanged."""

    def exchanged(self, values: Mapping[str, Value_contra | None], /) -> Self:
        """Return the collection with these projects' values in place of their earlier ones."""


C = TypeVar("C", bound=Collection[Any])


class CountyParts:
    """The parts at a view, each worked out when first asked for; threads wait for one another."""

    def __init__(
        self,
        ledger: Ledger,
        view: View,
        kept: KeptParts,
    ) -> None:
        self._ledger = ledger
        self._view = view
        self._kept = kept
        self._lock = RLock()
        self._parts: dict[str, Any] = {}
        self._growths: dict[int, LedgerGrowth | None] = {}

    def _part(
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
                self._kept.keep(name, KeptPart(self._view.position, basis, part))
                self._parts[name] = part
            part = self._parts[name]
        return part

    def _grown(
        self,
        name: str,
        grow: Callable[[KeptPart, LedgerGrowth], T | None],
    ) -> T | None:
        position = self._view.position
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
            growth = ledger_growth(self._ledger, position, self._view.position)
            self._growths[position] = growth
        return self._growths[position]

    # What was recorded of projects

    def histories(self) -> KeptHistories:
        """Every project's effective events, whatever their day."""
        position = self._view.position

        def grow(kept: KeptPart, growth: LedgerGrowth) -> KeptHistories | None:
            histories: KeptHistories | None = kept.part.grown(growth, position)
            if histories is None:
                # What else is kept was read from the same store, and may be as wrong.
                self._kept.discard()
            return histories

        return self._part(
            HISTORIES,
            None,
            grow,
            lambda: KeptHistories.read(self._ledger, position),
        )

    def _facts(
        self,
        view: View,
        codes: Iterable[str] | None,
    ) -> Iterator[ProjectFacts]:
        # Of a region nothing is kept: its projects are in its members' ledgers.
        if view.projects is not None:
            yield from view.projects.project_facts(view.as_of)
            return
        histories = self.histories()
        for code in histories.events_by_code if codes is None else codes:
            facts = histories.facts(code, view.as_of)
            if facts is not None:
                yield facts

    # Units and plots

    def registered(self) -> list[RegisteredUnit]:
        """The units registered by the position, whatever the day."""

        def grow(kept: KeptPart, growth: LedgerGrowth) -> list[RegisteredUnit] | None:
            # Their facts name projects by the codes that these have now.
            if "unit" in growth.kinds or growth.moves_projects:
                return None
            registered: list[RegisteredUnit] = kept.part
            return registered

        return self._part(
            REGISTERED,
            None,
            grow,
            lambda: registered_units(self._ledger, self._view.position),
        )

    def units(self, view: View) -> UnitsOfDay:
        """The units that are there on a day of the view's position."""
        registered = self.registered()

        def grow(kept: KeptPart, growth: LedgerGrowth) -> UnitsOfDay | None:
            if kept.basis is not registered:
                return None
            # A unit whose own facts are later is there once a project or a target names it.
            if growth.kinds and units_in_doubt(registered, view.as_of):
                return None
            units: UnitsOfDay = kept.part
            return units

        return self._part(
            f"units {view.as_of}",
            registered,
            grow,
            lambda: units_there(self._ledger, view, registered),
        )

    def _plots(self) -> PlotsOfProjects:
        """The plots of projects on the view's day, each project by the code that it has now."""

        def grow(kept: KeptPart, growth: LedgerGrowth) -> PlotsOfProjects | None:
            if "resource" in growth.kinds or growth.moves_projects:
                return None
            plots: PlotsOfProjects = kept.part
            return plots

        return self._part(
            PLOTS,
            self._view,
            grow,
            lambda: plots_at(self._ledger, self._view),
        )

    def _basis(self, view: View) -> PartBasis:
        # Plots are watched on the view's own day; what counts on other days knows nothing of them.
        plots = self._plots() if view is self._view else NO_PLOTS
        return PartBasis(self.units(view), plots)

    # Projects, and what they give

    def projects(self) -> dict[str, JudgedProject]:
        """Every project that is there by the view's day, judged, by its code in their order."""
        basis = self._basis(self._view)

        def grow(kept: KeptPart, growth: LedgerGrowth) -> dict[str, JudgedProject] | None:
            if not kept.basis.is_like(basis):
                return None
            before: dict[str, JudgedProject] = kept.part
            changed = dict(self._judged_by_code(self._view, basis, growth.project_rows))
            projects = before | changed
            for code in growth.project_rows.keys() - changed.keys():
                projects.pop(code, None)
            if changed.keys() <= before.keys():
                return projects
            in_order = self.histories().events_by_code
            return {code: projects[code] for code in in_order if code in projects}

        return self._part(
            "projects",
            basis,
            grow,
            lambda: dict(self._judged_by_code(self._view, basis, None)),
        )

    def _judged_by_code(
        self,
        view: View,
        basis: PartBasis,
        codes: Iterable[str] | None,
    ) -> Iterator[tuple[str, JudgedProject]]:
        facts = self._facts(view, codes)
        policy = prepared(view.rulebook)
        for project in judged_facts(facts, policy, view.axes, basis.units, basis.plots):
            yield project.facts.code, project

    def collected(
        self,
        name: str,
        view: View,
        empty: Callable[[], C],
        value_of: Callable[[JudgedProject], object],
    ) -> C:
        """What every project gives on a day of the view's position, collected under a name.

        It is the very same as at an earlier position where no project gives anything else.
        """
        basis = self._basis(view)

        def grow(kept: KeptPart, growth: LedgerGrowth) -> C | None:
            if not kept.basis.is_like(basis):
                return None
            values: dict[str, object] = dict.fromkeys(growth.project_rows)
            for code, project in self._judged_on(view, basis, growth.project_rows):
                values[code] = value_of(project)
            collection: C = kept.part
            return collection.exchanged(values)

        def work_out() -> C:
            projects = self._judged_on(view, basis, None)
            return empty().exchanged({code: value_of(project) for code, project in projects})

        return self._part(
            f"{name} {view.year} {view.as_of}",
            basis,
            grow,
            work_out,
        )

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

        return self._part(name, basis, grow, work_out)

    def _judged_on(
        self,
        view: View,
        basis: PartBasis,
        codes: Iterable[str] | None,
    ) -> Iterator[tuple[str, JudgedProject]]:
        if view is not self._view:
            yield from self._judged_by_code(view, basis, codes)
            return
        # These are judged once for all that they give.
        projects = self.projects()
        for code in projects if codes is None else codes:
            if code in projects:
                yield code, projects[code]
