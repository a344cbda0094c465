"""Charts as the tables they are drawn from: the page shows the table, the script draws it, so that neither can say something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from commands.web.accounts import Reader
from commands.web.view_cache import County
from commands.words.point_text import points
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.rulebook import Rulebook
from projections.scoring.judgement import JudgedProject
from projections.scoring.rounding import decimal_text
from projections.scoring.schedule_checks import in_force
from projections.views.county_overview import projects_by_stage
from projections.views.deadline_view import is_complete


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: how it is drawn, its name in the page, what it shows, how it is read; headings and rows of its table."""

    kind: str
    name: str
    title: str
    reading: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    whole: bool = False
    """Of a heat map: one scale for all columns, not one for each."""
    day: str = ""
    """Of a timeline: the day as of which it is drawn."""


def funnel_chart(county: County, reader: Reader) -> Chart:
    """节点漏斗: each unit's projects by node reached, the county's sum first where the reader sees all."""
    counts = county.once("funnel", lambda: projects_by_stage(county.projects.values()))
    own = [
        (unit, [counts[unit][stage] for stage in STAGES])
        for unit in county.units
        if unit in counts and reader.sees(unit)
    ]
    whole = (
        [
            (
                "全县",
                [
                    sum(reached)
                    for reached in zip(*[numbers for _unit, numbers in own], strict=True)
                ],
            )
        ]
        if own and reader.role != "unit"
        else []
    )
    rows = [[unit, *map(str, numbers)] for unit, numbers in (*whole, *own)]
    reading = "每个节点到达过的项目数；已终止和不计入考核的项目不在其中。可选一个单位单独看。"
    return Chart(
        "funnel",
        "funnel",
        "项目节点漏斗",
        reading,
        ["单位", *[word(stage) for stage in STAGES]],
        rows,
    )


def heat_chart(county: County, reader: Reader) -> Chart:
    """单位×模块: points after each module's own limits."""
    book = county.view.rulebook.rulebook
    shown = points(book.rounding.shown)
    rows = [
        [row["unit"], *[shown(row["modules"][module.id]) for module in book.modules]]
        for row in county.scores["units"]
        if reader.sees(row["unit"])
    ]
    reading = "格内是得分；底色深浅是该模块内各单位的高低，负分加粗框。"
    return Chart(
        "heat",
        "modules",
        "单位 × 模块得分",
        reading,
        ["单位", *[module.chinese for module in book.modules]],
        rows,
    )


def rank_charts(county: County) -> list[Chart]:
    """各序列名次变化: one chart a sequence, ranks at each month's end."""
    months = county.months
    if not months:
        return []
    ranks = [{score.unit: score.rank for score in month.scores} for month in months]
    charts = []
    for place, (sequence, members) in enumerate(
        groupby(months[-1].scores, key=lambda score: score.sequence), start=1
    ):
        rows = [[score.unit, *[str(month[score.unit]) for month in ranks]] for score in members]
        reading = "线越高名次越前；每月以月末（本月以截至日）总分排名，按目前掌握的事实计算。"
        charts.append(
            Chart(
                "ranks",
                f"ranks-{place}",
                f"逐月名次：{sequence}",
                reading,
                ["单位", *[month.month for month in months]],
                rows,
            )
        )
    return charts


_TIMELINE = 60


def timeline_chart(county: County, reader: Reader, *, most: int = _TIMELINE) -> Chart:
    """项目进度: nodes reached, the next milestone that is not, the assessment period's end; of signed projects not complete yet."""
    going = [
        judged
        for judged in county.projects.values()
        if _going(judged) and reader.sees(judged.unit, judged.information.reporting_unit)
    ]
    going.sort(
        key=lambda judged: (judged.period_end is None, judged.period_end, judged.project.code)
    )
    rows = [_timeline_row(judged) for judged in going[:most]]
    reading = f"已签约、尚未完成投资的项目，考核期限先到的在前，共 {len(going)} 个" + (
        f"，列出前 {most} 个。" if len(going) > most else "。"
    )
    headings = ["项目", *[word(stage) for stage in STAGES], "下一节点计划", "考核期限"]
    return Chart(
        "timeline",
        "timeline",
        "项目进度与期限",
        reading,
        headings,
        rows,
        day=county.view.as_of.isoformat(),
    )


def _going(judged: JudgedProject) -> bool:
    if (
        judged.excluded
        or judged.project.terminated_on is not None
        or "signing" not in judged.project.nodes
    ):
        return False
    table = judged.policy.book.deadlines
    return table is None or not is_complete(judged, table)


def _timeline_row(judged: JudgedProject) -> list[str]:
    nodes = [judged.node(stage) for stage in STAGES]
    end = judged.period_end
    planned = [
        milestone.due_on
        for stage, milestone in in_force(judged.project.plans, judged.axes.as_of).items()
        if judged.node(stage) is None
    ]
    return [
        f"{judged.project.code} {judged.information.name}",
        *["" if node is None else node.on.isoformat() for node in nodes],
        min(planned).isoformat() if planned else "",
        "" if end is None else end.isoformat(),
    ]


def ranking(county: County, reader: Reader) -> list[dict[str, Any]]:
    """The ranking by sequence: total and rank of every unit, modules of those that the reader sees."""
    book = county.view.rulebook.rulebook
    shown = points(book.rounding.shown)
    before = county.ranks_before
    result = []
    for sequence, rows in groupby(county.scores["units"], key=lambda row: row["sequence"]):
        members = [_ranked(row, before.get(row["unit"]), book, shown, reader) for row in rows]
        most = max((Fraction(row["points"]) for row in members), default=Fraction(0))
        for row in members:
            row["share"] = (
                decimal_text(100 * max(Fraction(row["points"]), Fraction(0)) / most, 1)
                if most > 0
                else "0"
            )
        result.append({"sequence": sequence, "units": members})
    return result


def _ranked(
    row: dict[str, Any], before: int | None, book: Rulebook, shown: Any, reader: Reader
) -> dict[str, Any]:
    sees = reader.sees(row["unit"])
    return {
        "unit": row["unit"],
        "rank": row["rank"],
        "points": row["total"],
        "total": shown(row["total"]),
        "open": sees,
        "change": _change(before, row["rank"]),
        "modules": [shown(row["modules"][module.id]) if sees else "—" for module in book.modules],
    }


def _change(before: int | None, now: int) -> str:
    if before is None or before == now:
        return "" if before is None else "持平"
    return f"升{before - now}" if before > now else f"降{now - before}"
