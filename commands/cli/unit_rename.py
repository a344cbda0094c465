"""`unit rename`: another name from a day on."""

from __future__ import annotations

import click

from commands.cli.shared.unit_change_flow import ChangeOptions, change_options, record_unit_change
from commands.intake.typed_forms import strict_text


@click.command("rename")
@click.argument("unit")
@click.argument("name")
@change_options
def command(
    unit: str,
    name: str,
    day: str,
    source_ref: str | None,
    form: str,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Look at it, and record it."""
    record = {
        "event": "UnitRenamed",
        "unit": unit,
        "occurred_on": strict_text("day", day),
        "source_ref": source_ref,
        "name": name,
    }
    record_unit_change(record, ChangeOptions(dry_run, yes, form))
