"""[[vocabulary.…]]: words that a county's policy has beside those built in (spec 6)."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events.vocabulary import BUILT_IN, WORD, WORD_LISTS, WordList
from lifecycle.rejections import msg
from lifecycle.rulebook.parts import Part, Sourced

_MOST_CHARACTERS: Final = 40


class VocabularyWord(Sourced):
    """A word: its stored name, and the Chinese name by which people read and type it."""

    name: Annotated[str, StringConstraints(pattern=WORD)]
    chinese: Annotated[str, StringConstraints(min_length=1, max_length=_MOST_CHARACTERS)]


class FigureWord(VocabularyWord):
    """A figure of projects (项目指标), its unit, and what of several periods counts."""

    take: Literal["sum", "last"]
    unit: Annotated[str, StringConstraints(min_length=1, max_length=_MOST_CHARACTERS)]


Words = Annotated[tuple[VocabularyWord, ...], Field(min_length=1)]


class Vocabulary(Part):
    """The words that the rulebook declares, by vocabulary; each is built in or declared once."""

    stages: Words | None = None
    traits: Words | None = None
    sectors: Words | None = None
    chains: Words | None = None
    sites: Words | None = None
    categories: Words | None = None
    figures: Annotated[tuple[FigureWord, ...], Field(min_length=1)] | None = None

    def declared(self, word_list: WordList) -> tuple[VocabularyWord, ...]:
        """The words declared of a vocabulary, in the rulebook's order."""
        words: tuple[VocabularyWord, ...] | None = getattr(self, word_list)
        return words or ()

    @model_validator(mode="after")
    def _each_word_once(self) -> "Vocabulary":
        # Whatever list they are of: a cell or a page shows the word alone.
        names = {name for built_in in BUILT_IN.values() for name in built_in}
        chinese_names: set[tuple[WordList, str]] = set()
        for word_list in WORD_LISTS:
            for word in self.declared(word_list):
                if word.name in names:
                    raise _twice(word.name)
                # A clerk types the Chinese name, which must mean one word of its vocabulary.
                if (word_list, word.chinese) in chinese_names:
                    raise _twice(word.chinese)
                names.add(word.name)
                chinese_names.add((word_list, word.chinese))
        return self


def _twice(name: str) -> PydanticCustomError:
    return PydanticCustomError(
        "word_twice",
        msg("the word {name} is built in or declared already; choose another name"),
        {"name": name},
    )
