"""`today`: one screen for the morning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import click

from commands.cli.shared.command_context import axes_options, day_view, opened
from commands.cli.shared.row_output import console, print_json
from commands.words import sheet_words
from commands.words.day_counts import days_until, days_waiting
from commands.words.event_words import EVENTS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.scoring.evaluation import View
from projections.views.morning_view import morning_report

Rows = list[dict[str, Any]]
Cells = Callable[[dict[str, Any]], tuple[str, ...]]
_FEW: Final = {"sheets_due": 8, "deadlines": 8, "waiting": 5, "look_backs": 4, "moved": 5}
UNIT_CELL: Final = 3
_NAMED: Final = 8
"""How many names a line lists before it counts the rest."""
_WIDE_TERMINAL: Final = 100
_STYLES: Final = {"red": "red", "orange": "yellow"}


@click.command(
    "today",
    help=_(
        "One screen for the morning: sheets due, deadlines that press, what waits, what has changed since yesterday."
    ),
)
@click.option("--unit", help=_("Of this unit alone."))
@click.option(
    "--all", "whole", is_flag=True, help=_("Every row, not the first few of each section.")
)
@axes_options(year=False, rulebook=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=_("How the result is shown."),
)
def command(
    unit: str | None, as_of: str | None, known_at: str | None, form: str, *, whole: bool
) -> None:
    """Show it."""
    with opened() as ledger:
        view = day_view(ledger, as_of, known_at)
        found = morning_report(ledger, view, unit).as_json()
    if form == "json":
        print_json(found)
    else:
        show_morning(found, view, whole=whole)


def show_morning(found: dict[str, Any], view: View, *, whole: bool = False, few: int = 8) -> None:
    """Print the sections, of each the first few rows."""
    out = console()
    out.print(
        say(msg("{day}, by the rulebook {id}"), day=found["as_of"], id=view.rulebook.id),
        style="dim",
    )
    for name, title, cells, loose, more in _sections():
        rows = found[name]
        section(title, rows, cells, loose, more, len(rows) if whole else min(few, _FEW[name]))
    _entered(found["entered"])


def _sections() -> list[tuple[str, str, Cells, int, str]]:
    """Each section: the rows' name, its heading, what a line shows, the cell that may be broken, the command for the rest."""
    return [
        ("sheets_due", _("sheets due"), _order, 3, "sheets due"),
        ("deadlines", _("deadlines past or within a week"), deadline_cells, UNIT_CELL, "deadlines"),
        ("waiting", _("information awaiting consultation"), _waiting, 1, "today --all"),
        ("look_backs", _("look-backs"), _look_back, 2, "deadlines"),
        ("moved", _("ranks that moved since the beginning of yesterday"), _move, 1, "today --all"),
    ]


def section(title: str, rows: Rows, cells: Cells, loose: int, more: str, few: int) -> None:
    """Print a heading with the count, the first few rows, and the command that shows the rest; one cell may be broken."""
    from rich.table import Table  # noqa: PLC0415 -- rich takes as long to load as the whole of --help

    out = console()
    out.print(f"■ {title}  {len(rows)}", style="bold")
    if not rows:
        return
    # A narrow terminal has no room for a wide gap beside "12 days overdue".
    gap = 2 if out.width >= _WIDE_TERMINAL else 1
    grid = Table.grid(padding=(0, gap, 0, 0))
    for place, _cell in enumerate(cells(rows[0])):
        grid.add_column(overflow="fold", no_wrap=place != loose)
    for row in rows[:few]:
        grid.add_row(*cells(row), style=_STYLES.get(row.get("level", "")))
    out.print(grid)
    if len(rows) > few:
        out.print(
            say(msg("  … {count} more: lifecycle {command}"), count=len(rows) - few, command=more),
            style="dim",
        )


def _order(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"  {sheet_words.action(row['action'])}",
        row["project"],
        sheet_words.about(row["about"]),
        row["unit"],
        row["due_on"],
    )


def deadline_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """A deadline as a line."""
    standing = days_until(row["days_left"])
    return (
        f"  {sheet_words.deadline_kind(row['kind'])}",
        row["project"],
        sheet_words.about(row["about"]),
        row["unit"],
        row["due_on"],
        standing + (_(", new") if row.get("new") else ""),
    )


def _waiting(row: dict[str, Any]) -> tuple[str, ...]:
    waiting = days_waiting(row["days"])
    return (
        f"  {row['project']}",
        row["name"],
        row["unit"],
        waiting + (f"（{word(row['outcome'])}）" if row["outcome"] else ""),
    )


def _look_back(row: dict[str, Any]) -> tuple[str, ...]:
    return f"  {row['project']}", sheet_words.about(row["about"]), row["unit"], row["due_on"]


def _move(row: dict[str, Any]) -> tuple[str, ...]:
    return f"  {row['unit']}", row["sequence"], f"{row['rank_before']} → {row['rank']}"


def _entered(entered: dict[str, Any]) -> None:
    out, title = console(), _("entered since the beginning of yesterday")
    out.print(f"■ {title}  {entered['count']}", style="bold")
    if entered["count"]:
        for line in (
            "、".join(
                f"{EVENTS[name].chinese}×{count}" for name, count in entered["events"].items()
            ),
            _few(entered["streams"]),
        ):
            out.print(padded(line))


def padded(line: str) -> Any:
    """A line that keeps its indent where it is broken."""
    from rich.padding import Padding  # noqa: PLC0415 -- as above

    return Padding(line, (0, 0, 0, 2))


def _few(names: Iterable[str]) -> str:
    given = list(names)
    return "、".join(given[:_NAMED]) + (
        say(msg(" and {count} more"), count=len(given) - _NAMED) if len(given) > _NAMED else ""
    )
