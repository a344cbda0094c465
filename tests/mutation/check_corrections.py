"""What corrections leave of every stream in the corpus, against the reference."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.deciding.corrections import effective
from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY, Stream
from lifecycle.ledger.store import Ledger
from tests.mutation.corpus import FOLDER
from tests.mutation.kept import PARTS, part


def stream_of(told: list[str]) -> Stream:
    """A stream as the reference names it."""
    return (
        Stream("project", told[1])
        if told[0] == "project"
        else Stream("unit", told[1])
        if told[0] == "unit"
        else COUNTY
    )


@pytest.mark.parametrize("number", range(PARTS))
def test_effective_facts_are_the_reference_s(number: int) -> None:
    for entry in part(number):
        if (
            not any("FactCorrected" in topic for _, _, _, topic, _ in entry["rows"])
            or "facts" not in entry
        ):
            continue
        told: dict[Stream, dict[int, Any]] = {}
        for stream, version, _, fields in entry["facts"]:
            told.setdefault(stream_of(stream), {})[version] = read_record(fields).event
        with Ledger.open(f"sqlite:///{FOLDER / entry['ledger']}") as ledger:
            for stream, expected in told.items():
                found = effective(ledger.history(stream, entry["position"]))
                assert {item.version: item.event for item in found} == expected
                assert [item.version for item in found] == sorted(expected)
