"""Listing units on a month's red or black board (红黑榜): proposals, confirmed and recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.store_access import author
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import absent_unit
from commands.handlers.listing_units import UnitListing, list_units
from commands.words.board_words import candidate_reason
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.events import last_day
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.board_view import black_list_run, previous_month

F = TypeVar("F", bound=Callable[..., Any])


def listing_options(function: F) -> F:
    """Add `--list`, `--only` and `--yes`; the command takes `listing`, `only` and `yes`."""
    with_options = click.option(
        "--yes",
        is_flag=True,
        help=_("With --list: record without confirmation."),
    )(function)
    with_options = click.option(
        "--only",
        multiple=True,
        metavar="UNIT",
        help=_("With --list: this unit only; may be repeated."),
    )(with_options)
    return click.option(
        "--list",
        "listing",
        is_flag=True,
        help=_("Record the proposals as UnitListed events; on a terminal each one is confirmed."),
    )(with_options)


def named_units(
    ledger: Ledger,
    board: dict[str, Any],
    only: Sequence[str],
) -> list[str]:
    """Return the units that `--only` names. Raises `Rejected` for one that the board lacks."""
    registered = [row["unit"] for row in board["units"]]
    units = [understood_name(ledger, "unit", name) for name in only]
    for unit in units:
        if unit not in registered:
            raise absent_unit(unit, date.fromisoformat(board["as_of"]), registered)
    return units


def list_proposals(
    ledger: Ledger,
    board: dict[str, Any],
    view: View,
    only: Sequence[str],
    *,
    confirmed: bool,
) -> None:
    """Record the proposals of a month that is over, those of `only` if it names units."""
    month = board["month"]
    # Scores of a month that goes on may change, and a listing costs points.
    if view.as_of != last_day(month):
        template = msg("{month} is not over: units can be listed after its last day")
        raise Rejected.by("month_not_over", template, month=month)
    proposals = _unlisted_proposals(board, only)
    if not proposals:
        click.echo(_("all proposals are already listed"))
        return
    if not confirmed:
        proposals = _confirmed_proposals(ledger, proposals, view, month)
    listings = [
        UnitListing(proposal["unit"], proposal["board"], candidate_reason(proposal))
        for proposal in proposals
    ]
    for entry in list_units(ledger, month, listings, author(ledger)):
        print_entry(ledger, entry)


def _unlisted_proposals(board: dict[str, Any], only: Sequence[str]) -> list[dict[str, Any]]:
    listed = {(listing["unit"], listing["board"]) for listing in board["listed"]}
    proposals = []
    for candidate in board["candidates"]:
        # A unit may be on both boards in different months, so unit and board together identify a
        # listing.
        is_listed = (candidate["unit"], candidate["board"]) in listed
        if not is_listed and (not only or candidate["unit"] in only):
            proposals.append(candidate)
    return proposals


def _confirmed_proposals(
    ledger: Ledger,
    proposals: list[dict[str, Any]],
    view: View,
    month: str,
) -> list[dict[str, Any]]:
    """Return the proposals that a clerk confirms. Raises `Rejected` without a terminal."""
    if not sys.stdin.isatty():
        raise Rejected.by(
            "not_confirmed",
            msg("{count} proposals need confirmation: run this on a terminal, or add --yes"),
            count=len(proposals),
        )
    units = units_at(ledger, view)
    # Ranks start from zero each year, so January has no month before.
    month_before = previous_month(month)
    confirmed = []
    for proposal in proposals:
        name = proposal["unit"]
        print_message(
            f"{word(proposal['board'])}  {proposal['name']}  {candidate_reason(proposal)}"
        )
        if proposal["board"] == "black" and month_before:
            _warn_of_interview(black_list_run(units[name], month_before, view.as_of))
        if click.confirm(
            _("List it?"),
            default=True,
            err=True,
        ):
            confirmed.append(proposal)
    return confirmed


def _warn_of_interview(black_months: list[str]) -> None:
    """Say that a unit which was on the black board the month before is called in (三.4)."""
    if black_months:
        template = msg(
            "  on the black list since {month}: if listed again, the unit is called in for "
            "a talk (约谈)"
        )
        print_message(say(template, month=black_months[0]))
