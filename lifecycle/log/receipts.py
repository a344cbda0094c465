"""Receipts: what the person who recorded an event keeps, to show later that it stands unchanged.

A file of receipts is a JSON object: `format`, `origin`, `tree_hash`, `tree_size`, `root` (hex), and
`events`, each with `event`, `position` (from 1) and `leaf` (hex).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from lifecycle.log.merkle_tree import HASH_NAMES
from lifecycle.log.text_lines import lines_without_marks
from lifecycle.rejections import StoreError, msg

FORMAT: Final = "lifecycle-receipt/1"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_COUNT_LIMIT: Final = 1 << 63  # positions are 64-bit integers in both databases


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event's place: its name `stream#version`, its position, its leaf hash."""

    ref: str
    position: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts for events that were recorded together, and the tree that contains them all."""

    origin: str
    tree_hash: str
    tree_size: int
    root: bytes
    events: tuple[Receipt, ...]

    def encode(self) -> bytes:
        """Return the file's content."""
        events = [
            {"event": receipt.ref, "position": receipt.position, "leaf": receipt.leaf.hex()}
            for receipt in self.events
        ]
        document = {
            "format": FORMAT,
            "origin": self.origin,
            "tree_hash": self.tree_hash,
            "tree_size": self.tree_size,
            "root": self.root.hex(),
            "events": events,
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def parse(cls, content: bytes, name: object) -> Receipts:
        """Read a file's content; `name` says in the message which.

        Raises `StoreError` where it is no receipt file, or has no events.
        """
        try:
            receipts = _receipts(orjson.loads(b"\n".join(lines_without_marks(content))))
        except (ValueError, KeyError, TypeError):
            raise StoreError(msg("{name} is not a receipt file or is damaged"), name=name) from None
        # Such a file proves nothing, and whoever passes it believes that it proves something.
        if not receipts.events:
            raise StoreError(
                msg("{name} has no receipt of any event, so nothing can be checked against it"),
                name=name,
            )
        return receipts


def _receipts(document: Mapping[str, Any]) -> Receipts:
    """Read the document.

    Raises `ValueError`, `KeyError` or `TypeError` where it is not well formed.
    """
    if document["format"] != FORMAT or document["tree_hash"] not in HASH_NAMES:
        raise ValueError
    tree_size = _count(document["tree_size"])
    return Receipts(
        origin=_text(document["origin"]),
        tree_hash=document["tree_hash"],
        tree_size=tree_size,
        root=_digest(document["root"]),
        events=tuple(_receipt(entry, tree_size) for entry in document["events"]),
    )


def _receipt(entry: Mapping[str, Any], tree_size: int) -> Receipt:
    position = _count(entry["position"])
    if not 1 <= position <= tree_size:
        raise ValueError
    return Receipt(_text(entry["event"]), position, _digest(entry["leaf"]))


def _count(value: object) -> int:
    # `type`, not `isinstance`: JSON's true and false are no numbers.
    if type(value) is not int or not 0 <= value < _COUNT_LIMIT:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _digest(value: object) -> bytes:
    text = _text(value)
    if not _DIGEST.fullmatch(text):
        raise ValueError
    return bytes.fromhex(text)
