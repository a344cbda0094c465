"""A file's rows read into drafts, batch by batch: in this process, or ahead in another."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final, NamedTuple, Protocol

from commands.handlers.file_rows import FileRow
from lifecycle.all_cores import may_work_ahead
from lifecycle.deciding.draft_columns import DraftColumns
from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.events.codec import brings_record_time
from lifecycle.rejections import Problem, Rejected
from lifecycle.working_ahead import worked_out_ahead

BATCH: Final = 1_000
LEAST_AHEAD: Final = 5_000
"""From how many rows on another process pays: to begin, it takes as long as some thousands."""


class RowsOfBatch(Protocol):
    """Rows by their places in a batch."""

    def __getitem__(self, place: int, /) -> FileRow:
        """Return the row at a place."""


class PackedRows:
    """Rows from another process, unpacked when one is asked for.

    Most are recorded without a second look.
    """

    def __init__(self, rows: Sequence[FileRow]) -> None:
        # By columns: each row by itself would be named and asked for its values.
        columns = [*zip(*rows, strict=True)]
        self._packed = pickle.dumps(columns, pickle.HIGHEST_PROTOCOL)
        self._rows: Sequence[FileRow] = ()

    def __getitem__(self, place: int, /) -> FileRow:
        """Return the row at a place."""
        if not self._rows:
            columns = pickle.loads(self._packed)  # noqa: S301 -- what this class packed itself
            self._rows = [FileRow(*values) for values in zip(*columns, strict=True)]
        return self._rows[place]


@dataclass(slots=True)
class DraftBatch:
    """Rows that follow one another in a file, and what was read of each, by its place in them."""

    size: int
    rows: RowsOfBatch
    drafts: dict[int, Draft] = field(default_factory=dict)
    rejected: dict[int, list[Problem]] = field(default_factory=dict)
    passed_over: dict[int, Problem] = field(default_factory=dict)
    notes: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    """How rows were read, of those of which there is something to say."""
    confirmed: set[int] = field(default_factory=set)
    """The rows that say that what looks unusual is right."""
    brings_record_times: bool = False

    def read(self, place: int, row: FileRow) -> None:
        """Read a row into a draft, or note why it is none."""
        if row.passed_over is not None:
            self.passed_over[place] = row.passed_over
            return
        if row.problem is not None:
            self.rejected[place] = [row.problem]
            return
        try:
            draft = read_record(row.record)
        except Rejected as error:
            self.rejected[place] = error.problems
            return
        self.drafts[place] = draft
        if row.notes:
            self.notes[place] = row.notes
        if row.is_confirmed:
            self.confirmed.add(place)
        if "recorded_at" in row.record and not brings_record_time(type(draft.event)):
            self.brings_record_times = True


class _PackedBatch(NamedTuple):
    """A batch on its way from another process: its drafts by columns, and their places."""

    batch: DraftBatch
    places: list[int]
    drafts: DraftColumns


def draft_batches(rows: Iterable[FileRow]) -> Iterator[DraftBatch]:
    """Yield the batches of a file's rows, in order.

    A long file is read ahead in another process where that pays. Where that process dies,
    `ProcessLostError` is raised, and `batches_here` reads the rows again from the first.
    """
    unread = iter(rows)
    first = list(islice(unread, LEAST_AHEAD))
    all_rows = chain(first, unread)
    # Rows that can be iterated only once could not be read again.
    if len(first) < LEAST_AHEAD or unread is rows or not may_work_ahead():
        return batches_here(all_rows)
    return map(_unpacked, worked_out_ahead(_packed_batches(all_rows)))


def batches_here(rows: Iterable[FileRow]) -> Iterator[DraftBatch]:
    """Yield the batches of a file's rows, in order, read in this process."""
    unread = iter(rows)
    while batch := list(islice(unread, BATCH)):
        drafts = DraftBatch(len(batch), batch)
        for place, row in enumerate(batch):
            drafts.read(place, row)
        yield drafts


def _packed_batches(rows: Iterator[FileRow]) -> Iterator[_PackedBatch]:
    for batch in batches_here(rows):
        drafts = batch.drafts
        batch.drafts = {}
        batch.rows = PackedRows([batch.rows[place] for place in range(batch.size)])
        yield _PackedBatch(batch, [*drafts], DraftColumns.of(drafts.values()))


def _unpacked(packed: _PackedBatch) -> DraftBatch:
    packed.batch.drafts = dict(zip(packed.places, packed.drafts.drafts(), strict=True))
    return packed.batch
