"""What corrections leave of every stream in the corpus, against the reference."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.deciding.corrections import effective
from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY, Stream
from lifecycle.ledger.store import Ledger
from tests.mutation.corpus import FOLDER, Entry
from tests.mutation.corpus_parts import PARTS, part

EventsByVersion = dict[int, Any]


def stream_of(names: list[str]) -> Stream:
    """A stream as the reference names it."""
    kind, name = names
    if kind == "project":
        return Stream("project", name)
    if kind == "unit":
        return Stream("unit", name)
    return COUNTY


def has_corrections(entry: Entry) -> bool:
    """Whether an entry's history has corrections, and the facts that they leave."""
    topics = [row[3] for row in entry["rows"]]
    return "facts" in entry and any(topic.startswith("FactCorrected") for topic in topics)


def expected_events(entry: Entry) -> dict[Stream, EventsByVersion]:
    """The effective events of each stream, as the reference has them."""
    by_stream: dict[Stream, EventsByVersion] = {}
    for names, version, _, fields in entry["facts"]:
        events = by_stream.setdefault(stream_of(names), {})
        events[version] = read_record(fields).event
    return by_stream


@pytest.mark.parametrize("number", range(PARTS))
def test_effective_facts_agree_with_the_reference(number: int) -> None:
    for entry in part(number):
        if not has_corrections(entry):
            continue
        with Ledger.open(f"sqlite:///{FOLDER / entry['ledger']}") as ledger:
            for stream, expected in expected_events(entry).items():
                events = effective(ledger.history(stream, entry["position"]))
                assert [event.version for event in events] == sorted(expected)
                assert {event.version: event.event for event in events} == expected
