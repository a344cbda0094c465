"""Writing a document as the files that were asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import click

from commands import fonts
from commands.cli.shared.document_options import DocumentOptions
from commands.cli.shared.print_message import print_message
from commands.reports.content import DocumentContent
from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.reports.document_members import DocumentMembers
from commands.reports.documents import compose, write_document
from commands.reports.foot import DocumentFoot, DocumentRequest, foot_at
from commands.words.messages import say
from lifecycle.atomic_file import build_atomically
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from projections.scoring.result_view import View

_LONGEST_NAME: Final = 100
# What some file system does not take in a name.
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def write_document_files(
    ledger: Ledger,
    view: View,
    kind: str,
    subject: str,
    document: DocumentOptions,
    members: DocumentMembers = (),
) -> None:
    """Compose a document once, write it in each format, and print where the files are.

    Without `--format` it is written in all formats of its kind. `members` are those of a region.
    """
    request = DocumentRequest(
        kind,
        subject,
        dated=document.dated or ledger.clock().date(),
        number=document.number,
        contacts=document.contacts,
        members=members,
    )
    content, foot = compose(ledger, view, foot_at(ledger, view, request))
    default_formats = DOCUMENT_KINDS[kind].formats
    document.folder.mkdir(parents=True, exist_ok=True)
    formats = document.formats_to_write(default_formats)
    for ending in formats:
        target = document.folder / f"{_file_name(content.name)}.{ending}"
        write = partial(_write, ending, content, foot, document)
        build_atomically(target, write)
        click.echo(str(target))
    if "pdf" in (document.formats or default_formats):
        warn_of_missing_characters(content)


def _write(
    ending: str,
    content: DocumentContent,
    foot: DocumentFoot,
    document: DocumentOptions,
    path: Path,
) -> None:
    write_document(path, ending, content, foot, document.template, document.office)


def _file_name(name: str) -> str:
    """The document's name as every file system takes it."""
    return name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME]


def warn_of_missing_characters(content: DocumentContent) -> None:
    """Say which characters a PDF may show as boxes elsewhere."""
    characters = fonts.uncovered(content.statements())
    if characters:
        template = msg(
            "note: the bundled fonts lack {characters}; a PDF shows them only if a font on "
            "this machine has them"
        )
        print_message(say(template, characters=characters))
