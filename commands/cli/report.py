"""`report`: documents to be printed, sent and posted, and the whole county in one file."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.words.messages import _
from lifecycle.rejections import msg

_KINDS_MODULE: Final = "commands.cli.report_document"
_OWN_COMMANDS: Final[dict[str, LazyCommand]] = {
    "html": LazyCommand(
        "commands.cli.report_html",
        msg(
            "Write the whole county to one offline file: ranking, every point explained, "
            "charts, deadlines, sheets."
        ),
    ),
    "ledger": LazyCommand(
        "commands.cli.report_ledger",
        msg(
            "Write the project ledger (台账) as of a day: a workbook with one sheet for all "
            "projects and one per sequence."
        ),
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
    "wall": LazyCommand(
        "commands.cli.report_wall",
        msg(
            "Write the picture of the county (作战图): one A3 page with targets, ranking, every "
            "project at its node, red and black lists."
        ),
    ),
}


def _report_commands() -> dict[str, LazyCommand]:
    """Return the commands above and one for each kind of document whose row has a summary."""
    commands = dict(_OWN_COMMANDS)
    for name, kind in DOCUMENT_KINDS.items():
        if kind.summary is not None:
            commands[name] = LazyCommand(_KINDS_MODULE, kind.summary)
    return dict(sorted(commands.items()))


class ReportGroup(LazyGroup):
    """The group whose table gains a command with each kind of document."""

    def load_command(self, name: str) -> click.Command:
        """Load the command's module, or make the command of a kind of document."""
        if self.table[name].module != _KINDS_MODULE:
            return super().load_command(name)
        command: click.Command = import_module(_KINDS_MODULE).document_command(name)
        return command


@click.group(
    "report",
    cls=ReportGroup,
    table=_report_commands(),
    help=_(
        "Write documents: the ledger workbook; reports of a month, quarter or year; sheets; forms."
    ),
)
def command() -> None:
    """Documents."""
