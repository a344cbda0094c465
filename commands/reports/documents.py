"""The kinds of document: what each says at a view, its foot, and its bytes as a kind of file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from commands.reports import due_sheet_forms, information_form, task_sheet_forms
from commands.reports.content import DocumentContent, Notice, content_digest
from commands.reports.excel import write_notice
from commands.reports.foot import DocumentFoot, DocumentRequest
from commands.reports.notices import period_notice
from commands.reports.pdf import write_pdf
from commands.reports.periods import report_period
from commands.reports.template_texts import template_texts
from commands.reports.templates import FOLDER
from commands.reports.word import write_docx
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import View

PERIOD_KINDS: Final = ("month", "quarter", "year")
LEDGER_KIND: Final = "ledger"


ContentMaker = Callable[[Ledger, View, DocumentRequest], DocumentContent]


def _notice(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> DocumentContent:
    period = report_period(request.kind, request.subject)
    return period_notice(ledger, view, period, contacts=request.contacts)


# What each kind of document says at a view. The ledger workbook is a kind of its own: it is
# written row by row and never held as a whole.
CONTENT_MAKERS: Final[dict[str, ContentMaker]] = {
    "month": _notice,
    "quarter": _notice,
    "year": _notice,
    "sheet": task_sheet_forms.issued_sheet,
    "due": due_sheet_forms.due_batch,
    "information": information_form.information,
}


def compose(
    ledger: Ledger,
    view: View,
    foot: DocumentFoot,
) -> tuple[DocumentContent, DocumentFoot]:
    """Compose a document, and complete its foot with the digest of the content."""
    request = foot.request
    content = CONTENT_MAKERS[request.kind](ledger, view, request)
    lines = [
        *content.statements(),
        request.number,
        request.dated.isoformat(),
    ]
    return content, foot.with_digest(content_digest(lines))


def write_document(
    path: Path,
    ending: str,
    content: DocumentContent,
    foot: DocumentFoot,
    template: Path | None = None,
) -> None:
    """Write a document as a kind of file: xlsx, docx or pdf.

    Raises `StoreError` if the template cannot be used.
    """
    is_notice = isinstance(content, Notice)
    base = "notice" if is_notice else "form"
    if ending == "xlsx" and isinstance(content, Notice):
        write_notice(path, content, foot)
    elif ending == "docx":
        template = template or FOLDER / f"{base}.docx"
        path.write_bytes(write_docx(template_texts(content, foot), template))
    else:
        template = template or FOLDER / f"{base}.typ"
        path.write_bytes(write_pdf(template_texts(content, foot), template))
