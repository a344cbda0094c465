"""The morning's screen: what is due, what presses, what waits, what changed since yesterday."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from commands.cli.shared.deadline_output import UNIT_CELL, deadline_cells
from commands.cli.shared.table_output import console, print_indented, print_section
from commands.words.day_counts import days_waiting
from commands.words.event_words import EVENTS
from commands.words.messages import _, say
from commands.words.rank_words import rank_cell
from commands.words.sheet_words import about, action
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.scoring.result_view import View

# How many projects and units a line names before it counts the rest.
_STREAMS_NAMED: Final = 8


class MorningSection(NamedTuple):
    """A section of the screen: its rows, heading, cells, the cell that may wrap, and its limit."""

    rows_name: str
    title: str
    cells: Callable[[dict[str, Any]], tuple[str, ...]]
    folding_cell: int
    command: str
    limit: int


def print_morning(
    report: dict[str, Any],
    view: View,
    *,
    whole: bool = False,
    limit: int = 8,
) -> None:
    """Print the report, of each section the first few rows unless `whole`."""
    axes = say(
        msg("{day}, rulebook {id}"),
        day=report["as_of"],
        id=view.rulebook.id,
    )
    console().print(axes, style="dim")
    for section in _sections():
        rows = report[section.rows_name]
        print_section(
            section.title,
            rows,
            section.cells,
            folding_cell=section.folding_cell,
            command=section.command,
            limit=len(rows) if whole else min(limit, section.limit),
        )
    _print_entered(report["entered"])


def _sections() -> list[MorningSection]:
    return [
        MorningSection("sheets_due", _("sheets due"), _sheet_cells, 3, "sheets due", 8),
        MorningSection(
            "deadlines",
            _("deadlines overdue or within a week"),
            deadline_cells,
            UNIT_CELL,
            "deadlines",
            8,
        ),
        MorningSection(
            "waiting",
            _("information awaiting consultation"),
            _waiting_cells,
            1,
            "today --all",
            5,
        ),
        # Look-backs (《实施意见》9, every half-year) fall due for many projects on one day.
        MorningSection("look_backs", _("look-backs"), _look_back_cells, 2, "deadlines", 4),
        MorningSection(
            "moved",
            _("rank changes since the start of yesterday"),
            _move_cells,
            1,
            "today --all",
            5,
        ),
    ]


def _sheet_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"  {action(row['action'])}",
        row["project"],
        about(row["about"]),
        row["name"] or "",
        row["due_on"],
    )


def _waiting_cells(row: dict[str, Any]) -> tuple[str, ...]:
    waiting = days_waiting(row["days"])
    if row["outcome"]:
        waiting += f"（{word(row['outcome'])}）"
    return f"  {row['project']}", row["name"], row["unit_name"] or "", waiting


def _look_back_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return f"  {row['project']}", about(row["about"]), row["name"] or "", row["due_on"]


def _move_cells(row: dict[str, Any]) -> tuple[str, ...]:
    rank_before, rank = rank_cell(row["rank_before"]), rank_cell(row["rank"])
    return f"  {row['name']}", row["sequence"], f"{rank_before} → {rank}"


def _print_entered(entered: dict[str, Any]) -> None:
    """Print the events recorded since yesterday by kind, and their projects and units."""
    title = _("recorded since the start of yesterday")
    console().print(f"■ {title}  {entered['count']}", style="bold")
    if not entered["count"]:
        return
    kinds = [f"{EVENTS[name].chinese}×{count}" for name, count in entered["events"].items()]
    print_indented("、".join(kinds))
    print_indented(_names_line(list(entered["streams"])))


def _names_line(names: list[str]) -> str:
    line = "、".join(names[:_STREAMS_NAMED])
    if len(names) > _STREAMS_NAMED:
        line += say(msg(" and {count} more"), count=len(names) - _STREAMS_NAMED)
    return line
