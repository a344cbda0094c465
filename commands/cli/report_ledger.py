"""`report ledger`: the project ledger (台账) as a workbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.own_document import reject_foreign_file
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.reports.excel import PAPERS, PageLayout, printed_size
from commands.reports.foot import DocumentRequest, foot_at
from commands.reports.ledger_workbook import COLUMNS, write_ledger
from commands.words.ledger_words import LEDGER_FILE
from commands.words.messages import _
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg
from projections.views.requested_axes import RequestedAxes

# 七号, the smallest size of Chinese print.
_LEAST_READABLE: Final = 5.5


@click.command("ledger")
@click.argument(
    "file",
    type=TypedPath(path_type=Path, dir_okay=False),
    default=Path(LEDGER_FILE),
)
@click.option(
    "--paper",
    type=click.Choice(tuple(PAPERS)),
    default="A3",
    show_default=True,
    help=_("The paper to print on; a table is one page wide."),
)
@click.option(
    "--columns",
    metavar="HEADINGS",
    help=_(
        "Print these columns only, by their headings with commas between: 项目名称,总投资. "
        "The others are hidden, not left out."
    ),
)
@axes_options()
def command(
    file: Path,
    paper: str,
    columns: str | None,
    axes: RequestedAxes,
) -> None:
    """Write the workbook."""
    layout = PageLayout(paper, None if columns is None else _named_headings(columns))
    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind",
            msg("{path}: the name of a workbook must end in .xlsx"),
            path=file,
        )
    # 台账.xlsx is what offices call the workbook that they keep themselves.
    reject_foreign_file(file)
    with open_store() as ledger:
        view = axes.record_view(ledger)
        request = DocumentRequest("ledger", str(view.as_of), dated=ledger.clock().date())
        foot = foot_at(ledger, view, request)
        build_atomically(file, lambda path: write_ledger(path, ledger, view, foot, layout))
    click.echo(str(file))
    _warn_of_small_print(layout)


def _warn_of_small_print(layout: PageLayout) -> None:
    """Say that the table is hard to read on paper, and what to do about it."""
    size = printed_size(COLUMNS, layout)
    if size < _LEAST_READABLE:
        note = _(
            "printed one page wide on {paper}, the text is {size} points high; "
            "take --paper A3, or fewer columns by --columns"
        )
        click.echo(note.format(paper=layout.paper, size=f"{size:.1f}"), err=True)


def _named_headings(typed: str) -> frozenset[str]:
    """Return the headings that were typed. Raises `Rejected` for one that the ledger lacks."""
    allowed = [column.heading for column in COLUMNS]
    parts = [part.strip() for part in re.split("[,，、]", typed)]
    headings = [part for part in parts if part]
    for heading in headings:
        if heading not in allowed:
            raise Rejected.by(
                "unknown_heading",
                msg("the ledger workbook has no column {heading}; allowed: {allowed}"),
                heading=heading,
                allowed=allowed,
            )
    return frozenset(headings)
