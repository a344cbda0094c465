"""The witness file: an auditor's own record of a store's checkpoints, kept by the auditor.

Each line is a JSON object. `key` is the public key as the auditor first saw it; `checkpoint` is the
signed note; `leaves` holds the first eight octets of every leaf hash since the line before, so that
a changed event can be named.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.rejections import StoreError, msg

PREFIX_SIZE: Final = 8
"""Octets kept of each leaf hash: enough to name a changed event.

That one changed, the root proves.
"""


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A recorded checkpoint, with the leaf hashes' prefixes since the line before."""

    key: VerifierKey
    note: Note
    checkpoint: Checkpoint
    first_position: int
    leaf_prefixes: bytes


def read_witness_file(path: Path) -> list[WitnessLine]:
    """Read a witness file; a missing file has no lines.

    Raises `StoreError`, naming the first line that cannot be used.
    """
    lines: list[WitnessLine] = []
    for number, text in enumerate(_content(path).splitlines(), start=1):
        last_size = lines[-1].checkpoint.size if lines else 0
        try:
            lines.append(_parse_line(orjson.loads(text), last_size))
        except NoteError as error:
            raise _unusable(path, number, error) from None
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise _unusable(path, number, type(error).__name__) from None
    return lines


def require_witnessed_events(path: Path, lines: Sequence[WitnessLine]) -> None:
    """Raise `StoreError` if no line of a witness file vouches for an event.

    An empty file, or checkpoints of an empty ledger alone, agree with every ledger.
    """
    if not any(line.checkpoint.size for line in lines):
        raise StoreError(
            msg(
                "the witness file {path} has no checkpoint of any event, so nothing can be "
                "checked against it"
            ),
            path=path,
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise StoreError(
            msg("the witness file {path} cannot be read: {why}"), path=path, why=error.strerror
        ) from None


def _unusable(
    path: Path,
    number: int,
    why: object,
) -> StoreError:
    return StoreError(
        msg("line {number} of the witness file {path} cannot be used: {why}"),
        number=number,
        path=path,
        why=why,
    )


def _parse_line(document: Mapping[str, Any], last_size: int) -> WitnessLine:
    key = VerifierKey.parse(document["key"])
    note = Note.parse(document["checkpoint"])
    note.verify(key)
    checkpoint = Checkpoint.parse(note.text)
    leaf_prefixes = base64.b64decode(document["leaves"], validate=True)
    # The sizes never fall, and the prefixes cover exactly the events since the line before.
    new_events = checkpoint.size - last_size
    if new_events < 0 or len(leaf_prefixes) != PREFIX_SIZE * new_events:
        raise ValueError
    return WitnessLine(key, note, checkpoint, last_size + 1, leaf_prefixes)


def append_witness_line(
    path: Path,
    key: VerifierKey,
    note: Note,
    leaves: Sequence[bytes],
) -> None:
    """Add a line at the end and wait for the disk.

    `leaves` are the hashes since the line before.
    """
    leaf_prefixes = b"".join(leaf[:PREFIX_SIZE] for leaf in leaves)
    document = {
        "key": str(key),
        "checkpoint": str(note),
        "leaves": base64.b64encode(leaf_prefixes).decode(),
    }
    line = orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    try:
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            msg("the witness file {path} cannot be written: {why}"), path=path, why=error.strerror
        ) from None
