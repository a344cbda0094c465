"""Everything that `rulebook check` and `adopt` find in a rulebook that can be read (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from commands.handlers.rulebook_cases import case_problems
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events.vocabulary import BUILT_IN, WORD_LISTS, WordList
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.rulebook_review import ReviewFinding, review
from lifecycle.rulebook.vocabulary_policy import Vocabulary


def fitness_findings(book: LoadedRulebook) -> list[ReviewFinding]:
    """The review's findings, words that would be read as others, and cases that differ."""
    problems: list[Problem] = []
    if book.rulebook.vocabulary is not None:
        problems += _names_of_others(book.rulebook.vocabulary)
    problems += case_problems(book)
    return [
        *review(book.rulebook),
        *(ReviewFinding("error", problem) for problem in problems),
    ]


def _names_of_others(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Words whose Chinese name a built-in word of their vocabulary has: clerks type that name."""
    # Here and not where a rulebook is read: what was adopted before stays readable, and the Chinese
    # names of built-in words are no part of the policy.
    for word_list in WORD_LISTS:
        built_in = _built_in_by_chinese(word_list)
        for number, word in enumerate(vocabulary.declared(word_list)):
            name = built_in.get(word.chinese)
            if name is not None:
                yield Problem(
                    "name_of_another",
                    msg("{chinese} is the name of {name}, which is built in; choose another name"),
                    {"chinese": word.chinese, "name": name},
                    f"vocabulary.{word_list}.{number}.chinese",
                )


def _built_in_by_chinese(word_list: WordList) -> dict[str, str]:
    names = [name for name in BUILT_IN[word_list] if name in VOCABULARY]
    return {VOCABULARY[name].chinese: name for name in names}
