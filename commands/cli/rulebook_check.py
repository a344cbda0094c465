"""`rulebook check`: what is wrong with a rulebook, and the range of points of each module."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import click

from commands.cli.shared.row_output import OutputColumn, format_option, print_rows
from commands.cli.shared.rulebook_choice import loaded
from commands.words import table_headings as headings
from commands.words.messages import say
from lifecycle.rejections import msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.reach import reach

_PLACES: Final = 6
_COLUMNS: Final = (
    OutputColumn("name", headings.MODULE),
    OutputColumn("least", headings.LEAST, number=True),
    OutputColumn("greatest", headings.GREATEST, number=True),
)


@click.command("check")
@click.argument("rulebook")
@format_option
def command(rulebook: str, form: str) -> None:
    """Print each module's range of points; loading the rulebook raises every finding."""
    policy = loaded(rulebook)
    module_names = {module.id: module.chinese for module in policy.rulebook.modules}
    rows = [
        {
            "module": module,
            "name": module_names[module],
            "least": _bound_text(least),
            "greatest": _bound_text(greatest),
        }
        for module, (least, greatest) in reach(policy.rulebook).items()
    ]
    print_rows(rows, _COLUMNS, form)
    # JSON and CSV hold rows alone, so that no script has to skip a sentence.
    if form == "table":
        click.echo(say(msg("{id} is valid; digest {digest}"), id=policy.id, digest=policy.digest))


def _bound_text(points: Fraction | None) -> str | None:
    """Write an end of a range; None where it is open."""
    return None if points is None else decimal_text(points, _PLACES)
