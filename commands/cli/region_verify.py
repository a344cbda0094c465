"""`region verify`: look at every member's ledger, and let the witness files grow."""

from __future__ import annotations

from datetime import datetime

import click

from commands.cli.shared.axes_options import known_at_option
from commands.cli.shared.region_access import (
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import member_json, print_members
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.words.messages import _


@click.command(
    "verify",
    help=_(
        "Verify each member's ledger: rebuilt from its events, signed by its key, and continuing "
        "what the region's witness file recorded. Exit 0 only if the result would be official."
    ),
)
@region_options
@engine_options
@known_at_option
@table_or_json_option
def command(
    region: RequestedRegion,
    known_at: datetime | None,
    form: str,
) -> None:
    """Verify them."""
    with open_region(region, known_at=known_at) as opened:
        look = opened.look
    if form == "json":
        rows = [member_json(member) for member in look.members]
        print_json({"members": rows, "official": look.is_official})
    else:
        print_members(look)
    # A timer goes by the exit code.
    if not look.is_official:
        raise click.exceptions.Exit(1)
