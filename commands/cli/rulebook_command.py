"""`rulebook`: a county's policy as data: list, show, check, compare, draft, adopt."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand("commands.cli.rulebook_list", msg("The rulebooks shipped and adopted.")),
    "show": LazyCommand(
        "commands.cli.rulebook_show",
        msg("A policy as tables: modules, groups, rules with their clauses and what they rest on."),
    ),
    "check": LazyCommand(
        "commands.cli.rulebook_check",
        msg(
            "What is wrong with a rulebook (an id or a FILE.toml), and the least and greatest points of each module."
        ),
    ),
    "adopt": LazyCommand(
        "commands.cli.rulebook_adopt",
        msg(
            "Adopt a rulebook (an id or a FILE.toml): a county event; past scores stay as they are. What changes is shown first."
        ),
    ),
    "new": LazyCommand(
        "commands.cli.rulebook_new",
        msg(
            "Draft a rulebook ID for a year from another: every table and rule of it, under a new name."
        ),
    ),
    "export": LazyCommand(
        "commands.cli.rulebook_export",
        msg(
            "Write a rulebook's parameters to a workbook, for an office to fill in its values and their document."
        ),
    ),
    "import": LazyCommand(
        "commands.cli.rulebook_import",
        msg(
            "Take parameters back from a workbook: what changed is shown, a rulebook is written; a document turns its basis into policy."
        ),
    ),
    "compare": LazyCommand(
        "commands.cli.rulebook_compare",
        msg(
            "The same history under two rulebooks (ids or files), A and B: totals, ranks, and by rule where the difference comes from."
        ),
    ),
}


@click.group(
    "rulebook",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("Policies as data: list, show, check, compare, draft, adopt."),
)
def command() -> None:
    """Policies as data."""
