"""The standalone verifier's lines over the whole corpus, against those that `explain` shows."""

from __future__ import annotations

from datetime import date

import pytest

from lifecycle.ledger.store import Ledger
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.explanation import explain_units
from projections.scoring.score_json import line_json
from tests.mutation.check_evaluator import view_of
from tests.mutation.check_verifier_scores import rulebook_data, streams
from tests.mutation.corpus import FOLDER
from tests.mutation.corpus_parts import PARTS, part


@pytest.mark.parametrize("number", range(PARTS))
def test_lines_agree_with_the_evaluator(number: int) -> None:
    for entry in part(number):
        book = verifier.CheckedRulebook(rulebook_data(entry["book"]))
        day = date.fromisoformat(entry["day"])
        year = verifier.score_year(
            streams(entry),
            book,
            entry["year"],
            day,
            entry["position"],
            explains=True,
        )
        with Ledger.open(f"sqlite:///{FOLDER / entry['ledger']}") as ledger:
            explanations = explain_units(ledger, view_of(entry))
        for unit, explanation in explanations.items():
            lines = [line_json(line, book.places) for line in explanation.lines]
            assert verifier.unit_lines(year, unit) == lines
