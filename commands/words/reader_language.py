"""The language of the reader's messages: the locale's, `LIFECYCLE_LANG`, or Chinese throughout."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

LOCALES: Final = Path(__file__).parent / "locales"
DOMAIN: Final = "lifecycle"

_CATALOGUE_HEADER: Final = ""
"""gettext keeps a catalogue's header, which names its language, under the empty message."""

_fixed_catalogue: ContextVar[gettext.NullTranslations | None] = ContextVar(
    "fixed_catalogue", default=None
)


def choose_language() -> None:
    """Let `LIFECYCLE_LANG` override the locale, for click's own messages as well."""
    language = os.environ.get("LIFECYCLE_LANG")
    if language:
        # The standard library looks for zh_CN under "zh_CN", not under "zh".
        os.environ["LANGUAGE"] = "zh_CN" if language.lower().startswith("zh") else language
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


@contextmanager
def in_chinese() -> Iterator[None]:
    """Make every message inside the block Chinese, as official pages always are (spec 5)."""
    token = _fixed_catalogue.set(gettext.translation(DOMAIN, LOCALES, ["zh_CN"]))
    try:
        yield
    finally:
        _fixed_catalogue.reset(token)


def _(message: str) -> str:
    """Return the message in the reader's language."""
    catalogue = _fixed_catalogue.get()
    if catalogue is None:
        return gettext.gettext(message)
    return catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a message that fits a count, in the reader's language."""
    catalogue = _fixed_catalogue.get()
    if catalogue is None:
        return gettext.ngettext(singular, plural, count)
    return catalogue.ngettext(singular, plural, count)


def reads_chinese() -> bool:
    """Return whether the reader's language is Chinese."""
    return "Language: zh" in _(_CATALOGUE_HEADER)
