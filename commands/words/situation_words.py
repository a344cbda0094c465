"""The sentences of a month's situation, and what is asked of units. Chinese in every language."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from commands.words import report_words

OVERVIEW_HEADING: Final = "总体情况"
GOOD_HEADING: Final = "进展较好"
SLOW_HEADING: Final = "进展较慢"
PROBLEMS_HEADING: Final = "存在问题"
REQUIREMENTS_HEADING: Final = "下步要求"
REQUIREMENTS: Final = (
    "各单位要对照年度目标和时限清单，倒排工期、压实责任，加快项目签约、落地和入库。",
    "对逾期未销号的任务，要逐件明确责任人和完成时限，及时办理并报送结果。",
)
REQUIREMENTS_OF_YEAR: Final = (
    "各单位要认真总结全年招商引资工作，对未完成的目标查明原因，提出下一年度的措施。",
    "对逾期未销号的任务和久无进展的项目，要逐项列出清单，纳入下一年度继续督办。",
)


def overview_sentence(county: str, as_of: str, clauses: Iterable[str]) -> str:
    """How far the county is with its targets."""
    return f"截至{as_of}，{county}{'；'.join(targets_in_order(clauses))}。"


def target_clause(indicator: str, actual: str, target: str, completion: str, pace: str) -> str:
    """One target of the county: done, set, share, and whether ahead of the year."""
    return f"{indicator}完成{actual}，为年度目标{target}的{completion}，{pace}"


def pace_text(difference: str, state: str) -> str:
    """By how many percentage points the year's pace is exceeded or missed."""
    if state == report_words.ON_PACE:
        return "与时序进度持平"
    return f"{state}时序进度{difference}个百分点"


def result_text(difference: str, state: str) -> str:
    """By how many percentage points the target was exceeded or missed when the year was over."""
    if state == report_words.BEHIND:
        return f"距年度目标差{difference}个百分点"
    return "完成年度目标" if state == report_words.ON_PACE else f"超出年度目标{difference}个百分点"


def year_on_year(growth: str, *, is_more: bool) -> str:
    """The change against the same day of the year before."""
    return f"，同比{'增长' if is_more else '下降'}{growth}"


SAME_AS_YEAR_BEFORE: Final = "，与去年同期持平"


YEAR_SO_FAR: Final = "今年以来"
# A notice of a year is sent in the next one, in which 今年 is another year.
WHOLE_YEAR: Final = "全年"


def signings_sentence(span: str, counts: tuple[int, int], contracts: str, entered: str) -> str:
    """The year's signings that go on, with their contracts, and how many were given up since.

    Without these the number could not be told from that of the projects that reached the node.
    """
    count, given_up = counts
    apart = f"（另有{given_up}个已终止或不予计分）" if given_up else ""
    return f"{span}新签约项目{count}个{apart}，合同投资{contracts}；其中{entered}。"


def entered_clause(entered: int, share: str) -> str:
    """How many signed projects are entered in the statistics."""
    return f"已统计入库{entered}个，入库率{share}"


OF_WHICH: Final = "其中"


def targets_in_order(clauses: Iterable[str]) -> list[str]:
    """Clauses about targets; of several parts of one whole only the first begins with 其中."""
    lines: list[str] = []
    was_part = False
    for clause in clauses:
        is_part = clause.startswith(OF_WHICH)
        lines.append(clause.removeprefix(OF_WHICH) if was_part else clause)
        was_part = is_part
    return lines


def nothing_yet_sentence(indicator: str, units: Iterable[str]) -> str:
    """Units with a target of which nothing is reached yet."""
    return f"{indicator}尚未破零的有{'、'.join(units)}。"


def nodes_sentence(counts: Iterable[tuple[str, int]]) -> str:
    """How many projects reached each node in the period."""
    parts = "，".join(f"{node}{count}个" for node, count in counts)
    return f"本期到达各节点的项目：{parts}。"


def leading_sentence(sequence: str, units: Iterable[str]) -> str:
    """Who leads a sequence."""
    return f"{sequence}序列中，{'、'.join(units)}名次居前。"


def trailing_sentence(sequence: str, units: Iterable[str]) -> str:
    """Who stands last in a sequence."""
    return f"{sequence}序列中，{'、'.join(units)}名次靠后。"


def gained_sentence(units: Iterable[tuple[str, str]]) -> str:
    """Who gained most since the period before."""
    return (
        "本期得分增加较多的有" + "、".join(f"{unit}（{points}分）" for unit, points in units) + "。"
    )


def behind_sentence(indicator: str, units: Iterable[str]) -> str:
    """Whose targets are behind the year's pace."""
    return f"{indicator}滞后时序进度的有{'、'.join(units)}。"


def unfinished_sentence(indicator: str, units: Iterable[str]) -> str:
    """Whose targets were missed when the year was over."""
    return f"{indicator}未完成年度目标的有{'、'.join(units)}。"


def overdue_tasks_sentence(count: int, units: Iterable[tuple[str, int]]) -> str:
    """Tasks past their dates and not cleared."""
    return f"逾期未销号任务{count}件，其中{_counted_units(units, '件')}。"


def stalled_sentence(count: int, units: Iterable[tuple[str, int]]) -> str:
    """Projects without progress."""
    return f"超过规定天数没有进展的项目{count}个，其中{_counted_units(units, '个')}。"


def _counted_units(units: Iterable[tuple[str, int]], measure: str) -> str:
    """Units with as many of something named together: 甲镇、乙镇各2个，丙乡1个."""
    parts = []
    for number, group in groupby(units, key=lambda unit_count: unit_count[1]):
        names = [unit for unit, _count in group]
        each = "各" if len(names) > 1 else ""
        parts.append(f"{'、'.join(names)}{each}{number}{measure}")
    return "，".join(parts)


def succession_sentence(changes: Iterable[tuple[str, str, str]]) -> str:
    """Which unit was dissolved on which day, and who has now what it had."""
    parts = []
    for day, dissolved, successor in changes:
        parts.append(f"{dissolved}于{day}撤并，其得分、项目和交办任务由{successor}承接")
    return "；".join(parts) + "。"


NO_PROBLEMS: Final = "本期没有逾期未销号的任务和久无进展的项目。"
