"""Ranges of streams: every stream in exactly one, in the order in which a scan reads them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from lifecycle.events import StreamKind
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, StoredRow
from lifecycle.ledger.recorders.stream_ranges import stream_ranges
from lifecycle.ledger.store import Ledger
from tests.given import UNITS, of, reported
from tests.ledgers import fill

# Databases order these by rules of their own.
CODES = ("KH-2024-001", "kh-2024-002", "A/B", "开化", "Z", "a", "É", "100", "-")


@given(
    sizes=st.lists(st.integers(1, 9), max_size=12),
    most=st.integers(1, 20),
)
def test_every_stream_is_in_one_range(sizes: list[int], most: int) -> None:
    streams = [(f"s{number:02d}", size) for number, size in enumerate(sizes)]
    covered = []
    for streams_of_range in stream_ranges(streams, most):
        within = []
        for stream, size in streams:
            if streams_of_range.first <= stream <= streams_of_range.last:
                within.append((stream, size))
        assert sum(size for _stream, size in within) == streams_of_range.events
        assert streams_of_range.events <= most or len(within) == 1
        covered += within
    assert covered == streams


def test_ranges_of_a_ledger_give_its_rows_in_the_order_of_a_scan(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, [*UNITS, *(reported(code) for code in CODES)], keep=False)
        visits = [of("FollowedUp", "2024-05-02", code, content="回访") for code in CODES]
        fill(ledger, visits, keep=False)
        last = ledger.head().position
        for upto in (last - 2, last, MAX_POSITION):
            with ledger.rows_of_kind("project", upto) as rows:
                expected = list(rows)
            assert expected
            for most_events in (1, 2, 3, 5, 100):
                assert list(read_in_ranges(ledger, upto, most_events)) == expected


def read_in_ranges(ledger: Ledger, upto: int, most_events: int) -> Iterator[StoredRow]:
    """Yield the rows of each range; the range says how many they are."""
    for streams in ledger.stream_ranges("project", upto, most_events=most_events):
        with ledger.rows_of_range("project", streams, upto) as rows:
            of_range = list(rows)
        assert len(of_range) == streams.events
        yield from of_range


@pytest.mark.parametrize("kind", ["project", "unit", "county", "resource"])
def test_an_empty_ledger_has_no_ranges(store_url: str, kind: StreamKind) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        assert ledger.stream_ranges(kind, most_events=5) == []
