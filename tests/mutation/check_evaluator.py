"""The evaluator's scores and lines over the whole corpus, against the reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.rulebook_library import LoadedRulebook
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.scoring.score_line import ScoreLine
from tests.mutation.corpus import FOLDER, Entry, line_of
from tests.mutation.corpus_parts import PARTS, part
from tests.pickling_engine import PicklingEngine


@cache
def loaded(text: str | None) -> LoadedRulebook:
    """An entry's rulebook, kaihua-2024 where it has none of its own."""
    if text is None:
        return shipped("kaihua-2024")
    return parse(text)


def view_of(entry: Entry) -> View:
    """The axes that an entry was asked at."""
    return View(
        entry["year"],
        date.fromisoformat(entry["day"]),
        entry["position"],
        loaded(entry.get("toml")),
    )


def keep_line(_line: ScoreLine) -> bool:
    """Every line is kept, so that lines can be summed."""
    return True


def assert_agrees(entry: Entry, result: Result) -> None:
    """Compare scores, and the lines that give points where the entry has them."""
    assert score_json(result)["units"] == entry["units"]
    if "lines" in entry:
        scoring_lines = [line for line in result.lines if line.points]
        assert sorted(map(line_of, scoring_lines)) == entry["lines"]


@pytest.mark.parametrize("number", range(PARTS))
def test_scores_and_lines_agree_with_the_reference(number: int) -> None:
    for entry in part(number):
        with Ledger.open(f"sqlite:///{FOLDER / entry['ledger']}") as ledger:
            result = evaluate(ledger, view_of(entry), keep=keep_line)
        assert_agrees(entry, result)

        sums: dict[tuple[str, str], Fraction] = {}
        for line in result.lines:
            module = (line.unit, line.module)
            sums[module] = sums.get(module, Fraction(0)) + line.points
        for score in result.scores:
            for name, points in score.modules.items():
                assert sums.get((score.unit, name), 0) == points


@pytest.mark.parametrize("number", range(0, PARTS, 4))
def test_scores_in_parts_agree_with_the_reference(number: int) -> None:
    for entry in part(number):
        with Ledger.open(f"sqlite:///{FOLDER / entry['ledger']}") as ledger:
            view = replace(view_of(entry), engine=PicklingEngine(6))
            assert_agrees(entry, evaluate(ledger, view, keep=keep_line))
