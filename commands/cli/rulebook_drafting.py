"""`rulebook new`, `export`, `import`: next year's policy from this year's, its parameters filled in on a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from commands.cli.shared.command_context import written
from commands.cli.shared.row_output import OutputColumn, print_table
from commands.cli.shared.rulebook_choice import data_of, loaded
from commands.words.messages import _, say
from lifecycle.rejections import Rejected, StoreError, msg
from lifecycle.rulebook import LoadedRulebook, parse
from lifecycle.rulebook.rulebook_parameters import (
    ParameterChange,
    ParameterEntry,
    fill_in_parameters,
    parameter_changes,
    rulebook_parameters,
)
from lifecycle.rulebook.rulebook_toml import written as as_toml

_HEADINGS = {
    "place": "参数",
    "chinese": "内容",
    "value": "数值",
    "clause": "条款",
    "basis": "依据",
    "note": "说明",
    "document": "文号",
}
_ID = "规则手册"


@click.command(
    "new",
    help=_(
        "Draft a rulebook ID for a year from another: every table and rule of it, under a new name."
    ),
)
@click.argument("rulebook_id", metavar="ID")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="RULEBOOK",
    help=_("The rulebook to begin from, an id or a FILE.toml."),
)
@click.option(
    "--year", type=click.IntRange(1900, 2199), required=True, help=_("The year that it is for.")
)
@click.option("--title", help=_("Its title; that of the other if left out."))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help=_("Where to write it; ID.toml here if left out."),
)
def new_command(
    rulebook_id: str, source: str, year: int, title: str | None, output: Path | None
) -> None:
    """Write it, never over another file."""
    data = data_of(loaded(source))
    data.update(
        id=rulebook_id,
        effective_from=date(year, 1, 1),
        effective_to=date(year, 12, 31),
        title=title or data["title"],
    )
    path = output or Path(f"{rulebook_id}.toml")
    save(path, as_toml(data))
    click.echo(
        say(
            msg("a draft at {path}; change it, then run: lifecycle rulebook check {path}"),
            path=path,
        )
    )


def save(path: Path, text: str) -> LoadedRulebook:
    """Check and write a rulebook, never over another file."""
    if path.exists():
        raise Rejected.by(
            "file_exists", msg("{path} exists already; nothing was changed"), path=path
        )
    book = parse(text)
    written(path, lambda beside: beside.write_text(text, encoding="utf-8"))
    return book


@click.command(
    "export",
    help=_(
        "Write a rulebook's parameters to a workbook, for an office to fill in its values and their document."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--rulebook",
    "rulebook_id",
    default="kaihua-2024",
    show_default=True,
    metavar="RULEBOOK",
    help=_("The rulebook, an id or a FILE.toml."),
)
def export_command(file: Path, rulebook_id: str) -> None:
    """Write them, never over another file."""
    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind", msg("{path}: the name of a workbook ends in .xlsx"), path=file
        )
    if file.exists():
        raise Rejected.by(
            "file_exists", msg("{path} exists already; nothing was changed"), path=file
        )
    book = loaded(rulebook_id)
    written(file, lambda path: _write(path, book))
    template = msg(
        "{count} parameters at {path}; fill in values and documents and run: lifecycle rulebook import {path} --from {book} --output FILE.toml"
    )
    click.echo(
        say(template, count=len(rulebook_parameters(data_of(book))), path=file, book=rulebook_id)
    )


def _write(path: Path, book: LoadedRulebook) -> None:
    import xlsxwriter  # noqa: PLC0415 -- only a workbook pays for it

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet("参数")
        bold, open_cell = (
            workbook.add_format({"bold": True, "bottom": 1}),
            workbook.add_format({"bg_color": "#FFF4CC", "num_format": "@"}),
        )
        for column, (heading, width) in enumerate(
            zip(_HEADINGS.values(), (38, 22, 16, 14, 12, 50, 24), strict=True)
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for place, one in enumerate(rulebook_parameters(data_of(book)), start=1):
            for column, name in enumerate(_HEADINGS):
                text = str(getattr(one, name))
                sheet.write_string(
                    place, column, text, open_cell if name in ("value", "document") else None
                )
        sheet.freeze_panes(1, 1)
        about = workbook.add_worksheet("说明")
        about.write_string(0, 0, _ID)
        about.write_string(0, 1, book.id)
        about.write_string(
            1, 0, "只填黄色两列：数值；文号（写明依据的文件后，该项依据转为“政策”）。"
        )


@click.command(
    "import",
    help=_(
        "Take parameters back from a workbook: what changed is shown, a rulebook is written; a document turns its basis into policy."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--from",
    "source",
    metavar="RULEBOOK",
    help=_(
        "The rulebook that was exported, an id or a FILE.toml; the one named in the workbook if left out."
    ),
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help=_("Where to write the rulebook; without it the changes are only shown."),
)
def import_command(file: Path, source: str | None, output: Path | None) -> None:
    """Show what changed, and write it."""
    named, filled = _read(file)
    before = data_of(loaded(source or named))
    after, problems = fill_in_parameters(before, filled)
    if problems:
        raise Rejected(problems)
    text = as_toml(after)
    parse(text)
    show_changes(parameter_changes(before, after))
    if output is not None:
        save(output, text)
        click.echo(
            say(
                msg("written to {path}; adopt it with: lifecycle rulebook adopt {path}"),
                path=output,
            )
        )


def show_changes(found: list[ParameterChange]) -> None:
    """What changed, parameter by parameter."""
    if not found:
        click.echo(_("no parameter differs"))
        return
    rows: list[dict[str, Any]] = [one._asdict() for one in found]
    print_table(
        rows,
        [
            OutputColumn("place", "参数", show=str),
            OutputColumn("chinese", "内容", show=str),
            OutputColumn("before", "原值", show=_or_dash, number=True),
            OutputColumn("after", "新值", show=_or_dash, number=True),
            OutputColumn("basis_before", "原依据"),
            OutputColumn("basis_after", "新依据"),
        ],
    )


def _or_dash(value: Any) -> str:
    return "—" if value is None else str(value)


def _read(path: Path) -> tuple[str, list[ParameterEntry]]:
    """The rulebook's id and the parameters in a workbook. Raises `StoreError` where it cannot be read."""
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 -- only a workbook pays for it

    try:
        with path.open("rb") as file:
            workbook = load_workbook(file)
            rows = workbook.get_sheet_by_name("参数").to_python()
            about = (
                workbook.get_sheet_by_name("说明").to_python()
                if "说明" in workbook.sheet_names
                else []
            )
    except (CalamineError, ValueError) as error:
        raise StoreError(
            msg("{path} cannot be read as a workbook: {why}"), path=path, why=error
        ) from error
    heads = [str(cell).strip() for cell in rows[0]] if rows else []
    missing = [
        heading
        for name, heading in _HEADINGS.items()
        if name in ("place", "value", "document") and heading not in heads
    ]
    if missing:
        raise Rejected.by(
            "heading_missing",
            msg("{path}: the sheet 参数 has no column {missing}"),
            path=path,
            missing=missing,
        )
    columns = [heads.index(_HEADINGS[name]) for name in ("place", "value", "document")]
    filled = [
        ParameterEntry(*(_cell(row[column]) for column in columns))
        for row in rows[1:]
        if _cell(row[columns[0]])
    ]
    named = next((str(row[1]) for row in about if len(row) > 1 and row[0] == _ID), "")
    return named, filled


def _cell(value: Any) -> str:
    """A cell's text; a number as a clerk typed it."""
    from commands.intake.event_workbook import cell  # noqa: PLC0415 -- as above

    return cell(value).strip()
