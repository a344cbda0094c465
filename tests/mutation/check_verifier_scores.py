"""The standalone verifier's scores and boards over the whole corpus, against the reference."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest

from projections.audit.verifier import verify_bundle as verifier
from tests.agreement.test_policies_agreement import COUNTY_TOPICS
from tests.mutation.corpus import Entry
from tests.mutation.corpus_parts import PARTS, part

Streams = dict[str, list[verifier.StoredEvent]]


def streams(entry: Entry) -> Streams:
    """The stored events that scores need, as the verifier reads them."""
    by_stream: Streams = {}
    for position, stream, version, topic, state in entry["rows"]:
        bears_on_scores = stream != "county" or topic.startswith(COUNTY_TOPICS)
        if bears_on_scores:
            event = verifier.StoredEvent(position, stream, version, topic, state.encode())
            by_stream.setdefault(stream, []).append(event)
    return by_stream


@cache
def rulebook_data(text: str) -> Any:
    """A rulebook's data, parsed once."""
    return json.loads(text)


@pytest.mark.parametrize("number", range(PARTS))
def test_scores_and_boards_agree_with_the_reference(number: int) -> None:
    for entry in part(number):
        book = verifier.CheckedRulebook(rulebook_data(entry["book"]))
        events = streams(entry)
        day = date.fromisoformat(entry["day"])
        position = entry["position"]
        assert verifier.scores(events, book, entry["year"], day, position) == entry["units"]
        if "board" in entry:
            board = verifier.board(events, book, entry["month"], position)
            for name in ("units", "candidates", "listed", "interviews"):
                assert board[name] == entry["board"][name]
