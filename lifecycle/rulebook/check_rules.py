"""Rules that divide by nothing, combine by nothing, or that no history can make score (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lifecycle.events.vocabulary import STAGES
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook import kinds as k
from lifecycle.rulebook.counted import Condition, Counted
from lifecycle.rulebook.measures import MEASURES, nearest
from lifecycle.rulebook.reach import NOTHING, of_rule
from lifecycle.rulebook.reads import counted_of, of_project, streamed
from lifecycle.rulebook.rulebook_model import Rulebook

_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "nodes_reached": STAGES,
    "awards_won": ("招商能手", "双招双引能手"),
    "landing_failures": ("not_first_time", "absent_from_decision"),
}
"""The labels by which `points_by` may tell the items of a measure apart."""


def rule_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every finding about a rule or a coefficient by itself."""
    for table in rulebook.coefficients:
        if table.combine is None:
            yield _uncombined(f"coefficients.{table.id}")
    checks = rulebook.schedule_checks
    if rulebook.boards is not None and checks is not None and checks.every != "quarter":
        yield Problem(
            "boards_quarter",
            msg("the boards count checks missed quarter by quarter"),
            {},
            "schedule_checks.every",
        )
    for rule in rulebook.rules:
        for place, counted in counted_of(rule):
            yield from _counted(f"rules.{place}", counted)
        if isinstance(rule, k.UnitCoefficient) and rule.combine is None:
            yield _uncombined(f"rules.{rule.id}")
        yield from _unreachable(rule, rulebook)
        yield from _shape(rule, rulebook)


def _uncombined(place: str) -> Problem:
    return Problem(
        "no_combination",
        msg("says not how several factors combine: combine is highest or product"),
        {},
        place,
    )


def _counted(place: str, counted: Counted) -> Iterator[Problem]:
    target = counted.target
    if target is not None and counted.when_zero is None and not target.fixed:
        yield Problem(
            "zero_target",
            msg("the target may be zero: when_zero says what then"),
            {},
            f"{place}.target",
        )
    bare = counted.each is not None and counted.reaching is None and counted.short_of is None
    if bare and not (isinstance(counted, Condition) and counted.in_a_row):
        yield Problem(
            "periods",
            msg("with each, say what a period must reach, or be short of"),
            {},
            f"{place}.each",
        )


def _unreachable(rule: k.Rule, book: Rulebook) -> Iterator[Problem]:
    """No history can make it score."""
    if isinstance(rule, k.PerItem) and rule.limit is not None and rule.limit <= 0:
        yield Problem(
            "unreachable",
            msg("no history can reach any points: the limit is not above zero"),
            {},
            f"rules.{rule.id}.limit",
        )
    elif not isinstance(rule, k.UPON) and of_rule(rule) == NOTHING:
        yield Problem(
            "unreachable",
            msg("no history can reach any points: all its values are zero"),
            {},
            f"rules.{rule.id}",
        )
    for place, counted in counted_of(rule):
        where = counted.where
        if (
            where is not None
            and where.information_years is not None
            and where.information_years[0] > where.information_years[1]
        ):
            yield Problem(
                "unreachable",
                msg("no history can reach any points: the years end before they begin"),
                {},
                f"rules.{place}.where",
            )
        if counted.measure == "funds_in_place":
            sectors = {sector for row in book.funds for sector in row.sector}
            if sectors.isdisjoint(
                sectors if where is None or where.sector is None else where.sector
            ):
                yield Problem(
                    "unreachable",
                    msg(
                        "no history can reach any points: the table funds says nothing of these sectors"
                    ),
                    {},
                    f"rules.{place}",
                )


def _shape(rule: k.Rule, book: Rulebook) -> Iterator[Problem]:
    if isinstance(rule, k.PerItem) and rule.points_by is not None:
        allowed = _LABELS.get(rule.measure, ())
        for label in rule.points_by:
            if label not in allowed:
                template = msg("there is no {name}; the nearest are {nearest}; there are {allowed}")
                values: dict[str, object] = {
                    "name": label,
                    "nearest": nearest(label, allowed),
                    "allowed": sorted(allowed),
                }
                yield Problem("unknown_name", template, values, f"rules.{rule.id}.points_by")
    if (
        isinstance(rule, (k.PerItem, k.Deduct))
        and rule.bands
        and (not of_project(rule) or rule.derived)
    ):
        yield Problem(
            "bands_of_units",
            msg("bands of size look at a project, and this counts none by itself"),
            {},
            f"rules.{rule.id}.bands",
        )
    if (
        isinstance(rule, k.RuleBase)
        and rule.coefficient is not None
        and (
            MEASURES[rule.measure].of != "project" or rule.derived or rule.kind not in _OF_PROJECTS
        )
    ):
        yield Problem(
            "coefficient_of_units",
            msg("a coefficient looks at a project, and this counts none by itself"),
            {},
            f"rules.{rule.id}.coefficient",
        )
    if isinstance(rule, k.Credit) and (rule.to == "first_reporter") is not of_project(rule):
        yield Problem(
            "credit",
            msg("a project is credited to its first_reporter, an indicator equally"),
            {},
            f"rules.{rule.id}.to",
        )
    if isinstance(rule, k.Exclusive) and rule.per == "project":
        for name in rule.rules:
            other = next((one for one in book.rules if one.id == name), None)
            if other is not None and not (streamed(other) and of_project(other)):
                yield Problem(
                    "exclusive",
                    msg("{rule} makes no lines of single projects; per is unit, or another rule"),
                    {"rule": name},
                    f"rules.{rule.id}.rules",
                )


_OF_PROJECTS: Final = ("per_item", "per_amount", "credit", "deduct", "escalating")
