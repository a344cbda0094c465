"""What a rulebook says beyond the points, in words: rewards, targets, boards, the ladder, deadlines' levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from commands.words.vocabulary_words import word
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.incentive_policy import Incentive
from lifecycle.rulebook.parts import Sourced
from projections.scoring.rounding import decimal_text


def beyond_rows(book: Rulebook) -> list[dict[str, Any]]:
    """A row for each table beyond the points: what it is about, what it says, clause, basis and note."""
    return [
        {"what": what, "says": says, "clause": row.clause, "basis": row.basis, "note": row.note}
        for what, says, row in [*_rewards(book), *_boards(book), *_time(book)]
    ]


def _rewards(book: Rulebook) -> Iterator[tuple[str, str, Sourced]]:
    for row in book.incentives:
        yield row.chinese, _incentive(row), row
    if book.near_miss is not None:
        yield (
            "接近达标",
            f"规模达到所需的 {decimal_text(book.near_miss.scale_share, 6)}",
            book.near_miss,
        )
    for target in book.targets:
        yield (
            target.chinese,
            f"{'突破 ' if target.exceed else ''}{decimal_text(target.amount, 6)} {target.unit_of_measure}",
            target,
        )


def _incentive(row: Incentive) -> str:
    money = "当年入库" if row.invested_in == "months_of_year" else "累计入库"
    zone = f"，或流转至{row.or_zone}" if row.or_zone else ""
    kinds = f"{word(list(row.kind))}，" if row.kind else ""
    return f"{kinds}{word(list(row.sector))}：规模 ≥ {decimal_text(row.scale_at_least, 6)}，{money} ≥ {decimal_text(row.invested_at_least, 6)} 万元{zone}"


def _boards(book: Rulebook) -> Iterator[tuple[str, str, Sourced]]:
    boards = book.boards
    if boards is not None:
        yield "红榜建议", f"各序列前 {boards.red.places} 名（含并列）", boards.red
        yield (
            "黑榜建议",
            f"连续 {boards.missed_checks.consecutive} 次时序进度考核扣分",
            boards.missed_checks,
        )
        yield "黑榜建议", f"序列末位（至少 {boards.last.of_at_least} 个单位）", boards.last
        yield "约谈", f"连续 {boards.interview.consecutive_months} 个月列入黑榜", boards.interview


def _time(book: Rulebook) -> Iterator[tuple[str, str, Sourced]]:
    if book.ladder is not None:
        days = book.ladder
        yield (
            "五单",
            f"提前 {days.assign_days} 天交办，提前 {days.warn_days} 天预警，督办后 {days.rectify_working_days} 个工作日整改",
            days,
        )
    if book.deadlines is not None:
        levels = book.deadlines.levels
        yield (
            "时限等级",
            f"逾期红色，{levels.orange} 天内橙色，{levels.yellow} 天内黄色，{levels.blue} 天内蓝色",
            levels,
        )


class ParameterSheetWords(NamedTuple):
    """The words of the workbook of parameters; Chinese with every locale, since the file is read back by them."""

    parameter_sheet: str
    about_sheet: str
    rulebook: str
    instruction: str
    headings: Mapping[str, str]


PARAMETER_SHEET: Final = ParameterSheetWords(
    parameter_sheet="参数",
    about_sheet="说明",
    rulebook="规则手册",
    instruction="只填黄色两列：数值；文号（写明依据的文件后，该项依据转为“政策”）。",
    headings={
        "place": "参数",
        "chinese": "内容",
        "value": "数值",
        "clause": "条款",
        "basis": "依据",
        "note": "说明",
        "document": "文号",
    },
)
PARAMETER_CHANGE_HEADINGS: Final = {
    "place": "参数",
    "chinese": "内容",
    "before": "原值",
    "after": "新值",
    "basis_before": "原依据",
    "basis_after": "新依据",
}
