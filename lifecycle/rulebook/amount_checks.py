"""Amounts of a rulebook that can be read and hardly meant: a sign too many, a cap of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.parts import exact_text
from lifecycle.rulebook.reach import reach
from lifecycle.rulebook.rulebook_model import Rulebook


def negative_sizes(book: Rulebook) -> Iterator[Problem]:
    """Least sizes of projects below 0, which every project has."""
    sizes: list[tuple[str, Fraction | None]] = []
    for incentive in book.incentives:
        sizes.append((f"incentives.{incentive.id}.scale_at_least", incentive.scale_at_least))
        sizes.append((f"incentives.{incentive.id}.invested_at_least", incentive.invested_at_least))
    for target in book.targets:
        sizes.append((f"targets.{target.indicator}.contract_at_least", target.contract_at_least))
    for place, size in sizes:
        if size is not None and size < 0:
            template = msg("every project is larger: an amount of 0 or more is meant")
            yield Problem("size_negative", template, {}, place)


def constant_modules(book: Rulebook) -> Iterator[Problem]:
    """Modules whose floor or cap leaves one number, whatever a unit does."""
    ranges = reach(book)
    for module in book.modules:
        least, greatest = ranges[module.id]
        is_bounded = module.cap is not None or module.floor is not None
        if is_bounded and least is not None and least == greatest:
            yield Problem(
                "module_constant",
                msg("every unit gets {points} here, whatever it does"),
                {"points": exact_text(least)},
                f"modules.{module.id}",
            )
