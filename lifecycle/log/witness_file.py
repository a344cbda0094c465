"""The witness file: an auditor's own record of a store's checkpoints, kept by the auditor.

Each line is a JSON object. `key` is the public key as the auditor first saw it; `checkpoint` is the
signed note; `leaves` holds the first eight octets of every leaf hash since the line before, so that
a changed event can be named. Files may be joined: a line whose `leaves` cover from the first event
starts a new run.
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
from lifecycle.log.text_lines import lines_without_marks
from lifecycle.regular_file import read_regular
from lifecycle.rejections import StoreError, msg

PREFIX_SIZE: Final = 8
"""Octets kept of each leaf hash: enough to name a changed event.

That one changed, the root proves.
"""


# The command `copy a+b c` of Windows ends the joined file with a SUB character.
_BLANK: Final = b" \t\x1a"


class _WrongCoverageError(Exception):
    """A line's prefixes start neither after the line before nor at the first event."""


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
    for number, text in enumerate(lines_without_marks(_content(path)), start=1):
        if not text.strip(_BLANK):
            continue
        last_size = lines[-1].checkpoint.size if lines else 0
        try:
            lines.append(_parse_line(orjson.loads(text), last_size))
        except NoteError as error:
            raise _unusable(path, number, error) from None
        except _WrongCoverageError:
            raise StoreError(
                msg(
                    "line {number} of the witness file {path} cannot be used: its leaf hashes "
                    "start neither after the line before nor at the first event"
                ),
                number=number,
                path=path,
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise StoreError(
                msg(
                    "line {number} of the witness file {path} cannot be used: it is not in "
                    "the form that `lifecycle audit checkpoint` and `lifecycle audit "
                    "follow` write"
                ),
                number=number,
                path=path,
            ) from None
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
        return read_regular(path) if path.exists() else b""
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
    first_position = _first_position(checkpoint.size, last_size, len(leaf_prefixes))
    return WitnessLine(key, note, checkpoint, first_position, leaf_prefixes)


def _first_position(size: int, last_size: int, prefix_octets: int) -> int:
    """Return the position of the first event that a line's prefixes cover."""
    # Where files were joined, the first line of the next one starts at the first event again.
    for events_before in (last_size, 0):
        if prefix_octets == PREFIX_SIZE * (size - events_before):
            return events_before + 1
    raise _WrongCoverageError


def last_run_prefixes(lines: Sequence[WitnessLine]) -> bytes:
    """Return the leaf prefixes from the first event to the last line, of the file's last run."""
    prefixes = bytearray()
    for line in lines:
        # A joined file starts again at the first event.
        del prefixes[PREFIX_SIZE * (line.first_position - 1) :]
        prefixes += line.leaf_prefixes
    return bytes(prefixes)


def append_witness_line(
    path: Path,
    key: VerifierKey,
    note: Note,
    leaves: Sequence[bytes],
) -> None:
    """Add a line at the end and wait for the disk.

    `leaves` are the hashes since the line before.
    """
    append_prefixes(path, key, note, b"".join(leaf[:PREFIX_SIZE] for leaf in leaves))


def append_prefixes(
    path: Path,
    key: VerifierKey,
    note: Note,
    leaf_prefixes: bytes,
) -> None:
    """Add a line at the end and wait for the disk.

    `leaf_prefixes` are the first eight octets of each leaf hash since the line before.
    """
    document = {
        "key": str(key),
        "checkpoint": str(note),
        "leaves": base64.b64encode(leaf_prefixes).decode(),
    }
    line = orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    try:
        # An editor may have left the last line open.
        gap = b"\n" if _is_last_line_open(path) else b""
        with path.open("ab") as file:
            file.write(gap + line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            msg("the witness file {path} cannot be written: {why}"), path=path, why=error.strerror
        ) from None


def _is_last_line_open(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
