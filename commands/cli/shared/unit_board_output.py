"""One unit on one screen (比亮晒): score, projects, funds, targets, deadlines and open tasks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from commands.cli.shared.deadline_output import UNIT_CELL, deadline_cells
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.score_output import axes_line, module_columns
from commands.cli.shared.table_output import console, print_section, print_table
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.point_text import percent, points
from commands.words.sheet_words import status
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.rejections import msg
from lifecycle.rulebook import Rulebook
from projections.scoring.result_view import View

# One unit on one screen: the rest is a command away.
_ROWS_SHOWN: Final = 8
_TASK_CELL: Final = 2


def print_unit_board(board: dict[str, Any], view: View) -> None:
    """Print `board --unit --format json`."""
    out, score, book = console(), board["score"], view.rulebook.rulebook
    out.print(f"{screen_words.UNIT_REVIEW}  {score['unit']}", style="bold")
    out.print(axes_line(view), style="dim")
    out.print(f"{score['sequence']}  {screen_words.rank_of(score['rank'], score['of'])}")
    print_table([{**score, **score["modules"]}], module_columns(book))
    out.print(" ".join(f"{word(stage)}{count}" for stage, count in board["stages"].items()))
    _print_projects(board["projects"])
    _print_targets(board["targets"], book)
    print_section(
        _("deadlines overdue or within a week"),
        board["deadlines"],
        deadline_cells,
        folding_cell=UNIT_CELL,
        command="deadlines",
        limit=_ROWS_SHOWN,
    )
    print_section(
        _("open tasks"),
        board["tasks"],
        _task_cells,
        folding_cell=_TASK_CELL,
        command="sheets list",
        limit=_ROWS_SHOWN,
    )


def _print_projects(projects: list[dict[str, Any]]) -> None:
    """Print the projects with their nodes, and the funds in place of all."""
    rows = []
    funds = Fraction(0)
    for project in projects:
        nodes, state = _node_marks(project["nodes"]), _state(project)
        rows.append({**project, "progress": nodes, "state": state})
        funds += Fraction(project["funds_in_place"])
    columns = [
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        OutputColumn("name", FIELDS["name"], show=str),
        OutputColumn("scale", headings.SCALE_ALONE, number=True, show=points(0)),
        OutputColumn("progress", FIELDS["stage"], show=str, whole=True),
        OutputColumn("state", headings.UNTIL, show=str, whole=True),
        OutputColumn("funds_in_place", headings.FUNDS_OF_YEAR, number=True, show=points(2)),
    ]
    print_table(rows, columns)
    amount = screen_words.wan(points(2)(funds))
    console().print(say(msg("funds in place this year: {amount}"), amount=amount))


def _print_targets(targets: list[dict[str, Any]], book: Rulebook) -> None:
    names = {}
    for target in book.targets:
        names[target.indicator] = f"{target.chinese}（{target.unit_of_measure}）"
    for row in targets:
        ratio = "—" if row["ratio"] is None else percent(Fraction(row["ratio"]))
        name = names[row["indicator"]]
        console().print(f"{headings.TARGET}  {name}  {row['actual']}／{row['target']}  {ratio}")


def _node_marks(nodes: dict[str, str | None]) -> str:
    """Mark each of the seven nodes, reached or not."""
    return "".join("●" if nodes[stage] else "○" for stage in STAGES)


def _state(project: dict[str, Any]) -> str:
    """Say that a project was terminated, why it is excluded, or its furthest node."""
    if project["terminated_on"]:
        return screen_words.terminated_on(project["terminated_on"])
    if project["excluded"]:
        return "、".join(project["excluded"])
    # A project in the list was reported, so that at least the first node is reached.
    reached = [stage for stage in STAGES if project["nodes"][stage]]
    return word(reached[-1])


def _task_cells(task: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"  {task['number']}",
        task["project"],
        task["task"],
        task["due_on"],
        status(task["status"]),
    )
