"""Phrases that the wordings of several kinds of rule share: numbers, names, bands.

Cells are Chinese in every language (spec 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from commands.words.rule_terms import MEASURES, measure
from commands.words.vocabulary_words import word
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.conditions import Condition
from lifecycle.rulebook.counted import Counted, Reference
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds.composite_rule import Composite, CompositePart
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.kinds.rule_base import NamedRule, RuleBase
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.parts import exact_text
from lifecycle.rulebook.result_conditions import ResultSelection
from lifecycle.rulebook.scoring_policy import Module

_PLACES: Final = 6
_SILENCES: Final = {"none": "不计分", "holds": "视为满足", "fails": "视为不满足"}
COMPARISONS: Final = {
    "share_of_sequence": "占本序列合计的比重",
    "to_mean": "与本序列均值之比",
    "to_last_year": "与上年同期之比",
    "place_change": "比上年同期上升的名次",
}
"""With what a value is compared, as the policy would put it."""
EACH: Final = {
    "year": "全年",
    "half_year": "每半年",
    "quarter": "每季度",
    "month": "每月",
    None: "",
}
"""Period → how often a rule counts in it."""
PERIOD_NOUN: Final = {"half_year": "半年", "quarter": "季度", "month": "月"}
"""Period → its name as one of several in the year."""
_TARGETS: Final = {
    None: "目标",
    "year": "本期目标（未下达的按全年目标）",
    "share": "本期目标（未下达的按全年目标均分）",
}
_LIMITS: Final = {"floor": "保底", "least": "最低", "cap": "封顶", "most": "最高"}


def number(value: Fraction | None) -> str:
    """Write a number that was worked out, to six places; nothing where there is none."""
    return "" if value is None else decimal_text(value, _PLACES)


def policy_number(value: Fraction | None) -> str:
    """Write a number exactly as the policy has it, `1/3` included; nothing where there is none."""
    return "" if value is None else exact_text(value)


def module_text(module: Module) -> str:
    """Name a module; one that is assessed by period with what that means."""
    if module.assessed is None:
        return module.chinese
    return f"{module.chinese}（{EACH[module.assessed]}考核一次，不直接计入总分）"


class RulebookNames:
    """The Chinese names that a rulebook gives to its rules and to the indicators they count."""

    def __init__(self, book: Rulebook) -> None:
        self._rules = {rule.id: rule.chinese for rule in book.rules}
        self._modules = {module.id: module.chinese for module in book.modules}
        self._groups = {group.id: group.chinese for group in book.groups}
        self._coefficients = {table.id: table.chinese for table in book.coefficients}
        self._indicators = _indicator_names(book)
        self._limits = {limit.id: limit.chinese for limit in book.limits or ()}

    def rules(self, rule_ids: Iterable[str]) -> str:
        """Name several rules."""
        return "、".join(self._rules.get(rule_id, rule_id) for rule_id in rule_ids)

    def coefficient(self, table_id: str) -> str:
        """Name a table of coefficients."""
        return self._coefficients.get(table_id, table_id)

    def result(self, result: ResultSelection) -> str:
        """Name a result of a unit: of a rule, of modules together, of a group, or the total."""
        if result.rule is not None:
            return f"“{self.rules([result.rule])}”得分"
        if result.group is not None:
            return f"{self._groups.get(result.group, result.group)}得分"
        if result.modules is None:
            return "总分"
        modules = self.modules(result.modules)
        return f"{modules}得分合计" if len(result.modules) > 1 else f"{modules}得分"

    def modules(self, modules: Iterable[str]) -> str:
        """Name several modules."""
        return "、".join(self._modules.get(module, module) for module in modules)

    def groups(self, groups: Iterable[str]) -> str:
        """Name several groups."""
        return "、".join(self._groups.get(group, group) for group in groups)

    def counted(self, code: str) -> str:
        """Name what a line says was counted: an indicator, a figure of projects, or a measure."""
        if code in self._indicators:
            return self._indicators[code]
        return measure(code) if code in MEASURES else word(code)

    def subject(self, selection: MeasureSelection) -> str:
        """Name what is counted: an indicator by the rule that counts it, else the measure."""
        if selection.indicator is not None:
            return self._indicators.get(selection.indicator, f"指标“{selection.indicator}”")
        if selection.figure is not None:
            return word(selection.figure)
        if selection.from_stage is not None:
            return f"{word(selection.from_stage)}至{word(selection.to_stage)}的天数"
        if selection.time_limit is not None:
            return f"“{self._limits[selection.time_limit]}”{measure(selection.measure)}"
        return measure(selection.measure)


def _indicator_names(book: Rulebook) -> dict[str, str]:
    """Name each indicator by the target or rule that reads it; by the module of several rules."""
    modules = {module.id: module.chinese for module in book.modules}
    first_readers: dict[str, RuleBase] = {}
    names: dict[str, str] = {}
    for rule in book.rules:
        if not isinstance(rule, RuleBase) or rule.indicator is None:
            continue
        first = first_readers.setdefault(rule.indicator, rule)
        # Rules of different units share no more than the module; of the same units, one goes
        # further than the other, and the first says what both count.
        names[rule.indicator] = first.chinese
        if first.where != rule.where:
            names[rule.indicator] = modules[rule.module]
    for rule in book.rules:
        # A mark that is all of a rule is called as the rule is.
        if isinstance(rule, Composite) and len(rule.parts) == 1:
            _name_sole_part(rule, names)
    for target in book.targets:
        names[target.indicator] = target.chinese
    for rule in book.rules:
        _name_of_conditions(rule, names)
    return names


def _name_sole_part(rule: Composite, names: dict[str, str]) -> None:
    (part,) = rule.parts
    if isinstance(part, CompositePart) and part.indicator is not None:
        names.setdefault(part.indicator, rule.chinese)


def _name_of_conditions(rule: NamedRule, names: dict[str, str]) -> None:
    """Name the indicator that nothing but a rule's conditions read; of several the ids stay."""
    unnamed = set()
    for _place, counted in rule.counted():
        indicator = counted.indicator
        if isinstance(counted, Condition) and indicator is not None and indicator not in names:
            unnamed.add(indicator)
    if len(unnamed) == 1:
        names[unnamed.pop()] = f"“{rule.chinese}”的判定指标"


