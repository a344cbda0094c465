"""`report ledger`: the project ledger (台账) as a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.store_access import open_store
from commands.reports.foot import DocumentRequest, foot_at
from commands.reports.ledger_workbook import write_ledger
from commands.words.ledger_words import LEDGER_FILE
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg
from projections.views.requested_axes import RequestedAxes


@click.command("ledger")
@click.argument(
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(LEDGER_FILE),
)
@axes_options()
def command(file: Path, axes: RequestedAxes) -> None:
    """Write the workbook."""
    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind",
            msg("{path}: the name of a workbook must end in .xlsx"),
            path=file,
        )
    with open_store() as ledger:
        view = axes.record_view(ledger)
        request = DocumentRequest("ledger", str(view.as_of), dated=ledger.clock().date())
        foot = foot_at(ledger, view, request)
        build_atomically(file, lambda path: write_ledger(path, ledger, view, foot))
    click.echo(str(file))
