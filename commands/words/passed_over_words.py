"""What a rulebook passes over, in words: one sentence a row."""

from __future__ import annotations

from typing import Final

from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
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


def passed_over_text(row: PassedOver) -> str:
    """Say what was passed over, and why."""
    values = row._asdict()
    values["name"] = word(row.name)
    values["unit"] = row.unit or say(msg("the county"))
    return say(_SENTENCES[row.what, row.reason], **values)
