"""`region`: a city's or province's results from the ledgers of its counties (spec 8)."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "verify": LazyCommand(
        "commands.cli.region_verify",
        msg("Verify each member's ledger against its key and the region's witness file."),
    ),
    "score": LazyCommand(
        "commands.cli.region_score",
        msg("Totals, modules and ranks of the members by the region's rulebook."),
    ),
    "explain": LazyCommand(
        "commands.cli.region_explain",
        msg("Explain every point of a member, or of a project such as 开化县/KH-2024-017."),
    ),
    "board": LazyCommand(
        "commands.cli.region_board", msg("The red and black lists of a month, of the members.")
    ),
    "targets": LazyCommand(
        "commands.cli.region_targets",
        msg("The year's targets of the region and its members, with progress."),
    ),
    "conflicts": LazyCommand(
        "commands.cli.region_conflicts",
        msg("Projects that two members report, with both reports."),
    ),
    "serve": LazyCommand(
        "commands.cli.region_serve",
        msg("Pages of the region for leaders and auditors, read-only, in a browser."),
    ),
    "report": LazyCommand(
        "commands.cli.region_report",
        msg("Write the region's notice of a month, quarter or year, or the region in one file."),
    ),
    "publish": LazyCommand(
        "commands.cli.region_publish",
        msg("Freeze the region's result in its ledger, with the tree of each member."),
    ),
}


@click.group(
    "region",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_(
        "A region: results of a city or province from the ledgers of its members, each verified "
        "before it counts."
    ),
)
def command() -> None:
    """The region's results."""
