"""Receipts: what the person who recorded an event keeps, to show later that it stands unchanged.

A file of receipts is a JSON object of the format `lifecycle-receipt/2`: `origin`, `tree_hash`,
`checkpoint` (a C2SP signed note, or null), `unsigned` (why there is none, or null), and `events`,
each with `event`, `position` (from 1), `leaf` (hex), `proof` (hex, RFC 6962 2.1.1, in the tree of
the checkpoint; null where unsigned) and, where known, `entry`, the text whose hash the leaf is.

Files of `lifecycle-receipt/1` are read: they name the size and the root of a tree, unsigned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from lifecycle.log.merkle_tree import HASH_NAMES, hash_named, leaf_hash
from lifecycle.log.proofs import inclusion_root
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError
from lifecycle.log.text_lines import lines_without_marks
from lifecycle.rejections import StoreError, msg

FORMAT: Final = "lifecycle-receipt/2"
FIRST_FORMAT: Final = "lifecycle-receipt/1"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_COUNT_LIMIT: Final = 1 << 63  # positions are 64-bit integers in both databases


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event's place: its name `stream#version`, its position, its leaf hash.

    `proof` leads from the leaf to the root of the file's checkpoint; None where there is none.
    """

    ref: str
    position: int
    leaf: bytes
    proof: tuple[bytes, ...] | None = None
    entry: str | None = None

    def as_json(self) -> dict[str, Any]:
        """One row of `events`."""
        document: dict[str, Any] = {
            "event": self.ref,
            "position": self.position,
            "leaf": self.leaf.hex(),
            "proof": None,
        }
        if self.proof is not None:
            document["proof"] = [node.hex() for node in self.proof]
        if self.entry is not None:
            document["entry"] = self.entry
        return document


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts for events that were recorded together.

    `tree` holds them all: the tree of the signed `checkpoint`, or the one that a file of the first
    format names. `unsigned` says why there is no checkpoint.
    """

    origin: str
    tree_hash: str
    events: tuple[Receipt, ...]
    checkpoint: Note | None = None
    unsigned: str | None = None
    tree: Checkpoint | None = None

    def encode(self) -> bytes:
        """Return the file's content."""
        document = {
            "format": FORMAT,
            "origin": self.origin,
            "tree_hash": self.tree_hash,
            "checkpoint": self.checkpoint and str(self.checkpoint),
            "unsigned": self.unsigned,
            "events": [receipt.as_json() for receipt in self.events],
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def parse(cls, content: bytes, name: object) -> Receipts:
        """Read a file's content; `name` says in the message which.

        Raises `StoreError` where it is no receipt file, or has no events.
        """
        try:
            receipts = _receipts(orjson.loads(b"\n".join(lines_without_marks(content))))
        except (ValueError, KeyError, TypeError, NoteError):
            raise StoreError(msg("{name} is not a receipt file or is damaged"), name=name) from None
        # Such a file proves nothing, and whoever passes it believes that it proves something.
        if not receipts.events:
            raise StoreError(
                msg("{name} has no receipt of any event, so nothing can be checked against it"),
                name=name,
            )
        return receipts

    def first_invented(self) -> Receipt | None:
        """Return the first receipt that contradicts its own file: lifecycle never wrote it so.

        Its entry has another hash than its leaf, or it does not lie in the tree that was signed.
        """
        for receipt in self.events:
            if not self._has_its_leaf(receipt) or not self._lies_in_signed_tree(receipt):
                return receipt
        return None

    def _has_its_leaf(self, receipt: Receipt) -> bool:
        if receipt.entry is None:
            return True
        return leaf_hash(receipt.entry.encode(), hash_named(self.tree_hash)) == receipt.leaf

    def _lies_in_signed_tree(self, receipt: Receipt) -> bool:
        if self.checkpoint is None or self.tree is None:
            return True
        root = inclusion_root(
            receipt.leaf,
            receipt.position - 1,
            self.tree.size,
            receipt.proof or (),
            hash_named(self.tree_hash),
        )
        return root == self.tree.root


# Reading ------------------------------------------------------------------------------------------


def _receipts(document: Mapping[str, Any]) -> Receipts:
    """Read the document.

    Raises `ValueError`, `KeyError`, `TypeError` or `NoteError` where it is not well formed.
    """
    if document["tree_hash"] not in HASH_NAMES:
        raise ValueError
    if document["format"] == FIRST_FORMAT:
        return _first_receipts(document)
    if document["format"] != FORMAT:
        raise ValueError
    origin, tree_hash = _text(document["origin"]), document["tree_hash"]
    events = tuple(_receipt(entry) for entry in document["events"])
    if document["checkpoint"] is None:
        return Receipts(origin, tree_hash, events, unsigned=_optional_text(document["unsigned"]))
    note = Note.parse(_text(document["checkpoint"]))
    tree = Checkpoint.parse(note.text)
    if (tree.origin, tree.tree_hash) != (origin, tree_hash):
        raise ValueError
    return Receipts(origin, tree_hash, events, checkpoint=note, tree=tree)


def _first_receipts(document: Mapping[str, Any]) -> Receipts:
    origin, tree_hash = _text(document["origin"]), document["tree_hash"]
    size = _count(document["tree_size"])
    tree = Checkpoint(origin, size, _digest(document["root"]), tree_hash)
    events = tuple(_receipt(entry) for entry in document["events"])
    if any(receipt.position > size for receipt in events):
        raise ValueError
    return Receipts(origin, tree_hash, events, tree=tree)


def _receipt(entry: Mapping[str, Any]) -> Receipt:
    position = _count(entry["position"])
    if not position:
        raise ValueError
    proof: tuple[bytes, ...] | None = None
    if entry.get("proof") is not None:
        proof = tuple(_digest(node) for node in entry["proof"])
    return Receipt(
        _text(entry["event"]),
        position,
        _digest(entry["leaf"]),
        proof,
        _optional_text(entry.get("entry")),
    )


def _count(value: object) -> int:
    # `type`, not `isinstance`: JSON's true and false are no numbers.
    if type(value) is not int or not 0 <= value < _COUNT_LIMIT:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _digest(value: object) -> bytes:
    text = _text(value)
    if not _DIGEST.fullmatch(text):
        raise ValueError
    return bytes.fromhex(text)
