"""The evaluator's scores and lines over the whole corpus, against the reference."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.rulebook_library import LoadedRulebook
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json
from tests.mutation.corpus import FOLDER, line_of
from tests.mutation.kept import PARTS, part


@cache
def loaded(text: str | None) -> LoadedRulebook:
    """The entry's rulebook."""
    return shipped("kaihua-2024") if text is None else parse(text)


@pytest.mark.parametrize("number", range(PARTS))
def test_scores_and_lines_are_the_reference_s(number: int) -> None:
    for entry in part(number):
        view = View(
            entry["year"],
            date.fromisoformat(entry["day"]),
            entry["position"],
            loaded(entry.get("toml")),
        )
        with Ledger.open(f"sqlite:///{FOLDER / entry['ledger']}") as ledger:
            result = evaluate(ledger, view, keep=lambda _: True)
        assert score_json(result)["units"] == entry["units"]
        if "lines" in entry:
            assert (
                sorted(map(line_of, filter(lambda line: line.points, result.lines)))
                == entry["lines"]
            )
        for score in result.scores:
            for module, points in score.modules.items():
                assert (
                    sum(
                        line.points
                        for line in result.lines
                        if (line.unit, line.module) == (score.unit, module)
                    )
                    == points
                )
