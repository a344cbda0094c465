"""Print the parameters that differ between two rulebooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import click

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.table_output import print_table
from commands.words import table_headings as headings
from commands.words.messages import _
from lifecycle.rulebook.rulebook_parameters import ParameterChange


def _or_dash(value: Any) -> str:
    return "—" if value is None else str(value)


_COLUMNS: Final = (
    OutputColumn("place", headings.PARAMETER, show=str),
    OutputColumn("chinese", headings.CONTENT, show=str),
    OutputColumn("before", headings.FORMER_VALUE, show=_or_dash, number=True),
    OutputColumn("after", headings.NEW_VALUE, show=_or_dash, number=True),
    OutputColumn("basis_before", headings.FORMER_BASIS),
    OutputColumn("basis_after", headings.NEW_BASIS),
)


def print_parameter_changes(changes: Sequence[ParameterChange]) -> None:
    """Print what changed, parameter by parameter, or that nothing did."""
    if not changes:
        click.echo(_("no parameter has changed"))
        return
    print_table([change._asdict() for change in changes], _COLUMNS)
