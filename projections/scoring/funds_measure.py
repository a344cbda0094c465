"""到位资金: what a project brought in, from the source that its sector names (考(五))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from projections.facts.narrow_events import micro
from projections.scoring.counted_items import (
    CountedItem,
    FundsCounted,
)
from projections.scoring.judgement import JudgedProject
from projections.scoring.policy_project import NEVER

MonthAmount = tuple[str, int, int]
"""A month, the version of its event, the amount in millionths of 万元."""


def funds_in_place(project: JudgedProject) -> Iterator[CountedItem]:
    """到位资金 of the year by the day (考(五)): the amounts of the sector's source, at its share.

    Months that begin after the assessment period's end are left out where the policy limits the
    measure.
    """
    if project.funds is None:
        project.funds = list(_counted_funds(project))
    return iter(project.funds)


def _counted_funds(project: JudgedProject) -> Iterator[CountedItem]:
    row = project.policy.funds.get(project.information.sector)
    if row is None:
        return
    # 考(五)1 goes by the statistics: before a project is entered, its figures count for nothing.
    if row.needs is not None and row.needs not in project.facts.nodes:
        return
    amounts = _assessed_amounts(project, _FUNDS_SOURCES[row.source](project))
    if not amounts:
        return
    total = sum(amount for _month, _version, amount in amounts)
    # Without a share the sum stays an integer, which is much faster than a fraction.
    funds = total if row.share == 1 else total * row.share
    versions = tuple(version for _month, version, _amount in amounts)
    # The item stands under the month of its last figure.
    last_month = amounts[-1][0]
    yield CountedItem(
        row.source,
        funds,
        versions,
        FundsCounted(row.source, len(amounts)),
        last_month,
    )


def _assessed_amounts(
    project: JudgedProject,
    amounts: Iterable[MonthAmount],
) -> list[MonthAmount]:
    """The year's amounts, other than 0, of months within the period and what is assessed."""
    limited = "funds_in_place" in project.policy.limited
    last_month = project.last_month if limited else NEVER
    assessed = [amount for amount in amounts if amount[2] and amount[0] <= last_month]
    # Most policies assess the whole year, and every month of it is covered.
    if project.axes.first is None:
        return assessed
    first_month = f"{project.axes.first:%Y-%m}"
    return [amount for amount in assessed if amount[0] >= first_month]


def _fixed_assets(project: JudgedProject) -> Iterable[MonthAmount]:
    return [
        (month, version, micro(figure.fixed_assets)) for month, version, figure in project.figures
    ]


def _self_held(project: JudgedProject) -> Iterable[MonthAmount]:
    # The part held by the county's own state capital is left out (考(五)2 and 3: 不含县内国资部分).
    for month, version, figure in project.figures:
        yield month, version, micro(figure.self_held) - micro(figure.self_held_state_share)


def _tax(project: JudgedProject) -> Iterable[MonthAmount]:
    return [(month, version, micro(tax.amount)) for month, version, tax in project.taxes]


def _land_fee(project: JudgedProject) -> Iterable[MonthAmount]:
    """Each parcel's fee without the county's own share (考(五)2), in what is assessed."""
    limited = "funds_in_place" in project.policy.limited
    for on, version, land in project.facts.parcels:
        if not project.axes.covers(on):
            continue
        # The fee is of a day, so that its day and not its month must lie within the period.
        if limited and not project.day_in_period(on):
            continue
        fee = micro(land.transfer_fee) - micro(land.county_state_share)
        yield f"{on:%Y-%m}", version, fee


_FUNDS_SOURCES: Final[dict[str, Callable[[JudgedProject], Iterable[MonthAmount]]]] = {
    "fixed_assets": _fixed_assets,
    "self_held": _self_held,
    "tax": _tax,
    "land_fee": _land_fee,
}
