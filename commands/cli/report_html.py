"""`report html`: the whole county in one file."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.page_file_output import write_page_file
from commands.cli.shared.store_access import evidence_store, open_store
from commands.cli.shared.typed_path import TypedPath
from commands.web.county_file import county_file
from commands.web.county_view import CountyView
from projections.views.requested_axes import RequestedAxes


@click.command("html")
@click.argument("file", type=TypedPath(path_type=Path, dir_okay=False))
@axes_options()
def command(file: Path, axes: RequestedAxes) -> None:
    """Write the file; it names no persons."""
    with open_store() as ledger:
        view = axes.year_view(ledger)
        text = county_file(CountyView(ledger, view, evidence_store()))
    write_page_file(file, text)
