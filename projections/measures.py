"""What rules count: every measure as a function from a judged project, or a unit, to its items. One place for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.vocabulary import STAGES
from projections import facts as f
from projections.facts import MICRO, micro
from projections.judgement import Axes, Judged
from projections.unit_facts import UnitFacts


class Item(NamedTuple):
    """Something to be scored: its label, its value in millionths, the versions of the events it rests on, its inputs."""

    label: str
    value: int | Fraction
    versions: tuple[int, ...]
    inputs: dict[str, Any]


Amount = tuple[str, int, int]
"""A month, the version of its event, the amount in millionths of 万元."""

# Of a project ---------------------------------------------------------------------------------------------------------


def consultations_passed(judged: Judged) -> Iterator[Item]:
    """The passed consultation, where it lies in the year."""
    node = judged.project.nodes.get("consultation")
    if node is not None and node.on.year == judged.axes.year:
        yield Item("consultation", MICRO, (node.version,), {"passed_on": node.on})


def nodes_reached(judged: Judged) -> Iterator[Item]:
    """Each node whose first day lies in the year, within the assessment period where the policy limits it."""
    for stage in STAGES:
        node = judged.node(stage)
        if node is not None and node.on.year == judged.axes.year and judged.in_period(node):
            yield Item(stage, MICRO, (node.version,), {"node": stage, "reached_on": node.on})


def _fixed_assets(judged: Judged) -> Iterable[Amount]:
    year = judged.axes.months
    return [(month, version, micro(e.fixed_assets)) for month, version, e in judged.project.figures if month[:5] == year]


def _self_held(judged: Judged) -> Iterable[Amount]:
    year = judged.axes.months
    return [
        (month, version, micro(e.self_held) - micro(e.self_held_state_share))
        for month, version, e in judged.project.figures
        if month[:5] == year
    ]


def _tax(judged: Judged) -> Iterable[Amount]:
    year = judged.axes.months
    return [(month, version, micro(e.amount)) for month, version, e in judged.project.taxes if month[:5] == year]


def _land_fee(judged: Judged) -> Iterable[Amount]:
    node, land = judged.project.nodes.get("land"), judged.project.land
    if node is not None and land is not None and node.on.year == judged.axes.year and judged.day_in_period(node.on):
        yield node.on.isoformat()[:7], node.version, micro(land.transfer_fee) - micro(land.county_state_share)


_SOURCES: Final[dict[str, Callable[[Judged], Iterable[Amount]]]] = {
    "fixed_assets": _fixed_assets,
    "self_held": _self_held,
    "tax": _tax,
    "land_fee": _land_fee,
}


def funds_in_place(judged: Judged) -> Iterator[Item]:
    """到位资金 of the year by the day, within the assessment period: the amounts of the sector's source, at its share."""
    row = judged.policy.funds.get(judged.information.sector)
    if row is None or (row.needs is not None and row.needs not in judged.project.nodes):
        return
    last = judged.last_month
    counted = [entry for entry in _SOURCES[row.source](judged) if entry[2] and entry[0] <= last]
    if counted:
        total = sum(amount for _, _, amount in counted)
        funds = total if row.share == 1 else total * row.share
        versions = tuple(version for _, version, _ in counted)
        yield Item(row.source, funds, versions, {"source": row.source, "months": len(counted)})


def checks_passed(judged: Judged) -> Iterator[Item]:
    """Checks at which every milestone due had been reached."""
    return _checks(judged, passed=True)


def checks_missed(judged: Judged) -> Iterator[Item]:
    """Checks at which one had not."""
    return _checks(judged, passed=False)


def _checks(judged: Judged, *, passed: bool) -> Iterator[Item]:
    for check in judged.checks:
        if check.passed is passed:
            nodes = {stage: judged.node(stage) for stage in check.milestones}
            versions = {milestone.version for milestone in check.milestones.values()}
            versions |= {node.version for node in nodes.values() if node is not None and node.on <= check.on}
            due = {stage: milestone.due_on for stage, milestone in sorted(check.milestones.items())}
            yield Item(check.quarter, MICRO, tuple(sorted(versions)), {"check": check.quarter, "due": due})


