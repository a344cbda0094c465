"""Each shipped rulebook on histories of its own words: evaluator, reference and verifier agree."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import shipped, shipped_ids
from tests.agreement.test_policies_agreement import assert_evaluators_agree
from tests.reference.draw_shipped import histories_of
from tests.soak import history_examples

DAYS = ((3, 31), (6, 30), (8, 15), (9, 30), (12, 31))


def adoption(rulebook_id: str) -> dict[str, Any] | None:
    """The adoption without which nobody may use the words that a rulebook declares."""
    book = shipped(rulebook_id)
    if book.rulebook.vocabulary is None:
        return None
    content = {"rulebook_id": book.id, "digest": book.digest, "content": book.content}
    return {"event": "RulebookAdopted", **content}


@pytest.mark.parametrize("rulebook_id", shipped_ids())
@history_examples(8)
@given(data=st.data())
def test_a_shipped_rulebook_scores_alike_in_all_three(
    rulebook_id: str, data: st.DataObject
) -> None:
    book = tomllib.loads(shipped(rulebook_id).content, parse_float=Decimal)
    book.pop("case", None)
    history = data.draw(histories_of(book, adoption(rulebook_id)))
    day = date(book["effective_from"].year, *data.draw(st.sampled_from(DAYS)))
    assert_evaluators_agree(book, history, day)
