"""`report quarter`: the results of a quarter (季度考核结果)."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_period_report
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes


@click.command(
    "quarter",
    help=_("Write a quarter's results (季度考核结果): ranks, reasons, schedule checks, targets."),
)
@click.argument("period", metavar="2024-Q2")
@document_options("xlsx", "docx", "pdf")
@axes_options(year=False)
def command(
    period: str,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    """Write the quarter's report."""
    write_period_report("quarter", period, axes, document)
