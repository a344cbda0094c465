"""Sentences in the reader's language, and how values appear in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from commands.words.event_words import EVENTS, field_place
from commands.words.reader_language import (
    _,
    choose_language,
    in_chinese,
    ngettext,
    reads_chinese,
)
from commands.words.workbook_words import LIST_SEPARATOR
from lifecycle.file_names import HIDDEN_STREAM
from lifecycle.rejections import NO_EVENT, NO_JSON, EventName, LedgerError, Problem, msg

if sys.platform == "win32":
    from lifecycle import windows_access

__all__ = [
    "_",
    "choose_language",
    "in_chinese",
    "joined",
    "labelled",
    "ngettext",
    "say",
    "shortened",
    "shown",
    "why",
]

_QUOTED: Final = 24
"""So many characters of a quoted text let its reader find it again."""

FREQUENT_REASONS: Final = (
    msg("No such file or directory"),
    msg("Permission denied"),
    msg("Is a directory"),
    msg("Not a directory"),
    msg("File exists"),
    msg("No space left on device"),
    msg("Read-only file system"),
    msg("Connection refused"),
    msg("Connection timed out"),
    msg("Name or service not known"),
    msg("unable to open database file"),
    msg("attempt to write a readonly database"),
    msg("database or disk is full"),
    msg("disk I/O error"),
    msg("file is not a database"),
    msg("database disk image is malformed"),
    HIDDEN_STREAM,
    NO_JSON,
    NO_EVENT,
)
"""The most frequent reasons, the system's and SQLite's too, listed to enter the catalogue."""


def say(template: str, **values: object) -> str:
    """Return a translated template with its values filled in."""
    return _(template).format(**{name: shown(value) for name, value in values.items()})


def shown(value: object) -> object:
    """Return a value as it appears in a sentence.

    Times go to the minute, lists are joined, events are worded, and problems are translated, those
    of an event's field behind its name, and so are the operating system's reasons.
    """
    if value is None or value in ([], ()):
        # A list may be empty where nothing is similar; "most similar: ;" would look torn.
        return "—"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (list, tuple, set, frozenset)):
        return _list_separator().join(str(shown(entry)) for entry in value)
    if isinstance(value, EventName):
        return _event(value)
    if isinstance(value, (LedgerError, Problem)):
        return _sentence(value)
    is_reason = isinstance(value, str) and value in FREQUENT_REASONS
    return _(str(value)) if is_reason else value


def _sentence(problem: LedgerError | Problem) -> str:
    """Return a problem in words, behind the name of the event's field whose it is."""
    sentence = say(problem.template, **problem.values)
    if isinstance(problem, Problem) and problem.field is not None and problem.event:
        return labelled(field_place(problem.field, problem.event), sentence)
    return sentence


def _list_separator() -> str:
    # Chinese divides the members of a list by its own mark; a comma divides clauses (GB/T 15834).
    return LIST_SEPARATOR if reads_chinese() else ", "


def _event(name: EventName) -> str:
    """Return an event's stored name with its Chinese term, which a clerk may type as well."""
    chinese = EVENTS[name].chinese
    if reads_chinese():
        return f"{chinese}（{name}）"
    return f"{name} ({chinese})"


OPEN_ELSEWHERE: Final = msg(
    "another program has it open; close it there (Excel, WPS, a viewer) and repeat the command"
)


def why(error: OSError) -> str:
    """Return the operating system's reason for an error."""
    if isinstance(error, PermissionError) and _is_open_elsewhere(error.filename):
        return _(OPEN_ELSEWHERE)
    return _(error.strerror) if error.strerror else str(error)


if sys.platform == "win32":

    def _is_open_elsewhere(file: str | None) -> bool:
        """Whether the reason is another program: Windows says the same of missing rights."""
        return file is not None and windows_access.is_open_elsewhere(Path(file))

else:

    def _is_open_elsewhere(_file: str | None) -> bool:
        """Return False: elsewhere an open file can be read and replaced."""
        return False


def joined(sentences: Iterable[str]) -> str:
    """Return several sentences as one."""
    separator = "；" if reads_chinese() else "; "
    return separator.join(sentences)


def labelled(label: object, text: object) -> str:
    """Return a text behind what it is about, divided by the colon of the reader's language."""
    colon = "：" if reads_chinese() else ": "
    return f"{label}{colon}{text}"


def shortened(text: str) -> str:
    """Return the beginning of a text that is quoted: a cell may hold a whole paragraph."""
    on_one_line = " ".join(text.split())
    if len(on_one_line) <= _QUOTED:
        return on_one_line
    return f"{on_one_line[:_QUOTED]}…"
