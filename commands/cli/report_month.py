"""`report month`: the notice of a month (红黑榜通报)."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_period_report
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes


@click.command(
    "month",
    help=_("Write a month's notice (红黑榜通报): lists, ranks, reasons, projects, targets."),
)
@click.argument("period", metavar="2024-05")
@document_options("xlsx", "docx", "pdf")
@axes_options(year=False)
def command(
    period: str,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    """Write the month's report."""
    write_period_report("month", period, axes, document)
