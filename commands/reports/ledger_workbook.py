"""台账: the centre's project ledger as offices keep it, a row a project, written as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from commands.reports.content import CellValue, DocumentColumn, Sum, statement
from commands.reports.excel import WorkbookWriter, finish, headed, height, put
from commands.reports.foot import Foot
from commands.reports.parts import judged_of
from commands.words import sheet_words
from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from projections.facts.narrow_events import MICRO, micro
from projections.scoring.evaluation import View, units_at
from projections.scoring.judgement import JudgedProject
from projections.views.deadline_view import URGENCY_LEVELS, project_deadlines, urgency_level
from projections.views.project_view import anomalies

ALL: Final = "全部项目"
_NOBODY: Final = "未登记单位"
_COLUMNS: Final = (
    (DocumentColumn("序号", "count", 3), ""),
    (DocumentColumn("项目编号", width=7), ""),
    (DocumentColumn("项目名称", width=16), ""),
    (DocumentColumn("投资方", width=12), ""),
    (DocumentColumn("总投资", "amount", 6), "万元"),
    (DocumentColumn("固定资产投资", "amount", 6), "万元"),
    (DocumentColumn("首报单位", width=6), ""),
    (DocumentColumn("引进单位", width=6), ""),
    *((DocumentColumn(word(stage), "date", 5), "日期") for stage in STAGES),
    (DocumentColumn("用地", "amount", 4), "亩"),
    (DocumentColumn("备案代码", width=12), ""),
    (DocumentColumn("入库", width=3), ""),
    (DocumentColumn("当月投资", "amount", 5), "万元"),
    (DocumentColumn("当年投资", "amount", 6), "万元"),
    (DocumentColumn("累计投资", "amount", 6), "万元"),
    (DocumentColumn("考核期限", "date", 5), "截止日"),
    (DocumentColumn("预警", width=12), ""),
    (DocumentColumn("未办结单", width=10), ""),
    (DocumentColumn("存在问题", width=14), ""),
    (DocumentColumn("备注", width=8), ""),
)
COLUMNS: Final = tuple(column for column, _unit in _COLUMNS)
_UNITS: Final = tuple(unit for _column, unit in _COLUMNS)
_WIDTHS: Final = tuple(column.width for column in COLUMNS[1:])


def rows(ledger: Ledger, view: View) -> Iterator[tuple[str, tuple[CellValue, ...]]]:
    """Each project's sequence, that of its credit unit, and its row without the running number."""
    sequences = {name: unit.sequence for name, unit in units_at(ledger, view.position).items()}
    for judged in judged_of(ledger, view):
        yield sequences.get(judged.unit, _NOBODY), _row(judged)


def _row(judged: JudgedProject) -> tuple[CellValue, ...]:
    project, information, contract = judged.project, judged.information, judged.project.contract
    total = contract.contract_investment if contract else information.planned_investment
    nodes = [judged.node(stage) for stage in STAGES]
    month, year, whole = _invested(judged)
    return (
        project.code,
        information.name,
        information.investor,
        _exact(micro(total)),
        _exact(judged.scale),
        information.reporting_unit,
        judged.unit,
        *[None if node is None else node.on for node in nodes],
        None if project.land is None else _exact(micro(project.land.area_mu)),
        project.filing_code,
        "是" if "statistics" in project.nodes else "否",
        month,
        year,
        whole,
        judged.period_end,
        _warning(judged),
        "；".join(
            f"{task.number} {sheet_words.status(task.status(judged.axes.as_of))}"
            for task in project.tasks.values()
            if task.is_open
        ),
        _problems(judged),
        _remark(judged),
    )


def _exact(amount: int) -> Fraction:
    return Fraction(amount, MICRO)


def _invested(judged: JudgedProject) -> tuple[Fraction, Fraction, Fraction]:
    """The day's month's, the year's, all."""
    day = judged.axes.as_of
    month, year = f"{day:%Y-%m}", f"{day:%Y}-"
    figures = [(of, micro(figure.fixed_assets)) for of, _version, figure in judged.project.figures]
    sums = (
        sum(amount for of, amount in figures if of == month),
        sum(amount for of, amount in figures if of[:5] == year),
        sum(amount for _of, amount in figures),
    )
    return _exact(sums[0]), _exact(sums[1]), _exact(sums[2])


