"""The rules on words that rulebooks declare (spec 6).

A record may use what an effective adoption declares; what is used stays declared, by one name.
"""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.word_uses import word_uses
from lifecycle.events import Event, RecordedEvent
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.declared_words import DeclaredWord, words_declared_in, words_of


def words_are_declared(proposal: Proposal[Event]) -> Problem | None:
    """A word that is not built in is declared by a rulebook that was adopted."""
    declared: tuple[DeclaredWord, ...] | None = None
    for field, word_list, word, built_in in word_uses(proposal.event):
        if declared is None:
            declared = proposal.context.declared_words()
        further = words_of(declared, word_list)
        if word in further:
            continue
        allowed = [*built_in, *further]
        template = msg("must be one of {expected}")
        if not allowed:
            template = msg(
                "“{word}” is declared by no rulebook that was adopted; a rulebook declares it "
                "in [[vocabulary.{word_list}]]"
            )
        values: dict[str, object] = {
            "expected": list(dict.fromkeys(allowed)),
            "word": word,
            "word_list": word_list,
        }
        return Problem("vocabulary", template, values, field)
    return None


def words_keep_their_names(proposal: Proposal[RulebookAdopted]) -> Problem | None:
    """A word has one Chinese name: what people read must not change its meaning."""
    words = words_declared_in(proposal.event.content)
    if not words:
        return None
    names = {word.name: word for word in proposal.context.declared_words()}
    for word in words:
        held_word = names.get(word.name, word)
        if (held_word.word_list, held_word.chinese) != (word.word_list, word.chinese):
            return Problem(
                "word_renamed",
                msg(
                    "the word {word} is {chinese} in [[vocabulary.{word_list}]] of a rulebook "
                    "that was adopted before: keep it, or declare another word"
                ),
                {
                    "word": word.name,
                    "chinese": held_word.chinese,
                    "word_list": held_word.word_list,
                },
                "content",
            )
    return None


def words_in_use(
    before: RecordedEvent | None,
    remaining: Iterable[DeclaredWord],
    context: DecisionContext,
) -> Problem | None:
    """Return why an adoption may not be voided: a fact uses a word that it alone declares."""
    if before is None or not isinstance(before.event, RulebookAdopted):
        return None
    still_declared = {(word.word_list, word.name) for word in remaining}
    for word in words_declared_in(before.event.content):
        if (word.word_list, word.name) in still_declared:
            continue
        fact = context.fact_with_word(word.word_list, word.name)
        if fact is not None:
            return Problem(
                "word_in_use",
                msg(
                    "{fact} uses the word {word} ({chinese}), which no other rulebook that was "
                    "adopted declares"
                ),
                {"fact": fact, "word": word.name, "chinese": word.chinese},
                "corrects",
            )
    return None
