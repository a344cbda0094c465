"""What `rulebook check` and `adopt` find in a rulebook that can be read (spec 6).

A rulebook that was adopted stays readable for ever: what is only found here rejects no reading. An
error is refused by `adopt`; a doubt is what the text may well mean, and is to be read by a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.amount_checks import constant_modules, negative_sizes
from lifecycle.rulebook.assessed_module_checks import untaken_modules
from lifecycle.rulebook.assessed_modules import assessed_length
from lifecycle.rulebook.conditions import Condition
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds import Rule, RuleOnResults
from lifecycle.rulebook.kinds.composite_rule import Composite
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.kinds.stepped_rule import Stepped
from lifecycle.rulebook.left_out_checks import left_out_and_encoded, unlisted_left_out
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.repeated_counting import repeated_counting
from lifecycle.rulebook.result_conditions import ResultCondition
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.text_checks import untidy_texts

Level = Literal["error", "doubt"]
_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])", re.ASCII)
_SMALLEST_AMOUNT: Final = 100
"""万元: a project's size below it was most likely meant in 亿元."""


class ReviewFinding(NamedTuple):
    """Something found in a rulebook: an error, or a doubt that a person has to look at."""

    level: Level
    problem: Problem


def review(book: Rulebook) -> list[ReviewFinding]:
    """Every finding about a rulebook that can be read, errors first."""
    problems = [*_errors(book)]
    doubts = [*_doubts(book)]
    return [
        *(ReviewFinding("error", problem) for problem in problems),
        *(ReviewFinding("doubt", problem) for problem in doubts),
    ]


def has_errors(findings: Sequence[ReviewFinding]) -> bool:
    """Whether any of the findings is an error."""
    return any(finding.level == "error" for finding in findings)


# Errors -------------------------------------------------------------------------------------------


def _errors(book: Rulebook) -> Iterator[Problem]:
    yield from untidy_texts(book)
    yield from negative_sizes(book)
    for rule in book.rules:
        yield from _signs(rule)
        for place, counted in rule.counted():
            yield from _silences(f"rules.{place}", counted)
            length = assessed_length(book, rule.module)
            yield from _undivided_targets(f"rules.{place}", counted, length)
            yield from _crossed_bounds(f"rules.{place}", counted)
            yield from _days_of_whom(f"rules.{place}", counted)
        if isinstance(rule, RuleOnResults):
            for place, condition in rule.conditions_on_results():
                yield from _crossed_bounds(f"rules.{place}", condition)
                yield from _no_such_place(f"rules.{place}", condition)
        if isinstance(rule, Outcome) and rule.steps is not None and book.grades is None:
            template = msg("the outcome moves a unit along the grades, and there are no grades")
            yield Problem("steps_without_grades", template, {}, f"rules.{rule.id}.steps")
    yield from _crossed_years(book)
    yield from untaken_modules(book)
    scored = {rule.module for rule in book.rules}
    for module in book.modules:
        if module.id not in scored:
            template = msg("the module has no rule")
            yield Problem("module_without_rules", template, {}, f"modules.{module.id}")


def _signs(rule: Rule) -> Iterator[Problem]:
    if isinstance(rule, Deduct):
        points = [band.points for band in rule.bands or ()]
        if rule.points is not None:
            points.append(rule.points)
        if any(value > 0 for value in points):
            template = msg("a deduction takes points away: write them as a negative number")
            yield Problem("deduct_positive", template, {}, f"rules.{rule.id}.points")
    if isinstance(rule, Stepped) and any(segment.step < 0 for segment in rule.segments):
        template = msg(
            "steps are positive: below 100 % they are taken away by themselves, above it added"
        )
        yield Problem("step_negative", template, {}, f"rules.{rule.id}.segments")


def _undivided_targets(
    place: str,
    counted: Counted,
    length: str,
) -> Iterator[Problem]:
    """Targets of the year that a period is held against, without saying how much of them."""
    if length == "year":
        return
    for reference in counted.references:
        if reference.source == "set" and reference.per is None:
            template = msg(
                'less than the year is assessed: give per, "year" (all of the year\'s target) or '
                '"share" (divided by the number of periods), beside source = "set"'
            )
            yield Problem("target_per", template, {}, place)


def _silences(place: str, counted: Counted) -> Iterator[Problem]:
    needs_target = any(reference.source is not None for reference in counted.references)
    if not needs_target or not counted.may_be_missing or counted.when_missing is not None:
        return
    template = msg(
        'a target may never be set or reported: give when_missing, "none" or a number of points'
    )
    if isinstance(counted, Condition):
        template = msg(
            'a target may never be set or reported: give when_missing, "holds" or "fails"'
        )
    yield Problem("when_missing", template, {}, place)


def _days_of_whom(place: str, counted: Counted) -> Iterator[Problem]:
    # Two projects of 60 days each are within a limit of 90 days, and their sum is not.
    if counted.measure == "days_between" and counted.each is None:
        template = msg(
            'days of several projects would be added up: give each = "project", or "unit" for '
            "their sum"
        )
        yield Problem("days_of_whom", template, {}, place)


