"""`project list`: the projects known by a day."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn, text_or_blank
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.cli.shared.word_option import VocabularyWord
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import VOCABULARY, word
from lifecycle.events.vocabulary import SECTORS, STAGES
from lifecycle.rejections import msg
from projections.scoring.judged_history import judged_at
from projections.views.project_view import project_row
from projections.views.requested_axes import RequestedAxes

_COLUMNS: Final = (
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("name", FIELDS["name"], show=str),
    OutputColumn("sector", headings.PROJECT_CATEGORY, whole=True),
    OutputColumn("unit", headings.CREDITED_UNIT, show=text_or_blank, whole=True),
    OutputColumn("stage", headings.STAGE_REACHED, whole=True),
    OutputColumn("scale", headings.SCALE, number=True),
    OutputColumn("invested", headings.INVESTED, number=True),
    OutputColumn("excluded", headings.EXCLUDED, show=word),
)


class ProjectFilter(NamedTuple):
    """What a project must match; None where an option was left out."""

    unit: str | None
    stage: str | None
    sector: str | None
    text: str | None

    def matches(self, row: dict[str, Any]) -> bool:
        """Whether a project's row matches."""
        # A transferred project is of interest to the unit that reported it and the one that has the
        # credit.
        if self.unit not in (None, row["unit"], row["reporting_unit"]):
            return False
        if self.stage not in (None, row["stage"]):
            return False
        if self.sector not in (None, row["sector"]):
            return False
        if self.text is None:
            return True
        return any(self.text in str(row[name]) for name in ("name", "investor", "project"))


@click.command("list")
@click.option("--unit", help=_("Only projects credited to or reported by this unit."))
@click.option(
    "--stage",
    type=VocabularyWord(VOCABULARY, STAGES),
    help=_("Only projects whose furthest stage is this one."),
)
@click.option(
    "--sector",
    type=VocabularyWord(VOCABULARY, SECTORS, "sectors"),
    help=_("Only this sector."),
)
@click.option("--text", help=_("Only projects whose name, investor or code contains this text."))
@axes_options(year=False, rulebook=False)
@format_option
def command(
    unit: str | None,
    stage: str | None,
    sector: str | None,
    text: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    """List them."""
    with open_store() as ledger:
        unit = understood_filter(ledger, "unit", unit)
        rows = [
            project_row(judged).as_json() for judged in judged_at(ledger, axes.day_view(ledger))
        ]
    project_filter = ProjectFilter(unit, stage, sector, text)
    rows = [row for row in rows if project_filter.matches(row)]
    print_rows(rows, _COLUMNS, form)
    if form == "table":
        click.echo(say(msg("projects: {count}"), count=len(rows)))
