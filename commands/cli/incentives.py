"""`incentives`: which projects earn their lead person a reward, and which nearly do."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.incentive_output import print_incentives
from commands.cli.shared.row_output import format_option, print_json
from commands.cli.shared.score_output import axes_line
from commands.cli.shared.store_access import open_store
from commands.words.messages import _
from projections.views.incentive_view import IncentiveReview, year_incentives
from projections.views.requested_axes import RequestedAxes


@click.command(
    "incentives", help=_("List the incentives that the year's projects have earned (三.1, 三.2).")
)
@click.option(
    "--near",
    is_flag=True,
    help=_("List near misses instead: projects that lack exactly one condition, and which."),
)
@axes_options()
@format_option
def command(
    axes: RequestedAxes,
    form: str,
    *,
    near: bool,
) -> None:
    """Show them."""
    with open_store() as ledger:
        view = axes.year_view(ledger)
        incentives = year_incentives(ledger, view)
    reviews = incentives.near if near else incentives.earned
    if form == "json":
        print_json([_json_row(review, near=near) for review in reviews])
        return
    if form == "table":
        click.echo(axes_line(view))
    print_incentives(reviews, form, near_misses=near)


def _json_row(review: IncentiveReview, *, near: bool) -> dict[str, Any]:
    row = review.as_json()
    # A near miss is of use only with what it lacks; an earned reward lacks nothing.
    if near:
        row = {**row, "lacking": review.detailed_json()["lacking"]}
    return row
