"""`template FILE.xlsx`: write an empty ledger workbook."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import click

from commands.cli.shared.axes_options import MONTH
from commands.cli.shared.shell_words import shell_quoted
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.handlers.ledger_lists import ledger_lists
from commands.intake.ledger_workbook_writer import write_template
from commands.words.messages import _, say
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg


@click.command(
    "template",
    help=_(
        "Write an empty ledger workbook: one sheet per event, with Chinese headings and "
        "drop-down lists."
    ),
)
@click.argument("file", type=TypedPath(path_type=Path))
@click.option(
    "--from-ledger",
    is_flag=True,
    help=_(
        "Offer the ledger's units and project codes in drop-down lists, and fill in code and name "
        "of each project that reports investment."
    ),
)
@click.option(
    "--month",
    type=MONTH,
    help=_("With --from-ledger: the month of the figures. Default: the last month."),
)
def command(
    file: Path,
    *,
    from_ledger: bool,
    month: str | None,
) -> None:
    """Write it, never over another file."""
    if month is not None and not from_ledger:
        raise click.UsageError(_("--month is given with --from-ledger only"))
    if file.suffix.lower() != ".xlsx":
        template = msg("{path}: the name of a workbook must end in .xlsx")
        raise Rejected.by("file_kind", template, path=file)
    # The file may hold a day's typing.
    if file.exists():
        template = msg("{path} already exists; nothing was changed")
        raise Rejected.by("file_exists", template, path=file)
    lists = None
    if from_ledger:
        with open_store() as ledger:
            lists = ledger_lists(ledger, month or _last_month(ledger.clock().date()))
    build_atomically(file, partial(write_template, lists=lists))
    template = msg(
        "wrote an empty workbook to {path}; fill it in and run: lifecycle import {argument}"
    )
    click.echo(say(template, path=file, argument=shell_quoted(file)))


def _last_month(today: date) -> str:
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
