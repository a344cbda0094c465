"""`calendar add`: record the State Council's arrangement of a year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.axes_options import day_option
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.receipt_output import print_entry, receipt_option
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.typed_path import TypedPath
from commands.handlers.arranging_working_days import arrange_working_days
from commands.intake.arrangement_table import read_arrangement
from commands.words.messages import _, say
from lifecycle.rejections import msg


@click.command("add")
@click.argument("file", type=TypedPath(path_type=Path, exists=True, dir_okay=False))
@click.option("--year", type=int, help=_("The year. Default: the one that most days lie in."))
@click.option("--source-ref", required=True, help=_("The notice, such as 国办发明电〔2026〕7号."))
@day_option("--occurred-on", _("The day of the notice. Default: today."))
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@clock_option
@receipt_option
def command(
    file: Path,
    year: int | None,
    source_ref: str,
    occurred_on: date | None,
    on_behalf_of: str | None,
    receipt: Path | None,
) -> None:
    """Record an arrangement."""
    days = read_arrangement(file)
    with open_store() as ledger:
        entry = arrange_working_days(
            ledger,
            year or days.year,
            days.off,
            days.worked,
            author(ledger, on_behalf_of),
            occurred_on=occurred_on or ledger.clock().date(),
            source_ref=source_ref,
        )
        template = msg("{year}: {off} days off, {worked} weekend days worked")
        counts = say(
            template,
            year=year or days.year,
            off=len(days.off),
            worked=len(days.worked),
        )
        # Standard output holds what every record prints there, and no more.
        click.echo(counts, err=True)
        print_entry(ledger, entry, receipt)
