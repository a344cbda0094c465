"""`resources show`: one resource as of a day, what each allotment rests on, and the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.history_output import dated_rows, history_columns
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.resource_columns import RESOURCE_COLUMNS
from commands.cli.shared.row_output import format_option, print_json, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_resource
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS, field_term
from commands.words.history_words import late_repair_texts
from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.resource_view import resource_details

_SHOWN_FIELDS: Final = (
    "location",
    "area_mu",
    "floor_area_m2",
    "industries",
    "price",
    "price_per",
    "available_on",
)
_ALLOTMENT_COLUMNS: Final = (
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("area_mu", FIELDS["area_mu"], number=True),
    OutputColumn("floor_area_m2", FIELDS["floor_area_m2"], number=True),
    OutputColumn("occurred_on", FIELDS["occurred_on"], whole=True),
    OutputColumn("event", headings.RESTS_ON, show=str, whole=True),
    OutputColumn("source_ref", FIELDS["source_ref"]),
)


@click.command("show")
@click.argument("resource")
@axes_options(year=False, rulebook=False)
@format_option
def command(
    resource: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show the resource as it stands on the day."""
    with open_store() as ledger:
        code = understood_name(ledger, "resource", resource)
        view = axes.day_view(ledger)
        details = {each.row.resource: each.as_json() for each in resource_details(ledger, view)}
        if code not in details:
            raise unknown_resource(code, list(details))
        stream = Stream("resource", code)
        history = dated_rows(ledger, stream, axes) or []
        odd = late_repair_texts(ledger.stored_history(stream, view.position), view.as_of)
    shown = details[code]
    if form == "json":
        print_json({**shown, "history": history})
    elif form == "csv":
        print_rows([shown], RESOURCE_COLUMNS, form)
    else:
        _print_resource(shown, view.as_of.isoformat())
        print_rows(history, history_columns(history), form)
        for text in odd:
            click.echo(f"{headings.ANOMALY}  {text}")


def _print_resource(shown: dict[str, Any], day: str) -> None:
    click.echo(say(msg("{name} as of {day}"), name=f"{shown['resource']} {shown['name']}", day=day))
    click.echo(f"{field_term('ResourceListed', 'kind')}  {word(shown['kind'])}")
    click.echo(f"{headings.RESOURCE_STATUS}  {word(shown['status'])}")
    for name in _SHOWN_FIELDS:
        # What the listing leaves out is not asked for on a screen.
        if shown[name]:
            click.echo(f"{FIELDS[name]}  {word(shown[name])}")
    free = {
        headings.FREE_AREA_MU: shown["free_area_mu"],
        headings.FREE_FLOOR_AREA_M2: shown["free_floor_area_m2"],
    }
    for heading, area in free.items():
        if area is not None:
            click.echo(f"{heading}  {area}")
    _print_allotments(shown["allotments"])


def _print_allotments(allotments: Sequence[dict[str, Any]]) -> None:
    if allotments:
        print_rows(allotments, _ALLOTMENT_COLUMNS, "table")
