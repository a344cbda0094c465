"""The evaluator agrees with the reference in every number, on random histories at random axes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from tests.agreement.test_agreement_days import agree
from tests.ledgers import fill, new_ledger
from tests.reference.histories import axes, histories
from tests.reference.scoring import day_in_year, evaluate as reference, shown as as_shown
from tests.soak import history_examples

pytestmark = (
    pytest.mark.no_cover
)  # counting lines would take longer than the histories; the named cases reach them too

# Drawing a history takes three times as long as looking at it from one side.
AXES_OF_A_HISTORY = 4


@history_examples(100)
@given(data=st.data())
def test_every_number_agrees_with_the_reference(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        for _ in range(AXES_OF_A_HISTORY):
            year, as_of, known_at = data.draw(axes(records))
            position = len(records) if known_at is None else ledger.position_at(known_at)
            view = View(year, day_in_year(year, as_of), position, shipped("kaihua-2024"))
            result: Any = score_json(evaluate(ledger, view))
            agree(ledger, records, view.as_of, known_at)
            expected = as_shown(reference(records, year, as_of, known_at))
            assert result["units"] == expected["units"]