# How a value is formed ----------------------------------------------------------------------------


def derived_text(counted: Counted, names: RulebookNames) -> str:
    """Say how a value is formed of what is counted; nothing where it is the count itself."""
    return compared_text(counted, _formed_text(counted, names))


def compared_text(counted: Counted, formed: str) -> str:
    """Add to how a value is formed with what it is compared, if with anything."""
    if counted.compared_as is None:
        return formed
    comparison = COMPARISONS[counted.compared_as]
    return f"{formed}，再取其{comparison}" if formed else comparison


def _formed_text(counted: Counted, names: RulebookNames) -> str:
    each = EACH[counted.each_period]
    if counted.each == "project":
        each = "每个项目"
        if counted.reaching is not None:
            return f"达到 {policy_number(counted.reaching)} 的项目数"
        if not counted.references:
            return "逐个项目计分"
    if counted.reaching is not None:
        return f"{each}达到 {policy_number(counted.reaching)} 的期数{over_target(counted, names)}"
    if counted.short_of is not None:
        return f"{each}不足{_reference(counted.short_of, names)}的缺额"
    if counted.beyond is not None:
        return f"{each}超过{_reference(counted.beyond, names)}的部分"
    return over_target(counted, names)


def over_target(counted: Counted, names: RulebookNames) -> str:
    """Say over what a value is taken; nothing where it has no target."""
    if counted.target is None:
        return ""
    return f"与{_reference(counted.target, names)}之比"


def silence_text(counted: Counted, lacking: str = "未下达目标") -> str:
    """Say what counts where a target, or last year, is missing; nothing where the rule does not."""
    silence = counted.when_missing
    if silence is None:
        return ""
    missing = []
    if counted.compares_years:
        missing.append("无上年同期数")
    # A mean without marks is told with the targets.
    if not missing or any(reference.source is not None for reference in counted.references):
        missing.insert(0, lacking)
    if isinstance(silence, Fraction):
        return f"{'或'.join(missing)}的计 {policy_number(silence)} 分"
    return f"{'或'.join(missing)}的{_SILENCES[silence]}"


def selection_texts(counted: Counted) -> list[str]:
    """Say what narrows a measure: the range of marks, and nodes that are not reached."""
    texts = []
    if counted.range is not None:
        texts.append(f"只计 {counted.range.text} 以内的评分")
    if counted.stages is not None:
        texts.append(f"只计{'、'.join(word(stage) for stage in counted.stages)}")
    if counted.unreached == "as_of":
        texts.append("未达节点的计至数据时点")
    return texts


def _reference(reference: Reference, names: RulebookNames) -> str:
    if reference.fixed is not None:
        return f" {policy_number(reference.fixed)} "
    if reference.counted is not None:
        return names.subject(reference.counted)
    return _TARGETS[reference.per]


# Bands and limits ---------------------------------------------------------------------------------


def each_or_bands(rule: PerItem | Deduct) -> str:
    """Say what points each item gives, or those of its band."""
    if rule.bands is None:
        return f"每个 {policy_number(rule.points)}"
    return band_texts((band.band, band.points) for band in rule.bands)


def band_texts(bands: Iterable[tuple[Interval, Fraction]]) -> str:
    """List bands with their points."""
    return "，".join(f"{band.text} {policy_number(points)}" for band, points in bands)


def limits_text(rule: NamedRule) -> str:
    """Say between which limits a rule's points stay; nothing where it has none."""
    texts = []
    for field, chinese in _LIMITS.items():
        limit = getattr(rule, field, None)
        if limit is not None:
            texts.append(f"{chinese} {policy_number(limit)}")
    return f"（{'，'.join(texts)}）" if texts else ""
