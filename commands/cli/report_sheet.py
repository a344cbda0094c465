"""`report sheet`: one of the five task sheets (五单), or a day's batch of them."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_document_files
from commands.cli.shared.store_access import open_store
from commands.handlers.task_lookup import understood_sheet_number
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes


@click.command("sheet")
@click.argument("sheet_number", metavar="[NUMBER]", required=False)
@click.option(
    "--due",
    "is_batch",
    is_flag=True,
    help=_("Write the sheets due on the day instead, in one file."),
)
@document_options("docx", "pdf")
@axes_options(year=False, rulebook=False)
def command(
    sheet_number: str | None,
    *,
    is_batch: bool,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    """Write the sheet, or the batch."""
    if is_batch == (sheet_number is not None):
        raise click.UsageError(_("give one sheet's number, or --due"))
    with open_store() as ledger:
        axes = document.axes_of_day(axes, ledger.clock().date())
        view = axes.day_view(ledger)
        if sheet_number is None:
            write_document_files(ledger, view, "due", str(view.as_of), document)
        else:
            ladder = view.rulebook.rulebook.ladder
            prefix = "" if ladder is None else ladder.prefix
            number = understood_sheet_number(sheet_number, prefix)
            write_document_files(ledger, view, "sheet", number, document)
