"""Targets: what was set, what each project adds, how far county and units are (意二)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple, cast

from lifecycle.exact_numbers import MICRO
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.reads import target_indicators
from projections.facts.ledger_parts import LedgerPart
from projections.facts.narrow_events import micro
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.funds_measure import funds_in_place
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.part_scoring import PartScoring, judged_part, outcomes_of_parts
from projections.scoring.result_view import View, county_of
from projections.scoring.units_of_view import units_at
from projections.views.project_sums import Addition, ProjectSums

PLACES: Final = 10
_ZERO: Final = Fraction(0)
_ONE_PROJECT: Final = Fraction(1)

TargetKey = tuple[str, str | None]
"""An indicator, and the unit whose target it is; None for the county."""


class TargetShare(NamedTuple):
    """What one project adds to an indicator, for the unit that has the credit for it, if any."""

    indicator: str
    unit: str | None
    amount: Fraction


class TargetProgress(NamedTuple):
    """A target and what is reached of it; exact."""

    indicator: str
    unit: str | None
    target: Fraction
    actual: Fraction
    name: str | None = None
    """What the unit is called on the day; None for the county."""

    @property
    def ratio(self) -> Fraction | None:
        """Reached ÷ target; None where the target is 0."""
        return self.actual / self.target if self.target else None

    def as_json(self) -> dict[str, Any]:
        """One row of `targets --format json`: exact decimals, the ratio to ten places."""
        return {
            "indicator": self.indicator,
            "unit": self.unit,
            "name": self.name,
            "target": decimal_text(self.target, PLACES),
            "actual": decimal_text(self.actual, PLACES),
            "ratio": None if self.ratio is None else decimal_text(self.ratio, PLACES),
        }


# What a project adds ------------------------------------------------------------------------------


def project_target_shares(project: JudgedProject) -> Iterator[TargetShare]:
    """Yield what a project adds by the day to each of the year's targets.

    Nothing where it adds 0.
    """
    contract_amount = _contract_amount(project)
    funds = _funds(project)
    # Most projects add to no target; for them the filters need not be tried.
    if contract_amount is None and not funds:
        return
    for target, is_considered, least_contract in project.policy.targets:
        if is_considered is not None and not is_considered(project):
            continue
        amount = funds
        if target.measure == "signings":
            counts = contract_amount is not None and contract_amount >= least_contract
            amount = _ONE_PROJECT if counts else _ZERO
        if amount:
            yield TargetShare(target.indicator, project.unit, amount)


def counted_funds(project: JudgedProject) -> Fraction:
    """Return the year's 到位资金 of a project by the day, in 万元, as every document shows it.

    It is what counts towards the target of 到位资金, so that a unit's projects sum to what stands
    beside its target. Under a rulebook without that target it is the measure of the projects that
    earn points.
    """
    conditions = [
        is_considered
        for target, is_considered, _least in project.policy.targets
        if target.measure == "funds_in_place"
    ]
    if not conditions:
        return _funds(project) if project.recognised and project.eligible else _ZERO
    # kaihua-2024 leaves the tax of service projects out: it is no money invested (意二).
    counts = any(condition is None or condition(project) for condition in conditions)
    return _funds(project) if counts else _ZERO


def _funds(project: JudgedProject) -> Fraction:
    return Fraction(sum(item.value for item in funds_in_place(project)), MICRO)


def _contract_amount(project: JudgedProject) -> int | None:
    """Return the agreed investment, in millionths of 万元.

    None where no contract was signed in the year.
    """
    signed = project.facts.nodes.get("signing")
    contract = project.facts.contract
    if signed is None or contract is None or signed.on.year != project.axes.year:
        return None
    return micro(contract.contract_investment)


# What was set -------------------------------------------------------------------------------------


def targets_in_force(
    ledger: Ledger,
    view: View,
    units: UnitsOfDay,
) -> dict[TargetKey, Fraction]:
    """Return the targets of a year: the policy's, or the county's in their place, and the units'.

    The policy's stand first, in its order; the units' follow in the order in which they were set.
    A unit that is not there on the day has none.
    """
    targets: dict[TargetKey, Fraction] = {
        (target.indicator, None): target.amount for target in view.rulebook.rulebook.targets
    }
    measured = {indicator for indicator, _unit in targets}
    for event, _ref in county_of(ledger, view).targets_of_whole(view.year, view.as_of):
        if event.for_unit is not None and event.for_unit not in units:
            continue
        # Set again, a target keeps its place in the list: a dictionary keeps the first insertion.
        if event.indicator in measured:
            targets[event.indicator, event.for_unit] = Fraction(micro(event.amount), MICRO)
    return targets


def unread_target_indicators(ledger: Ledger, view: View) -> list[str]:
    """Return indicators with a target that the rulebook neither measures nor reads."""
    book = view.rulebook.rulebook
    known = {target.indicator for target in book.targets} | target_indicators(book)
    unread: dict[str, None] = {}
    for event, _ref in county_of(ledger, view).targets_of_whole(view.year, view.as_of):
        if event.indicator not in known:
            unread[event.indicator] = None
    return list(unread)


# Progress -----------------------------------------------------------------------------------------


def target_progress(
    targets: Mapping[TargetKey, Fraction],
    shares: Iterable[TargetShare],
    units: UnitsOfDay,
) -> list[TargetProgress]:
    """Return each target with the sum of what projects add to it."""
    # A share counts for the county and for its unit, where either has a target.
    sums = dict.fromkeys(targets, _ZERO)
    for indicator, unit, amount in shares:
        # A set: of a project that nobody has the credit for, both are the county's.
        for key in {(indicator, None), (indicator, unit)}:
            if key in sums:
                sums[key] += amount
    return [
        TargetProgress(
            indicator,
            unit,
            target,
            sums[indicator, unit],
            units.shown_name_or_none(unit),
        )
        for (indicator, unit), target in targets.items()
    ]


def county_target_progress(ledger: Ledger, view: View) -> list[TargetProgress]:
    """Return the year's targets and their progress by the day, from history.

    The view's engine reads the projects, if it has one.
    """
    units = units_at(ledger, view)
    outcomes = outcomes_of_parts(ledger, view, units, target_shares_of_part)
    if outcomes is None:
        return target_progress_of(ledger, view, judged_at(ledger, view), units)
    shares: list[TargetShare] = []
    for of_part in outcomes:
        shares += of_part
    return target_progress(targets_in_force(ledger, view, units), shares, units)


def target_shares_of_part(scoring: PartScoring, part: LedgerPart) -> list[TargetShare]:
    """Return what the projects of a part add to the year's targets, in any process."""
    shares: list[TargetShare] = []
    for project in judged_part(scoring, part):
        shares += project_target_shares(project)
    return shares


