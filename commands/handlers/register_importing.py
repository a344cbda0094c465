"""Import a register, again and again: record what is new, list what differs (spec 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from commands.handlers.file_rows import FileRow
from commands.handlers.importing import RowProblems
from commands.handlers.plausibility import Plausibility
from commands.handlers.register_cell_comparison import RowPlace, at_heading
from commands.handlers.register_comparison import RowComparer
from commands.handlers.register_directory import RegisterDirectory
from commands.handlers.register_facts import RecordedFacts
from commands.handlers.register_findings import (
    NewEvent,
    ProposedChange,
    RegisterFinding,
    RegisterResult,
)
from commands.handlers.register_matching import RegisterMatching
from commands.handlers.register_rows import Register, RegisterRow
from commands.handlers.register_subjects import FOUNDING_EVENTS
from commands.handlers.row_drafts import BATCH
from lifecycle.deciding.drafts import read_record
from lifecycle.events import RecordedEvent, Stream
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg

_SKIPPED: Final = msg("the row begins with {text} and is passed over")


@dataclass(frozen=True, slots=True)
class CorrectionOrder:
    """Why changed cells are corrected, and who approved it."""

    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class RegisterOptions:
    """How a register is imported. `same` says which row is which project, `new` which is none."""

    dry_run: bool = False
    confirm_unusual: bool = False
    keep_entries: bool = False
    corrections: CorrectionOrder | None = None
    same: Mapping[int, str] = field(default_factory=dict)
    new: frozenset[int] = frozenset()


class _NothingKept(Exception):  # noqa: N818 -- not an error: how an import that stores nothing ends
    """Leaves the write transaction without keeping it."""


def import_register(
    ledger: Ledger,
    register: Register,
    author: Author,
    options: RegisterOptions = RegisterOptions(),
) -> RegisterResult:
    """Record what a register says and the store does not, in one transaction, or nothing."""
    result = RegisterResult(
        sheet=register.sheet, subject=register.subject, notes=list(register.notes)
    )
    _list_passed_rows(register, result)
    try:
        with ledger.unit_of_work(author) as work:
            _RegisterImporter(ledger, work, register, options, result).take()
            if options.dry_run or result.rejected:
                raise _NothingKept
    except _NothingKept:
        # A dry run says what it would have recorded.
        if not options.dry_run:
            result.recorded = 0
            result.corrected = 0
            result.entries.clear()
    result.sort_lists()
    return result


def _list_passed_rows(register: Register, result: RegisterResult) -> None:
    for row in register.passed:
        template = _SKIPPED if row.is_skipped else register.subject.sentences.empty_row
        problem = Problem("passed_over", template, {"text": row.text})
        result.passed_over.append(RegisterFinding(problem, row.number, row.heading))


class _RegisterImporter:
    """Records one row after another in one unit of work."""

    def __init__(
        self,
        ledger: Ledger,
        work: UnitOfWork,
        register: Register,
        options: RegisterOptions,
        result: RegisterResult,
    ) -> None:
        self._ledger = ledger
        self._work = work
        self._register = register
        self._options = options
        self._result = result
        self._comparer = RowComparer(work, result)
        self._plausibility = None if options.confirm_unusual else Plausibility(work)

    def take(self) -> None:
        """Find what each row is, compare, and record what is new."""
        for row in self._register.rows:
            if row.problems:
                self._reject(row, "", row.problems)
        directory = RegisterDirectory.of(self._ledger, self._register.subject)
        matching = RegisterMatching(directory, self._register, self._result)
        for row, code in matching.match(self._options.same, self._options.new):
            if not row.problems:
                self._take_row(row, code)
            if self._work.pending_count >= BATCH:
                self._work.flush()
                # A long import must not stamp its last events by the time of its first.
                self._work.move_clock(self._ledger.moment)

    def _take_row(self, row: RegisterRow, code: str) -> None:
        stream = Stream(self._register.subject.kind, code)
        comparison = self._comparer.compare(RowPlace(row, code), self._facts(stream))
        if comparison.problems:
            self._reject(row, code, comparison.problems)
            return
        self._result.already_recorded += comparison.already_recorded
        if self._options.corrections is not None:
            self._correct(row, code, comparison.changes, self._options.corrections)
        for event in comparison.new_events:
            is_taken = self._record(row, code, self._new_record(code, event))
            # Without its founding event the row's others would be rejected for that alone.
            if not is_taken and event.kind in FOUNDING_EVENTS:
                return

    def _facts(self, stream: Stream) -> RecordedFacts:
        def read_history() -> list[RecordedEvent]:
            return self._ledger.stored_history(stream)

        return RecordedFacts(self._work.effective_history(stream), read_history)

    def _correct(
        self,
        row: RegisterRow,
        code: str,
        changes: Iterable[ProposedChange],
        order: CorrectionOrder,
    ) -> None:
        """Record one correction for each fact that cells of the row change."""
        # Cells of one fact become one correction, which the fact is checked by as a whole.
        replacements: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        for change in changes:
            replacements[change.target.version][change.field] = change.after
        for version, replacement in replacements.items():
            record = {
                "event": "FactCorrected",
                self._register.subject.kind: code,
                "occurred_on": self._work.today.isoformat(),
                "corrects": version,
                "replacement": replacement,
                "reason": order.reason,
                "approved_by": order.approved_by,
            }
            if self._record(row, code, record):
                self._result.corrected += 1

    def _record(
        self,
        row: RegisterRow,
        code: str,
        record: Mapping[str, Any],
    ) -> bool:
        """Record one event and return whether it is new; what is rejected is noted at its row."""
        try:
            draft = read_record(record)
            if self._plausibility is None:
                entry = self._work.record(draft)
            elif row.is_confirmed:
                entry = self._work.record(draft, self._plausibility.follow)
            else:
                entry = self._work.record(draft, self._plausibility.examine)
        except Rejected as rejected:
            kind = str(record["event"])
            problems = [_at_cell(problem, row, kind) for problem in rejected.problems]
            self._reject(row, code, problems)
            return False
        self._count(row, code, entry)
        return not entry.already

    def _count(
        self,
        row: RegisterRow,
        code: str,
        entry: LedgerEntry,
    ) -> None:
        self._result.count_entry(entry, keep=self._options.keep_entries)
        if not entry.already:
            notes = (*row.notes, *entry.warnings)
            self._result.note_warnings([self._file_row(row, code)], 0, notes)

    def _reject(
        self,
        row: RegisterRow,
        code: str,
        problems: Sequence[Problem],
    ) -> None:
        self._result.rejected.append(RowProblems(self._file_row(row, code), list(problems)))

    def _new_record(self, code: str, event: NewEvent) -> dict[str, Any]:
        return {"event": event.kind.__name__, self._register.subject.kind: code, **event.fields}

    def _file_row(self, row: RegisterRow, code: str) -> FileRow:
        record = {self._register.subject.kind: code, **row.texts_by_heading()}
        return FileRow(row.number, record, self._register.sheet)


def _at_cell(problem: Problem, row: RegisterRow, kind: str) -> Problem:
    """Name the column that an event's field comes from, which is what the clerk sees."""
    for event in row.events:
        cell = event.cells.get(problem.field or "")
        if event.kind.__name__ == kind and cell is not None:
            return at_heading(problem, cell)
    return problem
