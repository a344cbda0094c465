"""The cost of the tree: appending, verifying and proving, each against a raw limit."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import pytest

from benchmarks.history import records
from benchmarks.measure import fill
from commands.handlers.receipting import give_receipts
from lifecycle.ledger import pending_appends as pending
from lifecycle.ledger.audit_chunk import AuditChunk
from lifecycle.ledger.audit_expectations import AuditExpectations, AuditFindings
from lifecycle.ledger.audit_pass import AuditPass
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.chunk_keys import KeysOfChunk
from lifecycle.ledger.derived_places import DerivedPlaces
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.progress import ignore_progress
from lifecycle.ledger.recorders import sqlite_recorder
from lifecycle.ledger.recorders.ledger_head import Head, HeadMove
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.ledger.verification import verify
from lifecycle.log.proofs import inclusion_root
from lifecycle.log.signed_notes import Checkpoint
from tests.postgres import Server

SIZE: Final = int(os.environ.get("BENCH_TRUST", "200000"))
ON_SERVER: Final = min(SIZE, 100_000)
APPENDS: Final = 20_000
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _head_without_tree(
    head: Head,
    last_stored: int,
    rows: Sequence[StoredRow],
    _: Sequence[bytes],
    recorded_at: str,
) -> HeadMove:
    """Move the head without growing the tree."""
    return HeadMove((last_stored + len(rows), recorded_at, head.frontier), [])


def appending(folder: Path) -> float:
    """Events a second with the tree over without, decisions included, a thousand a batch."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS):
        for tree, taken in times.items():
            with pytest.MonkeyPatch.context() as patch:
                if not tree:
                    patch.setattr(sqlite_recorder, "advance_head", _head_without_tree)
                    patch.setattr(pending, "event_leaf", lambda *_event: b"")
                path = folder / f"append{number}{tree}.db"
                taken.append(timed(partial(fill, f"sqlite:///{path}", records(APPENDS))))
                path.unlink()
    return median(times[False]) / median(times[True])


class _NothingDerived(DerivedPlaces):
    """Stands where a verification recomputes what is derived, and decides on history again."""

    def __init__(self) -> None:
        pass

    def add(self, chunk: AuditChunk, keys: KeysOfChunk = None) -> None:
        """Leave the events to the tree."""


def _rebuild_tree(ledger: Ledger) -> None:
    """Hash every stored byte again and compare the tree with all that the store says of it."""
    findings = AuditFindings()
    recorder = ledger.recorder
    with recorder.cursor(write=False) as cursor, recorder.cursor(write=False) as side:
        audit = AuditPass(
            recorder,
            cursor,
            side,
            AuditExpectations(),
            findings,
            _NothingDerived(),
            repeat(None),
        )
        audit.run(ignore_progress)
    assert findings.differences == []
    assert audit.is_whole


def verifying(path: Path) -> tuple[float, float]:
    """Return the time of selecting and hashing rows over two others that include it.

    They are the tree's part of a verification, and the whole, which decodes each event and decides
    on it again: so the second ratio has no aim in common with the first.
    """

    def raw() -> None:
        with sqlite3.connect(path) as connection:
            for row in connection.execute(
                "SELECT rowid, originator_id, originator_version, topic, state"
                " FROM ledger_events ORDER BY rowid"
            ):
                hashlib.sha256(row[4]).digest()

    def tree() -> None:
        with Ledger.open(f"sqlite:///{path}") as ledger:
            _rebuild_tree(ledger)

    def whole() -> None:
        with Ledger.open(f"sqlite:///{path}") as ledger:
            assert verify(ledger).differences == []

    times: dict[Callable[[], None], list[float]] = {raw: [], tree: [], whole: []}
    for _round in range(ROUNDS + 1):
        for act, taken in times.items():
            taken.append(timed(act))
    limit = median(times[raw][1:])
    return limit / median(times[tree][1:]), limit / median(times[whole][1:])


