"""Import a file of records: all or nothing, or in part; a file imported again records nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from commands.handlers.plausibility import Plausibility
from commands.handlers.ready_corrections import ReadyCorrection, ready_correction
from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.events.codec import brings_record_time
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.progress import Progress, ignore_progress
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected

BATCH: Final = 1_000
# A result lists this many warnings and counts the rest: a large file may have one for each row.
WARNINGS_LISTED: Final = 20


NumberFormat = int | str
"""How a cell's number is displayed: the number of one of Excel's own formats, or a format code."""
NO_FORMATS: Final[Mapping[Any, NumberFormat]] = MappingProxyType({})


class ExtraCell(NamedTuple):
    """A filled cell of a column that is no field of the event."""

    heading: str
    text: str
    number_format: NumberFormat | None = None


class FileRow(NamedTuple):
    """A record with its line or row; `problem` if it could not be read.

    `notes` tell the clerk how it was read.
    """

    place: int
    record: Mapping[str, Any]
    sheet: str = ""
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    is_confirmed: bool = False
    """The column 确认 says that what looks unusual is right."""
    passed_over: Problem | None = None
    """Why the row is no record, such as a total; it is listed and not recorded."""
    order: str = ""
    """The row's 序号, as it stands there."""
    extra: tuple[ExtraCell, ...] = ()
    """The cells of columns that are no fields; a rejected row comes back with them."""
    formats: Mapping[str, NumberFormat] = NO_FORMATS
    """How the numbers and days of its fields are displayed; a rejected row comes back so."""
    is_strict: bool = False
    """The record was read as it stands, without the forms that people type."""


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

    def count_entry(
        self,
        row: FileRow,
        notes: Iterable[Problem],
        entry: LedgerEntry,
        *,
        keep: bool,
    ) -> None:
        """Count a row that was taken, with what is to be said of it; `keep` lists its event."""
        if entry.already:
            self.already_recorded += 1
            return
        self.recorded += 1
        if keep:
            self.entries.append(entry)
        for problem in notes:
            self.note_warning(row, problem)
        for problem in entry.warnings:
            self.note_warning(row, problem)

    def note_warning(self, row: FileRow, problem: Problem) -> None:
        """Count what to look at in a recorded row, and list the first ones."""
        self.warnings += 1
        if self.warnings <= WARNINGS_LISTED:
            self.listed_warnings.append((row, problem))


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
    rows: Iterator[FileRow],
    author: Author,
    options: ImportOptions = ImportOptions(),
    advance: Progress = ignore_progress,
) -> ImportResult:
    """Record the rows in one transaction; without `partial` one rejected row keeps out all.

    `advance` is called with the number of rows after each batch.
    """
    result = ImportResult()
    try:
        with (
            _collecting_seldom(),
            ledger.unit_of_work(author, keep_recorded_at=options.keep_recorded_at) as work,
        ):
            importer = _Importer(work, options, result)
            while batch := list(islice(rows, BATCH)):
                importer.take(batch)
                work.flush()
                if not options.keep_recorded_at:  # a migration has one moment
                    work.move_clock(ledger.clock())
                advance(len(batch))
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

    def take(self, batch: list[FileRow]) -> None:
        """Decide on a batch. Its rejected rows are listed in file order, whatever the reason."""
        drafts: dict[int, Draft] = {}
        rejected: dict[int, RowProblems] = {}
        for place, row in enumerate(batch):
            if row.passed_over is not None:
                self._result.note_warning(row, row.passed_over)
                continue
            try:
                drafts[place] = self._draft(row)
            except Rejected as error:
                rejected[place] = RowProblems(row, error.problems)
        # One query finds the keys and streams of the whole batch.
        self._work.prefetch(drafts.values())
        for place, draft in drafts.items():
            try:
                self._count(batch[place], self._record(batch[place], draft))
            except Rejected as error:
                correction = ready_correction(self._work, draft, error.problems)
                rejected[place] = RowProblems(batch[place], error.problems, correction)
        for place in sorted(rejected):
            self._result.rejected.append(rejected[place])

    def _record(self, row: FileRow, draft: Draft) -> LedgerEntry:
        if self._plausibility is None:
            return self._work.record(draft, from_file=True)
        if row.is_confirmed:
            return self._work.record(draft, self._plausibility.follow, from_file=True)
        return self._work.record(draft, self._plausibility.examine, from_file=True)

    def _draft(self, row: FileRow) -> Draft:
        if row.problem is not None:
            raise Rejected([row.problem])
        draft = read_record(row.record)
        brings_time = "recorded_at" in row.record and not brings_record_time(type(draft.event))
        if brings_time and not self._options.keep_recorded_at:
            self._result.ignored_record_times = True
        return draft

    def _count(self, row: FileRow, entry: LedgerEntry) -> None:
        self._result.count_entry(row, row.notes, entry, keep=self._options.keep_entries)


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
