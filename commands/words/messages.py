"""Sentences in the reader's language: gettext catalogues, and how values appear in a sentence."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Final

from lifecycle.rejections import LedgerError, Problem, msg

LOCALES: Final = Path(__file__).parent / "locales"
DOMAIN: Final = "lifecycle"

_CATALOGUE_HEADER: Final = ""
"""gettext keeps a catalogue's header, which names its language, under the empty message."""

_fixed_catalogue: ContextVar[gettext.NullTranslations | None] = ContextVar(
    "fixed_catalogue", default=None
)


def choose_language() -> None:
    """Let `LIFECYCLE_LANG` override the locale. Click finds its own messages in the same catalogue."""
    language = os.environ.get("LIFECYCLE_LANG")
    if language:
        # The standard library looks for zh_CN under "zh_CN", not under "zh".
        os.environ["LANGUAGE"] = "zh_CN" if language.lower().startswith("zh") else language
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


@contextmanager
def in_chinese() -> Iterator[None]:
    """Make every message inside the block Chinese: official pages are Chinese in every language (spec 5)."""
    token = _fixed_catalogue.set(gettext.translation(DOMAIN, LOCALES, ["zh_CN"]))
    try:
        yield
    finally:
        _fixed_catalogue.reset(token)


def _(message: str) -> str:
    """Return the message in the reader's language."""
    catalogue = _fixed_catalogue.get()
    return gettext.gettext(message) if catalogue is None else catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a message that fits a count, in the reader's language."""
    catalogue = _fixed_catalogue.get()
    if catalogue is None:
        return gettext.ngettext(singular, plural, count)
    return catalogue.ngettext(singular, plural, count)


def reads_chinese() -> bool:
    """Return whether the reader's language is Chinese."""
    return "Language: zh" in _(_CATALOGUE_HEADER)


def say(template: str, **values: object) -> str:
    """Return a translated template with its values filled in."""
    return _(template).format(**{name: shown(value) for name, value in values.items()})


def shown(value: object) -> object:
    """Return a value as it appears in a sentence: times to the minute, lists joined, problems translated."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(shown(entry)) for entry in value)
    if isinstance(value, (LedgerError, Problem)):
        return say(value.template, **value.values)
    return value


def why(error: OSError) -> str:
    """Return the operating system's reason for an error."""
    return _(error.strerror) if error.strerror else str(error)


OPERATING_SYSTEM_REASONS: Final = (
    msg("No such file or directory"),
    msg("Permission denied"),
    msg("Is a directory"),
    msg("Not a directory"),
    msg("File exists"),
    msg("No space left on device"),
    msg("Read-only file system"),
)
"""The operating system's most frequent reasons, listed so that they enter the catalogue."""


def joined(sentences: Iterable[str]) -> str:
    """Return several sentences as one."""
    return "; ".join(sentences)
