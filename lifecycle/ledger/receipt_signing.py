"""Receipts of what was recorded: made from the stored events, and signed by the store's key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.ledger.checkpoints import (
    Signer,
    checkpoint_in,
    checkpoint_of,
    first_signers,
    read_signers,
    require_continued_tree,
    require_signer,
)
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.signing_facts import SigningFacts
from lifecycle.ledger.recorders.stored_rows import StoredRow, leaves_of, stored_bytes
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.merkle_tree import hash_named, leaf_input
from lifecycle.log.receipts import Receipt, Receipts
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import Rejected, msg

CLERK_SESSION: Final = msg("a clerk's login on a server does not sign")
_MANY: Final = 64
"""From this many rows on, they are read through a cursor of the database's own."""


def unsigned_receipts(ledger: Ledger, entries: Iterable[LedgerEntry], reason: str) -> Receipts:
    """Return the receipts of what was just recorded; `reason` says why nobody signed them."""
    recorded = _recorded_entries(entries)
    with ledger.recorder.cursor(write=False) as cursor:
        head = read_head(cursor)
        receipts = _receipts_of(head, recorded, _rows_at(ledger, cursor, recorded))
    return replace(receipts, unsigned=reason)


def signed_receipts(
    ledger: Ledger,
    entries: Iterable[LedgerEntry],
    load_key: Callable[[], SigningKey],
) -> Receipts:
    """Return the receipts of what was just recorded under one signature, as `sign_receipts` does.

    Raises `LedgerError` where nobody signs: `load_key` may.
    """
    recorded = _recorded_entries(entries)
    # Another process may record meanwhile: head, tree and rows are to be of one state.
    with ledger.recorder.cursor(write=False, is_snapshot=True) as cursor:
        # Before loading: whoever may not sign is told that, and not that a key is missing.
        facts = _facts_for_signing(ledger, cursor)
        key = load_key()
        state = _read_state(ledger, cursor, facts, recorded)
        rows = filter(None, map(state.tree.loaded_row, sorted(recorded)))
        receipts = _receipts_of(state.head, recorded, rows)
        return _signed(state, receipts, key)


class PositionRange(NamedTuple):
    """Neighbouring positions, both ends included."""

    first: int
    last: int


def entries_at(ledger: Ledger, ranges: Iterable[PositionRange]) -> list[LedgerEntry]:
    """Return what was recorded at positions as it stands now, so that its receipts can be issued.

    Raises `Rejected` where no event stands at one of them.
    """
    entries: dict[int, LedgerEntry] = {}
    with ledger.recorder.cursor(write=False, is_snapshot=True) as cursor:
        head = read_head(cursor)
        hash_ = hash_named(head.tree_hash)
        for first, last in ranges:
            if not first <= last <= head.position:
                raise Rejected.by(
                    "position",
                    msg("no events stand at positions {first} to {last}; the last is {end}"),
                    first=first,
                    last=last,
                    end=head.position,
                )
            for row in ledger.recorder.between(cursor, first, last):
                ref = recorded_or_unreadable(*row).ref
                leaf = leaves_of([row], hash_)[0]
                entries[row[0]] = LedgerEntry(ref, row[0], leaf.hex())
    return [entries[position] for position in sorted(entries)]


def sign_receipts(ledger: Ledger, receipts: Receipts, key: SigningKey) -> Receipts:
    """Return the receipts with a proof for each event and one signed checkpoint over all.

    The checkpoint is of the tree as it is now and is not kept in the store. Raises `Rejected`
    unless the login may sign, the key signs for the store, the stored tree continues the last
    checkpoint, and each event stands where its receipt says: then nothing is signed.
    """
    positions = [receipt.position for receipt in receipts.events]
    with ledger.recorder.cursor(write=False, is_snapshot=True) as cursor:
        facts = _facts_for_signing(ledger, cursor)
        state = _read_state(ledger, cursor, facts, positions)
        return _signed(state, receipts, key)


