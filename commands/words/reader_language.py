"""The language of the reader's messages: the locale's, `LIFECYCLE_LANG`, or Chinese throughout."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import ctypes
    import locale

LOCALES: Final = Path(__file__).parent / "locales"
DOMAIN: Final = "lifecycle"

_LANGUAGE_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""What gettext reads, in its order."""

_CATALOGUE_HEADER: Final = ""
"""gettext keeps a catalogue's header, which names its language, under the empty message."""

_ENGLISH: Final = gettext.NullTranslations()
_fixed_catalogue: ContextVar[gettext.NullTranslations | None] = ContextVar(
    "fixed_catalogue", default=None
)


if sys.platform == "win32":

    def _interface_language() -> str | None:
        """Return the language in which Windows itself speaks to this account, such as `zh_CN`."""
        # gettext looks at LANG and its like alone, and a Windows account has none of them.
        language_id = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(language_id)

else:

    def _interface_language() -> str | None:
        """Return None: elsewhere gettext finds the language in the environment."""
        return None


def choose_language() -> None:
    """Let `LIFECYCLE_LANG` override the locale, for click's own messages as well."""
    language = os.environ.get("LIFECYCLE_LANG")
    if not language and not any(os.environ.get(name) for name in _LANGUAGE_VARIABLES):
        language = _interface_language()
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
    return _present_catalogue().gettext(message)


def _present_catalogue() -> gettext.NullTranslations:
    """Return the catalogue of the block that fixed one, else of the environment as it is now."""
    catalogue = _fixed_catalogue.get()
    if catalogue is not None:
        return catalogue
    if gettext.textdomain() != DOMAIN:
        return _ENGLISH  # nobody has chosen a language
    return _catalogue_of(LOCALES, *map(os.environ.get, _LANGUAGE_VARIABLES))


@lru_cache(maxsize=16)
def _catalogue_of(folder: Path, *_languages: str | None) -> gettext.NullTranslations:
    # `gettext.gettext` looks for the catalogue's file at each message, and a table has hundreds.
    return gettext.translation(DOMAIN, folder, fallback=True)


def ngettext(
    singular: str,
    plural: str,
    count: int,
) -> str:
    """Return the form of a message that fits a count, in the reader's language."""
    return _present_catalogue().ngettext(singular, plural, count)


def reads_chinese() -> bool:
    """Return whether the reader's language is Chinese."""
    return "Language: zh" in _(_CATALOGUE_HEADER)
