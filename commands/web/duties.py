"""What is due and what is late, as the pages say it: figures first, then deadlines, sheets, boards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, Final

from commands.web.accounts import Reader
from commands.web.charts import Chart
from commands.web.page_rows import wan
from commands.web.personal import without_telephones
from commands.web.view_cache import County
from commands.words import sheet_words as words
from commands.words.point_text import percent
from commands.words.vocabulary_words import word
from projections.scoring.rounding import decimal_text
from projections.views import deadline_view as deadlines, sheet_view as sheets
from projections.views.target_view import TargetProgress, year_pace

_BANDS: Final = (
    ("未到期", None, 0),
    ("逾期 1–7 天", 1, 7),
    ("逾期 8–30 天", 8, 30),
    ("逾期 30 天以上", 31, None),
)
_PRESSED: Final = 6


def deadline_rows(county: County, reader: Reader) -> list[dict[str, Any]]:
    """`deadlines` in words, most urgent first."""
    return [
        {
            "level": row["level"],
            "level_told": words.level(row["level"]),
            "due_on": row["due_on"],
            "left": _left(row["days_left"]),
            "kind": words.deadline_kind(row["kind"]),
            "about": words.about(row["about"]),
            "project": row["project"],
            "name": _name(county, row["project"]),
            "unit": row["unit"],
            "clause": row["clause"],
        }
        for row in _deadlines(county)
        if _own(county, reader, row["project"], row["unit"])
    ]


def _deadlines(county: County) -> list[dict[str, Any]]:
    table = county.view.rulebook.rulebook.deadlines
    if table is None:
        return []
    found = (
        each for judged in county.projects.values() for each in deadlines.project_deadlines(judged)
    )
    return county.once(
        "deadlines",
        lambda: [
            row.as_json()
            for row in deadlines.listed_deadlines(found, county.view.as_of, table.levels)
        ],
    )


def _own(county: County, reader: Reader, project: str, unit: str) -> bool:
    judged = county.projects[project]
    return reader.sees(unit, judged.unit, judged.information.reporting_unit)


def _name(county: County, project: str) -> str:
    return county.projects[project].information.name


def _left(days: int) -> str:
    return f"超期 {-days} 天" if days < 0 else "当天到期" if days == 0 else f"还有 {days} 天"


def sheet_rows(county: County, reader: Reader) -> list[dict[str, Any]]:
    """Every task that is not cleared, the longest overdue first."""
    found = [
        row
        for row in _tasks(county)
        if row["status"] != "cleared"
        and _own(county, reader, row["project"], row["responsible_unit"])
    ]
    rows = [
        {
            "number": row["number"],
            "status": words.status(row["status"]),
            "due_on": row["due_on"],
            "left": _left(_days(county, row)),
            "late": _days(county, row) < 0,
            "unit": row["responsible_unit"],
            "project": row["project"],
            "name": _name(county, row["project"]),
            "task": row["task"],
            "rectify_by": row["rectify_by"] or "",
        }
        for row in sorted(found, key=lambda row: (row["due_on"], row["number"]))
    ]
    return rows if reader.sees_persons else without_telephones(rows)


def _tasks(county: County) -> list[dict[str, Any]]:
    return county.once(
        "tasks",
        lambda: [
            row.as_json()
            for judged in county.projects.values()
            for row in sheets.project_task_rows(judged)
        ],
    )


def _days(county: County, row: dict[str, Any]) -> int:
    return (date.fromisoformat(row["due_on"]) - county.view.as_of).days


def due_rows(county: County, reader: Reader) -> list[dict[str, Any]]:
    """日清: the sheets that ought to be issued by the day."""
    found = county.once(
        "due",
        lambda: sorted(
            (
                order
                for judged in county.projects.values()
                for order in sheets.project_due_sheets(judged)
            ),
            key=lambda order: order.place,
        ),
    )
    return [
        {
            "action": words.action(order.action),
            "project": order.project,
            "name": _name(county, order.project),
            "about": words.about(order.about),
            "unit": order.unit,
            "due_on": order.due_on.isoformat(),
        }
        for order in found
        if _own(county, reader, order.project, order.unit)
    ]


def overdue_chart(county: County, reader: Reader) -> Chart:
    """任务单逾期分布: each unit's open tasks by how long they are overdue."""
    counts: dict[str, list[int]] = {}
    for row in _tasks(county):
        if row["status"] != "cleared" and _own(
            county, reader, row["project"], row["responsible_unit"]
        ):
            own = counts.setdefault(row["responsible_unit"], [0] * len(_BANDS))
            late = -_days(county, row)
            own[
                next(
                    place
                    for place, (_told, first, last) in enumerate(_BANDS)
                    if (first is None or late >= first) and (last is None or late <= last)
                )
            ] += 1
    order = sorted(
        counts, key=lambda unit: ([-count for count in reversed(counts[unit][1:])], unit)
    )
    rows = [[unit, *map(str, counts[unit])] for unit in order]
    reading = "每单位未销号的任务单数，按逾期长短；颜色越深越多，逾期久的单位在前。"
    return Chart(
        "heat",
        "overdue",
        "任务单逾期分布",
        reading,
        ["责任单位", *[told for told, _first, _last in _BANDS]],
        rows,
        whole=True,
    )


