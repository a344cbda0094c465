"""`unit rename`: another name from a day on."""

from __future__ import annotations

import click

from commands.cli.shared.unit_change_flow import ChangeOptions, change_options, record_unit_change


@click.command("rename")
@click.argument("unit")
@click.argument("name")
@change_options
def command(
    unit: str,
    name: str,
    options: ChangeOptions,
) -> None:
    """Look at it, and record it."""
    record_unit_change("UnitRenamed", unit, options, name=name)
