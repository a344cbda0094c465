"""`report information`: the form that confirms a project's information (在谈项目信息确认表)."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_document_files
from commands.cli.shared.store_access import open_store
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes


@click.command(
    "information",
    help=_("Write the information confirmation form (在谈项目信息确认表) of PROJECT."),
)
@click.argument("project")
@document_options("docx", "pdf")
@axes_options(year=False, rulebook=False)
def command(
    project: str,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    """Write the form."""
    with open_store() as ledger:
        view = axes.day_view(ledger)
        write_document_files(ledger, view, "information", project, document, ("docx", "pdf"))
