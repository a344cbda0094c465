"""An import records every row or none; `partial` records the allowed rows. Repeats add nothing."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands.demo.county_records import records as county
from commands.handlers import row_drafts
from commands.handlers.file_rows import FileRow
from commands.handlers.importing import ImportOptions, import_records
from commands.handlers.row_drafts import BATCH
from commands.intake.record_files import RecordFile
from lifecycle.deciding.draft_columns import DraftColumns
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, StoreError, msg
from tests.given import REPORTED, JsonRecord, of, unit
from tests.ledgers import CLERK, LATER, new_ledger
from tests.platforms import not_on_windows

UNKNOWN_PROJECT = of("ConsultationHeld", "2024-02-01", "Q", outcome="passed")
CONSULTATION = of("ConsultationHeld", "2024-02-01", outcome="passed")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return new_ledger(tmp_path)


def rows(*records: JsonRecord) -> Iterator[FileRow]:
    return (FileRow(place, record) for place, record in enumerate(records, start=1))


def test_all_rows_are_recorded(ledger: Ledger) -> None:
    result = import_records(ledger, rows(*REPORTED), CLERK)
    assert (result.recorded, result.already_recorded, result.rejected) == (4, 0, [])
    assert ledger.head().position == 4


def test_the_same_rows_again_are_already_recorded(ledger: Ledger) -> None:
    import_records(ledger, rows(*REPORTED), CLERK)
    result = import_records(ledger, rows(*REPORTED), CLERK)
    assert (result.recorded, result.already_recorded) == (0, 4)


def test_one_rejected_row_stops_the_import(ledger: Ledger) -> None:
    result = import_records(ledger, rows(*REPORTED, UNKNOWN_PROJECT), CLERK)
    assert (result.recorded, ledger.head().position) == (0, 0)
    assert [rejected.row.place for rejected in result.rejected] == [5]


def test_partial_records_the_others(ledger: Ledger) -> None:
    options = ImportOptions(partial=True)
    result = import_records(ledger, rows(*REPORTED, UNKNOWN_PROJECT, CONSULTATION), CLERK, options)
    assert (result.recorded, ledger.head().position) == (5, 5)
    assert [rejected.row.place for rejected in result.rejected] == [5]


def test_a_dry_run_says_what_it_would_record_and_records_nothing(ledger: Ledger) -> None:
    result = import_records(ledger, rows(*REPORTED), CLERK, ImportOptions(dry_run=True))
    assert (result.recorded, ledger.head().position) == (4, 0)


def test_rejected_rows_stand_in_the_order_of_the_file(ledger: Ledger) -> None:
    unreadable = FileRow(2, {"line": "{"}, problem=Problem("json", msg("is not a JSON object")))
    file = iter([FileRow(1, UNKNOWN_PROJECT), unreadable, FileRow(3, {"event": "Nothing"})])
    result = import_records(ledger, file, CLERK)
    places_and_rules = [
        (rejected.row.place, rejected.problems[0].rule) for rejected in result.rejected
    ]
    assert [place for place, _rule in places_and_rules] == [1, 2, 3]
    assert places_and_rules[1] == (2, "json")


def test_record_times_are_ignored_unless_they_are_kept(ledger: Ledger) -> None:
    record = unit() | {"recorded_at": "2024-01-02T09:00:00+08:00"}
    dry_run = import_records(ledger, rows(record), CLERK, ImportOptions(dry_run=True))
    assert dry_run.ignored_record_times
    result = import_records(ledger, rows(record), CLERK, ImportOptions(keep_recorded_at=True))
    assert not result.ignored_record_times
    assert ledger.head().recorded_at.startswith("2024-01-02T09:00")


def test_entries_are_kept_on_request(ledger: Ledger) -> None:
    result = import_records(ledger, rows(*REPORTED), CLERK, ImportOptions(keep_entries=True))
    assert [entry.position for entry in result.entries] == [1, 2, 3, 4]


def test_progress_is_reported_by_the_batch(ledger: Ledger) -> None:
    advances: list[int] = []
    units = [unit(f"第{number}镇") for number in range(BATCH + 1)]
    import_records(ledger, rows(*units), CLERK, advance=advances.append)
    assert advances == [BATCH, 1]


# In two processes -----------------------------------------------------------------------------


class Rows:
    """Rows that can be read again, as a file's; another process that reads them `ends` so."""

    def __init__(self, *records: JsonRecord, ends: Callable[[], None] | None = None) -> None:
        self.records = records
        self.ends = ends
        self.first_process = os.getpid()

    def __iter__(self) -> Iterator[FileRow]:
        for place, record in enumerate(self.records, start=1):
            if self.ends is not None and os.getpid() != self.first_process:
                self.ends()
            notes = (NOTE,) if place == 2 else ()
            yield FileRow(place, record, notes=notes)
        yield FileRow(len(self.records) + 1, {}, passed_over=NOTE)


def die() -> None:
    os._exit(9)


def stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def lack_memory() -> None:
    raise MemoryError


NOTE = Problem("noted", msg("read as it stands"))


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_drafts, "LEAST_AHEAD", 3)
    monkeypatch.setattr(row_drafts, "BATCH", 2)
    # The threads of the test's own runner hold nothing that the other process needs.
    monkeypatch.setattr(row_drafts, "may_work_ahead", lambda: True)


@not_on_windows("one process reads there")
@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("ends", [None, die, stop, lack_memory])
def test_rows_read_in_another_process_are_recorded_alike(
    store_url: str, tmp_path: Path, ends: Callable[[], None] | None
) -> None:
    records = [*REPORTED, UNKNOWN_PROJECT, {"event": "TaxPaid", "amount": "-1"}, CONSULTATION]
    options = ImportOptions(partial=True, keep_entries=True)
    here = new_ledger(tmp_path, "here")
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ahead:
        expected = import_records(here, iter(Rows(*records)), CLERK, options)
        result = import_records(ahead, Rows(*records, ends=ends), CLERK, options)
        assert result == expected
        assert (result.recorded, len(result.rejected), result.warnings) == (5, 2, 2)
        assert ahead.leaves(1, 5) == here.leaves(1, 5)


@not_on_windows("one process reads there")
@pytest.mark.usefixtures("forked")
def test_a_file_that_breaks_off_in_another_process_records_nothing(
    ledger: Ledger, tmp_path: Path
) -> None:
    def breaking(path: Path) -> Iterator[FileRow]:
        yield from rows(*REPORTED)
        raise StoreError(msg("{path} ends in the middle"), path=path.name)

    with pytest.raises(StoreError, match="ends in the middle"):
        import_records(ledger, RecordFile(tmp_path / "a.csv", breaking), CLERK)
    assert ledger.head().position == 0


def test_every_draft_passes_between_processes_unchanged() -> None:
    drafts = [read_record(record) for record in county()]
    passed: DraftColumns = pickle.loads(pickle.dumps(DraftColumns.of(drafts)))
    assert [*passed.drafts()] == drafts
