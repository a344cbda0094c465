"""From a question to a document: what it says at a view, its foot, and its bytes in the kind of file asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from commands.reports import forms
from commands.reports.content import Content, Notice, sum_of
from commands.reports.foot import Foot, foot_of
from commands.reports.notices import notice
from commands.reports.periods import period_of
from commands.reports.printing import printed
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import View

PERIODS: Final = ("month", "quarter", "year")
LEDGER: Final = "ledger"


def _notice(ledger: Ledger, view: View, foot: Foot) -> Content:
    return notice(ledger, view, period_of(foot.kind, foot.subject), contacts=foot.contacts)


KINDS: Final[dict[str, Callable[[Ledger, View, Foot], Content]]] = {
    **dict.fromkeys(PERIODS, _notice),
    "sheet": forms.sheet,
    "due": forms.batch,
    "information": forms.information,
}
"""Kind of document → what it says at a view; the ledger, which is written as it is read, is a kind of its own."""

TEMPLATES: Final = Path(__file__).parent / "templates"


def made(ledger: Ledger, view: View, foot: Foot) -> tuple[Content, Foot]:
    """A document's content, and its foot with the digest of that content."""
    content = KINDS[foot.kind](ledger, view, foot)
    return content, foot.summed(sum_of([*content.statements(), foot.number, str(foot.dated)]))


def asked(
    ledger: Ledger,
    view: View,
    kind: str,
    subject: str,
    *,
    dated: date | None = None,
    number: str = "",
    contacts: bool = False,
) -> Foot:
    """The foot of what is asked for, dated today unless it says otherwise."""
    return foot_of(
        ledger,
        view,
        kind,
        subject,
        dated or ledger.clock().date(),
        number=number,
        contacts=contacts,
    )


def write(
    path: Path, ending: str, content: Content, foot: Foot, template: Path | None = None
) -> None:
    """Write a document as a kind of file: xlsx, docx or pdf. Raises `StoreError` of a template that is none."""
    base = "notice" if isinstance(content, Notice) else "form"
    if ending == "xlsx" and isinstance(content, Notice):
        from commands.reports.excel import write_notice  # noqa: PLC0415 -- each kind of file loads its own library

        write_notice(path, content, foot)
    elif ending == "docx":
        from commands.reports.word import write_docx  # noqa: PLC0415 -- as above

        path.write_bytes(write_docx(printed(content, foot), template or TEMPLATES / f"{base}.docx"))
    else:
        from commands.reports.pdf import write_pdf  # noqa: PLC0415 -- as above

        path.write_bytes(write_pdf(printed(content, foot), template or TEMPLATES / f"{base}.typ"))
