"""`incentives`: which projects earn their lead person a reward, and which nearly do."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.incentive_output import (
    print_earned_and_payments,
    print_incentives,
    print_payments,
)
from commands.cli.shared.row_output import format_option, print_json
from commands.cli.shared.rulebook_year import view_of_year
from commands.cli.shared.score_output import axes_line
from commands.cli.shared.store_access import open_store
from commands.words.messages import _
from projections.views.incentive_view import IncentiveReview, year_incentives
from projections.views.requested_axes import RequestedAxes
from projections.views.reward_view import reward_payments


@click.command(
    "incentives",
    help=_(
        "List the incentives that the year's projects have earned (三.1, 三.2), and the stages of "
        "their rewards."
    ),
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
        view = view_of_year(axes, ledger)
        incentives = year_incentives(ledger, view)
        # Stages fall due in later years too: the day asked for isn't cut at the year's end.
        payments = reward_payments(ledger, view, axes.as_of or ledger.clock().date())
    reviews = incentives.near if near else incentives.earned
    # A reward is earned or not: there is no coming near to one.
    shown_payments = [] if near else payments
    if form == "json":
        rows = [_json_row(review, near=near) for review in reviews]
        print_json([*rows, *(payment.as_json() for payment in shown_payments)])
        return
    if form == "table":
        click.echo(axes_line(view))
    if form == "csv" and view.rulebook.rulebook.rewards and not near:
        print_earned_and_payments(reviews, shown_payments)
        return
    print_incentives(reviews, form, near_misses=near)
    if shown_payments:
        print_payments(shown_payments)


def _json_row(review: IncentiveReview, *, near: bool) -> dict[str, Any]:
    row = review.as_json()
    # A near miss is of use only with what it lacks; an earned reward lacks nothing.
    if near:
        row = {**row, "lacking": review.detailed_json()["lacking"]}
    return row