def pace_chart(county: County) -> Chart | None:
    """资金进度: funds in place at each month's end, beside what the target asks by then."""
    target = next(
        (
            target
            for target in county.view.rulebook.rulebook.targets
            if target.measure == "funds_in_place"
        ),
        None,
    )
    if target is None or not county.months:
        return None
    rows = []
    for month in county.months:
        reached = _of_county(month.targets, target.indicator)
        rows.append(
            [
                month.month,
                *[
                    wan(decimal_text(value, 2))
                    for value in (
                        reached.actual,
                        reached.target * year_pace(month.view),
                        reached.target,
                    )
                ],
            ]
        )
    reading = f"{target.chinese}（{target.unit_of_measure}），各月月末累计；虚线为按天数的时序进度，点线为全年目标。"
    return Chart(
        "pace",
        "pace",
        "资金到位与时序进度",
        reading,
        ["月份", "累计到位", "时序进度", "全年目标"],
        rows,
    )


def _of_county(rows: Iterable[TargetProgress], indicator: str) -> TargetProgress:
    return next(row for row in rows if (row.indicator, row.unit) == (indicator, None))


# The first page -------------------------------------------------------------------------------------------------------


def key_figures(county: County, reader: Reader) -> list[dict[str, Any]]:
    """What a head of the county looks at for ten seconds: each with what it is held against, and whether it is late."""
    return [*_targets(county), _overdue(county, reader), _pressing(county, reader)]


def _targets(county: County) -> list[dict[str, Any]]:
    passed, cards = year_pace(county.view), []
    targets = county.view.rulebook.rulebook.targets
    told = {target.indicator: target for target in targets}
    rows = [row for row in county.targets if row.unit is None and row.ratio is not None]
    for row in rows[:2]:
        target = told[row.indicator]
        ratio = row.ratio or Fraction(0)
        others = (
            [
                f"{told[other.indicator].chinese} {decimal_text(other.actual, 0)}/{decimal_text(other.target, 0)}"
                for other in rows[2:]
            ]
            if row is rows[1]
            else []
        )
        beside = [
            f"目标 {wan(decimal_text(row.target, 2))}，完成 {percent(ratio)}，时序 {percent(passed)}",
            *others,
        ]
        figure = f"{wan(decimal_text(row.actual, 0))} {target.unit_of_measure}"
        cards.append(
            {
                "what": target.chinese,
                "figure": figure,
                "beside": beside,
                "late": ratio < passed,
                "said": "落后时序" if ratio < passed else "不落后时序",
                "path": "/charts",
            }
        )
    return cards


def _overdue(county: County, reader: Reader) -> dict[str, Any]:
    rows = sheet_rows(county, reader)
    late = sum(row["late"] for row in rows)
    beside = [
        f"未销号 {len(rows)} 件；已曝光 {sum(row['status'] == words.status('exposed') for row in rows)} 件"
    ]
    return {
        "what": "逾期任务单",
        "figure": f"{late} 件",
        "beside": beside,
        "late": late > 0,
        "said": "须督办" if late else "无逾期",
        "path": "/sheets",
    }


def _pressing(county: County, reader: Reader) -> dict[str, Any]:
    rows = deadline_rows(county, reader)
    count = {level: sum(row["level"] == level for row in rows) for level in words.LEVELS}
    beside = [
        "，".join(
            f"{words.level(level)} {count[level]}" for level in words.LEVELS if level != "red"
        )
    ]
    return {
        "what": "红色期限（已超期）",
        "figure": f"{count['red']} 项",
        "beside": beside,
        "late": count["red"] > 0,
        "said": "已超期" if count["red"] else "无超期",
        "path": "/deadlines",
    }


def pressed(county: County, reader: Reader) -> list[dict[str, Any]]:
    """The units most pressed: deadlines by level, tasks overdue."""
    late: dict[str, int] = {}
    for row in sheet_rows(county, reader):
        late[row["unit"]] = late.get(row["unit"], 0) + row["late"]
    counts = deadlines.deadlines_by_unit(
        (row["unit"], row["level"]) for row in deadline_rows(county, reader)
    )
    return [row.as_json() | {"late": late.get(row.unit, 0)} for row in counts[:_PRESSED]]


def boards(county: County) -> list[dict[str, Any]]:
    """红黑榜 of the month: who is listed, who is proposed and why, who is called in; units of one board and reason together."""
    board = county.board
    if board is None:
        return []
    listed = {(each.unit, each.board) for each in board.listed}
    rows = [
        (word(each.board), "已列入", without_telephones(each.reason), each.unit)
        for each in board.listed
    ]
    rows += [
        (
            word(each.board),
            "建议",
            "；".join(_WHY[reason.why] for reason in each.reasons),
            each.unit,
        )
        for each in board.candidates
        if (each.unit, each.board) not in listed
    ]
    rows += [
        ("约谈", "连续列入黑榜", "、".join(each.months), each.unit) for each in board.called_in
    ]
    together: dict[tuple[str, str, str], list[str]] = {}
    for name, standing, why, unit in sorted(rows, key=lambda row: _BOARDS.index(row[0])):
        together.setdefault((name, standing, why), []).append(unit)
    return [
        {"board": name, "standing": standing, "why": why, "units": "、".join(units)}
        for (name, standing, why), units in together.items()
    ]


_BOARDS: Final = ("红榜", "黑榜", "约谈")
_WHY: Final = {
    "first": "序列名次居首",
    "missed_checks": "连续两次未达时序进度",
    "last": "序列名次居末",
}
