"""The texts of policies that come with their rulebooks, as published."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from lifecycle.rulebook.rulebook_library import LoadedRulebook, shipped

_TEXTS: Final = "texts"


def shipped_policy_text(book: LoadedRulebook) -> str:
    """Return the text that a shipped rulebook encodes; empty where none comes with the product."""
    folder = files("lifecycle") / "rulebooks" / _TEXTS
    file = folder / f"{book.id}.txt"
    # A county's own rulebook may have the id of a shipped one, and another text.
    if not file.is_file() or shipped(book.id).digest != book.digest:
        return ""
    return file.read_text(encoding="utf-8")
