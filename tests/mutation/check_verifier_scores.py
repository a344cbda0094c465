"""The standalone verifier's scores, boards and corrections over the whole corpus, against the reference."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest

from projections.audit.verifier import verify_bundle as verifier
from tests.mutation.corpus import Entry
from tests.mutation.kept import PARTS, part

Streams = dict[str, list[verifier.StoredEvent]]


def streams(entry: Entry) -> Streams:
    """The stored events, as the verifier reads them."""
    found: Streams = {}
    for position, stream, version, topic, state in entry["rows"]:
        if stream != "county" or topic.startswith(("TargetSet", "FactCorrected")):
            found.setdefault(stream, []).append(
                verifier.StoredEvent(position, stream, version, topic, state.encode())
            )
    return found


@cache
def plain(book: str) -> Any:
    """A rulebook's data, read once."""
    return json.loads(book)


@pytest.mark.parametrize("number", range(PARTS))
def test_scores_and_boards_are_the_reference_s(number: int) -> None:
    for entry in part(number):
        book, events = verifier.CheckedRulebook(plain(entry["book"])), streams(entry)
        assert (
            verifier.scores(
                events, book, entry["year"], date.fromisoformat(entry["day"]), entry["position"]
            )
            == entry["units"]
        )
        if "board" in entry:
            found: Any = verifier.board(events, book, entry["month"], entry["position"])
            found["as_of"] = found["as_of"].isoformat()
            assert {name: found[name] for name in entry["board"] if name in found} == {
                name: told for name, told in entry["board"].items() if name in found
            }
