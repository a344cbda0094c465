"""What conditions looked at, in words, with a sign for each that holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commands.words.rule_phrases import COMPARISONS, number, policy_number
from commands.words.shown_names import shown_result, shown_subject
from projections.scoring.unit_values import ConditionResult, CountedNumber, ResultRead

_RESULTS: Final = {"rule": "规则", "modules": "模块", "group": "板块", "total": "总分"}
_ENDS: Final = {"top": "", "bottom": "倒数"}


def condition_results(results: Iterable[ConditionResult]) -> str:
    """List what conditions looked at."""
    return "；".join(_condition_result(result) for result in results)


def _condition_result(result: ConditionResult) -> str:
    sign = "✓" if result.holds else "✗"
    if isinstance(result.counted, ResultRead):
        return f"{_result_read(result.counted, number(result.value))} {sign}"
    subject = shown_subject(result.counted.what)
    if isinstance(result.counted, CountedNumber) and result.counted.comparison is not None:
        subject += COMPARISONS[result.counted.comparison.as_]
    return f"{subject} {number(result.value)} {sign}"


def _result_read(read: ResultRead, value: str) -> str:
    """A result with its value; how many modules are low; a place among the sequence's units."""
    names = shown_result(read.what, read.names)
    subject = f"{_RESULTS[read.what]} {names}" if names else _RESULTS[read.what]
    if read.each_below is not None:
        return f"{subject} ＜ {policy_number(read.each_below)}：{value} 个"
    if read.end is None:
        return f"{subject} {value}"
    return f"{subject} {_ENDS[read.end]}第 {value} 名，共 {read.of} 个"
