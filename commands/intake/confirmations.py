"""The column 确认 of a file: what looks unusual in the row is right (spec 5)."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

from commands.words.typed_words import TRUTH_SIGNS
from commands.words.vocabulary_words import VOCABULARY, chinese_word
from commands.words.workbook_words import CONFIRMED
from lifecycle.rejections import Problem, msg

_WORDS = {VOCABULARY["true"].chinese: "true", VOCABULARY["false"].chinese: "false", **TRUTH_SIGNS}


def confirmation_problem(cells: Mapping[str, str]) -> Problem | None:
    """Return a problem if the row's cell of that column says neither yes nor no."""
    text = cells.get(CONFIRMED, "")
    if not text or _truth(text) in ("true", "false"):
        return None
    template = msg("{text} in the column {column} is neither {yes} nor {no}")
    values: dict[str, object] = {
        "text": text,
        "column": CONFIRMED,
        "yes": chinese_word("true"),
        "no": chinese_word("false"),
    }
    return Problem("confirmation", template, values)


def take_confirmation(cells: MutableMapping[str, str]) -> bool:
    """Take the cell out of a row, for it is no field of the event; say whether it says yes."""
    return _truth(cells.pop(CONFIRMED, "")) == "true"


def _truth(text: str) -> str:
    return _WORDS.get(text, text)
