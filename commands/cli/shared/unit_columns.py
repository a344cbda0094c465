"""The columns of a list of units."""

from __future__ import annotations

from typing import Final

from commands.cli.shared.output_columns import OutputColumn
from commands.words.event_words import FIELDS
from commands.words.table_headings import DISSOLVED_ON, UNIT_IDENTITY
from commands.words.vocabulary_words import word

UNIT_COLUMNS: Final = (
    OutputColumn("name", FIELDS["unit"], whole=True),
    OutputColumn("sequence", FIELDS["sequence"], whole=True),
    OutputColumn("category", FIELDS["category"], show=word),
    OutputColumn("unit", UNIT_IDENTITY, whole=True),
    OutputColumn("dissolved_on", DISSOLVED_ON, whole=True),
    OutputColumn("successor", FIELDS["successor"]),
)
