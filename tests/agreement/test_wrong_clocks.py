"""Corrected record times: evaluator, reference and verifier know the same at every K."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rulebook import shipped
from lifecycle.rulebook.rulebook_library import canonical
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from tests.reference.effective import known_records
from tests.reference.histories import histories
from tests.reference.scoring import day_in_year, evaluate as reference, shown as as_shown
from tests.reference.wrong_clocks import Clockwork, by_wrong_clocks, moments_of
from tests.soak import history_examples

BOOK = shipped("kaihua-2024")
RULES = verifier.CheckedRulebook(json.loads(canonical(BOOK.rulebook)))
YEARS = (2024, 2023, 2025)

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories


@contextmanager
def recorded(clockwork: Clockwork) -> Iterator[Ledger]:
    """A ledger into which each record went while its clock said so."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'l.db'}"
        now: list[datetime] = [clockwork.clocks[0]]
        with Ledger.open(url, create=True, clock=lambda: now[0]) as ledger:
            for record, clock in zip(clockwork.records, clockwork.clocks, strict=True):
                now[0] = clock
                fields: dict[str, Any] = dict(record)
                fields.pop("stamped_at", None)
                author = Author("甲", importing=True)
                assert not ledger.record(read_record(fields), author).already
            yield ledger


def read_by_verifier(ledger: Ledger) -> tuple[verifier.RecordTimes, verifier.Streams]:
    """The events as the verifier reads them from a bundle."""
    times = verifier.RecordTimes()
    streams: verifier.Streams = {}
    with ledger.recorder.cursor(write=False) as cursor:
        for position, stream, version, topic, state in ledger.recorder.between(cursor, 1, 10**6):
            line = f"{stream}\t{version}\t{topic}\t".encode() + bytes(state)
            event = verifier.parse_event(position, line)
            times.add(event)
            streams.setdefault(stream, []).append(event)
    return times, streams


@history_examples(15)
@given(data=st.data())
def test_all_three_know_the_same_at_every_moment(data: st.DataObject) -> None:
    clockwork = data.draw(by_wrong_clocks(data.draw(histories(max_steps=25))))
    records = clockwork.records
    year = data.draw(st.sampled_from(YEARS))
    day = day_in_year(year, date(year, 12, 31))
    with recorded(clockwork) as ledger:
        assert verify(ledger).differences == []
        times, streams = read_by_verifier(ledger)
        moments = times.corrected()
        # A history takes longer than its moments: each record is a transaction of its own.
        for _ in range(7):
            known_at = data.draw(moments_of(records))
            position = ledger.position_at(known_at)
            assert position == len(known_records(records, known_at, None))
            assert position == verifier.position_at(moments, known_at)
            result: Any = score_json(evaluate(ledger, View(year, day, position, BOOK)))
            assert result["units"] == as_shown(reference(records, year, day, known_at))["units"]
            assert result["units"] == verifier.scores(streams, RULES, year, day, position)
