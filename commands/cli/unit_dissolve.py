"""`unit dissolve`: the end of a unit."""

from __future__ import annotations

import click

from commands.cli.shared.unit_change_flow import ChangeOptions, change_options, record_unit_change
from commands.words.messages import _


@click.command("dissolve")
@click.argument("unit")
@click.option("--successor", help=_("The unit that takes its place; none if left out."))
@change_options
def command(
    unit: str,
    successor: str | None,
    options: ChangeOptions,
) -> None:
    """Look at it, and record it."""
    record_unit_change("UnitDissolved", unit, options, successor=successor)