def _warning(judged: JudgedProject) -> str:
    """The most pressing deadline."""
    table, day = judged.policy.book.deadlines, judged.axes.as_of
    if table is None:
        return ""
    found = [
        (URGENCY_LEVELS.index(level), one)
        for one in project_deadlines(judged)
        if (level := urgency_level(one, day, table.levels)) is not None
    ]
    if not found:
        return ""
    place, first = min(found, key=lambda pair: (pair[0], pair[1].due_on))
    told = sheet_words.about(first.about) if first.kind in ("milestone", "look_back") else ""
    return f"{sheet_words.level(URGENCY_LEVELS[place])}：{sheet_words.deadline_kind(first.kind)}{told} {first.due_on}"


def _problems(judged: JudgedProject) -> str:
    told = [f"不列入考核：{exclusion.chinese}" for exclusion, _version in judged.excluded]
    told += [_odd(problem) for problem in anomalies(judged)]
    return "；".join(told)


_ODD: Final = {
    "order": "{later}（{on}）早于{earlier}（{first}）",
    "left_out": "{stage}未录入，已有后续节点",
    "before_statistics": "{months}的投资早于统计入库",
    "amounts": "协议固定资产投资大于总投资",
}


def _odd(problem: Any) -> str:
    values = {
        name: word(value) if isinstance(value, (str, list)) else value
        for name, value in problem.values.items()
    }
    return (
        _ODD[problem.rule].format(**values)
        if problem.rule in _ODD
        else say(problem.template, **values)
    )


def _remark(judged: JudgedProject) -> str:
    project = judged.project
    told = [
        f"流转至{transfer.to_unit or transfer.to_zone}（{transfer.on}）"
        for transfer in project.transfers
    ]
    if project.terminated_on is not None:
        told.append(f"终止（{project.terminated_on}）")
    return "；".join(told)


# The workbook ---------------------------------------------------------------------------------------------------------


def write_ledger(path: Path, ledger: Ledger, view: View, foot: Foot) -> Foot:
    """Write the workbook in one pass over history, a sheet for all and one for each sequence; gives the foot with its digest."""
    book = WorkbookWriter(path)
    title = (
        f"{view.rulebook.rulebook.issuer.partition('县')[0]}县招商引资项目台账（截至{view.as_of}）"
    )
    sequences = dict.fromkeys(unit.sequence for unit in units_at(ledger, view.position).values())
    sheets = {name: _Sheet(book, name, title) for name in (ALL, *sequences)}
    said = Sum()
    for sequence, row in rows(ledger, view):
        said.add(statement(row))
        high = height(row, _WIDTHS)
        sheets[ALL].add(row, high)
        if sequence not in sheets:
            sheets[sequence] = _Sheet(book, sequence, title)
        sheets[sequence].add(row, high)
    for sheet in sheets.values():
        sheet.finish()
    foot = foot.summed(said.short())
    book.foot(foot)
    book.close()
    return foot


class _Sheet:
    """A sheet that grows by rows."""

    def __init__(self, book: WorkbookWriter, name: str, title: str) -> None:
        self._sheet = headed(
            book, name, title if name == ALL else f"{title}：{name}", COLUMNS, _UNITS
        )
        self._forms = [book.cells[column.shape] for column in COLUMNS]
        self._count = 0

    def add(self, row: tuple[CellValue, ...], high: int | None) -> None:
        """One project more, so high."""
        self._count += 1
        self._sheet.set_row(
            self._count + 2, high
        )  # before its cells, as rows are written one after another
        put(self._sheet, self._count + 2, 0, self._count, self._forms[0])
        for place, (value, form) in enumerate(zip(row, self._forms[1:], strict=True), start=1):
            put(self._sheet, self._count + 2, place, value, form)

    def finish(self) -> None:
        """The filter and what is printed."""
        finish(self._sheet, COLUMNS, self._count + 2)
