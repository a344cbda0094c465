"""A change of a unit: what it will make of the ranks is shown before it is recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import click

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.print_message import print_message
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.row_output import format_option, print_json, print_rows
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.understood_names import understood_name
from commands.handlers.recording import preview_event, record_event
from commands.intake.typed_forms import strict_text
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _
from lifecycle.events import Event
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from projections.views.requested_axes import RequestedAxes
from projections.views.unit_list_view import preview_ranks

_OPTION_NAMES: Final = ("day", "source_ref", "dry_run", "yes", "form")
_COLUMNS: Final = (
    OutputColumn("unit", FIELDS["unit"], whole=True),
    OutputColumn("sequence_before", headings.SEQUENCE_BEFORE),
    OutputColumn("rank_before", headings.RANK_BEFORE, number=True),
    OutputColumn("total_before", headings.TOTAL_BEFORE, number=True),
    OutputColumn("sequence_after", headings.SEQUENCE_AFTER),
    OutputColumn("rank_after", headings.RANK_AFTER, number=True),
    OutputColumn("total_after", headings.TOTAL_AFTER, number=True),
)


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """From which day a change holds and by which document, and how it is recorded."""

    day: str
    source_ref: str | None
    dry_run: bool
    yes: bool
    form: str


def change_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a change; the command takes them as `options`."""

    @wraps(function)
    def command(**parameters: Any) -> None:
        typed = {name: parameters.pop(name) for name in _OPTION_NAMES}
        function(options=ChangeOptions(**typed), **parameters)

    day_help = _("The day from which it applies, such as 2024-07-01.")
    look_help = _("Show what it would change; record nothing.")
    options = (
        click.option("--on", "day", required=True, help=day_help),
        click.option("--source-ref", help=_("The document that it is based on.")),
        click.option("--dry-run", is_flag=True, help=look_help),
        click.option("--yes", is_flag=True, help=_("Record without confirmation.")),
        format_option,
    )
    with_options: Callable[..., None] = command
    # click lists options in the reverse of the order in which they are added.
    for option in reversed(options):
        with_options = option(with_options)
    return with_options


def record_unit_change(
    event_name: str, unit: str, options: ChangeOptions, **changed: str | None
) -> None:
    """Show what a change of a unit makes of the ranks, and record it once it is confirmed.

    On a terminal it is asked for; elsewhere it is recorded straight away. Raises `Rejected`.
    """
    day = strict_text("day", options.day)
    with open_store() as ledger:
        record = {
            "event": event_name,
            "unit": understood_name(ledger, "unit", unit),
            "occurred_on": day,
            "source_ref": options.source_ref,
            **changed,
        }
        fields = {name: value for name, value in record.items() if value is not None}
        if fields.get("successor"):
            fields["successor"] = understood_name(ledger, "unit", fields["successor"])
        clerk = author(ledger)
        # What the rules reject is said before anything is computed.
        event = preview_event(ledger, fields, clerk)
        _show_ranks(ledger, fields["unit"], event, options.form)
        if options.dry_run:
            return
        if sys.stdin.isatty() and not options.yes:
            click.confirm(_("Record it?"), default=True, abort=True, err=True)
        print_entry(ledger, record_event(ledger, fields, clerk))


def _show_ranks(
    ledger: Ledger,
    unit: str,
    event: Event,
    form: str,
) -> None:
    try:
        view = RequestedAxes(year=event.on.year).year_view(ledger)
    except Rejected:
        print_message(_("no rulebook is in force in the year of the change: it moves no ranks"))
        return
    rows = [preview.as_json() for preview in preview_ranks(ledger, view, unit, event)]
    if form == "json":
        print_json(rows)
    elif rows:
        print_message(_("What it changes in the ranks of its year, as of today or the year's end:"))
        print_rows(rows, _COLUMNS, form)
    else:
        print_message(_("It changes nothing in the ranks of its year."))
