"""What rules count, read from a judged project or a unit: what events alone tell by the measure's row, the rest by a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Final, NamedTuple

from lifecycle.events import BY_NAME
from lifecycle.events.unit_events import IndicatorReported
from lifecycle.events.vocabulary import STAGES
from lifecycle.rulebook.counted import MeasureSelection
from lifecycle.rulebook.measures import MEASURES, EventCount
from projections.facts.narrow_events import MICRO, DatedEvent, events_of, micro
from projections.facts.unit_facts import UnitFacts
from projections.scoring.judgement import NEVER, JudgedProject, ScoringAxes


class CountedItem(NamedTuple):
    """Something to be scored: its label, its value in millionths, the versions of the events it rests on, its inputs, and when it was.

    `when` is a day, a month `2024-05`, a quarter `2024-Q2` or a year.
    """

    label: str
    value: int | Fraction
    versions: tuple[int, ...]
    inputs: dict[str, Any]
    when: date | str | None = None


Amount = tuple[str, int, int]
"""A month, the version of its event, the amount in millionths of 万元."""

# Of a project ---------------------------------------------------------------------------------------------------------


def consultations_passed(judged: JudgedProject) -> Iterator[CountedItem]:
    """The passed consultation, where it lies in the year."""
    node = judged.project.nodes.get("consultation")
    if node is not None and judged.axes.covers(node.on):
        yield CountedItem("consultation", MICRO, (node.version,), {"passed_on": node.on}, node.on)


def nodes_reached(judged: JudgedProject) -> Iterator[CountedItem]:
    """Each node whose first day lies in the year, within the assessment period where the policy limits it."""
    year, first = judged.axes.year, judged.axes.first
    limited, nodes = "nodes_reached" in judged.policy.limited, judged.nodes
    for stage in STAGES:
        node = nodes.get(stage)
        if (
            node is not None
            and node.on.year == year
            and (first is None or node.on >= first)
            and (not limited or judged.in_period(node))
        ):
            yield CountedItem(
                stage, MICRO, (node.version,), {"node": stage, "reached_on": node.on}, node.on
            )


def _fixed_assets(judged: JudgedProject) -> Iterable[Amount]:
    return [(month, version, micro(e.fixed_assets)) for month, version, e in judged.figures]


def _self_held(judged: JudgedProject) -> Iterable[Amount]:
    return [
        (month, version, micro(e.self_held) - micro(e.self_held_state_share))
        for month, version, e in judged.figures
    ]


def _tax(judged: JudgedProject) -> Iterable[Amount]:
    return [(month, version, micro(e.amount)) for month, version, e in judged.taxes]


def _land_fee(judged: JudgedProject) -> Iterable[Amount]:
    node, land = judged.project.nodes.get("land"), judged.project.land
    limited = "funds_in_place" in judged.policy.limited
    if (
        node is not None
        and land is not None
        and judged.axes.covers(node.on)
        and (not limited or judged.day_in_period(node.on))
    ):
        yield (
            node.on.isoformat()[:7],
            node.version,
            micro(land.transfer_fee) - micro(land.county_state_share),
        )


_SOURCES: Final[dict[str, Callable[[JudgedProject], Iterable[Amount]]]] = {
    "fixed_assets": _fixed_assets,
    "self_held": _self_held,
    "tax": _tax,
    "land_fee": _land_fee,
}


def funds_in_place(judged: JudgedProject) -> Iterator[CountedItem]:
    """到位资金 of the year by the day, within the assessment period: the amounts of the sector's source, at its share."""
    row = judged.policy.funds.get(judged.information.sector)
    if row is None or (row.needs is not None and row.needs not in judged.project.nodes):
        return
    last = judged.last_month if "funds_in_place" in judged.policy.limited else NEVER
    counted = [entry for entry in _SOURCES[row.source](judged) if entry[2] and entry[0] <= last]
    if judged.axes.first is not None:
        counted = [entry for entry in counted if judged.axes.covers_month(entry[0])]
    if counted:
        total = sum(amount for _, _, amount in counted)
        funds = total if row.share == 1 else total * row.share
        versions = tuple(version for _, version, _ in counted)
        yield CountedItem(
            row.source,
            funds,
            versions,
            {"source": row.source, "months": len(counted)},
            counted[-1][0],
        )


def checks_passed(judged: JudgedProject) -> Iterator[CountedItem]:
    """Checks at which every milestone due had been reached."""
    return _checks(judged, passed=True)


def checks_missed(judged: JudgedProject) -> Iterator[CountedItem]:
    """Checks at which one had not."""
    return _checks(judged, passed=False)


def _checks(judged: JudgedProject, *, passed: bool) -> Iterator[CountedItem]:
    for check in judged.checks:
        if check.passed is passed:
            nodes = {stage: judged.node(stage) for stage in check.milestones}
            versions = {milestone.version for milestone in check.milestones.values()}
            versions |= {
                node.version for node in nodes.values() if node is not None and node.on <= check.on
            }
            due = {stage: milestone.due_on for stage, milestone in sorted(check.milestones.items())}
            yield CountedItem(
                check.quarter,
                MICRO,
                tuple(sorted(versions)),
                {"check": check.quarter, "due": due},
                check.on,
            )


