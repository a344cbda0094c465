"""Targets: what each project adds to them, what was set, and how far the county and its units are (意二)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.incentive_policy import CountyTarget
from lifecycle.rulebook.reads import target_indicators
from projections.facts.narrow_events import MICRO, micro
from projections.scoring.evaluation import View, judged_projects, targets_told, units_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.measure_values import funds_in_place
from projections.scoring.prepared_policy import prepared
from projections.scoring.rounding import decimal_text

PLACES: Final = 10
ZERO, ONE = Fraction(0), Fraction(1)
Key = tuple[str, str | None]
"""An indicator, and the unit whose target it is; None for the county."""


class TargetShare(NamedTuple):
    """What one project adds to an indicator, for the unit that has credit for it."""

    indicator: str
    unit: str
    amount: Fraction


def project_target_shares(judged: JudgedProject) -> Iterator[TargetShare]:
    """What a project adds to each indicator of its policy for the year by the day; nothing where it adds nothing."""
    signed, funds = _signed_in_year(judged), funds_in_year(judged)
    if signed is None and not funds:
        return
    for target, test, least in judged.policy.targets:
        if test is None or test(judged):
            amount = funds
            if target.measure == "signings":
                amount = ONE if signed is not None and signed >= least else ZERO
            if amount:
                yield TargetShare(target.indicator, judged.unit, amount)


def funds_in_year(judged: JudgedProject) -> Fraction:
    """到位资金 of the year by the day, in 万元."""
    return Fraction(sum([item.value for item in funds_in_place(judged)]), MICRO)


def _signed_in_year(judged: JudgedProject) -> int | None:
    """The investment agreed, in millionths, where the contract was signed in the year."""
    signed, contract = judged.project.nodes.get("signing"), judged.project.contract
    if signed is None or contract is None or signed.on.year != judged.axes.year:
        return None
    return micro(contract.contract_investment)


def targets_in_force(
    ledger: Ledger, targets: Iterable[CountyTarget], year: int, as_of: date, position: int
) -> dict[Key, Fraction]:
    """The targets of a year: the policy's for the county unless the county set its own; units' in the order they were set."""
    found: dict[Key, Fraction] = {(target.indicator, None): target.amount for target in targets}
    known = {indicator for indicator, _unit in found}
    for event, _ref in targets_told(ledger, year, as_of, position):
        if event.indicator in known:
            found[event.indicator, event.for_unit] = Fraction(event.amount)
    return found


def unread_target_indicators(ledger: Ledger, view: View) -> list[str]:
    """Indicators that a target was set for and that the rulebook neither measures nor holds a rule against."""
    book = view.rulebook.rulebook
    known = {target.indicator for target in book.targets} | target_indicators(book)
    given = (
        event.indicator
        for event, _ref in targets_told(ledger, view.year, view.as_of, view.position)
    )
    return list(dict.fromkeys(indicator for indicator in given if indicator not in known))


class TargetProgress(NamedTuple):
    """How far a target is reached; exact."""

    indicator: str
    unit: str | None
    target: Fraction
    actual: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """Reached ÷ target; None where the target is nothing."""
        return self.actual / self.target if self.target else None

    def row(self) -> dict[str, Any]:
        """As JSON: exact decimals, the ratio to ten places."""
        return {
            "indicator": self.indicator,
            "unit": self.unit,
            "target": decimal_text(self.target, PLACES),
            "actual": decimal_text(self.actual, PLACES),
            "ratio": None if self.ratio is None else decimal_text(self.ratio, PLACES),
        }


def target_progress(
    targets: Mapping[Key, Fraction], given: Iterable[TargetShare]
) -> list[TargetProgress]:
    """Each target with what the projects add up to."""
    sums: dict[Key, Fraction] = dict.fromkeys(targets, Fraction(0))
    for indicator, unit, amount in given:
        for key in ((indicator, None), (indicator, unit)):
            if key in sums:
                sums[key] += amount
    return [
        TargetProgress(indicator, unit, target, sums[indicator, unit])
        for (indicator, unit), target in targets.items()
    ]


def county_target_progress(ledger: Ledger, view: View) -> list[TargetProgress]:
    """The year's targets by the day, from history."""
    policy = prepared(view.rulebook)
    with ledger.rows_of_kind("project", view.position) as rows:
        return target_progress_of(
            ledger, view, judged_projects(rows, policy, view.axes, units_at(ledger, view.position))
        )


def target_progress_of(
    ledger: Ledger, view: View, projects: Iterable[JudgedProject]
) -> list[TargetProgress]:
    """The year's targets by the day, from projects judged at the view."""
    targets = view.rulebook.rulebook.targets
    given = [share for judged in projects for share in project_target_shares(judged)]
    return target_progress(
        targets_in_force(ledger, targets, view.year, view.as_of, view.position), given
    )


def year_pace(view: View) -> Fraction:
    """The share of the year that has passed by the day, that day included."""
    first, last = date(view.year, 1, 1), date(view.year, 12, 31)
    return Fraction(max(0, (view.as_of - first).days + 1), (last - first).days + 1)


def missing_amount(row: TargetProgress, *, exceed: bool) -> Fraction | None:
    """What is missing; None where it is reached, or exceeded where that is asked. Reaching what is to be exceeded leaves 0."""
    left = row.target - row.actual
    return left if left > 0 or (exceed and left == 0) else None