def assessed_unfulfilled(judged: Judged) -> Iterator[Item]:
    """The year's last performance assessment, where it found the project unfulfilled."""
    return _unfulfilled(judged, or_untaxed=False)


def assessed_unfulfilled_or_untaxed(judged: Judged) -> Iterator[Item]:
    """The same, or where no tax was ever paid."""
    return _unfulfilled(judged, or_untaxed=True)


def _unfulfilled(judged: Judged, *, or_untaxed: bool) -> Iterator[Item]:
    last = next((a for a in reversed(judged.project.assessments) if a.on.year == judged.axes.year), None)
    if last is None:
        return
    untaxed = or_untaxed and judged.project.tax_node is None
    if untaxed or not last.fulfilled:
        yield Item("unfulfilled", MICRO, (last.version,), {"assessed_on": last.on, "fulfilled": last.fulfilled})


# Of a unit ------------------------------------------------------------------------------------------------------------


def _of(unit: UnitFacts, axes: Axes, kind: type[f.Fact]) -> Iterator[tuple[int, Any]]:
    """A unit's facts of a kind in the year by the day, each with its version; a monthly one by its month."""
    for on, version, fact in unit.facts:
        if type(fact) is kind and on <= axes.as_of and on.year == axes.year:
            yield version, fact


def activities_led_by_head(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """活动组织 led by the unit's head."""
    for version, fact in _of(unit, axes, f.ActivityHeld):
        if fact.led_by_head:
            yield Item(fact.activity, MICRO, (version,), {"activity": fact.activity, "held_on": fact.on})


def routine_points(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """日常工作 marks."""
    for version, fact in _of(unit, axes, f.RoutineAssessed):
        yield Item(fact.item, micro(fact.points), (version,), {"item": fact.item, "month": fact.month})


def awards_won(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """获评能手."""
    for version, fact in _of(unit, axes, f.AwardWon):
        yield Item(fact.title, MICRO, (version,), {"title": fact.title, "person": fact.person})


def cadres_seconded(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """Each distinct person seconded."""
    return _distinct(_of(unit, axes, f.CadreSeconded), "person")


def major_projects_supported(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """Each distinct project supported."""
    return _distinct(_of(unit, axes, f.MajorProjectSupported), "about_project")


def _distinct(found: Iterable[tuple[int, Any]], name: str) -> Iterator[Item]:
    versions: dict[str, list[int]] = {}
    for version, fact in found:
        versions.setdefault(getattr(fact, name), []).append(version)
    for value, own in versions.items():
        yield Item(value, MICRO, tuple(own), {name: value})


def black_listings(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """Months on the black board."""
    for version, fact in _of(unit, axes, f.UnitListed):
        if fact.board == "black":
            yield Item(fact.month, MICRO, (version,), {"month": fact.month})


def landing_failures(unit: UnitFacts, axes: Axes) -> Iterator[Item]:
    """落地服务失职."""
    for version, fact in _of(unit, axes, f.LandingServiceFailed):
        yield Item(fact.failure, MICRO, (version,), {"failure": fact.failure, "occurred_on": fact.on})


OF_PROJECT: Final[dict[str, Callable[[Judged], Iterator[Item]]]] = {
    measure.__name__: measure
    for measure in (
        consultations_passed,
        nodes_reached,
        funds_in_place,
        checks_passed,
        checks_missed,
        assessed_unfulfilled,
        assessed_unfulfilled_or_untaxed,
    )
}
OF_UNIT: Final[dict[str, Callable[[UnitFacts, Axes], Iterator[Item]]]] = {
    measure.__name__: measure
    for measure in (
        activities_led_by_head,
        routine_points,
        awards_won,
        cadres_seconded,
        major_projects_supported,
        black_listings,
        landing_failures,
    )
}
