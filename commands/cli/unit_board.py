"""`board --unit`: 比亮晒, one unit on one screen."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from commands.cli.score import axes_of, halved, points
from commands.cli.shared.row_output import OutputColumn, console, print_table
from commands.cli.targets import percent
from commands.cli.today import UNIT_CELL, deadline_cells, section
from commands.words import sheet_words
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.rejections import msg
from projections.scoring.evaluation import View


def show_unit_board(found: dict[str, Any], view: View) -> None:
    """Print it."""
    out, score, book = console(), found["score"], view.rulebook.rulebook
    shown = points(book.rounding.shown)
    out.print(f"比亮晒  {score['unit']}", style="bold")
    out.print(axes_of(view), style="dim")
    out.print(f"{score['sequence']}  第 {score['rank']} 名／{score['of']}")
    print_table(
        [{**score, **score["modules"]}],
        [
            OutputColumn("total", "总分", number=True, show=shown),
            *[
                OutputColumn(module.id, halved(module.chinese), number=True, show=shown)
                for module in book.modules
            ],
        ],
    )
    out.print(" ".join(f"{word(stage)}{count}" for stage, count in found["stages"].items()))
    rows = [
        {**row, "progress": _progress(row["nodes"]), "state": _state(row)}
        for row in found["projects"]
    ]
    columns = [
        OutputColumn("project", "项目编号", show=str, whole=True),
        OutputColumn("name", "项目名称", show=str),
        OutputColumn("scale", "规模", number=True, show=points(0)),
        OutputColumn("progress", "节点", show=str, whole=True),
        OutputColumn("state", "至", show=str, whole=True),
        OutputColumn("funds_in_place", "本年到位资金", number=True, show=points(2)),
    ]
    print_table(rows, columns)
    total = sum((Fraction(row["funds_in_place"]) for row in found["projects"]), Fraction(0))
    out.print(say(msg("funds in place this year: {amount}"), amount=f"{points(2)(total)} 万元"))
    chinese = {
        target.indicator: f"{target.chinese}（{target.unit_of_measure}）" for target in book.targets
    }
    for row in found["targets"]:
        ratio = "—" if row["ratio"] is None else percent(Fraction(row["ratio"]))
        out.print(f"目标  {chinese[row['indicator']]}  {row['actual']}／{row['target']}  {ratio}")
    section(
        _("deadlines past or within a week"),
        found["deadlines"],
        deadline_cells,
        UNIT_CELL,
        "deadlines",
        8,
    )
    section(_("open tasks"), found["tasks"], _task, 2, "sheets list", 8)


def _progress(nodes: dict[str, str | None]) -> str:
    """The seven nodes, reached or not."""
    return "".join("●" if nodes[stage] else "○" for stage in STAGES)


def _state(row: dict[str, Any]) -> str:
    if row["terminated_on"]:
        return f"终止 {row['terminated_on']}"
    return "、".join(row["excluded"]) or word(
        next(stage for stage in reversed(STAGES) if row["nodes"][stage])
    )


def _task(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"  {row['number']}",
        row["project"],
        row["task"],
        row["due_on"],
        sheet_words.status(row["status"]),
    )
