"""`calendar FILE.ics`: the deadlines for a calendar program."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.notices.deadline_calendar import deadline_calendar
from commands.words.messages import _, in_chinese
from lifecycle.atomic_file import write_atomically
from projections.views.requested_axes import RequestedAxes


@click.command("write")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--unit", help=_("Only this unit."))
@axes_options(year=False, rulebook=False)
def command(file: Path, unit: str | None, axes: RequestedAxes) -> None:
    """Write the file."""
    with open_store() as ledger:
        unit = understood_filter(ledger, "unit", unit)
        view = axes.day_view(ledger)
        with in_chinese():
            content = deadline_calendar(ledger, view, unit)
    write_atomically(file, content)
    click.echo(str(file))
