"""`report`: what is printed, sent and pinned to the wall."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from commands.cli.report_html import html_command
from commands.cli.shared.axes_options import DAY, axes_options
from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import open_store
from commands.words.messages import _, say
from lifecycle.atomic_file import build_atomically
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.evaluation import View
from projections.views.requested_axes import RequestedAxes

F = TypeVar("F", bound=Callable[..., Any])
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_PRESENT = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group(
    "report",
    help=_("Write documents: the ledger workbook; reports of a month, quarter or year; sheets; "
        "forms."),
)
def command() -> None:
    """Documents."""


command.add_command(html_command)


def _printed_options(*, kinds: tuple[str, ...]) -> Callable[[F], F]:
    """Where to, as what, by which template, dated when, with what number."""

    def decorate(function: F) -> F:
        text = _(
            "Include the names of persons, for authorized readers only. Telephone numbers "
                "appear in no document."
        )
        function = click.option("--with-contacts", "contacts", is_flag=True, help=text)(function)
        function = click.option(
            "--number", default="", help=_("The document's number, such as 开招办〔2024〕5号.")
        )(function)
        function = click.option(
            "--dated",
            type=DAY,
            metavar="DATE",
            help=_("The date of the document. Default: today."),
        )(function)
        text = _(
            "Your own template, .docx or .typ; `report template` writes the standard one "
                "to start from."
        )
        function = click.option("--template", type=_PRESENT, help=text)(function)
        text = _("The file format; may be repeated. Default: all.")
        function = click.option(
            "--format", "endings", type=click.Choice(kinds), multiple=True, help=text
        )(function)
        return click.option(
            "--to",
            "folder",
            type=_FOLDER,
            default=Path(),
            help=_("The output folder. Default: the current folder."),
        )(function)

    return decorate


# Workbook of the ledger ----------------------------------------------------------------------------------------------


@command.command(
    "ledger",
    help=_(
        "Write the project ledger (台账) as of a day: a workbook with one sheet for all "
            "projects and one per sequence."
    ),
)
@click.argument("file", type=_FILE, default=Path("台账.xlsx"))
@axes_options()
def ledger_command(file: Path, axes: RequestedAxes) -> None:
    """Write it."""
    from commands.reports.documents import LEDGER_KIND  # noqa: PLC0415 -- as above
    from commands.reports.foot import DocumentRequest, foot_at  # noqa: PLC0415 -- as above
    from commands.reports.ledger_workbook import write_ledger  # noqa: PLC0415 -- each document loads what it is made with

    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind", msg("{path}: the name of a workbook must end in .xlsx"), path=file
        )
    with open_store() as ledger:
        view = axes.year_view(ledger)
        foot = foot_at(
            ledger, view, DocumentRequest(LEDGER_KIND, str(view.as_of), ledger.clock().date())
        )
        build_atomically(file, lambda path: write_ledger(path, ledger, view, foot))
    click.echo(str(file))


# Reports of a period --------------------------------------------------------------------------------------------------


def _period_command(kind: str, example: str, text: str) -> None:
    @command.command(kind, help=text)
    @click.argument("period", metavar=example)
    @_printed_options(kinds=("xlsx", "docx", "pdf"))
    @axes_options(year=False)
    def run(
        period: str,
        *,
        axes: RequestedAxes,
        folder: Path,
        endings: tuple[str, ...],
        template: Path | None,
        dated: date | None,
        number: str,
        contacts: bool,
    ) -> None:
        from commands.reports.periods import report_period  # noqa: PLC0415 -- as above

        found = report_period(kind, period)
        with open_store() as ledger:
            day = min(found.end, axes.as_of or ledger.clock().date())
            view = replace(axes, year=found.year, as_of=day).year_view(ledger)
            _write(
                ledger,
                view,
                (kind, found.name),
                folder,
                endings or ("xlsx", "docx", "pdf"),
                template=template,
                dated=dated,
                number=number,
                contacts=contacts,
            )


_period_command(
    "month", "2024-05", _("Write a month's notice (红黑榜通报): lists, ranks, reasons, projects, targets.")
)
_period_command(
    "quarter", "2024-Q2", _("Write a quarter's results (季度考核结果): ranks, reasons, schedule checks, targets.")
)
_period_command(
    "year",
    "2024",
    _("Write a year's results (年度考核结果): ranks, every unit's points by rule, targets, "
        "incentives."),
)


def _write(
    ledger: Ledger,
    view: View,
    what: tuple[str, str],
    folder: Path,
    endings: tuple[str, ...],
    *,
    template: Path | None,
    dated: date | None,
    number: str,
    contacts: bool,
) -> None:
    """Make a document once, write it as each kind of file, say where it is and which characters the fonts lack."""
    from commands import fonts  # noqa: PLC0415 -- as above
    from commands.reports.documents import compose, write_document  # noqa: PLC0415 -- as above
    from commands.reports.foot import DocumentRequest, foot_at  # noqa: PLC0415 -- as above

    foot = foot_at(
        ledger,
        view,
        DocumentRequest(*what, dated or ledger.clock().date(), number=number, contacts=contacts),
    )
    content, foot = compose(ledger, view, foot)
    folder.mkdir(parents=True, exist_ok=True)
    for ending in _fitting(endings, template):
        target = folder / f"{_file_name(content.name)}.{ending}"
        build_atomically(
            target,
            partial(write_document, ending=ending, content=content, foot=foot, template=template),
        )
        click.echo(str(target))
    lacking = fonts.uncovered(content.statements())
    if lacking and "pdf" in endings:
        print_message(
            say(
                msg(
                    "note: the bundled fonts lack {characters}; a PDF shows them only if a "
                        "font on this machine has them"
                ),
                characters=lacking,
            )
        )


def _file_name(name: str) -> str:
    """A name that every file system takes."""
    return "".join("_" if character in '/\\:*?"<>|' else character for character in name)[:100]


def _fitting(endings: tuple[str, ...], template: Path | None) -> tuple[str, ...]:
    """The kinds of file that a template is for."""
    if template is None:
        return endings
    wanted = {".docx": "docx", ".typ": "pdf"}.get(template.suffix.lower())
    if wanted is None or wanted not in endings:
        raise Rejected.by(
            "template_kind",
            msg("{path}: a template must be a .docx file for Word or a .typ file for PDF"),
            path=template,
        )
    return (wanted,)


# Forms ----------------------------------------------------------------------------------------------------------------


@command.command(
    "sheet",
    help=_(
        "Write one of the five task sheets by its NUMBER; with --due, the day's sheets to "
            "be signed."
    ),
)
@click.argument("number_of", metavar="[NUMBER]", required=False)
@click.option(
    "--due", is_flag=True, help=_("Write the sheets due on the day instead, in one file.")
)
@_printed_options(kinds=("docx", "pdf"))
@axes_options(year=False, rulebook=False)
def sheet_command(
    number_of: str | None,
    *,
    axes: RequestedAxes,
    folder: Path,
    endings: tuple[str, ...],
    template: Path | None,
    dated: date | None,
    number: str,
    due: bool,
    contacts: bool,
) -> None:
    """Write it."""
    if due == (number_of is not None):
        raise click.UsageError(_("give one sheet's number, or --due"))
    with open_store() as ledger:
        view = axes.day_view(ledger)
        what = ("due", str(view.as_of)) if due else ("sheet", str(number_of))
        _write(
            ledger,
            view,
            what,
            folder,
            endings or (("pdf",) if due else ("docx", "pdf")),
            template=template,
            dated=dated,
            number=number,
            contacts=contacts,
        )


@command.command("information", help=_("Write the information confirmation form (在谈项目信息确认表) of PROJECT."))
@click.argument("project")
@_printed_options(kinds=("docx", "pdf"))
@axes_options(year=False, rulebook=False)
def information_command(
    project: str,
    *,
    axes: RequestedAxes,
    folder: Path,
    endings: tuple[str, ...],
    template: Path | None,
    dated: date | None,
    number: str,
    contacts: bool,
) -> None:
    """Write it."""
    with open_store() as ledger:
        view = axes.day_view(ledger)
        _write(
            ledger,
            view,
            ("information", project),
            folder,
            endings or ("docx", "pdf"),
            template=template,
            dated=dated,
            number=number,
            contacts=contacts,
        )


@command.command(
    "template",
    help=_(
        "Write a standard template for an office to adapt: notice or form, as .docx or "
            ".typ."
    ),
)
@click.argument("file", type=_FILE)
@click.option(
    "--for",
    "name",
    type=click.Choice(["notice", "form"]),
    default="notice",
    show_default=True,
    help=_("The purpose of the template."),
)
def template_command(file: Path, name: str) -> None:
    """Write it, never over another file."""
    from commands.reports.documents import TEMPLATES  # noqa: PLC0415 -- as above

    source = TEMPLATES / f"{name}{file.suffix.lower()}"
    if file.suffix.lower() not in (".docx", ".typ"):
        raise Rejected.by(
            "template_kind",
            msg("{path}: a template must be a .docx file for Word or a .typ file for PDF"),
            path=file,
        )
    if file.exists():
        raise Rejected.by(
            "file_exists", msg("{path} already exists; nothing was changed"), path=file
        )
    build_atomically(file, lambda path: shutil.copyfile(source, path))
    click.echo(str(file))
