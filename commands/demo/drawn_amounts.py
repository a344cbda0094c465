"""The amounts of a drawn project: its contract, its monthly figures, its taxes.

Chances are drawn in the order in which the functions stand here to be called: another order is
another county.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from commands.demo.demo_calendar import month_after, month_end, months_between
from commands.demo.project_life import LifeEvent, Venture, investment_figure, tax_payment

_LAST_MONTH: Final = "2024-12"
_QUARTER_STARTS: Final = ("01", "04", "07", "10")


def recording_delay(rng: random.Random) -> int | None:
    """A few facts are recorded a month or two after they happened."""
    return rng.randint(33, 70) if rng.random() < 0.05 else None


def contract_amounts(venture: Venture, rng: random.Random) -> tuple[Decimal, Decimal]:
    """Contract amounts: usually the plan's, else somewhat more or less."""
    percent = rng.choice((100, 100, 100, 96, 93, 105, 110))
    investment = venture.investment * percent // 1000 * 10
    fixed_assets = venture.fixed_assets * percent / 100
    return investment, fixed_assets.quantize(Decimal("0.1"))


def drawn_amounts(
    venture: Venture,
    reached: Mapping[str, date],
    rng: random.Random,
    *,
    is_sound: bool,
) -> Iterator[LifeEvent]:
    """Monthly figures once in the statistics, or taxes once a service is signed."""
    if venture.sector == "service" and "signing" in reached:
        yield from _taxes(reached, rng)
    elif "statistics" in reached:
        yield from _figures(venture, reached["statistics"], rng, is_sound=is_sound)


def _figures(
    venture: Venture,
    since: date,
    rng: random.Random,
    *,
    is_sound: bool,
) -> Iterator[LifeEvent]:
    """The contract's sum spread unevenly over the months of building."""
    fixed_assets = int(venture.fixed_assets)
    count = _building_months(fixed_assets, rng)
    # A project that is not sound invests only part of what it promised.
    percent = rng.randint(112, 127) if is_sound else rng.randint(25, 55)
    mean = fixed_assets * percent // (100 * count)
    first = month_after(f"{since:%Y-%m}", rng.choice((0, 0, 1)))
    last = min(month_after(first, count - 1), _LAST_MONTH)
    for month in months_between(first, last):
        if rng.random() < 0.12:
            continue
        amount = Decimal(mean * rng.randint(45, 155)) / 100
        self_held = None
        if venture.sector == "real_estate_balanced":
            self_held = amount // 3
        yield investment_figure(month, amount, recording_delay(rng), self_held)


def _building_months(fixed_assets: int, rng: random.Random) -> int:
    if fixed_assets < 10000:
        return rng.randint(7, 12)
    if fixed_assets <= 50000:
        return rng.randint(14, 20)
    return rng.randint(24, 32)


def _taxes(reached: Mapping[str, date], rng: random.Random) -> Iterator[LifeEvent]:
    """Monthly or quarterly payments of very different size; some firms never pay."""
    # Nothing, a small, a middling and a large firm, with how many of 100 are of each size.
    bases = (
        0,
        rng.randint(15, 60),
        rng.randint(120, 420),
        rng.randint(500, 1100),
    )
    base = rng.choices(bases, (10, 22, 50, 18))[0]
    is_quarterly = rng.random() < 0.75
    first = month_after(f"{reached['signing']:%Y-%m}", rng.randint(1, 3))
    if base == 0 or "investment" not in reached:
        return
    for month in months_between(first, _LAST_MONTH):
        if is_quarterly and month[5:] not in _QUARTER_STARTS:
            continue
        yield _tax(month, base * (3 if is_quarterly else 1), rng)


def _tax(
    month: str,
    base: int,
    rng: random.Random,
) -> LifeEvent:
    day = None
    if rng.random() < 0.15:
        day = month_end(month).replace(day=rng.randint(8, 15))
    amount = Decimal(base * rng.randint(70, 130)) / 10000
    rounded = amount.quantize(Decimal("0.0001"))
    return tax_payment(month, rounded, day, recording_delay(rng))
