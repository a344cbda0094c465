"""What a heading of a register means, by the words that offices use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from commands.handlers.register_subjects import SubjectKind
from commands.intake.register_headings import JOINED_BY, heading_key
from commands.words import register_words as words
from commands.words.event_words import FIELDS
from commands.words.register_words import (
    HEADING_WORDS,
    RESOURCE_HEADING_WORDS,
    HeadingMeaning,
    MapUnit,
)
from lifecycle.rejections import Rejected, msg

# Of two characters are names such as 项目, which stands in half of all headings of a ledger.
_SHORTEST_PART: Final = 3
_FOREIGN_UNIT: Final = msg(
    "the amounts of column {column} are neither in 万元 nor in 亿元: convert them, then name the "
    'unit in the map, such as unit = "万元"'
)
_BRACKETS: Final = re.compile(r"\([^()]*\)")


class HeadingGuess(NamedTuple):
    """What a heading probably means."""

    meaning: HeadingMeaning
    is_sure: bool


def _known_words(
    heading_words: Mapping[HeadingMeaning, Sequence[str]],
) -> dict[str, HeadingGuess]:
    known: dict[str, HeadingGuess] = {}
    for meaning, names in heading_words.items():
        for place, name in enumerate(names):
            # The usual name needs no look; the further ones stand for other things in some offices.
            known.setdefault(heading_key(name), HeadingGuess(meaning, place == 0))
        # The day's own name is the same for every event, so by itself it tells none of them.
        if meaning.field in FIELDS and meaning.field != "occurred_on":
            own_name = heading_key(FIELDS[meaning.field].chinese)
            known.setdefault(own_name, HeadingGuess(meaning, is_sure=True))
    return known


_KNOWN: Final[dict[SubjectKind, dict[str, HeadingGuess]]] = {
    "project": _known_words(HEADING_WORDS),
    "resource": _known_words(RESOURCE_HEADING_WORDS),
}


def last_part(text: str) -> str:
    """Return the lowest heading of a column, as headings are compared."""
    return heading_key(text).rpartition(JOINED_BY)[2]


def heading_meaning(text: str, subject: SubjectKind = "project") -> HeadingGuess | None:
    """Return what a heading probably means of a subject; None where nothing is known of it."""
    known_words = _KNOWN[subject]
    whole = heading_key(text)
    last = last_part(text)
    for key in (whole, last, _BRACKETS.sub("", last)):
        if key in known_words:
            return _of_contract(whole, known_words[key])
    if last in words.DAY_HEADINGS and subject == "project":
        return _day_below(whole)
    if last in words.OUTCOME_HEADINGS and subject == "project":
        return _outcome_below(whole)
    parts = [known for known in known_words if len(known) >= _SHORTEST_PART and known in last]
    if not parts or is_figure(whole):
        return None
    # 协议固定资产投资 contains 固定资产投资 too, and means the contract's amount.
    longest = max(parts, key=len)
    return _of_contract(whole, known_words[longest]._replace(is_sure=False))


def _day_below(whole: str) -> HeadingGuess | None:
    """Return what a bare 时间 means: the day of the event that the heading above it names."""
    above = whole.rpartition(JOINED_BY)[0]
    for mark, event in words.EVENT_MARKS.items():
        if mark in above:
            name = "reported_at" if event == "InformationReported" else "occurred_on"
            return HeadingGuess(HeadingMeaning(event, name), is_sure=False)
    return None


def _outcome_below(whole: str) -> HeadingGuess | None:
    """Return what a bare 结论 means: the outcome below a heading of the consultation."""
    above = whole.rpartition(JOINED_BY)[0]
    for mark, event in words.EVENT_MARKS.items():
        if mark in above and event == "ConsultationHeld":
            return HeadingGuess(HeadingMeaning(event, "outcome"), is_sure=False)
    return None


def _of_contract(whole: str, guess: HeadingGuess) -> HeadingGuess:
    """Take an amount below a heading such as 签约情况 for the contract's."""
    above = whole.rpartition(JOINED_BY)[0]
    if not any(mark in above for mark in words.SIGNED_MARKS):
        return guess
    contract = {
        "planned_investment": "contract_investment",
        "planned_fixed_assets": "contract_fixed_assets",
    }
    name = contract.get(guess.meaning.field)
    if name is None:
        return guess
    return HeadingGuess(HeadingMeaning("AgreementSigned", name), is_sure=False)


def heading_unit(text: str) -> MapUnit | None:
    """Return the unit of amounts that a heading, or the one above it, says; None without one."""
    key = heading_key(text)
    units = [unit for mark, unit in words.UNIT_MARKS.items() if mark in key]
    # Of 亿元以上项目投资(万元) the bracket says the unit; the other is a class of projects.
    for unit in units:
        if re.search(rf"\((?:[^()]*[^()0-9])?{unit}[^()]*\)", key):
            return unit
    return units[0] if len(units) == 1 else None


def require_map_unit(heading: str) -> None:
    """Raise `Rejected` if a heading says in brackets a unit that no map has, such as (元)."""
    # Without a word, an amount in 元 would count 10,000 times.
    if re.search(words.FOREIGN_UNIT, heading_key(heading)):
        raise Rejected.by("foreign_unit", _FOREIGN_UNIT, column=heading)


def is_figure(whole: str) -> bool:
    """Return whether a heading is one of investment that was made, which months are."""
    return words.CUMULATIVE_MARK in whole or any(mark in whole for mark in words.OF_MONTH_MARKS)
