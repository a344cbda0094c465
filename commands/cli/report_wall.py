"""`report wall`: the picture of the county (作战图), one A3 page for the wall."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.axes_options import DAY, axes_options
from commands.cli.shared.document_options import DATED_HELP, axes_of_document
from commands.cli.shared.document_output import warn_of_missing_characters
from commands.cli.shared.own_document import reject_foreign_file
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.reports.documents import compose, write_document
from commands.reports.foot import DocumentRequest, foot_at
from commands.words.wall_words import FILE
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg
from projections.views.requested_axes import RequestedAxes


@click.command("wall")
@click.argument(
    "file",
    type=TypedPath(path_type=Path, dir_okay=False),
    default=Path(FILE),
)
@click.option("--dated", type=DAY, metavar="DATE", help=DATED_HELP)
@axes_options()
def command(file: Path, dated: date | None, axes: RequestedAxes) -> None:
    """Write the picture."""
    if file.suffix.lower() != ".pdf":
        raise Rejected.by(
            "file_kind",
            msg("{path}: the name of the picture must end in .pdf"),
            path=file,
        )
    # A scan of the wall as it hung last year may lie under the same name.
    reject_foreign_file(file)
    with open_store() as ledger:
        today = ledger.clock().date()
        view = axes_of_document(axes, dated, today).year_view(ledger)
        day = dated or today
        request = DocumentRequest("wall", view.as_of.isoformat(), dated=day)
        foot = foot_at(ledger, view, request)
        content, foot = compose(ledger, view, foot)
    build_atomically(file, lambda path: write_document(path, "pdf", content, foot))
    click.echo(str(file))
    warn_of_missing_characters(content)
