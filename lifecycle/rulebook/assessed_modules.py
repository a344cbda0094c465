"""Modules that are assessed by half-year, quarter or month, apart from those of the year (spec 6).

A period is scored by a rulebook of its own: the modules assessed by periods of that length, with
their rules, as if the policy had no other. The year is scored by the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rulebook.counted import PeriodWithinYear
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.kinds.composite_rule import Composite
from lifecycle.rulebook.kinds.period_part import PeriodPart
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.scoring_policy import AssessedPeriod, Module


class ModulePeriod(AssessedPeriod):
    """What is assessed where modules say so, and not the table `assessed`, which is for all."""


def assessed_by_period(book: Rulebook) -> dict[str, PeriodWithinYear]:
    """The modules that are assessed by period, with the length of their periods."""
    lengths: dict[str, PeriodWithinYear] = {}
    for module in book.modules:
        if module.assessed is not None:
            lengths[module.id] = module.assessed
    return lengths


def year_book(book: Rulebook) -> Rulebook:
    """The rulebook as it scores the year: a module assessed by period has neither rules nor limits.

    The module stays, with 0 points: every result names all modules.
    """
    by_period = assessed_by_period(book)
    # Nearly every rulebook: nothing is copied.
    if not by_period:
        return book
    modules = []
    for module in book.modules:
        if module.assessed is not None:
            # A floor would give points for nothing: the limits are of each period.
            no_limits = {"floor": None, "cap": None, "assessed": None}
            modules.append(module.model_copy(update=no_limits))
        else:
            modules.append(module)
    rules = [rule for rule in book.rules if rule.module not in by_period]
    of_year = {
        "modules": tuple(modules),
        "rules": tuple(rules),
    }
    return book.model_copy(update=of_year)


def period_books(book: Rulebook) -> dict[PeriodWithinYear, Rulebook]:
    """The rulebooks that score periods, by their length; only of results that a part takes."""
    books: dict[PeriodWithinYear, Rulebook] = {}
    for _rule, _place, part in period_parts(book):
        if part.each not in books:
            books[part.each] = _period_book(book, part.each)
    return books


def _period_book(book: Rulebook, length: PeriodWithinYear) -> Rulebook:
    modules: dict[str, Module] = {}
    for module in book.modules:
        if module.assessed == length:
            # Without the field: a book that scores periods has no further ones within.
            modules[module.id] = module.model_copy(update={"assessed": None})
    rules = [rule for rule in book.rules if rule.module in modules]
    first_module = next(iter(modules.values()))
    assessed = ModulePeriod(
        clause=first_module.clause,
        basis="policy",
        period=length,
    )
    of_periods = {
        "modules": tuple(modules.values()),
        "rules": tuple(rules),
        "assessed": assessed,
    }
    # Groups, total, grades and rewards are of the year.
    of_year = {
        "groups": (),
        "total": None,
        "grades": None,
        "rewards": None,
    }
    return book.model_copy(update=of_periods | of_year)


def period_parts(book: Rulebook) -> Iterator[tuple[Rule, str, PeriodPart]]:
    """Every part that takes a module's results, with its rule and its place."""
    for rule in book.rules:
        if isinstance(rule, Composite):
            for place, part in rule.period_parts():
                yield rule, place, part


def assessed_length(book: Rulebook, module: str) -> str:
    """How long a period a module's rules look at: a month, a quarter, a half-year or the `year`."""
    length = assessed_by_period(book).get(module)
    if length is not None:
        return length
    return "year" if book.assessed is None else book.assessed.period
