"""What is said, in the user's language: gettext catalogues, and how values stand in a sentence."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Final

from lifecycle.rejections import msg

LOCALES: Final = Path(__file__).parent / "locales"
DOMAIN: Final = "lifecycle"


def choose_language() -> None:
    """Let `LIFECYCLE_LANG` override the locale; click's own words come from the same catalogue."""
    wanted = os.environ.get("LIFECYCLE_LANG")
    if wanted:
        # The standard library looks for zh_CN under "zh_CN", not under "zh".
        os.environ["LANGUAGE"] = "zh_CN" if wanted.lower().startswith("zh") else wanted
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


_spoken: ContextVar[gettext.NullTranslations | None] = ContextVar("spoken", default=None)


@contextmanager
def in_chinese() -> Iterator[None]:
    """Within, every message is Chinese: official pages are, with every locale (spec 5)."""
    token = _spoken.set(gettext.translation(DOMAIN, LOCALES, ["zh_CN"]))
    try:
        yield
    finally:
        _spoken.reset(token)


def _(message: str) -> str:
    """The message in the user's language."""
    spoken = _spoken.get()
    return gettext.gettext(message) if spoken is None else spoken.gettext(message)


def reads_chinese() -> bool:
    """Whether the reader's language is Chinese: the empty message is a catalogue's header, which names its language."""
    return "Language: zh" in _("")


def say(template: str, **values: object) -> str:
    """A translated template with its values filled in."""
    return _(template).format(**{name: shown(value) for name, value in values.items()})


def shown(value: object) -> object:
    """A value as it stands in a sentence."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(shown(inner)) for inner in value)
    template, inner = getattr(value, "template", None), getattr(value, "values", None)
    if isinstance(template, str) and isinstance(inner, dict):
        return say(template, **inner)
    return "—" if value is None else value


def why(error: OSError) -> str:
    """The operating system's reason."""
    return _(error.strerror) if error.strerror else str(error)


# What it says most often, gathered for the catalogue.
REASONS: Final = (
    msg("No such file or directory"),
    msg("Permission denied"),
    msg("Is a directory"),
    msg("Not a directory"),
    msg("File exists"),
    msg("No space left on device"),
    msg("Read-only file system"),
)


def joined(parts: Iterable[str]) -> str:
    """Sentences one after another."""
    return "; ".join(parts)
