"""The words that a rulebook declares beside those built in, read from its text alone (spec 6).

Recording one event must not load the models of rulebooks. A text that was adopted has passed them,
so what is read here is well formed; of any other text whatever is malformed is left out, and the
models say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lifecycle.events.vocabulary import WORD_LISTS, WordList
from lifecycle.late_module import LateModule

# Few records use a word that only a rulebook declares.
if TYPE_CHECKING:
    import tomllib
else:
    tomllib = LateModule("tomllib")

_TABLE: Final = "vocabulary"


class DeclaredWord(NamedTuple):
    """A word of an open vocabulary, its Chinese name, and of a figure its unit of measure."""

    word_list: WordList
    name: str
    chinese: str
    unit: str | None = None


@lru_cache(maxsize=64)
def words_declared_in(content: str) -> tuple[DeclaredWord, ...]:
    """Return the words that a rulebook's text declares; none of a text that is not TOML."""
    # Most rulebooks declare nothing, and reading one as TOML takes some 15 ms.
    if _TABLE not in content:
        return ()
    try:
        data = tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        return ()
    return tuple(words_declared_by(data))


def words_declared_by(data: Mapping[str, Any]) -> Iterator[DeclaredWord]:
    """Yield the words that a rulebook's data declares, list by list, in its order."""
    vocabulary = data.get(_TABLE)
    if not isinstance(vocabulary, dict):
        return
    for word_list in WORD_LISTS:
        rows = vocabulary.get(word_list)
        if not isinstance(rows, list):
            continue
        for row in rows:
            if isinstance(row, dict) and isinstance(row.get("name"), str):
                yield DeclaredWord(
                    word_list,
                    row["name"],
                    str(row.get("chinese")),
                    row.get("unit"),
                )


def words_of(declared: Iterable[DeclaredWord], word_list: WordList) -> list[str]:
    """Return the names of the words of one vocabulary, each once."""
    names = [word.name for word in declared if word.word_list == word_list]
    return list(dict.fromkeys(names))