def _crossed_bounds(place: str, condition: Counted | ResultCondition) -> Iterator[Problem]:
    if not isinstance(condition, Condition | ResultCondition):
        return
    lows = [bound for bound in (condition.at_least, condition.above) if bound is not None]
    highs = [bound for bound in (condition.at_most, condition.below) if bound is not None]
    if lows and highs and max(lows) > min(highs):
        template = msg("no number lies between the bounds: the lower end is above the upper")
        yield Problem("ends_crossed", template, {}, place)


def _no_such_place(place: str, condition: ResultCondition) -> Iterator[Problem]:
    modules = condition.result.modules or ()
    most = len(modules) if condition.each_below is not None else None
    if most is not None and condition.at_least is not None and condition.at_least > most:
        template = msg("there are only {number} modules: so many are never below it")
        yield Problem("unreachable", template, {"number": most}, place)
    if condition.place is not None and condition.at_most is not None and condition.at_most < 1:
        yield Problem("unreachable", msg("places begin with 1"), {}, place)


def _crossed_years(book: Rulebook) -> Iterator[Problem]:
    """Filters of other tables whose years end before they begin; in rules they reject reading."""
    for table in book.coefficients:
        for number, row in enumerate(table.rows):
            for where in row.where:
                if _years_crossed(where):
                    place = f"coefficients.{table.id}.rows.{number}"
                    template = msg("the years end before they begin")
                    yield Problem("ends_crossed", template, {}, place)
    for eligible in book.eligibility:
        if _years_crossed(eligible.where):
            template = msg("the years end before they begin")
            yield Problem("ends_crossed", template, {}, f"eligibility.{eligible.id}.where")


def _years_crossed(where: Filter) -> bool:
    return (
        where.information_years is not None
        and where.information_years[0] > (where.information_years[1])
    )


# Doubts -------------------------------------------------------------------------------------------


def _doubts(book: Rulebook) -> Iterator[Problem]:
    yield from constant_modules(book)
    yield from repeated_counting(book)
    yield from left_out_and_encoded(book)
    yield from unlisted_left_out(book)
    yield from _other_years(book)
    yield from _small_amounts(book)
    for rule in book.rules:
        if isinstance(rule, Composite):
            yield from _shares(rule)
            yield from _means_without_marks(rule)


def _shares(rule: Composite) -> Iterator[Problem]:
    total = sum((part.share for part in rule.parts), Fraction(0))
    if total != 1:
        yield Problem(
            "shares",
            msg("the shares of the parts sum to {sum} and not to 1"),
            {"sum": total},
            f"rules.{rule.id}.parts",
        )


def _means_without_marks(rule: Composite) -> Iterator[Problem]:
    for place, part in rule.placed_parts():
        if part.take == "mean" and part.when_missing is None:
            yield Problem(
                "when_missing",
                msg(
                    "a mean without any mark counts as 0: give when_missing if it is not to, "
                    '"none" or a number'
                ),
                {},
                f"rules.{place}",
            )


def _other_years(book: Rulebook) -> Iterator[Problem]:
    years = range(book.effective_from.year, book.effective_to.year + 1)
    for field in ("id", "title"):
        named = [int(year) for year in _YEAR.findall(getattr(book, field))]
        if named and not any(year in years for year in named):
            yield Problem(
                "other_year",
                msg("names {named}, and the rulebook is in force from {begin} to {end}"),
                {"named": named, "begin": book.effective_from, "end": book.effective_to},
                field,
            )


def _small_amounts(book: Rulebook) -> Iterator[Problem]:
    for place, band in _size_bands(book):
        ends = [end for end in (band.low, band.high) if end]
        if ends and max(ends) < _SMALLEST_AMOUNT:
            yield Problem(
                "amount_in_100_million",
                msg("{band} is in 万元: 1亿元 is written as 10000"),
                {"band": band.text},
                place,
            )


def _size_bands(book: Rulebook) -> Iterator[tuple[str, Interval]]:
    """Bands of a project's size, with their places."""
    for table in book.coefficients:
        for number, row in enumerate(table.rows):
            for where in row.where:
                yield from _sizes(f"coefficients.{table.id}.rows.{number}", where)
    for eligible in book.eligibility:
        yield from _sizes(f"eligibility.{eligible.id}.where", eligible.where)
    yield from _sizes_of_rewards_and_limits(book)
    if book.assessment_period is not None:
        for band in book.assessment_period.bands:
            yield "assessment_period.bands", band.scale
    for rule in book.rules:
        yield from _size_bands_of_rule(rule)


def _sizes_of_rewards_and_limits(book: Rulebook) -> Iterator[tuple[str, Interval]]:
    for reward in book.rewards or ():
        if reward.where is not None:
            yield from _sizes(f"rewards.{reward.id}.where", reward.where)
    for limit in book.limits or ():
        if limit.where is not None:
            yield from _sizes(f"limits.{limit.id}.where", limit.where)


def _size_bands_of_rule(rule: Rule) -> Iterator[tuple[str, Interval]]:
    for place, counted in rule.counted():
        if counted.where is not None:
            yield from _sizes(f"rules.{place}.where", counted.where)
    if isinstance(rule, PerItem | Deduct):
        for band in rule.bands or ():
            yield f"rules.{rule.id}.bands", band.band


def _sizes(place: str, where: Filter) -> Iterator[tuple[str, Interval]]:
    for size in (where.scale, where.investment):
        if size is not None:
            yield place, size
