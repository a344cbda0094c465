"""`unit regroup`: another sequence or category from a day on."""

from __future__ import annotations

from typing import get_args

import click

from commands.cli.shared.unit_change_flow import ChangeOptions, change_options, record_unit_change
from commands.cli.shared.word_option import VocabularyWord
from commands.intake.typed_forms import strict_text
from commands.words.messages import _
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events import vocabulary


@click.command("regroup")
@click.argument("unit")
@click.argument("sequence")
@click.option(
    "--category",
    type=VocabularyWord(VOCABULARY, get_args(vocabulary.Category)),
    help=_("The category from then on; left out, it stays."),
)
@change_options
def command(
    unit: str,
    sequence: str,
    category: str | None,
    day: str,
    source_ref: str | None,
    form: str,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Look at it, and record it."""
    record = {
        "event": "UnitRegrouped",
        "unit": unit,
        "occurred_on": strict_text("day", day),
        "source_ref": source_ref,
        "sequence": sequence,
        "category": category,
    }
    record_unit_change(record, ChangeOptions(dry_run, yes, form))
