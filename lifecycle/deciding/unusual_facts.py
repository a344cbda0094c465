"""What is lawful and still most likely a slip of the hand: asked for again before it is recorded.

Spec 5, "Unusual". No rule rejects these facts, so history holds some, and they show as anomalies.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from lifecycle.events import Event
from lifecycle.events.project_events import (
    AgreementSigned,
    InformationReported,
    InvestmentReported,
    TaxPaid,
)
from lifecycle.rejections import Problem, msg

UNUSUAL: Final = "unusual"
"""The rule by which commands ask again."""
FEWEST_FIGURES: Final = 3
"""From so many positive figures on a project's median says what is usual."""
TIMES_THE_MEDIAN: Final = 1_000
YEARS_APART: Final = 5

ABOVE_CONTRACT: Final = msg(
    "the figure of {month}, {amount} 万元, is above the contract's total of {total} 万元"
)
ABOVE_MEDIAN: Final = msg(
    "the figure of {month}, {amount} 万元, is at least {times} times the project's usual "
    "{median} 万元"
)
CONTRACT_ABOVE_TOTAL: Final = msg(
    "the contract's fixed assets, {amount} 万元, are above its total of {total} 万元"
)
NO_INVESTMENT_PLANNED: Final = msg("the planned investment is 0")
FAR_DAY: Final = msg(
    "{day} is more than {years} years from the project's nearest other day, {nearest}"
)


def usual_amount(amounts: Iterable[Decimal]) -> Decimal | None:
    """Return the median of the positive amounts; None while there are too few to tell."""
    positive = sorted(amount for amount in amounts if amount > 0)
    if len(positive) < FEWEST_FIGURES:
        return None
    middle = len(positive) // 2
    if len(positive) % 2:
        return positive[middle]
    return (positive[middle - 1] + positive[middle]) / 2


def is_far_above(amount: Decimal, usual: Decimal | None) -> bool:
    """Return whether an amount is a thousand times the usual one: a slip of units or zeros."""
    return usual is not None and amount >= TIMES_THE_MEDIAN * usual


def is_far(day: date, other: date) -> bool:
    """Return whether two days are more than five years apart, counted by the calendar."""
    earlier, later = min(day, other), max(day, other)
    # 29 February has no anniversary in a common year: as a tuple it stands before 1 March.
    limit = (earlier.year + YEARS_APART, earlier.month, earlier.day)
    return (later.year, later.month, later.day) > limit


def nearest_day(day: date, days: Sequence[date]) -> date | None:
    """Return the nearest of some sorted days, None among none."""
    place = bisect_left(days, day)
    neighbours = days[max(place - 1, 0) : place + 1]
    return min(neighbours, key=lambda other: abs(other - day), default=None)


@dataclass(slots=True)
class UsualFacts:
    """What a project's effective events make usual, moved along event by event."""

    kind: str = ""
    contract_total: Decimal | None = None
    figures: dict[str, Decimal] = field(default_factory=dict)
    """The fixed assets of each month."""
    taxes: dict[str, Decimal] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    """The days of all events, sorted."""

    @classmethod
    def of(cls, events: Iterable[Event]) -> UsualFacts:
        """Return what these events make usual."""
        facts = cls()
        for event in events:
            facts.follow(event)
        return facts

    def follow(self, event: Event) -> None:
        """Take one more event."""
        insort(self.days, event.on)
        if isinstance(event, InformationReported):
            self.kind = event.kind
        elif isinstance(event, AgreementSigned):
            self.contract_total = Decimal(event.contract_investment)
        elif isinstance(event, InvestmentReported):
            self.figures[event.month] = Decimal(event.fixed_assets)
        elif isinstance(event, TaxPaid):
            self.taxes[event.month] = Decimal(event.amount)


def unusual_problems(event: Event, usual: UsualFacts) -> Iterator[Problem]:
    """Yield what is unlikely about an event, beside the other effective events of its project."""
    if isinstance(event, InformationReported):
        if not Decimal(event.planned_investment):
            yield Problem(UNUSUAL, NO_INVESTMENT_PLANNED, {}, "planned_investment")
    elif isinstance(event, AgreementSigned):
        yield from _contract_problems(event, usual)
    elif isinstance(event, InvestmentReported):
        amount = Decimal(event.fixed_assets)
        yield from _above_contract(event.month, amount, usual.contract_total, "fixed_assets")
        yield from _above_median(event.month, amount, usual.figures, "fixed_assets")
    elif isinstance(event, TaxPaid):
        yield from _above_median(event.month, Decimal(event.amount), usual.taxes, "amount")
    nearest = nearest_day(event.on, usual.days)
    if nearest is not None and is_far(event.on, nearest):
        values: dict[str, object] = {"day": event.on, "nearest": nearest, "years": YEARS_APART}
        yield Problem(UNUSUAL, FAR_DAY, values, "occurred_on")


def _contract_problems(event: AgreementSigned, usual: UsualFacts) -> Iterator[Problem]:
    total = Decimal(event.contract_investment)
    fixed_assets = Decimal(event.contract_fixed_assets)
    if usual.kind == "new" and fixed_assets > total:
        values: dict[str, object] = {"amount": fixed_assets, "total": total}
        yield Problem(UNUSUAL, CONTRACT_ABOVE_TOTAL, values, "contract_fixed_assets")
    # A contract that is recorded or corrected late may fall below figures that are there.
    for month, amount in sorted(usual.figures.items()):
        yield from _above_contract(month, amount, total, "contract_investment")


def _above_contract(
    month: str, amount: Decimal, total: Decimal | None, place: str
) -> Iterator[Problem]:
    if total is not None and amount > total:
        values: dict[str, object] = {"month": month, "amount": amount, "total": total}
        yield Problem(UNUSUAL, ABOVE_CONTRACT, values, place)


def _above_median(
    month: str, amount: Decimal, figures: dict[str, Decimal], place: str
) -> Iterator[Problem]:
    usual = usual_amount(figures.values())
    if is_far_above(amount, usual):
        values: dict[str, object] = {
            "month": month,
            "amount": amount,
            "times": TIMES_THE_MEDIAN,
            "median": usual,
        }
        yield Problem(UNUSUAL, ABOVE_MEDIAN, values, place)
