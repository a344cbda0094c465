"""What a result holds: its units, its periods, and those lines that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import parse
from projections.scoring.evaluation import evaluate, scored_periods
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.units_of_view import registered_units
from tests.agreement.test_period_vectors import AMOUNT, FOUR_QUARTERS, SUM, assessed, registered
from tests.agreement.test_shape_vectors import project
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, RULE, SIGNED

UNIT = "甲镇"
LATER = "丁镇"
BY_QUARTER = HEAD + assessed("quarter", AMOUNT, SUM)
OF_PROJECTS = HEAD + RULE + SIGNED + 'kind = "per_item"\npoints = 1\n'


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A unit with a figure in each quarter and a signed project, and one of the next year."""
    with new_ledger(tmp_path) as opened:
        records = [registered(UNIT), registered(LATER, "2025-01-01"), *FOUR_QUARTERS]
        fill(opened, [*records, *project("A", "2024-02-01", "2024-03-01")], keep=False)
        yield opened


def view_of(ledger: Ledger, text: str) -> View:
    return View(2024, date(2024, 9, 30), ledger.head().position, parse(text))


def every_line(_line: ScoreLine) -> bool:
    return True


def test_a_result_has_its_units_and_the_periods_that_are_over(ledger: Ledger) -> None:
    result = evaluate(ledger, view_of(ledger, BY_QUARTER))

    assert list(result.units) == [UNIT]
    assert [score.unit for score in result.scores] == [UNIT]
    points = {period.period: period.modules[UNIT]["q"].points for period in result.periods.results}
    assert points == {"2024-Q1": 2, "2024-Q2": 5, "2024-Q3": 8}


def test_periods_are_scored_by_themselves_as_with_the_year(ledger: Ledger) -> None:
    view = view_of(ledger, BY_QUARTER)
    own = registered_units(ledger, view.position)

    alone = scored_periods(ledger, view)

    assert alone.results == evaluate(ledger, view).periods.results
    assert alone.results == scored_periods(ledger, view, own).results
    assert scored_periods(ledger, view, []).results[0].modules == {}


def test_lines_of_the_year_and_of_periods_are_kept_where_they_are_asked_for(
    ledger: Ledger,
) -> None:
    view = view_of(ledger, BY_QUARTER)

    kept, bare = evaluate(ledger, view, keep=every_line), evaluate(ledger, view)

    of_periods = [line.points for period in kept.periods.results for line in period.lines]
    assert of_periods == [Fraction(2), Fraction(5), Fraction(8)]
    assert [line.points for line in kept.lines] == [15]
    assert bare.lines == []
    assert [line for period in bare.periods.results for line in period.lines] == []


def test_projects_are_shown_one_by_one_to_whoever_asks(ledger: Ledger) -> None:
    seen: list[str] = []

    for text in (BY_QUARTER, OF_PROJECTS):
        evaluate(ledger, view_of(ledger, text), seen=lambda judged: seen.append(judged.facts.code))

    assert seen == ["A", "A"]
    (line,) = evaluate(ledger, view_of(ledger, OF_PROJECTS), keep=every_line).lines
    assert (line.unit, line.project, line.points) == (UNIT, "A", Fraction(1))


def test_registered_units_may_stand_in_for_those_of_the_ledger(ledger: Ledger) -> None:
    view = view_of(ledger, OF_PROJECTS)

    assert evaluate(ledger, view, registered=[]).scores == []
    by_quarter = evaluate(ledger, view_of(ledger, BY_QUARTER), registered=[])
    assert by_quarter.periods.results[0].modules == {}
    own = registered_units(ledger, view.position)
    assert evaluate(ledger, view, registered=own).scores == evaluate(ledger, view).scores