def assessed_unfulfilled(judged: JudgedProject) -> Iterator[CountedItem]:
    """The year's last performance assessment, where it found the project unfulfilled."""
    return _unfulfilled(judged, or_untaxed=False)


def assessed_unfulfilled_or_untaxed(judged: JudgedProject) -> Iterator[CountedItem]:
    """The same, or where no tax was ever paid."""
    return _unfulfilled(judged, or_untaxed=True)


def _unfulfilled(judged: JudgedProject, *, or_untaxed: bool) -> Iterator[CountedItem]:
    last = next((a for a in reversed(judged.project.assessments) if judged.axes.covers(a.on)), None)
    if last is None:
        return
    untaxed = or_untaxed and judged.project.tax_node is None
    if untaxed or not last.fulfilled:
        yield CountedItem(
            "unfulfilled",
            MICRO,
            (last.version,),
            {"assessed_on": last.on, "fulfilled": last.fulfilled},
            last.on,
        )


def days_between(judged: JudgedProject, begins: str, ends: str) -> Iterator[CountedItem]:
    """Days from one node to another, of a project that reached the second in the year."""
    begun, ended = judged.node(begins), judged.node(ends)
    if begun is not None and ended is not None and judged.axes.covers(ended.on):
        inputs = {"from": begun.on, "to": ended.on}
        yield CountedItem(
            "days",
            (ended.on - begun.on).days * MICRO,
            (begun.version, ended.version),
            inputs,
            ended.on,
        )


_OF_JUDGED: Final[dict[str, Callable[[JudgedProject], Iterator[CountedItem]]]] = {
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


def of_project(plain: MeasureSelection) -> Callable[[JudgedProject], Iterator[CountedItem]]:
    """A measure of projects, its parameters filled in."""
    if plain.measure in _OF_JUDGED:
        return _OF_JUDGED[plain.measure]
    if plain.from_stage is not None and plain.to_stage is not None:
        return partial(days_between, begins=plain.from_stage, ends=plain.to_stage)
    counts = MEASURES[plain.measure].counts
    assert counts is not None
    return lambda judged: _counts(counts, judged.project.facts, judged.axes)


# Of a unit ------------------------------------------------------------------------------------------------------------


def of_unit(plain: MeasureSelection) -> Callable[[UnitFacts, ScoringAxes], Iterator[CountedItem]]:
    """A measure of units, its parameters filled in."""
    if plain.indicator is not None:
        return partial(_indicator, name=plain.indicator)
    counts = MEASURES[plain.measure].counts
    assert counts is not None
    return lambda unit, axes: _counts(counts, unit.facts, axes)


def _counts(
    counts: EventCount, facts: Iterable[DatedEvent], axes: ScoringAxes
) -> Iterator[CountedItem]:
    """The events counted, by the day; of one that is distinct, all that bear it."""
    label = counts.label
    found: dict[Any, list[tuple[int, Any]]] = {}
    for on, version, fact in events_of(BY_NAME[counts.event], facts):
        if on > axes.as_of or not axes.covers(on):
            continue
        if counts.only is None or getattr(fact, counts.only[0]) == counts.only[1]:
            found.setdefault(getattr(fact, label) if counts.distinct else version, []).append(
                (version, fact)
            )
    for own in found.values():
        fact = own[0][1]
        value = MICRO if counts.value is None else micro(getattr(fact, counts.value))
        inputs = {name: getattr(fact, field) for name, field in counts.shown.items()}
        when = getattr(fact, "month", fact.on)
        yield CountedItem(
            str(getattr(fact, label, label)),
            value,
            tuple(version for version, _ in own),
            inputs,
            when,
        )


def _indicator(unit: UnitFacts, axes: ScoringAxes, name: str) -> Iterator[CountedItem]:
    """What was reported of an indicator, for the year or a period within it."""
    for on, version, fact in events_of(IndicatorReported, unit.facts):
        if fact.indicator == name and on <= axes.as_of and _assessed(axes, fact.period):
            actual = micro(fact.actual)
            inputs: dict[str, Any] = {
                "indicator": name,
                "period": fact.period,
                "reported": Fraction(actual, MICRO),
            }
            if fact.target is not None:
                inputs["target"] = Fraction(micro(fact.target), MICRO)
            value: int | Fraction = actual
            if fact.shared_by != 1:
                inputs["shared_by"] = fact.shared_by
                value = Fraction(actual, fact.shared_by)
            yield CountedItem(name, value, (version,), inputs, fact.period)


def _assessed(axes: ScoringAxes, period: str) -> bool:
    """Whether a period of `2024`, `2024-Q2`, `2024-05` lies in what is assessed."""
    if period[:4] != str(axes.year):
        return False
    return axes.first is None or (
        len(period) > len("2024") and axes.first <= first_of(period) <= axes.as_of
    )


def first_of(period: str) -> date:
    """The first day of a month or quarter."""
    year, rest = int(period[:4]), period[5:]
    return date(year, 3 * int(rest[1]) - 2 if rest[0] == "Q" else int(rest), 1)
