"""`audit document`: whether the ledger still yields what a document of ours says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.office_file import chosen_office, office_option
from commands.cli.shared.print_message import print_message
from commands.cli.shared.region_members_option import open_with_members, region_file_option
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.typed_path import TypedPath
from commands.reports.document_check import (
    DocumentCheck,
    DocumentDifference,
    check_code,
    check_file,
)
from commands.reports.edited_check import check_tables
from commands.reports.foot import CODE_FORMAT
from commands.words.messages import _, say
from lifecycle.rejections import StoreError, msg

_PRINTED_FIELDS: Final = ("rulebook", "digest", "as_of", "size", "root")


@click.command("document")
@click.argument(
    "words",
    metavar="FILE|CODE",
    nargs=-1,
    required=True,
)
@click.option(
    "--template",
    type=TypedPath(path_type=Path, dir_okay=False, exists=True),
    help=_("The office's own template used for the document."),
)
@click.option(
    "--tables",
    "is_edited",
    is_flag=True,
    help=_("The text of the Word file was edited: compare its tables alone."),
)
@office_option
@region_file_option
@table_or_json_option
def command(
    words: tuple[str, ...],
    template: Path | None,
    office_file: Path | None,
    region_file: Path | None,
    form: str,
    *,
    is_edited: bool,
) -> None:
    """Check it; exit 1 if anything differs."""
    text = " ".join(words)
    with open_with_members(region_file) as (ledger, members):
        # The code under a printed document is typed in as words; everything else names a file.
        if is_edited:
            office = chosen_office(office_file)
            check = check_tables(ledger, _present_file(text), template, office, members)
        elif text.startswith(f"{CODE_FORMAT} "):
            check = check_code(ledger, text, members)
        else:
            office = chosen_office(office_file)
            check = check_file(ledger, _present_file(text), template, office, members)
    if form == "json":
        row = _check_json(check)
        # The key is absent without the option, so that answers without it keep their shape.
        print_json(row | {"edited": _difference_rows(check.edited)} if is_edited else row)
    else:
        _print_check(check, is_edited=is_edited)
    if check.differences:
        raise click.exceptions.Exit(1)


def _present_file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        reason = _("No such file or directory")
        raise StoreError(
            msg("{path} cannot be used: {why}"),
            path=text,
            why=reason,
        )
    return path


def _check_json(check: DocumentCheck) -> dict[str, Any]:
    foot = check.foot
    differences = _difference_rows(check.differences)
    return {
        "identical": not differences,
        "kind": foot.request.kind,
        "subject": foot.request.subject,
        "rulebook": {"id": foot.rulebook, "digest": foot.digest},
        "year": foot.year,
        "as_of": foot.as_of.isoformat(),
        "tree_size": foot.size,
        "root": foot.root,
        "compared": check.compared,
        "differences": differences,
    }


def _difference_rows(differences: Iterable[DocumentDifference]) -> list[dict[str, str]]:
    rows = []
    for difference in differences:
        rows.append(
            {
                "place": difference.place,
                "document": difference.document,
                "ledger": difference.ledger,
            }
        )
    return rows


def _print_check(check: DocumentCheck, *, is_edited: bool) -> None:
    template = msg(
        "{kind} {subject}: rulebook {rulebook} {digest}, as of {as_of}, {size} events, root {root}"
    )
    values = {name: getattr(check.foot, name) for name in _PRINTED_FIELDS}
    request = check.foot.request
    click.echo(
        say(
            template,
            kind=request.kind,
            subject=request.subject,
            **values,
        )
    )
    differs = msg("DIFFERS: {place}: the document says {document}, the ledger yields {ledger}")
    _print_differences(differs, check.differences)
    if check.unchecked:
        template = msg("not compared, since contacts can be changed and erased: {text}")
        print_message(say(template, text=" ".join(check.unchecked)))
    edited = msg("edited: {place}: the document says {document}, the ledger yields {ledger}")
    _print_differences(edited, check.edited)
    if is_edited and not check.differences:
        template = msg(
            "IDENTICAL TABLES: the ledger yields every table in the document; {count} cells "
            "compared; the text was edited and is not checked"
        )
        if not check.edited:
            template = msg(
                "IDENTICAL TABLES: the ledger yields every table in the document; {count} cells "
                "compared; the text was not edited"
            )
        click.echo(say(template, count=check.compared))
    elif not check.differences:
        template = msg(
            "IDENTICAL: the ledger yields everything in the document; {count} values compared"
        )
        click.echo(say(template, count=check.compared))


def _print_differences(template: str, differences: Iterable[DocumentDifference]) -> None:
    for difference in differences:
        print_message(
            say(
                template,
                place=difference.place,
                # An empty place is shown as —, which a reader sees.
                document=difference.document or None,
                ledger=difference.ledger or None,
            )
        )
