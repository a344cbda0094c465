"""A unit of work goes on from what the last one knew, and only where nothing came between."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from commands.demo.county_records import records as county
from lifecycle.deciding.drafts import read_record
from lifecycle.events import RecordedEvent, Stream
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected
from tests.given import REPORTED, correction, of, reported
from tests.ledgers import CLERK, LATER, fill, new_ledger

CONSULTATION = of("ConsultationHeld", "2024-02-01", outcome="passed")
TERMINATION = of("ProjectTerminated", "2024-03-01", reason="投资方放弃")
SIGNING = of("AgreementSigned", "2024-04-01", contract_investment="9", contract_fixed_assets="9")


def rules(rejected: Rejected) -> list[str]:
    return [problem.rule for problem in rejected.problems]


def test_events_recorded_one_by_one_are_those_recorded_together(tmp_path: Path) -> None:
    records = list(islice(county(), 400))
    together, one_by_one = new_ledger(tmp_path, "together"), new_ledger(tmp_path, "one")
    entries = fill(together, records, keep=False)
    assert [one_by_one.record(read_record(record), CLERK) for record in records] == entries


def test_a_history_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, REPORTED, keep=False)
        reads: list[Stream] = []
        read_history = ledger.recorder.stored_history

        def noted(cursor: Cursor, stream: Stream, *upto: int) -> list[RecordedEvent]:
            reads.append(stream)
            return read_history(cursor, stream, *upto)

        monkeypatch.setattr(ledger.recorder, "stored_history", noted)
        ledger.record(read_record(CONSULTATION), CLERK)
        ledger.record(read_record(SIGNING), CLERK)
        ledger.record(read_record(correction(2, {"note": "补记"})), CLERK)
        ledger.record(read_record(correction(2, {"note": "再补记"})), CLERK)
    # The state alone does not hold the events that a correction is decided on by.
    assert reads == [Stream("project", "P")]


def test_what_another_process_recorded_is_seen(store_url: str) -> None:
    with (
        Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger,
        Ledger.open(store_url, clock=lambda: LATER) as other,
    ):
        fill(ledger, REPORTED, keep=False)
        ledger.record(read_record(CONSULTATION), CLERK)
        other.record(read_record(TERMINATION), CLERK)
        with pytest.raises(Rejected) as rejected:
            ledger.record(read_record(SIGNING), CLERK)
        assert rules(rejected.value) == ["terminated"]


def test_what_was_not_stored_is_not_gone_on_from(store_url: str) -> None:
    def record_and_fail(work: UnitOfWork) -> None:
        work.record(read_record(TERMINATION))
        work.record(read_record(reported("P2", reporting_unit="无此镇")))

    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, REPORTED, keep=False)
        with pytest.raises(Rejected):
            ledger.execute(record_and_fail, CLERK)
        with pytest.raises(Rejected), ledger.unit_of_work(CLERK) as work:
            record_and_fail(work)
        assert ledger.record(read_record(SIGNING), CLERK).position == 5
