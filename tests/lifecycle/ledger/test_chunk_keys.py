"""Keys of an audit's chunks, computed by other processes: each event's, in order, and no others."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path

from lifecycle.all_cores import safe_start_method
from lifecycle.ledger.chunk_keys import KeysOfChunk, keys_of_chunks
from lifecycle.ledger.recorded_keys import EventKey, key_of_row
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.process_pool import ProcessPool
from tests.given import REPORTED, of
from tests.ledgers import fill, new_ledger
from tests.outside_changes import change_outside
from tests.pickling_engine import PicklingEngine
from tests.platforms import not_on_windows

REVIEWS = [of("ReviewHeld", f"2024-03-{day:02}", findings="正常") for day in range(1, 9)]
RECORDS = [*REPORTED, *REVIEWS]


def chunks(ledger: Ledger, size: int, engine: PartEngine | None, count: int) -> list[KeysOfChunk]:
    return list(islice(keys_of_chunks(ledger, size, engine), count))


def every_key(ledger: Ledger) -> list[EventKey]:
    with ledger.recorder.cursor(write=False) as cursor:
        return [key_of_row(row) for row in ledger.recorder.few_rows(cursor, 1, 100)]


def test_chunks_have_the_keys_of_their_events_and_none_come_after_them(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, RECORDS, keep=False)
        expected = every_key(ledger)
        count = -(-len(expected) // 4)
        keys = chunks(ledger, 4, PicklingEngine(1), count + 2)
        assert keys[count:] == [None, None]
        assert list(chain.from_iterable(chunk or [] for chunk in keys)) == expected


@not_on_windows("one process verifies there: Wine stalls on the pool's empty messages")
def test_two_processes_compute_the_same(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, RECORDS, keep=False)
        pool = ProcessPool(2, safe_start_method())
        assert chunks(ledger, 3, pool, 5) == chunks(ledger, 3, PicklingEngine(1), 5)


def test_a_chunk_that_cannot_be_read_is_left_to_the_pass(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, RECORDS, keep=False)
        whole = chunks(ledger, 4, PicklingEngine(1), 2)
        assert ledger.url is not None
        change_outside(ledger.url, "UPDATE ledger_events SET state = 'text' WHERE rowid = 2")
        assert chunks(ledger, 4, PicklingEngine(1), 2) == [None, whole[1]]


def test_a_head_that_was_put_far_ahead_costs_no_memory(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, RECORDS, keep=False)
        [first] = chunks(ledger, 4, PicklingEngine(1), 1)
        assert ledger.url is not None
        change_outside(ledger.url, f"UPDATE ledger_head SET position = {2**60}")
        assert chunks(ledger, 4, PicklingEngine(1), 1) == [first]


def test_without_an_engine_nothing_is_computed_ahead(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, RECORDS, keep=False)
        assert chunks(ledger, 4, None, 2) == [None, None]
