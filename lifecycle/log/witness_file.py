"""The auditor's own file: a line for each checkpoint taken, kept away from the store's owner, on paper or a stick.

A line is a JSON object: `key`, the public key as the auditor first saw it; `checkpoint`, the signed note; `leaves`, the
first eight octets of every leaf hash since the line before, so that the event that differs can be named.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.rejections import StoreError, msg

PREFIX_OCTETS: Final = 8
"""Octets kept of a leaf hash: enough to find the event that differs; that it differs, the root shows."""


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A checkpoint as the auditor keeps it, with the prints of the leaves since the one before, from `first` on."""

    key: VerifierKey
    note: Note
    checkpoint: Checkpoint
    first: int
    prints: bytes


def read_witness_file(path: Path) -> list[WitnessLine]:
    """The lines, of a file that may be missing yet. Raises `StoreError`, naming the line that cannot be believed."""
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise StoreError(
            msg("the witness file {path} cannot be read: {why}"), path=path, why=error.strerror
        ) from None
    lines: list[WitnessLine] = []
    for number, text in enumerate(content.splitlines(), 1):
        try:
            lines.append(_line(orjson.loads(text), lines))
        except (
            NoteError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            binascii.Error,
        ) as error:
            why = error if isinstance(error, NoteError) else type(error).__name__
            raise StoreError(
                msg("line {number} of the witness file {path} cannot be used: {why}"),
                number=number,
                path=path,
                why=why,
            ) from None
    return lines


def _line(data: dict[str, Any], before: Sequence[WitnessLine]) -> WitnessLine:
    key, note = VerifierKey.parse(data["key"]), Note.parse(data["checkpoint"])
    note.verified_by(key)
    checkpoint = Checkpoint.parse(note.text)
    prints = base64.b64decode(data["leaves"], validate=True)
    last = before[-1].checkpoint.size if before else 0
    if checkpoint.size < last or len(prints) != PREFIX_OCTETS * (checkpoint.size - last):
        raise ValueError
    return WitnessLine(key, note, checkpoint, last + 1, prints)


def append_witness_line(path: Path, key: VerifierKey, note: Note, leaves: Sequence[bytes]) -> None:
    """Add a line behind the others and wait for the disk."""
    prints = base64.b64encode(b"".join(leaf[:PREFIX_OCTETS] for leaf in leaves)).decode()
    line = orjson.dumps(
        {"key": str(key), "checkpoint": str(note), "leaves": prints},
        option=orjson.OPT_APPEND_NEWLINE,
    )
    try:
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            msg("the witness file {path} cannot be written: {why}"), path=path, why=error.strerror
        ) from None
