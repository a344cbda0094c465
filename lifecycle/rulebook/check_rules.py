"""Rules that may divide by 0, leave open how to combine, or can never score (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.conditions import Condition
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.kinds.coefficient_rule import uncombined_finding
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.rulebook_model import Rulebook


def rule_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every finding about a rule or a coefficient by itself."""
    for table in rulebook.coefficients:
        if table.combine is None:
            yield uncombined_finding(f"coefficients.{table.id}")
    yield from _board_findings(rulebook)
    rules_by_id = {rule.id: rule for rule in rulebook.rules}
    for rule in rulebook.rules:
        for place, counted in rule.counted():
            yield from _counted_findings(f"rules.{place}", counted)
        yield from _unreachable_findings(rule, rulebook)
        yield from rule.own_findings(rules_by_id)


def _board_findings(rulebook: Rulebook) -> Iterator[Problem]:
    # The black board looks for checks missed in consecutive quarters (考(八)2), so that checks have
    # to be quarterly.
    checks = rulebook.schedule_checks
    if rulebook.boards is not None and checks is not None and checks.every != "quarter":
        yield Problem(
            "boards_quarter",
            msg("the boards count missed checks by quarter"),
            {},
            "schedule_checks.every",
        )


def _counted_findings(
    place: str,
    counted: Counted,
) -> Iterator[Problem]:
    # A fixed target other than 0 is the only one that can never be 0.
    target = counted.target
    if target is not None and counted.when_zero is None and not target.fixed:
        yield Problem(
            "zero_target",
            msg("the target may be zero: give when_zero"),
            {},
            f"{place}.target",
        )
    if _leaves_periods_open(counted):
        yield Problem(
            "periods",
            msg("each requires reaching or short_of"),
            {},
            f"{place}.each",
        )


def _leaves_periods_open(counted: Counted) -> bool:
    """Whether periods are counted without saying what each must reach."""
    if counted.each_period is None or counted.reaching is not None or counted.short_of is not None:
        return False
    return not (isinstance(counted, Condition) and counted.in_a_row)


def _unreachable_findings(
    rule: Rule,
    book: Rulebook,
) -> Iterator[Problem]:
    """Reasons why no history can make the rule score."""
    problem = rule.unreachable()
    if problem is not None:
        yield problem
    for place, counted in rule.counted():
        where = counted.where
        if where is not None and _years_reversed(where):
            yield Problem(
                "unreachable",
                msg("no history can earn points: the years end before they begin"),
                {},
                f"rules.{place}.where",
            )
        if counted.measure == "funds_in_place" and not _has_funds(where, book):
            yield Problem(
                "unreachable",
                msg("no history can earn points: the table funds has no row for these sectors"),
                {},
                f"rules.{place}",
            )


def _years_reversed(where: Filter) -> bool:
    if where.information_years is None:
        return False
    first, last = where.information_years
    return first > last


def _has_funds(where: Filter | None, book: Rulebook) -> bool:
    """Whether the table of funds has a row for any sector that the filter takes."""
    with_funds = {sector for row in book.funds for sector in row.sector}
    # Without a filter of sectors any sector will do.
    if where is None or where.sector is None:
        return bool(with_funds)
    return not with_funds.isdisjoint(where.sector)