def _facts_for_signing(ledger: Ledger, cursor: Cursor) -> SigningFacts:
    """Return what a signature is judged by.

    Raises `Rejected` for a login that only records: the key is the owner's and the manager's.
    """
    recorder = ledger.recorder
    facts = recorder.signing_facts(cursor)
    may_sign = facts.rank in ("owner", "manager")
    if not may_sign and recorder.login(cursor) is not None:
        raise Rejected.by("clerk_session", CLERK_SESSION)
    return facts


class _StoredState(NamedTuple):
    """What a signature is about: head, tree, the checkpoint signed last, and the store's keys."""

    head: Head
    tree: StoredTree
    last: Checkpoint | None
    signers: list[Signer]


def _read_state(
    ledger: Ledger,
    cursor: Cursor,
    facts: SigningFacts,
    positions: Iterable[int],
) -> _StoredState:
    """Read all that proofs of the positions need, in as few exchanges as that takes."""
    head = facts.head
    last = None if facts.last_note is None else checkpoint_in(facts.last_note)
    tree = StoredTree(ledger.recorder, cursor, head)
    # Positions behind the head are rejected by name where they are proved.
    provable = [position for position in positions if position <= head.position]
    tree.load_proofs(provable, earlier_size=0 if last is None else last.size)
    signers = read_signers(ledger, cursor, head) if facts.key_changed else first_signers(head)
    return _StoredState(head, tree, last, signers)


def _recorded_entries(entries: Iterable[LedgerEntry]) -> dict[int, LedgerEntry]:
    """Return by position what was recorded now and not before."""
    return {entry.position: entry for entry in entries if not entry.already}


def _receipts_of(
    head: Head,
    recorded: Mapping[int, LedgerEntry],
    rows: Iterable[StoredRow],
) -> Receipts:
    receipts: list[Receipt] = []
    # The stored text goes with the receipt: its holder can show what was recorded, too.
    for row in rows:
        entry = recorded[row[0]]
        leaf = bytes.fromhex(entry.leaf)
        receipts.append(Receipt(entry.ref, entry.position, leaf, entry=_entry_text(row)))
    return Receipts(head.origin, head.tree_hash, tuple(receipts))


def _signed(state: _StoredState, receipts: Receipts, key: SigningKey) -> Receipts:
    head, tree, last, signers = state
    require_signer(signers, key)
    require_continued_tree(tree, head, last)
    proved = [_proved(tree, receipt, head.position) for receipt in receipts.events]
    checkpoint = checkpoint_of(head)
    return replace(
        receipts,
        events=tuple(proved),
        checkpoint=key.sign(checkpoint.text),
        unsigned=None,
        tree=checkpoint,
    )


def _proved(
    tree: StoredTree,
    receipt: Receipt,
    size: int,
) -> Receipt:
    position = receipt.position
    if position > size or tree.leaf(position) != receipt.leaf:
        raise Rejected.by(
            "leaf",
            msg("another event stands at position {position} than {ref}, so nothing was signed"),
            position=position,
            ref=receipt.ref,
        )
    return replace(receipt, proof=tuple(tree.inclusion_proof(position, size)))


def _rows_at(
    ledger: Ledger,
    cursor: Cursor,
    positions: Iterable[int],
) -> Iterator[StoredRow]:
    """Iterate over the rows at positions that mostly follow each other."""
    for first, last in _runs(positions):
        if last - first < _MANY:
            yield from ledger.recorder.few_rows(cursor, first, last)
        else:
            yield from ledger.recorder.between(cursor, first, last)


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of positions that follow each other."""
    runs: list[tuple[int, int]] = []
    for position in sorted(positions):
        if runs and position == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs


def _entry_text(row: StoredRow) -> str:
    """Return the text whose hash is the event's leaf."""
    _position, stream, version, topic, _state = row
    return leaf_input(stream, version, topic, stored_bytes(row)).decode()
