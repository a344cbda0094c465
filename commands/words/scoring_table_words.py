"""The tables that scoring rests on, in words: conditions, coefficients, funds, periods and ranking.

Cells are Chinese in every language (spec 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from commands.words.filter_words import filter_texts
from commands.words.policy_words import Provision
from commands.words.rule_phrases import policy_number
from commands.words.rule_terms import measure
from commands.words.vocabulary_words import word
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.scoring_policy import (
    AssessmentPeriod,
    Coefficient,
    CreditTable,
    Eligibility,
    FactorRow,
    FundsSource,
    NeededCondition,
    RoundingPlaces,
)

_PERIODS: Final = {"year": "年度", "half_year": "半年", "quarter": "季度", "month": "月份"}
_CHANGES: Final = {"whole_year": "适用于启用的全年", "in_force_at_day": "自启用之日起适用"}
_CONDITIONS: Final = {
    "meets_city_standard": "符合市级标准",
    "scale": "规模（万元）",
    "outside_ratio": "县外投资比例",
    "tax_in_year": "当年缴纳税收（万元）",
    "land_acquired": "已取得土地",
    "statistics_entered": "已统计入库",
}
"""What the table of eligibility asks of a project."""
_FUNDS: Final = {
    "fixed_assets": "固定资产投资",
    "land_fee": "土地出让金",
    "self_held": "自持部分固定资产投资",
    "tax": "缴纳税收",
}
"""Source of funds in place → how a policy says so."""
_COMBINED: Final = {"highest": "适用多个的取最高", "product": "适用多个的连乘"}


def scoring_tables(book: Rulebook) -> Iterator[Provision]:
    """Yield the tables that points rest on, in the order in which scoring applies them."""
    yield from _periods(book)
    yield from _what_is_assessed(book)
    for funds in book.funds:
        yield Provision("到位资金口径", _funds_text(funds), funds)
    for coefficient in book.coefficients:
        yield Provision(coefficient.chinese, _coefficient_text(coefficient), coefficient)
    yield Provision("小数位数", _rounding_text(book.rounding), book.rounding)
    yield Provision("排名", "在同一考核序列内", book.ranking)
    for grade in book.grades or ():
        yield Provision(f"等次：{grade.chinese}", f"总分 {grade.total.text}", grade)


def _periods(book: Rulebook) -> Iterator[Provision]:
    if book.assessed is not None:
        yield Provision("考核周期", _PERIODS[book.assessed.period], book.assessed)
    if book.change is not None:
        yield Provision("年度中间启用", _CHANGES[book.change.within_year], book.change)


def _what_is_assessed(book: Rulebook) -> Iterator[Provision]:
    if book.credit is not None:
        yield Provision("流转项目的业绩", _credit_text(book.credit), book.credit)
    for exclusion in book.exclusions:
        yield Provision("不列入考核", exclusion.chinese, exclusion)
    if book.recognition is not None:
        yield Provision("认可", "须通过决策咨询", book.recognition)
    for row in book.eligibility:
        yield Provision("考核条件", _eligibility_text(row), row)
    period = book.assessment_period
    if period is not None:
        yield Provision("考核期限", _assessment_period_text(period), period)
    if book.nodes is not None:
        yield Provision("投资出数", f"{word(book.nodes.by_tax)}以缴纳税收为准", book.nodes)
    checks = book.schedule_checks
    if checks is not None:
        yield Provision("时序进度检查", f"每个{_PERIODS[checks.every]}末", checks)


def _credit_text(credit: CreditTable) -> str:
    units = word(credit.transferred_from)
    return f"由{units}流转的，业绩{_share_text(credit.share)}计入承接单位"


def _share_text(share: Fraction) -> str:
    # The whole needs no number.
    if share == 1:
        return ""
    return f"的 {policy_number(share)}"


def _eligibility_text(row: Eligibility) -> str:
    needs = "，且".join(map(_needed_text, row.needs))
    where = "；".join(filter_texts(row.where))
    return f"{where}的，须{needs}"


def _needed_text(condition: NeededCondition) -> str:
    text = _CONDITIONS[condition.measure]
    if condition.at_least is None:
        return text
    return f"{text} ≥ {policy_number(condition.at_least)}"


def _assessment_period_text(period: AssessmentPeriod) -> str:
    spans = [f"规模 {band.scale.text} {band.months} 个月" for band in period.bands]
    measures = "、".join(map(measure, period.limits))
    begins = word(period.counts_from)
    return f"自{begins}起：{'，'.join(spans)}；期限以外的{measures}不计"


def _funds_text(funds: FundsSource) -> str:
    amount = f"{_FUNDS[funds.source]}{_share_text(funds.share)}"
    text = f"{word(funds.sector)}：{amount}"
    # 考(五)1 counts from the entry into statistics; other sources count from the first yuan.
    if funds.needs is None:
        return text
    return f"{text}，自{word(funds.needs)}起"


def _coefficient_text(coefficient: Coefficient) -> str:
    parts = [_factor_text(row) for row in coefficient.rows]
    # A single row has nothing to be combined with.
    if coefficient.combine is not None:
        parts.append(_COMBINED[coefficient.combine])
    parts.append("均不适用的为 1")
    return "；".join(parts)


def _factor_text(row: FactorRow) -> str:
    # Any of the filters selects a project; a filter's own conditions hold together.
    alternatives = ["、".join(filter_texts(where)) for where in row.where]
    text = f"{'，或'.join(alternatives)} ×{policy_number(row.factor)}"
    if row.clause is None:
        return text
    return f"{text}（{row.clause}）"


def _rounding_text(rounding: RoundingPlaces) -> str:
    return f"四舍五入，显示 {rounding.shown} 位小数，数据 {rounding.json_places} 位"
