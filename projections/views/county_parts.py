"""The parts of a county's pages at a view, each built on what pages had at an earlier position.

After a few events only the streams that grew are read, folded and judged again; what all other
projects give stands. Where that is not enough, a part is worked out from every project: after many
events, where units stand otherwise than before, where plots changed hands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from lifecycle.exact_numbers import ONE
from projections.facts.ledger_growth import LedgerGrowth
from projections.facts.project_facts import ProjectFacts
from projections.facts.unit_facts import RegisteredUnit
from projections.facts.units_of_day import UnitsOfDay, units_of_day
from projections.facts.values_by_code import ValuesByCode
from projections.scoring.judged_history import judged_facts
from projections.scoring.judgement import JudgedProject
from projections.scoring.plots_of_projects import NO_PLOTS, PlotsOfProjects, plots_at
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import absent_units, registered_units, units_named_in
from projections.views.growing_parts import GrowingParts
from projections.views.kept_parts import PLOTS, REGISTERED, KeptPart, PartBasis
from projections.views.project_sums import Addition, ProjectSums

Value = TypeVar("Value")
Value_contra = TypeVar("Value_contra", contravariant=True)


class Collection(Protocol[Value_contra]):
    """What projects give together, some of whose values can be exchanged."""

    def exchanged(self, values: Mapping[str, Value_contra | None], /) -> Self:
        """Return the collection with these projects' values in place of their earlier ones."""


C = TypeVar("C", bound=Collection[Any])


class CountyParts(GrowingParts):
    """The parts at a view: units and plots, projects, and what these give together."""

    def _facts(
        self,
        view: View,
        codes: Iterable[str] | None,
    ) -> Iterator[ProjectFacts]:
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

        return self.part(
            REGISTERED,
            None,
            grow,
            lambda: registered_units(self.ledger, self.view.position),
        )

    def units(self, view: View) -> UnitsOfDay:
        """The units that are there on a day of the view's position."""
        registered = self.registered()
        absent = self._absent(view, registered)
        return self.derived(
            f"units {view.as_of}",
            (registered, absent),
            lambda: units_of_day(registered, view.as_of, absent),
        )

    def _absent(
        self,
        view: View,
        registered: list[RegisteredUnit],
    ) -> frozenset[str]:
        """The units that are not there on a day; the very same while they are the same."""

        def work_out() -> frozenset[str]:
            # Of a region nothing is kept: its projects are in its members' ledgers.
            named_of_day = self._named_by_projects
            if view.projects is not None:
                named_of_day = view.projects.units_with_projects
            return absent_units(self.ledger, view, registered, partial(named_of_day, view.as_of))

        def grow(kept: KeptPart, _growth: LedgerGrowth) -> frozenset[str]:
            before: frozenset[str] = kept.part
            now = work_out()
            return before if now == before else now

        return self.part(f"absent {view.as_of}", None, grow, work_out)

    def _named_by_projects(self, day: date, names: set[str]) -> set[str]:
        """Those of some units that an effective fact of a project names by a day."""
        histories = self.histories()

        def named_in(codes: Iterable[str]) -> dict[str, list[Addition]]:
            named = {}
            for code in codes:
                units = units_named_in(histories.events(code, day))
                named[code] = [Addition(unit, ONE) for unit in sorted(units)]
            return named

        def grow(kept: KeptPart, growth: LedgerGrowth) -> ProjectSums:
            counts: ProjectSums = kept.part
            return counts.exchanged(named_in(growth.project_rows))

        counts = self.part(
            f"units named by {day}",
            None,
            grow,
            lambda: ProjectSums().exchanged(named_in(histories.events_by_code)),
        )
        return {name for name in names if name in counts.amounts}

    def _plots(self) -> PlotsOfProjects:
        """The plots of projects on the view's day, each project by the code that it has now."""

        def grow(kept: KeptPart, growth: LedgerGrowth) -> PlotsOfProjects | None:
            if "resource" in growth.kinds or growth.moves_projects:
                return None
            plots: PlotsOfProjects = kept.part
            return plots

        return self.part(
            PLOTS,
            self.view,
            grow,
            lambda: plots_at(self.ledger, self.view),
        )

    def _basis(self, view: View) -> PartBasis:
        # Plots are watched on the view's own day; what counts on other days knows nothing of them.
        plots = self._plots() if view is self.view else NO_PLOTS
        return PartBasis(self.units(view), plots)

    # Projects, and what they give

    def projects(self) -> ValuesByCode[JudgedProject]:
        """Every project that is there by the view's day, judged, by its code in their order."""
        basis = self._basis(self.view)

        def grow(kept: KeptPart, growth: LedgerGrowth) -> ValuesByCode[JudgedProject] | None:
            if not kept.basis.is_like(basis):
                return None
            before: ValuesByCode[JudgedProject] = kept.part
            # A project that is not there by the day stays out, or goes.
            grown: dict[str, JudgedProject | None] = dict.fromkeys(growth.project_rows)
            grown.update(self._judged_by_code(self.view, basis, growth.project_rows))
            return before.exchanged(grown)

        return self.part(
            "projects",
            basis,
            grow,
            lambda: ValuesByCode(dict(self._judged_by_code(self.view, basis, None))),
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

        return self.part(
            f"{name} {view.year} {view.as_of}",
            basis,
            grow,
            work_out,
        )

    def _judged_on(
        self,
        view: View,
        basis: PartBasis,
        codes: Iterable[str] | None,
    ) -> Iterator[tuple[str, JudgedProject]]:
        if view is not self.view:
            yield from self._judged_by_code(view, basis, codes)
            return
        # These are judged once for all that they give.
        projects = self.projects()
        for code in projects if codes is None else codes:
            if code in projects:
                yield code, projects[code]
