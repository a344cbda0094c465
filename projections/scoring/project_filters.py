"""Filters and needs of a rulebook as tests of a judged project, prepared once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import Any, Final, Protocol

from lifecycle.events.project_events import InformationReported
from lifecycle.rulebook.intervals import Interval, interval_test
from lifecycle.rulebook.parts import Filter, Within
from projections.facts.unit_facts import UnitFacts


class FilteredProject(Protocol):
    """What filters look at of a judged project; sizes in millionths of 万元."""

    information: InformationReported
    scale: int
    credited: UnitFacts | None

    @property
    def investment(self) -> int:
        """Total investment."""

    @property
    def invested_share(self) -> Fraction:
        """Fixed assets by the day ÷ total investment."""

    @property
    def excluded(self) -> Collection[object]:
        """The exclusions that hold."""

    @property
    def recognised(self) -> bool:
        """Whether it is recognised."""

    @property
    def eligible(self) -> bool:
        """Whether it is eligible."""

    def figure(self, name: str) -> Fraction | None:
        """A figure reported by the day; None where there is none."""

    def reached_in(self, stage: str, period: str) -> bool:
        """Whether a node's first day lies in the year, half-year, quarter or month."""


ProjectTest = Callable[[FilteredProject], bool]
"""Whether a filter takes a project."""


def _not_excluded(project: FilteredProject) -> bool:
    return not project.excluded


NEED_TESTS: Final[Mapping[str, ProjectTest]] = {
    "not_excluded": _not_excluded,
    "recognised": attrgetter("recognised"),
    "eligible": attrgetter("eligible"),
}
"""What a rule may need of a project."""


def project_test(
    where: Filter | None,
    needs: Iterable[str] = (),
) -> ProjectTest | None:
    """A filter, and needs, as one test; None where it takes every project."""
    tests: list[ProjectTest] = []
    if where is not None:
        for name in type(where).model_fields:
            value = getattr(where, name)
            if value is not None:
                tests.append(_FIELD_TESTS[name](value))
    tests.extend(NEED_TESTS[need] for need in needs)
    return all_of(tests)


def all_of(tests: list[ProjectTest]) -> ProjectTest | None:
    """The tests as one that holds where all do; None of none."""
    if not tests:
        return None
    *former, last = tests
    before = all_of(former)
    if before is None:
        return last

    # Two nested calls are faster than a loop, and filters run for each project and rule.
    def both_hold(project: FilteredProject) -> bool:
        return before(project) and last(project)

    return both_hold


def any_of(tests: list[ProjectTest]) -> ProjectTest:
    """The tests as one that holds where any does."""

    def any_holds(project: FilteredProject) -> bool:
        return any(test(project) for test in tests)

    return any_holds


def takes_every_project(_project: FilteredProject) -> bool:
    """The test of a filter without fields."""
    return True


def unit_matches(where: Filter | None, unit: UnitFacts) -> bool:
    """Whether a filter takes a unit, or the projects credited to it."""
    return where is None or where.takes_unit(unit)


# A test for each field of a filter ----------------------------------------------------------------


def _report_has_any(name: str, values: Iterable[str]) -> ProjectTest:
    """The test of a list in the report: any of the filter's values is in it."""
    read = attrgetter(name)
    accepted = frozenset(values)

    def has_any(project: FilteredProject) -> bool:
        return not accepted.isdisjoint(read(project.information))

    return has_any


def _report_is_one_of(name: str, values: Iterable[str]) -> ProjectTest:
    """The test of a value in the report: it is one of the filter's."""
    read = attrgetter(name)
    accepted = frozenset(values)

    def is_one(project: FilteredProject) -> bool:
        return read(project.information) in accepted

    return is_one


def _scale_in(band: Interval) -> ProjectTest:
    lies_within = interval_test(band)
    return lambda project: lies_within(project.scale)


def _investment_in(band: Interval) -> ProjectTest:
    lies_within = interval_test(band)
    return lambda project: lies_within(project.investment)


def _invested_share_in(band: Interval) -> ProjectTest:
    # A share is a fraction, not a number of millionths.
    return lambda project: project.invested_share in band


def _reported_in_years(years: tuple[int, int]) -> ProjectTest:
    first, last = years
    return lambda project: first <= project.information.reported_at.year <= last


def _consulted_in_year(expected: bool) -> ProjectTest:  # noqa: FBT001 -- the filter's own value
    def consulted(project: FilteredProject) -> bool:
        return project.reached_in("consultation", "year") is expected

    return consulted


def _reached_within(within: Within) -> ProjectTest:
    def reached(project: FilteredProject) -> bool:
        return project.reached_in(within.stage, within.period)

    return reached


def _figures_in(bands: Mapping[str, Interval]) -> ProjectTest:
    """The test of figures: each was reported and lies within its band."""

    def all_within(project: FilteredProject) -> bool:
        for name, band in bands.items():
            reported = project.figure(name)
            if reported is None or reported not in band:
                return False
        return True

    return all_within


def _credit_unit_has(
    name: str,
    values: Collection[str],
    *,
    among: bool,
) -> ProjectTest:
    """The test of the credit unit's category or sequence; without a registered unit none holds."""
    read = attrgetter(name)

    def matches(project: FilteredProject) -> bool:
        unit = project.credited
        return unit is not None and (read(unit) in values) is among

    return matches


_FIELD_TESTS: Final[Mapping[str, Callable[[Any], ProjectTest]]] = {
    "sector": partial(_report_is_one_of, "sector"),
    "kind": partial(_report_is_one_of, "kind"),
    "site": partial(_report_is_one_of, "site"),
    "traits": partial(_report_has_any, "investor_traits"),
    "chains": partial(_report_has_any, "chains"),
    "scale": _scale_in,
    "investment": _investment_in,
    "invested_share": _invested_share_in,
    "information_years": _reported_in_years,
    "consulted_in_year": _consulted_in_year,
    "reached": _reached_within,
    "figures": _figures_in,
    "category": partial(_credit_unit_has, "category", among=True),
    "sequence": partial(_credit_unit_has, "sequence", among=True),
    "except_sequence": partial(_credit_unit_has, "sequence", among=False),
}
"""How a test is made of the value of each of a filter's fields."""


def sector_test(sectors: Iterable[str]) -> ProjectTest:
    """The test of a project's sector by itself."""
    return _report_is_one_of("sector", sectors)
