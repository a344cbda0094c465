"""A year's shares exchanged: the sum is that of the shares that stand, whatever stood before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import parse, shipped
from projections.facts.ledger_parts import opened_store
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.judged_history import facts_at, judged_at
from projections.scoring.part_scoring import PartScoring, scored_projects
from projections.scoring.partial_year import PartialYear
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.units_of_view import units_at
from projections.scoring.year_shares import ProjectShare, YearShares, project_share
from tests.given import OTHER, REPORTED, World, of, reported

LIFE = (
    of("ConsultationHeld", "2024-02-01", outcome="passed"),
    of("AgreementSigned", "2024-03-01", contract_investment="30000", contract_fixed_assets="25000"),
    of("StatisticsEntered", "2024-03-05"),
    of("InvestmentReported", None, month="2024-03", fixed_assets="5000"),
    reported("Q", reporting_unit=OTHER),
    reported("R"),
    of("ConsultationHeld", "2024-02-02", "R", outcome="passed"),
)


# Rules that exclude each other need what each rule gave to each unit.
EXCLUSIVE = """
[[rules]]
id = "one_of_two"
chinese = "就高不重复"
module = "information"
kind = "exclusive"
rules = ["information", "progress"]
per = "unit"
clause = "考(一)"
basis = "assumption"
note = "A rule of this test."
"""
# A year before the one that is scored: what is compared with it stands beside the year's items.
GROWTH = """
[[rules]]
id = "growth"
chinese = "增长"
module = "information"
kind = "per_item"
measure = "projects_signed"
points = 2
as = "to_last_year"
when_zero = 1
when_missing = 0
clause = "考(一)"
basis = "assumption"
note = "A rule of this test."
"""
EARLIER = (
    reported("E", reported_at="2023-01-10T09:00:00+08:00"),
    of("ConsultationHeld", "2023-02-01", "E", outcome="passed"),
    of("AgreementSigned", "2023-03-01", "E", contract_investment="9", contract_fixed_assets="9"),
)
KAIHUA = shipped("kaihua-2024")
BOOKS = {
    "lines alone": KAIHUA,
    "items": shipped("changshan-2024"),
    "sums of rules": parse(KAIHUA.content + EXCLUSIVE),
    "items of last year": parse(KAIHUA.content + GROWTH),
}


def is_kept(line: ScoreLine) -> bool:
    """Whether a test keeps a line: those of the project P alone."""
    return line.project == "P"


def taken_one_by_one(
    ledger: Ledger, view: View, units: UnitsOfDay, codes: Sequence[str] | None = None
) -> PartialYear:
    """What the projects, or some of them, give where each is scored in turn."""
    scoring = PartScoring(
        view.rulebook, view.axes, units, with_lines=True, open_ledger=opened_store
    )
    with facts_at(ledger, view, codes) as facts:
        return scored_projects(scoring, facts)


def assert_same(year: PartialYear, expected: PartialYear, policy: Policy) -> None:
    assert {key: points for key, points in year.rule_sums.items() if points} == expected.rule_sums
    for items, of_expected in (
        (year.items, expected.items),
        (year.items_of_last_year, expected.items_of_last_year),
    ):
        assert {key: of_place for key, of_place in items.items() if of_place} == of_expected
    assert sorted(year.lines) == sorted(filter(is_kept, expected.lines))
    assert list(year.tallies) == list(expected.tallies)
    for unit, tally in year.tallies.items():
        of_unit = expected.tallies[unit]
        assert tally.signed_points() == of_unit.signed_points()
        assert tally.basis_points() == of_unit.basis_points()
        for module in policy.modules:
            assert tally.module_points(module) == of_unit.module_points(module)


@pytest.mark.parametrize("book", BOOKS)
def test_a_share_put_in_place_of_another_leaves_nothing_of_it(tmp_path: Path, book: str) -> None:
    world = World(tmp_path).given(*REPORTED, *LIFE, *EARLIER)
    view = View(2024, date(2024, 12, 31), world.ledger.head().position, BOOKS[book])
    policy = prepared(view.rulebook)
    units = units_at(world.ledger, view)
    expected = taken_one_by_one(world.ledger, view, units)
    assert expected.lines or expected.items
    shares: dict[str, ProjectShare | None] = {}
    for project in judged_at(world.ledger, view):
        shares[project.facts.code] = project_share(project)

    none = YearShares(policy, units, is_kept)
    once = none.exchanged(shares)

    assert_same(once.total, expected, policy)
    assert once.exchanged(shares) is once
    without = once.exchanged({"P": None})
    assert not without.total.lines
    for again in (without.exchanged(shares), without.exchanged({"P": shares["P"]})):
        assert_same(again.total, expected, policy)
    gone = once.exchanged(dict.fromkeys(shares))
    assert_same(gone.total, PartialYear.of_units(units, policy), policy)


@pytest.mark.parametrize("book", BOOKS)
def test_what_parts_gave_is_merged_into_what_the_whole_gives(tmp_path: Path, book: str) -> None:
    world = World(tmp_path).given(*REPORTED, *LIFE, *EARLIER)
    view = View(2024, date(2024, 12, 31), world.ledger.head().position, BOOKS[book])
    policy = prepared(view.rulebook)
    units = units_at(world.ledger, view)
    expected = taken_one_by_one(world.ledger, view, units)

    merged = PartialYear.of_units(units, policy)
    # In the order of the codes, which items of several projects stand in.
    for code in ("E", "P", "Q", "R"):
        part = taken_one_by_one(world.ledger, view, units, [code])
        merged.merge(part)
        merged.lines.extend(filter(is_kept, part.lines))

    assert_same(merged, expected, policy)