def proving(path: Path) -> float:
    """Return the time of an inclusion proof and its check over one indexed SELECT."""
    chance, selects, proofs = Random(1), list[float](), list[float]()
    with Ledger.open(f"sqlite:///{path}") as ledger, ledger.recorder.cursor(write=False) as cursor:
        head = ledger.head()
        root = head.tree().root()
        for _try in range(300):
            position = chance.randint(1, head.position)
            selects.append(timed(partial(_row, cursor, position)))
            proofs.append(timed(partial(_prove, ledger, cursor, position, head.position, root)))
    return median(proofs) / median(selects)


def _row(cursor: Any, position: int) -> None:
    cursor.execute(
        "SELECT rowid, originator_id, originator_version, topic, state"
        " FROM ledger_events WHERE rowid = ?",
        (position,),
    )
    cursor.fetchone()


def _prove(ledger: Ledger, cursor: Any, position: int, size: int, root: bytes) -> None:
    tree = StoredTree(ledger.recorder, cursor)
    assert (
        inclusion_root(
            tree.leaf(position),
            position - 1,
            size,
            tree.inclusion_proof(position, size),
            tree.hash_,
        )
        == root
    )


def receipting(url: str, key_file: Path) -> float:
    """Return the milliseconds of one event's signed receipt, its key loaded and unlocked."""
    chance, times = Random(2), list[float]()
    with Ledger.open(url) as ledger:
        key = create_signer(ledger, key_file)
        _keep_old_checkpoint(ledger, key)
        for _try in range(300):
            entry = _entry_at(ledger, chance.randint(1, ledger.head().position))
            times.append(timed(partial(_receipt, ledger, entry, key)))
    return 1_000 * median(times)


def _keep_old_checkpoint(ledger: Ledger, key: SigningKey) -> None:
    """Keep a checkpoint of a third of the ledger, so that a consistency proof costs something."""
    head = ledger.head()
    size = head.position // 3
    with ledger.recorder.cursor(write=True) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(size)
        note = key.sign(Checkpoint(head.origin, size, root, head.tree_hash).text)
        ledger.recorder.keep_checkpoint(cursor, size, str(key.verifier), str(note))


def _entry_at(ledger: Ledger, position: int) -> LedgerEntry:
    with ledger.recorder.cursor(write=False) as cursor:
        ref = ledger.recorder.event_at(cursor, position).ref
    return LedgerEntry(ref, position, ledger.leaves(position, position)[0].hex())


def _receipt(ledger: Ledger, entry: LedgerEntry, key: SigningKey) -> None:
    assert give_receipts(ledger, [entry], lambda: key).failure is None


def receipting_on_server(folder: Path) -> float:
    """Return the same on PostgreSQL."""
    server = Server()
    server.start()
    try:
        url = server.create("receipts")
        fill(url, records(ON_SERVER))
        return receipting(url, folder / "server.pem")
    finally:
        server.stop()


def figures(folder: Path) -> list[tuple[str, float, str]]:
    """Return claim, figure and aim of each measurement."""
    url = f"sqlite:///{folder / 'l.db'}"
    fill(url, records(SIZE))
    tree, whole = verifying(folder / "l.db")
    return [
        ("append with the tree ÷ without", appending(folder), "at least 0.85"),
        (
            f"rebuild the tree of {SIZE} events ÷ SELECT and hash them",
            tree,
            "at least 0.5",
        ),
        (f"verify {SIZE} events, decisions and all ÷ SELECT and hash them", whole, ""),
        (
            f"a proof for one event of {SIZE} ÷ one indexed SELECT",
            proving(folder / "l.db"),
            "under 100",
        ),
        (
            f"a signed receipt for one event of {SIZE}, in milliseconds",
            receipting(url, folder / "l.pem"),
            "at most 1",
        ),
        (
            f"PostgreSQL: the same for one event of {ON_SERVER}",
            receipting_on_server(folder),
            "at most 1",
        ),
    ]
