"""`unit regroup`: another sequence or category from a day on."""

from __future__ import annotations

from typing import get_args

import click

from commands.cli.shared.unit_change_flow import ChangeOptions, change_options, record_unit_change
from commands.cli.shared.word_option import VocabularyWord
from commands.words.messages import _
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events import vocabulary


@click.command("regroup")
@click.argument("unit")
@click.argument("sequence")
@click.option(
    "--category",
    type=VocabularyWord(VOCABULARY, get_args(vocabulary.Category), "categories"),
    help=_("The category from then on; left out, it stays."),
)
@change_options
def command(
    unit: str,
    sequence: str,
    category: str | None,
    options: ChangeOptions,
) -> None:
    """Look at it, and record it."""
    record_unit_change("UnitRegrouped", unit, options, sequence=sequence, category=category)
