"""The kinds of document: what each says at a view, its foot, and its bytes as a kind of file."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from commands.reports.content import DocumentContent, Notice, content_digest
from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.reports.foot import DocumentFoot, DocumentRequest
from commands.reports.issuing_office import NO_OFFICE, IssuingOffice
from commands.reports.notice_workbook import write_notice
from commands.reports.pdf import write_pdf
from commands.reports.region_sections import with_members
from commands.reports.template_texts import template_texts
from commands.reports.templates import FOLDER
from commands.reports.wall_picture import WallPicture
from commands.reports.word import write_docx
from lifecycle.ledger.store import Ledger
from projections.facts.member_projects import MemberProjects
from projections.scoring.result_view import View

LEDGER_KIND: Final = "ledger"
_CONTENTS: Final = "commands.reports.document_contents"
ContentMaker = Callable[[Ledger, View, DocumentRequest], DocumentContent]


def content_maker(kind: str) -> ContentMaker:
    """Return the function that composes what documents of a kind say."""
    # Loaded by name: a command prints one kind, and each loads views of its own.
    maker: ContentMaker = import_module(f"{_CONTENTS}.{DOCUMENT_KINDS[kind].module}").content
    return maker


def compose(
    ledger: Ledger,
    view: View,
    foot: DocumentFoot,
) -> tuple[DocumentContent, DocumentFoot]:
    """Compose a document, and complete its foot with the digest of the content."""
    request = foot.request
    content = content_maker(request.kind)(ledger, view, request)
    if isinstance(view.projects, MemberProjects) and isinstance(content, Notice):
        content = with_members(content, view.projects, view.as_of, request.members)
    # Number and date stand in the heading, so that the digest covers them, too.
    lines = [
        *content.statements(),
        request.number,
        request.dated.isoformat(),
    ]
    return content, foot.with_digest(content_digest(lines))


def template_base(content: DocumentContent) -> str:
    """The name of the standard template of a document, without its ending."""
    if isinstance(content, Notice):
        return "notice"
    return "wall" if isinstance(content, WallPicture) else "form"


def write_document(
    path: Path,
    ending: str,
    content: DocumentContent,
    foot: DocumentFoot,
    template: Path | None = None,
    office: IssuingOffice = NO_OFFICE,
) -> None:
    """Write a document as a kind of file: xlsx, docx or pdf.

    Raises `StoreError` if the template cannot be used.
    """
    base = template_base(content)
    if ending == "xlsx" and isinstance(content, Notice):
        write_notice(path, content, foot, office.issuer or content.issuer)
    elif ending == "docx":
        template = template or FOLDER / f"{base}.docx"
        path.write_bytes(write_docx(template_texts(content, foot, office), template))
    else:
        template = template or FOLDER / f"{base}.typ"
        path.write_bytes(write_pdf(template_texts(content, foot, office), template))
