"""`audit document`: whether the ledger still yields what a document of ours says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.cli.main import tell
from commands.cli.shared.command_context import opened
from commands.cli.shared.row_output import print_json
from commands.words.messages import _, say
from lifecycle.rejections import StoreError, msg

if TYPE_CHECKING:
    from commands.reports.document_check import DocumentCheck

_PRESENT = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(
    "document",
    help=_(
        "Whether the ledger still yields what a document of ours says: a FILE (.xlsx, .docx, .pdf), or its code typed in."
    ),
)
@click.argument("words", metavar="FILE|CODE", nargs=-1, required=True)
@click.option(
    "--template", type=_PRESENT, help=_("The office's own template that the document was made by.")
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def command(words: tuple[str, ...], template: Path | None, form: str) -> None:
    """Check it; exit 1 where anything differs."""
    from commands.reports.document_check import check_code, check_file  # noqa: PLC0415 -- other audits do not pay for documents
    from commands.reports.foot import CODE_FORMAT  # noqa: PLC0415 -- as above

    text = " ".join(words)
    with opened() as ledger:
        found = (
            check_code(ledger, text)
            if text.startswith(f"{CODE_FORMAT} ")
            else check_file(ledger, _present(text), template)
        )
    if form == "json":
        print_json(_json(found))
    else:
        _show(found)
    if found.differences:
        raise click.exceptions.Exit(1)


def _present(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise StoreError(
            msg("{path} cannot be used: {why}"), path=text, why=_("No such file or directory")
        )
    return path


def _json(found: DocumentCheck) -> dict[str, Any]:
    foot = found.foot
    return {
        "identical": not found.differences,
        "kind": foot.request.kind,
        "subject": foot.request.subject,
        "rulebook": {"id": foot.rulebook, "digest": foot.digest},
        "year": foot.year,
        "as_of": foot.as_of.isoformat(),
        "tree_size": foot.size,
        "root": foot.root,
        "compared": found.compared,
        "differences": [
            {"place": one.place, "document": one.document, "ledger": one.ledger}
            for one in found.differences
        ],
    }


def _show(found: DocumentCheck) -> None:
    foot = found.foot
    template = msg(
        "{kind} {subject}: rulebook {rulebook} {digest}, as of {as_of}, {size} events, root {root}"
    )
    values = {name: getattr(foot, name) for name in ("rulebook", "digest", "as_of", "size", "root")}
    values |= {"kind": foot.request.kind, "subject": foot.request.subject}
    click.echo(say(template, **values))
    for one in found.differences:
        tell(
            say(
                msg("DIFFERS: {place}: the document says {document}, the ledger yields {ledger}"),
                place=one.place,
                document=one.document or None,
                ledger=one.ledger or None,
            )
        )
    if not found.differences:
        click.echo(
            say(
                msg("IDENTICAL: the ledger yields all that it says; {count} places compared"),
                count=found.compared,
            )
        )
