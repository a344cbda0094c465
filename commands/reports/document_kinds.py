"""The kinds of document, one row each: its command, its help and its content follow from the row.

The ledger workbook is a kind of its own: it is written row by row and never held as a whole.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from lifecycle.rejections import msg

NOTICE_FORMATS: Final = ("xlsx", "docx", "pdf")
FORM_FORMATS: Final = ("docx", "pdf")


class DocumentKind(NamedTuple):
    """A kind of document that `report` writes.

    `module` is one of `document_contents`, whose function `content(ledger, view, request)` returns
    what the document says. It is loaded when such a document is composed, not to list the kinds.

    `summary` is the msgid of the command's help, None where another command writes the kind too.
    `argument` is how help shows what the document is about. A report of a `period` is composed as
    of the period's end, any other document as of a day. `subject` is the kind of stream that its
    argument names, if any: such a name may be typed in part.
    """

    module: str
    formats: tuple[str, ...]
    summary: str | None = None
    argument: str = ""
    period: str | None = None
    subject: Literal["project"] | None = None


DOCUMENT_KINDS: Final[dict[str, DocumentKind]] = {
    "information": DocumentKind(
        module="information_form",
        formats=FORM_FORMATS,
        summary=msg("Write the information confirmation form (在谈项目信息确认表) of PROJECT."),
        argument="PROJECT",
        subject="project",
    ),
    # 《实施意见》四(二): the red and black lists every month, an assessment every quarter.
    "month": DocumentKind(
        module="month_notice",
        formats=NOTICE_FORMATS,
        summary=msg(
            "Write a month's notice (红黑榜通报): lists, ranks, reasons, projects, targets."
        ),
        argument="2024-05",
        period="month",
    ),
    "quarter": DocumentKind(
        module="quarter_notice",
        formats=NOTICE_FORMATS,
        summary=msg(
            "Write a quarter's results (季度考核结果): ranks, reasons, schedule checks, targets."
        ),
        argument="2024-Q2",
        period="quarter",
    ),
    "year": DocumentKind(
        module="year_notice",
        formats=NOTICE_FORMATS,
        summary=msg(
            "Write a year's results (年度考核结果): ranks, every unit's points by rule, "
            "targets, incentives."
        ),
        argument="2024",
        period="year",
    ),
    # 《实施意见》第2条: 月会商, 季推进, 年总结.
    "agenda": DocumentKind(
        module="agenda_contents",
        formats=NOTICE_FORMATS,
        summary=msg(
            "Write the agenda of a meeting (月会商, 季度联席会议, 全县推进会): what became of "
            "earlier decisions, who reports on which project, a table for the decisions."
        ),
        argument="2024-05|2024-Q2|2024-H1|2024",
        period="meeting",
    ),
    "minutes": DocumentKind(
        module="minutes_contents",
        formats=NOTICE_FORMATS,
        summary=msg("Write the minutes of the meeting of DATE: its decisions, and their tasks."),
        argument="DATE",
    ),
    # `report sheet` writes one sheet or the day's batch.
    "sheet": DocumentKind("task_sheet_forms", FORM_FORMATS),
    # A batch is printed and signed; nobody edits it.
    "due": DocumentKind("due_sheet_forms", ("pdf",)),
    # `report wall` writes it: a drawing, which no editor of texts would keep.
    "wall": DocumentKind("wall_contents", ("pdf",)),
}
