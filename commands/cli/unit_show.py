"""`unit show`: one unit as of a day."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.row_output import format_option, print_json, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unit_columns import UNIT_COLUMNS
from commands.cli.shared.unknown_names import unknown_unit
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.history_words import late_repair_texts
from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.unit_list_view import unit_rows


@click.command("show")
@click.argument("unit")
@axes_options(year=False, rulebook=False)
@format_option
def command(
    unit: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show the unit as it stands on the day."""
    with open_store() as ledger:
        unit = understood_name(ledger, "unit", unit)
        view = axes.day_view(ledger)
        rows = {row.unit: row.as_json() for row in unit_rows(ledger, view)}
        history = ledger.stored_history(Stream("unit", unit), view.position)
    if unit not in rows:
        raise unknown_unit(unit, list(rows))
    row = rows[unit]
    if form == "json":
        print_json(row)
    elif form == "csv":
        print_rows([row], UNIT_COLUMNS, form)
    else:
        _print_unit(row, view.as_of.isoformat())
        for text in late_repair_texts(history, view.as_of):
            click.echo(f"{headings.ANOMALY}  {text}")


def _print_unit(row: dict[str, Any], day: str) -> None:
    click.echo(say(msg("{name} as of {day}"), name=row["name"], day=day))
    # A renamed unit keeps the name of its registration as its identity.
    if row["name"] != row["unit"]:
        click.echo(say(msg("registered as {unit}"), unit=row["unit"]))
    click.echo(f"{FIELDS['sequence']}  {row['sequence']}")
    click.echo(f"{FIELDS['category']}  {word(row['category'])}")
    if row["dissolved_on"] is not None:
        successor = row["successor"] or "—"
        template = msg("dissolved on {day}; successor: {successor}")
        click.echo(say(template, day=row["dissolved_on"], successor=successor))
    elif not row["there"]:
        template = msg("not yet active: registered from {day} on")
        click.echo(say(template, day=row["registered_on"]))
