"""Receipts: what whoever recorded an event keeps, and by which it is shown later that it still stands, unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from lifecycle.ledger.recorders.ledger_recorder import Head
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.rejections import StoreError, msg

FORMAT: Final = "lifecycle-receipt/1"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOST: Final = 1 << 63


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event's place: its name, its position, its leaf hash."""

    ref: str
    position: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Receipts:
    """Of one event or of many that were recorded together: the store, the tree that took them in, and each one's place."""

    origin: str
    tree_hash: str
    tree_size: int
    root: bytes
    events: tuple[Receipt, ...]


def of(entries: Iterable[LedgerEntry], head: Head) -> dict[str, Any]:
    """The receipts of what was just recorded, as written to a file; `head` is the ledger's end behind it."""
    return {
        "format": FORMAT,
        "origin": head.origin,
        "tree_hash": head.tree_hash,
        "tree_size": head.position,
        "root": head.tree().root().hex(),
        "events": [
            {"event": entry.ref, "position": entry.position, "leaf": entry.leaf}
            for entry in entries
            if not entry.already
        ],
    }


def written(entries: Iterable[LedgerEntry], head: Head) -> bytes:
    """The file's bytes."""
    return orjson.dumps(of(entries, head), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse(content: bytes, name: object) -> Receipts:
    """Read a file of receipts; `name` says which, in the message. Raises `StoreError`."""
    try:
        data = orjson.loads(content)
        if data["format"] != FORMAT or data["tree_hash"] not in ("sha256", "sm3"):
            raise ValueError
        size = _count(data["tree_size"])
        events = tuple(_receipt(entry, size) for entry in data["events"])
        return Receipts(
            _text(data["origin"]), data["tree_hash"], size, _digest(data["root"]), events
        )
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            msg("{name} is not a file of receipts, or is damaged"), name=name
        ) from None


def _receipt(entry: Mapping[str, Any], size: int) -> Receipt:
    position = _count(entry["position"])
    if not 1 <= position <= size:
        raise ValueError
    return Receipt(_text(entry["event"]), position, _digest(entry["leaf"]))


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < _MOST:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _digest(value: object) -> bytes:
    if not _DIGEST.fullmatch(_text(value)):
        raise ValueError
    return bytes.fromhex(_text(value))
