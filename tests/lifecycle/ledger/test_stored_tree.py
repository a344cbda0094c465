"""Several proofs from one read of the stored tree, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from commands.handlers.receipting import give_receipts
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.proofs import inclusion_root, is_consistent
from tests.ledgers import CLERK, LATER, fill
from tests.soak import examples

SIZE = 530


def unit_record(number: int) -> dict[str, str]:
    """The registration of one unit."""
    return {
        "event": "UnitRegistered",
        "unit": f"第{number}镇",
        "occurred_on": "2024-01-01",
        "sequence": "乡镇",
        "category": "township",
    }


@dataclass
class CountedCursor:
    """A cursor that counts what it sends to the database."""

    cursor: Cursor
    sent: int = 0

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> Any:
        self.sent += 1
        return self.cursor.execute(statement, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


@contextmanager
def counted_cursor(recorder: LedgerRecorder) -> Iterator[CountedCursor]:
    with recorder.cursor(write=False, is_snapshot=True) as cursor:
        yield CountedCursor(cursor)


def test_proofs_that_were_loaded_read_nothing_more(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, [unit_record(number) for number in range(1, SIZE + 1)], keep=False)
        roots = {}
        with ledger.recorder.cursor(write=False) as cursor:
            plain = StoredTree(ledger.recorder, cursor)
            for size in range(1, SIZE + 1):
                roots[size] = plain.root(size)

        @examples(60)
        @given(st.sets(st.integers(1, SIZE), max_size=40), st.integers(0, SIZE))
        def proved_at_once(positions: set[int], earlier_size: int) -> None:
            with counted_cursor(ledger.recorder) as cursor:
                tree = StoredTree(ledger.recorder, cursor)
                tree.load_proofs(positions, earlier_size)
                loaded = cursor.sent
                # The head, the leaves and the nodes; beyond 32 groups one statement more.
                assert loaded <= 5
                for position in positions:
                    path = tree.inclusion_proof(position, SIZE)
                    leaf = tree.leaf(position)
                    assert inclusion_root(leaf, position - 1, SIZE, path) == roots[SIZE]
                    row = tree.loaded_row(position)
                    assert row is not None
                    assert row[0] == position
                path = tree.consistency_proof(earlier_size, SIZE)
                if earlier_size:
                    root = roots[earlier_size]
                    assert is_consistent(earlier_size, root, SIZE, roots[SIZE], path)
                assert cursor.sent == loaded

        proved_at_once()


def test_a_signed_receipt_takes_few_statements_however_long_the_ledger(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        key = create_signer(ledger, tmp_path / "k.pem")
        fill(ledger, [unit_record(number) for number in range(1, SIZE)], keep=False)
        sign_checkpoint(ledger, key)
        entries = [ledger.record(read_record(unit_record(SIZE)), CLERK)]
        recorder = ledger.recorder
        opened = recorder.cursor
        counted: list[CountedCursor] = []

        @contextmanager
        def watched(**options: bool) -> Iterator[CountedCursor]:
            with opened(**options) as cursor:
                counted.append(CountedCursor(cursor))
                yield counted[-1]

        monkeypatch.setattr(recorder, "cursor", watched)
        assert give_receipts(ledger, entries, lambda: key).failure is None
    # PostgreSQL: the facts, leaves and nodes. SQLite: login, head, last checkpoint, leaves, nodes.
    assert sum(each.sent for each in counted) <= (2 if store_url.startswith("postgresql") else 5)
