"""`report`: documents to be printed, sent and posted, and the whole county in one file."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "html": LazyCommand(
        "commands.cli.report_html",
        msg(
            "Write the whole county to one offline file: ranking, every point explained, "
            "charts, deadlines, sheets."
        ),
    ),
    "information": LazyCommand(
        "commands.cli.report_information",
        msg("Write the information confirmation form (在谈项目信息确认表) of PROJECT."),
    ),
    "ledger": LazyCommand(
        "commands.cli.report_ledger",
        msg(
            "Write the project ledger (台账) as of a day: a workbook with one sheet for all "
            "projects and one per sequence."
        ),
    ),
    # 《实施意见》四(二): the red and black lists every month, an assessment every quarter.
    "month": LazyCommand(
        "commands.cli.report_month",
        msg("Write a month's notice (红黑榜通报): lists, ranks, reasons, projects, targets."),
    ),
    "quarter": LazyCommand(
        "commands.cli.report_quarter",
        msg("Write a quarter's results (季度考核结果): ranks, reasons, schedule checks, targets."),
    ),
    "sheet": LazyCommand(
        "commands.cli.report_sheet",
        msg(
            "Write one of the five task sheets by its NUMBER; with --due, the day's sheets to "
            "be signed."
        ),
    ),
    "template": LazyCommand(
        "commands.cli.report_template",
        msg("Write a standard template for an office to adapt: notice or form, as .docx or .typ."),
    ),
    "year": LazyCommand(
        "commands.cli.report_year",
        msg(
            "Write a year's results (年度考核结果): ranks, every unit's points by rule, "
            "targets, incentives."
        ),
    ),
}


@click.group(
    "report",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_(
        "Write documents: the ledger workbook; reports of a month, quarter or year; sheets; forms."
    ),
)
def command() -> None:
    """Documents."""
