"""The columns of a list of resources."""

from __future__ import annotations

from typing import Final

from commands.cli.shared.output_columns import OutputColumn
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS, field_term
from commands.words.vocabulary_words import word

RESOURCE_COLUMNS: Final = (
    OutputColumn("resource", FIELDS["resource"], show=str, whole=True),
    OutputColumn("kind", field_term("ResourceListed", "kind"), show=word, whole=True),
    OutputColumn("name", field_term("ResourceListed", "name"), show=str),
    OutputColumn("location", FIELDS["location"], show=str),
    OutputColumn("area_mu", FIELDS["area_mu"], number=True),
    OutputColumn("floor_area_m2", FIELDS["floor_area_m2"], number=True),
    OutputColumn("free_area_mu", headings.FREE_AREA_MU, number=True),
    OutputColumn("free_floor_area_m2", headings.FREE_FLOOR_AREA_M2, number=True),
    OutputColumn("projects", headings.SETTLED_PROJECTS),
    OutputColumn("available_on", FIELDS["available_on"], whole=True),
    OutputColumn("status", headings.RESOURCE_STATUS, show=word, whole=True),
)