def target_additions(project: JudgedProject) -> Iterator[Addition]:
    """Yield what a project adds to the year's targets, to be summed by indicator and unit."""
    for indicator, unit, amount in project_target_shares(project):
        yield Addition((indicator, unit), amount)


def summed_shares(sums: ProjectSums) -> Iterator[TargetShare]:
    """Yield what several projects add to an indicator together, for each unit with the credit."""
    for key, amount in sums.amounts.items():
        indicator, unit = cast("TargetKey", key)
        yield TargetShare(indicator, unit, amount)


def target_progress_of(
    ledger: Ledger,
    view: View,
    projects: Iterable[JudgedProject],
    units: UnitsOfDay,
) -> list[TargetProgress]:
    """Return the year's targets and their progress by the day, from projects judged at the view."""
    shares: list[TargetShare] = []
    for project in projects:
        shares.extend(project_target_shares(project))
    return target_progress(targets_in_force(ledger, view, units), shares, units)


def year_pace(view: View) -> Fraction:
    """Return the share of the year that has passed by the day, that day included."""
    first_day = date(view.year, 1, 1)
    last_day = date(view.year, 12, 31)
    # Asked for before the year begins, nothing has passed.
    days_passed = max(0, (view.as_of - first_day).days + 1)
    return Fraction(days_passed, (last_day - first_day).days + 1)


def missing_amount(progress: TargetProgress, *, exceed: bool) -> Fraction | None:
    """Return what is missing of a target; None where it is reached.

    With `exceed` (突破) a target that is exactly reached still misses its point: the amount is 0,
    not None.
    """
    missing = progress.target - progress.actual
    if missing > 0 or (exceed and missing == 0):
        return missing
    return None
