"""A year's shares exchanged: the sum is that of the shares that stand, whatever stood before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lifecycle.rulebook import parse, shipped
from projections.scoring.judged_history import judged_at
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.scoring.year_shares import ProjectShare, YearShares, project_share
from tests.given import OTHER, REPORTED, World, of, reported

LIFE = (
    of("ConsultationHeld", "2024-02-01", outcome="passed"),
    of("AgreementSigned", "2024-03-01", contract_investment="30000", contract_fixed_assets="25000"),
    of("StatisticsEntered", "2024-03-05"),
    of("InvestmentReported", None, month="2024-03", fixed_assets="5000"),
    reported("Q", reporting_unit=OTHER),
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
BOOKS = {
    "lines alone": shipped("kaihua-2024"),
    "items": shipped("changshan-2024"),
    "sums of rules": parse(shipped("kaihua-2024").content + EXCLUSIVE),
}


@pytest.mark.parametrize("book", BOOKS)
def test_a_share_put_in_place_of_another_leaves_nothing_of_it(tmp_path: Path, book: str) -> None:
    world = World(tmp_path).given(*REPORTED, *LIFE)
    view = View(2024, date(2024, 12, 31), world.ledger.head().position, BOOKS[book])
    policy = prepared(view.rulebook)
    units = units_at(world.ledger, view)
    shares: dict[str, ProjectShare | None] = {}
    for project in judged_at(world.ledger, view):
        shares[project.facts.code] = project_share(project)
    none = YearShares(policy, units, lambda _line: True)
    once = none.exchanged(shares)
    assert once.total.lines or once.total.items
    for again in (once.exchanged(shares), once.exchanged({"P": None}).exchanged(shares)):
        assert again.total.rule_sums == once.total.rule_sums
        assert again.total.items == once.total.items
        assert sorted(again.total.lines) == sorted(once.total.lines)
        for unit, tally in again.total.tallies.items():
            assert tally.signed_points() == once.total.tallies[unit].signed_points()
            assert tally.basis_points() == once.total.tallies[unit].basis_points()
    gone = once.exchanged(dict.fromkeys(shares))
    assert not gone.total.lines
    assert not any(gone.total.rule_sums.values())
    assert not any(gone.total.items.values())
    for tally in gone.total.tallies.values():
        assert not any(tally.signed_points().values())
