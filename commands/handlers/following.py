"""Follow a published log: check that it continues what a witness file recorded, and record it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lifecycle.log.continuation import Continuation, Fork, compare_with_witness
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.log.tiles import CHECKPOINT_FILE, Tile, TileError, TileTree
from lifecycle.log.witness_file import WitnessLine, append_prefixes, read_witness_file
from lifecycle.rejections import Problem, Rejected, StoreError, msg

# Eight octets of memory each; whoever stole the key must not make a follower fetch for ever.
MOST_EVENTS: Final = 10_000_000
ReadPublished = Callable[[str], bytes | None]
"""From a path such as `tile/0/000` to the file's content; None where it is not published.

Raises `StoreError` where it cannot be read.
"""


@dataclass(frozen=True, slots=True)
class FollowedLog:
    """What is published now, what was witnessed last, and the fork between them, if any.

    `added` counts the events since the last line; None where no line was added.
    """

    published: Note
    checkpoint: Checkpoint
    witnessed: Note | None
    added: int | None
    fork: Fork | None


def follow_log(
    address: str,
    read: ReadPublished,
    witness: Path,
    lines: Sequence[WitnessLine],
    key: VerifierKey,
) -> FollowedLog:
    """Compare the published log with the witness file's lines; append a line if it continues them.

    `read` gives the files at `address`; `key` is the log's public key. Raises `Rejected` where the
    key did not sign, or the checkpoint or the tiles are not of the witnessed log, and `StoreError`
    where something cannot be read.
    """
    note, checkpoint = _published_checkpoint(address, read, key)
    witnessed: Note | None = None
    if lines:
        _require_same_log(checkpoint, lines[-1].checkpoint)
        witnessed = lines[-1].note
    tree = TileTree(_tile_reader(read), checkpoint.size)
    try:
        outcome = compare_with_witness(lines, checkpoint, tree)
    except TileError as error:
        raise Rejected([Problem("tiles", error.template, error.values)]) from None
    # Nothing is added on a fork: the file stays the witness of what was published before.
    if isinstance(outcome, Fork):
        return FollowedLog(note, checkpoint, witnessed, added=None, fork=outcome)
    added = _append(witness, lines, key, note, outcome)
    return FollowedLog(note, checkpoint, witnessed, added, fork=None)


def _published_checkpoint(
    address: str,
    read: ReadPublished,
    key: VerifierKey,
) -> tuple[Note, Checkpoint]:
    content = read(CHECKPOINT_FILE)
    if content is None:
        raise StoreError(msg("no checkpoint is published at {address}"), address=address)
    try:
        note = Note.parse(content.decode())
        checkpoint = Checkpoint.parse(note.text)
    except (NoteError, UnicodeDecodeError):
        raise StoreError(
            msg("what is published as the checkpoint at {address} is not a signed checkpoint"),
            address=address,
        ) from None
    try:
        note.verify(key)
    except NoteError as error:
        raise Rejected.by(
            "signature",
            msg(
                "the published checkpoint at {size} events is not signed by the key that you "
                "trust, {key} ({why}); if the county changed its key, have it confirm the new one "
                "and pass that with --key"
            ),
            size=checkpoint.size,
            key=key,
            why=error,
        ) from None
    _require_tiles(checkpoint)
    return note, checkpoint


def _require_tiles(checkpoint: Checkpoint) -> None:
    if checkpoint.tree_hash != "sha256":
        raise Rejected.by(
            "tree_hash",
            msg("tiles are defined for SHA-256 only; the tree of this ledger uses {tree_hash}"),
            tree_hash=checkpoint.tree_hash,
        )
    if checkpoint.size > MOST_EVENTS:
        raise Rejected.by(
            "size",
            msg("the published checkpoint claims {size} events; at most {most} are followed"),
            size=checkpoint.size,
            most=MOST_EVENTS,
        )


def _require_same_log(published: Checkpoint, witnessed: Checkpoint) -> None:
    if published.origin != witnessed.origin:
        raise Rejected.by(
            "origin",
            msg("the log {origin} is published there; the witness file is of {witnessed}"),
            origin=published.origin,
            witnessed=witnessed.origin,
        )


def _tile_reader(read: ReadPublished) -> Callable[[Tile], bytes]:
    def read_tile(tile: Tile) -> bytes:
        content = read(tile.path)
        if content is None and not tile.is_full:
            # C2SP tlog-tiles: a partial tile may be gone once the full one is there.
            content = read(tile.full.path)
            if content is not None:
                content = content[: tile.octets]
        if content is None:
            raise StoreError(
                msg("{path} is not published, which the checkpoint needs"), path=tile.path
            )
        return content

    return read_tile


def _append(
    witness: Path,
    lines: Sequence[WitnessLine],
    key: VerifierKey,
    note: Note,
    continuation: Continuation,
) -> int | None:
    """Append a line for a tree that grew; return how many events it has more."""
    size = Checkpoint.parse(note.text).size
    size_before = lines[-1].checkpoint.size if lines else 0
    if size == size_before:
        return None
    # Another process may have followed meanwhile, and a line written twice makes the file useless.
    if len(read_witness_file(witness)) != len(lines):
        raise StoreError(
            msg("another process added a line to {path} meanwhile; run again"), path=witness
        )
    append_prefixes(witness, key, note, continuation.leaf_prefixes)
    return size - size_before
