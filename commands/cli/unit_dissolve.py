"""`unit dissolve`: the end of a unit."""

from __future__ import annotations

import click

from commands.cli.shared.unit_change_flow import ChangeOptions, change_options, record_unit_change
from commands.intake.typed_forms import strict_text
from commands.words.messages import _


@click.command("dissolve")
@click.argument("unit")
@click.option("--successor", help=_("The unit that takes its place; none if left out."))
@change_options
def command(
    unit: str,
    successor: str | None,
    day: str,
    source_ref: str | None,
    form: str,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Look at it, and record it."""
    record = {
        "event": "UnitDissolved",
        "unit": unit,
        "occurred_on": strict_text("day", day),
        "source_ref": source_ref,
        "successor": successor,
    }
    record_unit_change(record, ChangeOptions(dry_run, yes, form))
