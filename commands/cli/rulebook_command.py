"""`rulebook`: a county's policy as data: list, show, check, compare, try, draft, adopt."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand(
        "commands.cli.rulebook_list", msg("List the rulebooks, shipped and adopted.")
    ),
    "show": LazyCommand(
        "commands.cli.rulebook_show",
        msg("Show a policy as tables: modules, groups, and rules with their clauses and basis."),
    ),
    "check": LazyCommand(
        "commands.cli.rulebook_check",
        msg(
            "Check a rulebook (an id or a FILE.toml): list its errors, and the least and "
            "greatest points of each module."
        ),
    ),
    "adopt": LazyCommand(
        "commands.cli.rulebook_adopt",
        msg(
            "Adopt a rulebook (an id or a FILE.toml) by a county event; past scores do not "
            "change. The changes are shown first."
        ),
    ),
    "new": LazyCommand(
        "commands.cli.rulebook_new",
        msg(
            "Draft a rulebook ID for a year: from another one, with all its tables and rules "
            "under a new name, or blank."
        ),
    ),
    "export": LazyCommand(
        "commands.cli.rulebook_export",
        msg(
            "Write a rulebook's parameters to a workbook in which an office fills in "
            "values and their documents."
        ),
    ),
    "import": LazyCommand(
        "commands.cli.rulebook_import",
        msg(
            "Read parameters back from a workbook: show the changes and write a rulebook. "
            "A value with a document gets the basis policy."
        ),
    ),
    "compare": LazyCommand(
        "commands.cli.rulebook_compare",
        msg(
            "Score the same history under two rulebooks, A and B (ids or files): totals, "
            "ranks, and the differences by rule."
        ),
    ),
    "try": LazyCommand(
        "commands.cli.rulebook_try",
        msg(
            "Try a parameter of a rulebook over a range, such as 5..15: at which values "
            "ranks change. Nothing is recorded."
        ),
    ),
}


@click.group(
    "rulebook",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("Policies as data: list, show, check, compare, try, draft, adopt."),
)
def command() -> None:
    """Policies as data."""
