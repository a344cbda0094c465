"""What a rulebook passes over, in words: one sentence a row."""

from __future__ import annotations

from typing import Final

from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.counted import Counted
from projections.scoring.passed_over import PassedOver

_SENTENCES: Final = {
    ("indicator", "read_by_no_rule"): msg(
        "{unit}: no rule reads the indicator {name} ({period}; {count} reported)"
    ),
    ("indicator", "too_coarse"): msg(
        "{unit}: {name} was reported for {period}, and rules read it for shorter periods only"
    ),
    ("indicator", "after_period"): msg(
        "{unit}: {name} of {period} is dated after the end of the period, and the period's result "
        "counts nothing later"
    ),
    ("indicator", "out_of_range"): msg(
        "{unit}: {name} of {period} lies outside the range of marks ({count} reported)"
    ),
    ("target", "read_by_no_rule"): msg("{unit}: no rule reads the target set for {name}"),
    ("target", "no_target"): msg("{unit}: no target of {name} was set or reported for {period}"),
    ("sequence", "read_by_no_rule"): msg("no rule takes the units of the sequence {name}"),
    ("sequence", "no_such_unit"): msg("the rulebook names the sequence {name}, which no unit has"),
    ("category", "no_such_unit"): msg("the rulebook names the category {name}, which no unit has"),
    ("sector", "unknown_to_rulebook"): msg(
        "{unit}: the rulebook does not know the sector {name}; projects not eligible: {count}"
    ),
    ("figure", "read_by_no_rule"): msg(
        "{unit}: no rule reads the figure {name} of projects ({period}; {count} reported)"
    ),
    ("figure", "too_coarse"): msg(
        "{unit}: {name} of projects was reported for {period}, and rules read it for shorter "
        "periods only"
    ),
    ("rule", "no_last_year"): msg(
        "{unit}: the rule {name} leaves the unit out, for it has no fact of {period} to compare "
        "with"
    ),
    ("rule", "no_such_unit"): msg("the rule {name} takes no unit"),
}
"""What was passed over and why → the sentence that says it."""
_WORDS: Final = frozenset({"category", "sector", "figure"})
"""What goes by the words of a vocabulary: a rule or an indicator may be named like one of them."""
SubjectNames = dict[tuple[str, str], str]
"""What was passed over, and by which name the file has it → what the rulebook calls it."""


def subject_names(book: Rulebook) -> SubjectNames:
    """Return what a rulebook calls its rules, and the figures and targets that these read."""
    names: SubjectNames = {}
    for target in book.targets:
        names["target", target.indicator] = target.chinese
    for rule in book.rules:
        names["rule", rule.id] = rule.chinese
        for _place, counted in rule.counted():
            # Several rules may read one figure: the first says what it is.
            for subject in _figures_read(counted):
                names.setdefault(subject, rule.chinese)
    return names


def _figures_read(counted: Counted) -> list[tuple[str, str]]:
    """The figure that is counted, and the target that it is held against."""
    figures = []
    if counted.indicator is not None:
        figures = [("indicator", counted.indicator), ("target", counted.indicator)]
    targets = [reference.indicator for reference in counted.references]
    return figures + [("target", target) for target in targets if target is not None]


def passed_over_text(row: PassedOver, names: SubjectNames) -> str:
    """Say what was passed over, and why."""
    values = row._asdict()
    values["name"] = _name(row, names)
    values["unit"] = row.unit or say(msg("the county"))
    return say(_SENTENCES[row.what, row.reason], **values)


def _name(row: PassedOver, names: SubjectNames) -> str:
    if row.what in _WORDS:
        return word(row.name)
    chinese = names.get((row.what, row.name))
    # With the name in the file: figures and targets are recorded by it.
    return row.name if chinese is None else f"{chinese}（{row.name}）"
