"""The reports of a month, a quarter and a year: what each says, in the order of its sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commands.cli.board import clauses_of, reason_of
from commands.reports import parts
from commands.reports.content import CellValue, DocumentColumn, Notice, Section, Table
from commands.reports.parts import PeriodResults
from commands.reports.periods import ReportPeriod
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import View
from projections.views.board_view import MonthBoard, assemble_board, candidate_json
from projections.views.incentive_view import year_incentives

COUNTY_WORK = "招商引资工作"


def notice(ledger: Ledger, view: View, period: ReportPeriod, *, contacts: bool = False) -> Notice:
    """The report of a period at a view, whose day lies in it."""
    found = parts.found_for(ledger, view, period)
    if period.kind == "month":
        return _month(found)
    return _quarter(found) if period.kind == "quarter" else _year(found, contacts=contacts)


def _county(found: PeriodResults) -> str:
    """The county's name, with which its rulebook's issuer begins."""
    name, cut, _rest = found.book.issuer.partition("县")
    return name + cut


def _title(found: PeriodResults, what: str) -> tuple[str, ...]:
    return f"{_county(found)}{found.period.chinese}", f"{COUNTY_WORK}{what}"


def _opening(found: PeriodResults, about: str) -> str:
    return f"根据《{found.book.title}》，现将{found.period.chinese}{about}通报如下（数据截至{parts.day(found.view)}）。"


# Month ----------------------------------------------------------------------------------------------------------------


def _month(found: PeriodResults) -> Notice:
    boards = assemble_board(
        found.period.name,
        found.now,
        () if found.before is None else found.before.scores,
        found.units,
    )
    return Notice(
        f"{found.period.name}-红黑榜通报",
        _title(found, "“红黑榜”通报"),
        found.book.issuer,
        _opening(found, f"{COUNTY_WORK}“红黑榜”"),
        (
            _listed(boards),
            Section("各单位排名", (_versus("上月"),), parts.ranks(found)),
            _changes(found, "上月"),
            parts.projects_by_node(found),
            parts.targets(found),
            parts.basis(found),
        ),
    )


def _versus(before: str) -> str:
    return f"按考核序列排名如下，“升降”为与{before}末相比的名次变化；年初无上期，记“—”。"


def _changes(found: PeriodResults, before: str) -> Section:
    table = parts.changes(found)
    if not table.rows:
        return Section("得分变动原因", (f"与{before}末相比，各单位得分没有变动。",))
    since = f"与{before}末相比" if found.before is not None else "本年以来"
    return Section("得分变动原因", (f"{since}，各单位模块得分变动及原因如下。",), (table,))


def _listed(boards: MonthBoard) -> Section:
    """What was listed, what is proposed, who is called in."""
    rows = [
        (word(one.board), one.unit, "已公布", without_telephones(one.reason))
        for one in boards.listed
    ]
    done = {(one.board, one.unit) for one in boards.listed}
    rows += [
        (word(which), unit, "建议", reason)
        for (which, unit), reason in _proposals(boards).items()
        if (which, unit) not in done
    ]
    rows.sort(key=lambda row: (row[0] != "红榜", row[2] != "已公布"))
    sentences = [_who(boards, "red"), _who(boards, "black")]
    sentences += [
        f"{one.unit}已连续{len(one.months)}个月列入“黑榜”，按规定落实约谈（条款：三.4）。"
        for one in boards.called_in
    ]
    columns = (
        DocumentColumn("榜单", width=3),
        DocumentColumn("单位", width=6),
        DocumentColumn("性质", width=4),
        DocumentColumn("理由", width=20),
    )
    return Section("“红黑榜”名单", tuple(sentences), (Table("红黑榜", columns, tuple(rows)),))


def _who(boards: MonthBoard, which: str) -> str:
    """The month's board in one sentence."""
    listed = [one.unit for one in boards.listed if one.board == which]
    proposed = [
        one.unit for one in boards.candidates if one.board == which and one.unit not in listed
    ]
    told = f"“{word(which)}”：" + ("、".join(listed) if listed else "本期尚未公布列榜单位") + "。"
    return told + (f"建议名单：{'、'.join(proposed)}。" if proposed else "")


def _proposals(boards: MonthBoard) -> dict[tuple[str, str], str]:
    """The month's proposals, by board and unit, each with its reason and clauses."""
    return {
        (one["board"], one["unit"]): f"{reason_of(one)}（{clauses_of(one)}）"
        for candidate in boards.candidates
        for one in [candidate_json(candidate, boards.json_places)]
    }


# Quarter --------------------------------------------------------------------------------------------------------------


def _quarter(found: PeriodResults) -> Notice:
    proposals = _proposals(assemble_board(f"{found.period.end:%Y-%m}", found.now, (), found.units))
    black = {unit: reason for (which, unit), reason in proposals.items() if which == "black"}
    return Notice(
        f"{found.period.name}-季度考核结果",
        _title(found, "考核结果通报"),
        found.book.issuer,
        _opening(found, f"{COUNTY_WORK}考核结果"),
        (
            Section("考核结果", (_versus("上季度"),), parts.ranks(found)),
            _changes(found, "上季度"),
            _checks(found),
            _proposed(black),
            parts.targets(found),
            parts.basis(found),
        ),
    )


