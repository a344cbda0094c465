"""`report year`: the results of a year (年度考核结果)."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_period_report
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes


@click.command(
    "year",
    help=_(
        "Write a year's results (年度考核结果): ranks, every unit's points by rule, "
        "targets, incentives."
    ),
)
@click.argument("period", metavar="2024")
@document_options("xlsx", "docx", "pdf")
@axes_options(year=False)
def command(
    period: str,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    """Write the year's report."""
    write_period_report("year", period, axes, document)
