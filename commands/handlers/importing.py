"""Import a file of records: all or nothing, or in part; a file imported again records nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from commands.handlers.file_rows import FileRow
from commands.handlers.plausibility import Plausibility
from commands.handlers.ready_corrections import ReadyCorrection, ready_correction
from commands.handlers.row_drafts import (
    BATCH,
    DraftBatch,
    RowsOfBatch,
    batches_here,
    draft_batches,
)
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.progress import Progress, ignore_progress
from lifecycle.ledger.proposed_fact import Examination, take_as_it_is
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected
from lifecycle.working_ahead import ProcessLostError

# A result lists this many warnings and counts the rest: a large file may have one for each row.
WARNINGS_LISTED: Final = 20


class RowProblems(NamedTuple):
    """A row with everything that is wrong with it."""

    row: FileRow
    problems: list[Problem]
    correction: ReadyCorrection | None = None
    """What the row means if it changes a fact that is recorded."""


@dataclass(slots=True)
class ImportResult:
    """The counts of new and already recorded events, and the rejected rows in file order."""

    recorded: int = 0
    already_recorded: int = 0
    rejected: list[RowProblems] = field(default_factory=list)
    warnings: int = 0
    listed_warnings: list[tuple[FileRow, Problem]] = field(default_factory=list)
    ignored_record_times: bool = False
    """The file brings record times, and `keep_recorded_at` was not set."""
    entries: list[LedgerEntry] = field(default_factory=list)
    """What was recorded, if `keep_entries` was set."""

    def count_entry(self, entry: LedgerEntry, *, keep: bool) -> None:
        """Count a row that was taken; `keep` lists its event."""
        if entry.already:
            self.already_recorded += 1
            return
        self.recorded += 1
        if keep:
            self.entries.append(entry)

    def note_warnings(self, rows: RowsOfBatch, place: int, problems: Iterable[Problem]) -> None:
        """Count what to look at in the recorded row at a place, and list the first ones."""
        for problem in problems:
            self.warnings += 1
            if self.warnings <= WARNINGS_LISTED:
                self.listed_warnings.append((rows[place], problem))


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import goes: `partial` records what is allowed, `dry_run` records nothing."""

    dry_run: bool = False
    partial: bool = False
    keep_recorded_at: bool = False
    keep_entries: bool = False
    confirm_unusual: bool = True
    """Record what is most likely a slip of the hand, without the column 确认 in its row."""


class _NothingStored(Exception):  # noqa: N818 -- not an error: how such an import ends
    """Leaves the write transaction without keeping it."""


def import_records(
    ledger: Ledger,
    rows: Iterable[FileRow],
    author: Author,
    options: ImportOptions = ImportOptions(),
    advance: Progress = ignore_progress,
) -> ImportResult:
    """Record the rows in one transaction; without `partial` one rejected row keeps out all.

    `advance` is called with the number of rows after each batch.
    """
    try:
        return _import_batches(ledger, partial(draft_batches, rows), author, options, advance)
    except ProcessLostError:
        # Nothing is stored. One process needs least memory.
        return _import_batches(ledger, partial(batches_here, rows), author, options, advance)


def _import_batches(
    ledger: Ledger,
    batches: Callable[[], Iterator[DraftBatch]],
    author: Author,
    options: ImportOptions,
    advance: Progress,
) -> ImportResult:
    result = ImportResult()
    try:
        with (
            _collecting_seldom(),
            ledger.unit_of_work(author, keep_recorded_at=options.keep_recorded_at) as work,
        ):
            importer = _Importer(work, options, result)
            for batch in batches():
                importer.take(batch)
                work.flush()
                if not options.keep_recorded_at:  # a migration has one moment
                    work.move_clock(ledger.moment)
                advance(batch.size)
            if options.dry_run or (result.rejected and not options.partial):
                raise _NothingStored
    except _NothingStored:
        # A dry run says what it would have recorded.
        if not options.dry_run:
            result.recorded = 0
            result.entries.clear()
    return result


class _Importer:
    """Decides on one batch of rows after another in one unit of work."""

    def __init__(
        self,
        work: UnitOfWork,
        options: ImportOptions,
        result: ImportResult,
    ) -> None:
        self._work = work
        self._options = options
        self._result = result
        # A migration records what was recorded; nobody can be asked about it.
        is_examined = not options.confirm_unusual and not options.keep_recorded_at
        self._plausibility = Plausibility(work) if is_examined else None

    def take(self, batch: DraftBatch) -> None:
        """Decide on a batch. Its rejected rows are listed in file order, whatever the reason."""
        if batch.brings_record_times and not self._options.keep_recorded_at:
            self._result.ignored_record_times = True
        for place, problem in batch.passed_over.items():
            self._result.note_warnings(batch.rows, place, [problem])
        rejected: dict[int, RowProblems] = {}
        for place, problems in batch.rejected.items():
            rejected[place] = RowProblems(batch.rows[place], problems)
        # One query finds the keys and streams of the whole batch.
        self._work.prefetch(batch.drafts.values())
        for place, draft in batch.drafts.items():
            try:
                entry = self._work.record(draft, self._examination(batch, place), from_file=True)
            except Rejected as error:
                correction = ready_correction(self._work, draft, error.problems)
                rejected[place] = RowProblems(batch.rows[place], error.problems, correction)
                continue
            self._result.count_entry(entry, keep=self._options.keep_entries)
            if not entry.already:
                notes = batch.notes.get(place, ())
                self._result.note_warnings(batch.rows, place, (*notes, *entry.warnings))
        for place in sorted(rejected):
            self._result.rejected.append(rejected[place])

    def _examination(self, batch: DraftBatch, place: int) -> Examination:
        if self._plausibility is None:
            return take_as_it_is
        is_confirmed = place in batch.confirmed
        return self._plausibility.follow if is_confirmed else self._plausibility.examine


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let Python look for cyclic garbage once per batch at most.

    A batch's records live until they are stored and hold no cycles, so that each earlier look would
    be in vain; with the usual threshold these looks take a good part of an import.
    """
    usual = gc.get_threshold()
    gc.set_threshold(100 * BATCH, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