def _checks(found: PeriodResults) -> Section:
    """The quarter's schedule checks, project by project."""
    rows = tuple(_check_rows(found))
    if not rows:
        return Section("时序进度检查", ("本季度没有应检查的节点。",))
    behind = sum(row[3] == "未达" for row in rows)
    sentence = f"本季度检查项目{len(rows)}个，达到时序进度{len(rows) - behind}个，未达{behind}个（条款：考(八)2）。"
    columns = (
        DocumentColumn("单位", width=6),
        DocumentColumn("项目编号", width=7),
        DocumentColumn("项目名称", width=12),
        DocumentColumn("检查", width=3),
        DocumentColumn("计分", "points", 3),
    )
    return Section("时序进度检查", (sentence,), (Table("时序检查", columns, rows),))


def _check_rows(found: PeriodResults) -> Iterator[tuple[CellValue, ...]]:
    names = {judged.project.code: judged.information.name for judged in found.projects}
    for line in found.now.lines:
        if line.project is not None and line.inputs.get("check") == found.period.name:
            yield (
                line.unit,
                line.project,
                names[line.project],
                "达到" if line.points > 0 else "未达",
                line.points,
            )


def _proposed(black: dict[str, str]) -> Section:
    if not black:
        return Section("“黑榜”建议名单", ("本季度没有建议列入“黑榜”的单位。",))
    columns = (DocumentColumn("单位", width=6), DocumentColumn("理由", width=24))
    table = Table("黑榜建议", columns, tuple(black.items()))
    return Section("“黑榜”建议名单", ("以下单位建议列入“黑榜”，经审定公布后方予扣分。",), (table,))


# Year -----------------------------------------------------------------------------------------------------------------


def _year(found: PeriodResults, *, contacts: bool) -> Notice:
    return Notice(
        f"{found.period.name}-年度考核结果",
        _title(found, "考核结果通报"),
        found.book.issuer,
        _opening(found, f"{COUNTY_WORK}考核结果"),
        (
            Section("考核结果", ("按考核序列排名如下。",), (*parts.ranks(found), _groups(found))),
            _details(found),
            parts.targets(found),
            _incentives(found, contacts=contacts),
            parts.projects_by_node(found),
            parts.basis(found),
        ),
    )


def _groups(found: PeriodResults) -> Table:
    """Groups before and after their caps."""
    columns = [DocumentColumn("单位", width=6)]
    for group in found.book.groups:
        columns += [
            DocumentColumn(f"{group.chinese}合计", "points", 5),
            DocumentColumn("计入", "points", 4),
        ]
    rows: list[tuple[CellValue, ...]] = [
        (score.unit, *[value for pair in score.groups.values() for value in pair], score.total)
        for score in found.now.scores
    ]
    return Table("封顶前后", (*columns, DocumentColumn("总分", "points", 4)), tuple(rows))


def _details(found: PeriodResults) -> Section:
    """Each unit's points by rule, with clause, basis and how many lines."""
    counts: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], Any] = {}
    for line in found.now.lines:
        key = line.unit, line.rule
        counts[key] = counts.get(key, 0) + 1
        first.setdefault(key, line)
    sums = parts.by_rule(found.now.lines)
    order = {rule.id: place for place, rule in enumerate(found.book.rules)}
    rows = []
    for score in found.now.scores:
        own = sorted(
            (key for key in sums if key[0] == score.unit),
            key=lambda key: order.get(key[1], len(order)),
        )
        rows += [
            (
                key[0],
                parts.rule_name(key[1], found.book),
                first[key].clause,
                word(first[key].basis),
                counts[key],
                sums[key],
            )
            for key in own
        ]
    columns = (
        DocumentColumn("单位", width=6),
        DocumentColumn("计分项", width=9),
        DocumentColumn("条款", width=4),
        DocumentColumn("依据", width=3),
        DocumentColumn("项次", "count", 3),
        DocumentColumn("分值", "points", 4),
    )
    return Section(
        "得分明细",
        ("各单位得分按计分项汇总如下，逐项说明可由规则手册和事件查明。",),
        (Table("得分明细", columns, tuple(rows)),),
    )


def _incentives(found: PeriodResults, *, contacts: bool) -> Section:
    """The rewards earned (三.1, 三.2); who leads a project is named for those with the role alone."""
    earned = year_incentives(found.ledger, found.view).earned
    if not earned:
        return Section("专项激励", ("本年度没有达到激励条件的项目。",))
    rows = tuple(
        (
            one.judged.project.code,
            one.judged.information.name,
            one.judged.unit,
            one.incentive.chinese,
            one.incentive.clause,
            one.invested,
            *((one.judged.information.lead_person or "",) if contacts else ()),
        )
        for one in earned
    )
    columns = (
        DocumentColumn("项目编号", width=6),
        DocumentColumn("项目名称", width=9),
        DocumentColumn("单位", width=6),
        DocumentColumn("激励", width=4),
        DocumentColumn("条款", width=3),
        DocumentColumn("入库资金", "amount", 5),
        *((DocumentColumn("牵头人", width=4),) if contacts else ()),
    )
    return Section("专项激励", ("以下项目达到激励条件。",), (Table("专项激励", columns, rows),))
