"""Sections that several reports share: ranks, why points changed, targets and pace, projects by node, what points rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from commands.cli.board import moved
from commands.reports.content import CellValue, DocumentColumn, Section, Table, padded
from commands.reports.periods import ReportPeriod
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.facts.narrow_events import MICRO
from projections.facts.unit_facts import UnitFacts
from projections.scoring.evaluation import Result, View, evaluate, judged_projects, units_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.measure_values import funds_in_place
from projections.scoring.prepared_policy import BASES, prepared
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore
from projections.views.target_view import missing_amount, target_progress_of, year_pace

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class PeriodResults:
    """What a report of a period stands on: its scores with every line, and those at the end of the period before."""

    ledger: Ledger
    view: View
    period: ReportPeriod
    now: Result
    before: Result | None
    projects: list[JudgedProject]
    units: dict[str, UnitFacts]

    @property
    def book(self) -> Rulebook:
        """The rulebook."""
        return self.view.rulebook.rulebook


def found_for(ledger: Ledger, view: View, period: ReportPeriod) -> PeriodResults:
    """Evaluate the period and the one before it."""
    projects: list[JudgedProject] = []
    now = evaluate(ledger, view, keep=lambda _line: True, seen=projects.append)
    before = None
    if period.before is not None and period.before < view.as_of:
        earlier = View(view.year, period.before, view.position, view.rulebook, view.known_at)
        before = evaluate(ledger, earlier, keep=lambda _line: True)
    return PeriodResults(
        ledger, view, period, now, before, projects, units_at(ledger, view.position)
    )


# Ranks ----------------------------------------------------------------------------------------------------------------


def ranks(found: PeriodResults) -> tuple[Table, ...]:
    """A table for each sequence: place, its change, unit, total, modules."""
    columns = (
        DocumentColumn("名次", "count", 2),
        DocumentColumn("单位", width=6),
        DocumentColumn("升降", width=2),
        DocumentColumn("总分", "points", 3),
        *(DocumentColumn(module.chinese, "points", 3) for module in found.book.modules),
    )
    places = (
        {} if found.before is None else {score.unit: score.rank for score in found.before.scores}
    )
    return tuple(
        Table(sequence, columns, tuple(_rank(score, places.get(score.unit)) for score in scores))
        for sequence, scores in groupby(found.now.scores, key=lambda score: score.sequence)
    )


def _rank(score: UnitScore, before: int | None) -> tuple[CellValue, ...]:
    return score.rank, score.unit, moved(score.rank, before), score.total, *score.modules.values()


# Reasons --------------------------------------------------------------------------------------------------------------


def by_rule(lines: Iterable[ScoreLine]) -> dict[tuple[str, str], Fraction]:
    """Points by unit and rule."""
    sums: dict[tuple[str, str], Fraction] = {}
    for line in lines:
        key = line.unit, line.rule
        sums[key] = sums.get(key, _ZERO) + line.points
    return sums


def rule_name(rule: str, book: Rulebook) -> str:
    """A rule's Chinese name; a module's cap or floor is a line of its own."""
    known = {row.id: row.chinese for row in book.rules}
    if rule in known:
        return known[rule]
    module, _dot, which = rule.rpartition(".")
    chinese = {row.id: row.chinese for row in book.modules}.get(module, module)
    return f"{chinese}{'封顶' if which == 'cap' else '保底'}"


def changes(found: PeriodResults) -> Table:
    """Each unit whose points changed since the period before, by how much, and by which rules."""
    moves = by_rule(found.now.lines)
    for key, points in by_rule(found.before.lines if found.before is not None else ()).items():
        moves[key] = moves.get(key, _ZERO) - points
    own: dict[str, dict[str, Fraction]] = {}
    for (unit, rule), change in moves.items():
        if change:
            own.setdefault(unit, {})[rule] = change
    rows = tuple(
        _move(score.unit, own[score.unit], found.book)
        for score in found.now.scores
        if score.unit in own
    )
    return Table(
        "得分变动",
        (
            DocumentColumn("单位", width=6),
            DocumentColumn("变动", "points", 4),
            DocumentColumn("原因", width=22),
        ),
        rows,
    )


def _move(unit: str, changes_by: dict[str, Fraction], book: Rulebook) -> tuple[CellValue, ...]:
    told = "；".join(
        f"{rule_name(rule, book)}{signed(change)}" for rule, change in changes_by.items()
    )
    return unit, sum(changes_by.values(), _ZERO), told


def signed(points: Fraction) -> str:
    """Points with their sign, as print shows them."""
    return f"{'＋' if points > 0 else '－'}{padded(abs(points), 2)}"


# Targets --------------------------------------------------------------------------------------------------------------


def targets(found: PeriodResults) -> Section:
    """The county's targets and its units', against the share of the year that has passed."""
    view = found.view
    known = {target.indicator: target for target in found.book.targets}
    passed = year_pace(view)
    rows = []
    for row in target_progress_of(found.ledger, view, found.projects):
        target = known[row.indicator]
        left = missing_amount(row, exceed=target.exceed and row.unit is None)
        ratio = row.ratio
        rows.append(
            (
                row.unit or "全县",
                f"{target.chinese}（{target.unit_of_measure}）",
                row.target,
                row.actual,
                ratio,
                None
                if ratio is None
                else "快于"
                if ratio > passed
                else "慢于"
                if ratio < passed
                else "持平",
                _ZERO if left is None else left,
            )
        )
    columns = (
        DocumentColumn("范围", width=4),
        DocumentColumn("指标", width=9),
        DocumentColumn("目标", "amount", 5),
        DocumentColumn("实绩", "amount", 5),
        DocumentColumn("完成率", "share", 4),
        DocumentColumn("与时序", width=3),
        DocumentColumn("缺口", "amount", 5),
    )
    sentence = f"截至{day(view)}，全年时间已过{padded(passed * 100, 1)}%。各项指标完成情况如下（条款：意二）。"
    return Section("目标完成与时序进度", (sentence,), (Table("目标完成", columns, tuple(rows)),))


def day(view: View) -> str:
    """The day as of which, as Chinese writes it."""
    return chinese_day(view.as_of.isoformat())


def chinese_day(iso: str) -> str:
    """2024年5月31日."""
    year, month, number = (int(part) for part in iso.split("-"))
    return f"{year}年{month}月{number}日"


# Projects -------------------------------------------------------------------------------------------------------------


def judged_of(ledger: Ledger, view: View) -> Iterator[JudgedProject]:
    """Every project there is by the day, judged, one after another."""
    units = units_at(ledger, view.position)
    with ledger.rows_of_kind("project", view.position) as rows:
        yield from judged_projects(rows, prepared(view.rulebook), view.axes, units)


def projects_by_node(found: PeriodResults) -> Section:
    """比亮晒: each unit's projects by the nodes reached, and its funds in place this year."""
    reached: dict[str, Counter[str]] = {}
    funds: dict[str, Fraction] = {}
    for judged in found.projects:
        count = reached.setdefault(judged.unit, Counter())
        count["all"] += 1
        count.update(stage for stage in STAGES if judged.node(stage) is not None)
        if judged.recognised and judged.eligible:
            paid = sum((Fraction(item.value, MICRO) for item in funds_in_place(judged)), _ZERO)
            funds[judged.unit] = funds.get(judged.unit, _ZERO) + paid
    rows = [
        _counted(score.unit, reached[score.unit], funds.get(score.unit, _ZERO))
        for score in found.now.scores
        if score.unit in reached
    ]
    columns = (
        DocumentColumn("单位", width=6),
        DocumentColumn("项目", "count", 3),
        *(DocumentColumn(word(stage), "count", 3) for stage in STAGES),
        DocumentColumn("到位资金（万元）", "amount", 6),
    )
    return Section(
        "项目推进晾晒",
        ("各单位名下项目到达各节点的个数及当年到位资金如下。",),
        (Table("项目晾晒", columns, tuple(rows)),),
    )


def _counted(unit: str, count: Counter[str], funds: Fraction) -> tuple[CellValue, ...]:
    return unit, count["all"], *(count[stage] for stage in STAGES), funds


# Basis ----------------------------------------------------------------------------------------------------------------


def basis(found: PeriodResults) -> Section:
    """On what the points rest: the policy's text, a reading of it, or an assumption."""
    sums = {name: sum((score.basis[name] for score in found.now.scores), _ZERO) for name in BASES}
    parts = "，".join(f"{word(name)}{padded(points, 2)}分" for name, points in sums.items())
    return Section(
        "计分依据",
        (
            f"本期得分依据《{found.book.title}》计算。各得分项按绝对值合计：{parts}。",
            "“假定”为考核评分细则公布前的示例值，“解读”为条文有多种理解时选定的一种，均可在规则手册中查明并更换。",
        ),
    )
