"""A rulebook's rules in words: no reader meets a code name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from commands.reports.rulebook_rows import (
    limit_rows,
    provision_rows,
    rule_rows,
    scoring_table_rows,
)
from commands.words.condition_results import condition_results
from commands.words.declared_words import show_words
from commands.words.explanation_words import counted_subject
from commands.words.filter_words import filter_texts, unit_filter_text
from commands.words.formula_parts import points_each
from commands.words.formulas import formula
from commands.words.kinds import formulas_by_shape, kind_words, rule_kind_terms
from commands.words.messages import choose_language
from commands.words.problem_text import problem_text
from commands.words.rule_phrases import RulebookNames
from commands.words.rule_terms import FILTERS, MEASURES
from commands.words.rule_words import rule_content, rule_points
from commands.words.rulebook_fields import TABLES, field_terms
from lifecycle.rejections import Problem
from lifecycle.rulebook import (
    Rulebook,
    kinds as rule_forms,
    measures,
    shipped,
    shipped_ids,
)
from lifecycle.rulebook.declared_words import words_declared_in
from lifecycle.rulebook.kinds import KINDS
from lifecycle.rulebook.kinds.coefficient_rule import MultipliedModule, MultipliedRule
from lifecycle.rulebook.kinds.item_points import PointsEach
from lifecycle.rulebook.parts import Filter
from projections.scoring.gate_conditions import ClosedGate, FactorApplied
from projections.scoring.score_line import (
    CapApplied,
    EffectInputs,
    FloorApplied,
    MissingTarget,
    MissingYear,
    ScoreLine,
)
from projections.scoring.unit_values import ConditionResult, ResultRead

POINTS_OF_COUNTED = {"points_of_items", "points_of_value", "points_of_units", "points_of_marks"}
CODE_NAME = re.compile(r"[a-z]+_[a-z_]+")


@pytest.mark.parametrize("rulebook_id", shipped_ids())
def test_no_shipped_rulebook_shows_a_code_name_but_of_its_own_indicators(rulebook_id: str) -> None:
    book = shipped(rulebook_id).rulebook
    declared = words_declared_in(shipped(rulebook_id).content)
    show_words(declared)
    texts = [row.chinese + row.points for row in rule_rows(book)]
    texts += [row.name for row in limit_rows(book)]
    texts += [row.subject + row.text for row in provision_rows(book)]
    texts += [row.subject + row.text for row in scoring_table_rows(book)]
    # A word's declaration says what it is called in files.
    declarations = [f"{word.chinese}（{word.name}）" for word in declared]
    texts = [text for text in texts if not any(word in text for word in declarations)]
    shown = [re.sub("指标“[^”]*”", "", text) for text in texts]
    assert [CODE_NAME.findall(text) for text in shown if CODE_NAME.search(text)] == []


def test_a_node_that_is_offered_is_not_named_as_a_filter() -> None:
    problem = Problem(
        "vocabulary",
        "must be one of {expected}",
        {"expected": ["investment"]},
        "rewards.0.stages.0.at",
    )
    assert "investment (投资出数)" in problem_text(problem, is_strict=True)


def test_every_measure_kind_and_filter_has_words() -> None:
    assert set(MEASURES) == set(measures.MEASURES)
    assert set(FILTERS) == set(Filter.model_fields)
    kinds = {rule.kind for name in shipped_ids() for rule in shipped(name).rulebook.rules}
    assert kinds <= set(rule_kind_terms())


def test_every_kind_of_rule_has_a_module_of_words() -> None:
    modules = {module.name for module in iter_modules(rule_forms.__path__)}
    forms = {name.removesuffix("_rule") for name in modules if name.endswith("_rule")}
    worded = {words.points.__module__.rpartition(".")[2] for words in kind_words().values()}
    assert {f"{form}_kind_words" for form in forms} == worded


def shapes_within(annotation: Any) -> set[Any]:
    """The classes of what points were computed from, in what a kind's function returns."""
    inner = get_args(annotation)
    if inner:
        return set().union(*(shapes_within(each) for each in inner))
    return {annotation} if hasattr(annotation, "_fields") else set()


def test_every_shape_of_points_has_a_formula() -> None:
    # Each of these is worded with no kind: several kinds, or a module's sum, have it.
    shared = {PointsEach, CapApplied, FloorApplied, MissingTarget, MissingYear}
    shapes = {*get_args(EffectInputs)}
    for kind in KINDS:
        for name in POINTS_OF_COUNTED & set(dir(kind)):
            shapes |= shapes_within(get_type_hints(getattr(kind, name))["return"])
    assert set(formulas_by_shape()) == shapes - shared


def field_names(annotation: Any, seen: set[type[BaseModel]]) -> set[str]:
    """The fields of a model and of all models within it, as a file names them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return set()
        seen.add(annotation)
        names = {field.alias or name for name, field in annotation.model_fields.items()}
        inner = [field.annotation for field in annotation.model_fields.values()]
        return names.union(*(field_names(each, seen) for each in inner))
    return set().union(*(field_names(each, seen) for each in get_args(annotation)))


def test_every_table_and_field_of_a_rulebook_has_words() -> None:
    header = {"id", "title", "issuer", "effective_from", "effective_to"}
    assert set(TABLES) == set(Rulebook.model_fields) - header
    named = field_names(Rulebook, set())
    for kind in KINDS:
        named |= field_names(kind, set())
    assert named == set(TABLES) | set(field_terms()) | set(FILTERS)


def test_the_fields_worded_with_a_kind_are_of_no_other_kind_or_table() -> None:
    # Wherever else such a field is met, a finding would call it by this kind's term.
    fields_of = {get_args(form.model_fields["kind"].annotation)[0]: form for form in KINDS}
    tables = [field.annotation for name, field in Rulebook.model_fields.items() if name != "rules"]
    elsewhere = set().union(*(field_names(table, set()) for table in tables))
    for kind, words in kind_words().items():
        others = [form for name, form in fields_of.items() if name != kind]
        of_others = elsewhere.union(*(field_names(form, set()) for form in others))
        assert set(words.fields) <= field_names(fields_of[kind], set()) - of_others


@pytest.mark.parametrize(
    ("language", "problem", "text"),
    [
        (
            "zh_CN",
            Problem("unknown_name", "{name}; {allowed}", {"name": "x", "allowed": ["sector"]}),
            "x; sector（产业类别） [unknown_name]",
        ),
        (
            "C",
            Problem("of_unit", "{measure} measures units", {"measure": "awards_won"}),
            "awards_won (获评能手人次) measures units [of_unit]",
        ),
    ],
)
def test_a_finding_names_the_term_beside_the_code_name(
    language: str, problem: Problem, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    choose_language()
    place = "rules.3.per_item.where.information_years"
    chinese = f"计分规则·项目信息年份（{place}）："
    english = f"scoring rules 计分规则, year of the project information 项目信息年份 ({place}): "
    expected = (chinese if language == "zh_CN" else english) + text
    assert problem_text(replace(problem, field=place)) == expected


def test_fields_of_the_head_and_kinds_of_rules_have_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", "zh_CN")
    choose_language()
    missing = Problem("missing", "x")
    for place, words in {
        "title": "名称（title）：",
        "rules.0.kind": "计分规则·规则类别（rules.0.kind）：",
        "rules.0.per_item.where.kind": "计分规则·项目性质（rules.0.per_item.where.kind）：",
        "incentives.0.kind": "激励·项目性质（incentives.0.kind）：",
        "none": "none：",
    }.items():
        assert (
            problem_text(replace(missing, field=place), of_rulebook=True) == f"{words}x [missing]"
        )
    unknown = Problem("unknown_field", "{name}", {"name": "kind"}, "rules.0.per_item")
    assert "kind（规则类别）" in problem_text(unknown)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ({"sector": ("industrial", "service")}, "产业类别：工业、服务业"),
        ({"scale": "[10000,50000)"}, "规模（万元）：[10000,50000)"),
        ({"information_years": (2021, 2023)}, "项目信息年份：2021—2023年"),
        ({"consulted_in_year": False}, "当年通过决策咨询：否"),
        ({"reached": {"stage": "signing", "period": "quarter"}}, "已到节点：当季到达正式签约"),
        ({"except_sequence": ("牵头单位",)}, "考核序列除外：牵头单位"),
    ],
)
def test_a_filter_in_words(where: dict[str, Any], text: str) -> None:
    assert filter_texts(Filter.model_validate(where)) == [text]


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ({"category": ("township", "department")}, "乡镇（办事处）、县级部门"),
        ({"sequence": ("乡镇",)}, "乡镇"),
        ({"except_sequence": ("乡镇", "部门")}, "乡镇、部门以外"),
    ],
)
def test_the_units_of_a_factor_in_words(where: dict[str, Any], text: str) -> None:
    assert unit_filter_text(Filter.model_validate(where)) == text


def book_of(*rules: dict[str, Any]) -> Rulebook:
    """A rulebook of one module with these rules."""
    source = {"clause": "一", "basis": "policy"}
    return Rulebook.model_validate(
        {
            "id": "b",
            "title": "办法",
            "issuer": "县",
            "effective_from": date(2024, 1, 1),
            "effective_to": date(2024, 12, 31),
            "rounding": {"shown": 2, "json": 10, **source},
            "ranking": {"within": "sequence", **source},
            "modules": [{"id": "m", "chinese": "项目信息", **source}],
            "rules": [{"module": "m", **source, **rule} for rule in rules],
        }
    )


def texts_of(*rules: dict[str, Any]) -> list[tuple[str, str]]:
    book = book_of(*rules)
    names = RulebookNames(book)
    return [(rule_content(rule, names), rule_points(rule, names)) for rule in book.rules]


VISITS = {
    "id": "visits",
    "chinese": "走访企业",
    "kind": "per_item",
    "measure": "indicator",
    "indicator": "visits",
    "points": 1,
}
MARK = {
    "measure": "indicator",
    "indicator": "mark",
    "share": Fraction(1, 2),
    "take": "mean",
    "when_missing": "none",
}
COMPLETION = {
    "id": "completion",
    "chinese": "任务完成率",
    "kind": "stepped",
    "measure": "indicator",
    "indicator": "done",
    "target": {"source": "set", "indicator": "done"},
    "base": 60,
}
SIGNED_PROJECTS = {
    "measure": "projects_signed",
    "where": {"sector": ("industrial",)},
    "needs": ("recognised",),
    "share": 1,
    "take": "sum",
}


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        (
            VISITS | {"limit": 3, "limit_per": "quarter", "needs": ()},
            ("走访企业", "每个 1（每季度至多 3）"),
        ),
        (
            VISITS | {"kind": "deduct", "points": -5, "start": 20, "floor": 0},
            ("走访企业", "满分 20，每个 -5（保底 0）"),
        ),
        (
            {
                "id": "s",
                "chinese": "签约金额",
                "kind": "per_amount",
                "measure": "signed_investment",
                "per": 10000,
                "points": Fraction(1, 2),
                "needs": ("recognised", "eligible", "not_excluded"),
            },
            ("签约金额（须经认可；须符合条件；须列入考核）", "0.5／10000万元"),
        ),
        (
            VISITS
            | {"kind": "rank", "bands": [{"place": "[1,1]", "points": 7}], "first": "greatest"}
            | {"ties": "mean", "points": None},
            ("走访企业", "由高到低第 [1,1] 7（并列取均值）"),
        ),
        (
            VISITS
            | {"kind": "rank", "bands": [{"place": "[1,2]", "points": 7}], "first": "least"}
            | {"ties": "share", "above": 3, "points": None},
            ("走访企业", "由低到高第 [1,2] 7（并列同名次，高于 3 的方列名次）"),
        ),
        (
            {
                "id": "marks",
                "chinese": "评分",
                "kind": "composite",
                "parts": [
                    MARK | {"where": {"sequence": ("乡镇",)}, "range": "[5,20]"},
                    MARK | {"take": "sum", "target": {"source": "set", "indicator": "goal"}},
                    SIGNED_PROJECTS,
                ],
                "weight": 15,
                "out_of": 100,
            },
            (
                "评分",
                (
                    "(指标“mark”均值（只计 [5,20] 以内的评分；考核序列：乡镇；未评分的不计分）×0.5"
                    "＋指标“mark”与目标之比（未下达目标的不计分）×0.5"
                    "＋签约项目数（产业类别：工业；须经认可）)÷100×15"
                ),
            ),
        ),
        (
            {
                "id": "d",
                "chinese": "签约到摘牌",
                "kind": "relative",
                "measure": "days_between",
                "from_stage": "signing",
                "to_stage": "land",
                "weight": 10,
                "when_none": 0,
                "places": 1,
            },
            ("签约到摘牌", "值÷最高×10，最高为零 0，四舍五入至 1 位小数"),
        ),
        (
            {
                "id": "leadership",
                "chinese": "领导重视",
                "kind": "composite",
                "parts": [MARK | {"share": 1}],
                "weight": 5,
                "out_of": 1,
            },
            ("领导重视", "领导重视均值（未评分的不计分）×5"),
        ),
        (
            VISITS
            | {"kind": "bracket", "points": None}
            | {
                "bands": [
                    {"value": "[0,1)", "points": 0},
                    {"value": "[1,9)", "points": 0, "slope": 2},
                    {"value": "[9,)", "points": 4, "slope": 1},
                ],
            },
            ("走访企业", "[0,1) 0，[1,9) 2×值，[9,) 4＋1×值"),
        ),
        (
            COMPLETION | {"segments": [{"percent": "(,)", "step": 2}]},
            ("任务完成率（与目标之比）", "100% 为 60，每增减一个百分点 ±2"),
        ),
        (
            COMPLETION
            | {"segments": [{"percent": "(,100)", "step": 1}, {"percent": "[100,)", "step": 3}]},
            (
                "任务完成率（与目标之比）",
                "100% 为 60，每增减一个百分点 (,100) ±1，[100,) ±3",
            ),
        ),
    ],
)
def test_a_rule_in_words(rule: dict[str, Any], texts: tuple[str, str]) -> None:
    fields = {name: value for name, value in rule.items() if value is not None}
    assert texts_of(fields) == [texts]


def test_a_quotient_is_shown_as_the_policy_has_it() -> None:
    third = Fraction(1, 3)
    per_item = VISITS | {"points": third, "limit": Fraction(10, 3)}
    ratio = VISITS | {"id": "r", "kind": "ratio", "weight": third, "target": {"fixed": 3}}
    del ratio["points"]
    (_, each), (_, weight) = texts_of(per_item, ratio)
    assert (each, weight) == ("每个 1/3（至多 10/3）", "完成率×1/3")
    # What is worked out keeps six places, or no sum could be read.
    assert points_each(third, Fraction(2, 3)) == "1/3 × 0.666667"


def test_a_rule_on_other_rules_names_them() -> None:
    calls = VISITS | {"id": "calls", "chinese": "电话回访", "indicator": "calls"}
    exclusive = {
        "id": "x",
        "chinese": "就高",
        "kind": "exclusive",
        "rules": ("visits", "calls"),
        "per": "unit",
    }
    assert texts_of(VISITS, calls, exclusive)[2] == (
        "就高",
        "同一单位就高不重复：走访企业、电话回访",
    )


@pytest.mark.parametrize(
    ("counting", "subject"),
    [
        ([VISITS], "走访企业"),
        (
            [
                VISITS | {"where": {"sequence": ("乡镇",)}},
                VISITS | {"id": "v2", "where": {"except_sequence": ("乡镇",)}},
            ],
            "项目信息",
        ),
        ([VISITS, VISITS | {"id": "v2", "chinese": "超出部分"}], "走访企业"),
        ([VISITS | {"indicator": "calls"}], "“长期无走访”的判定指标"),
    ],
)
def test_an_indicator_follows_the_rule_that_counts_it(
    counting: list[dict[str, Any]], subject: str
) -> None:
    condition = {"measure": "indicator", "indicator": "visits", "each": "month"}
    outcome = {
        "id": "silent",
        "chinese": "长期无走访",
        "kind": "outcome",
        "outcome": "降一等",
        "steps": -1,
        "any_of": [{"all": [condition | {"in_a_row": 3, "at_most": 0}]}],
    }
    assert texts_of(*counting, outcome)[-1] == (
        "长期无走访",
        f"降一等（等次下降 1 档）：连续 3 个月{subject} ≤ 0",
    )


def test_of_several_indicators_that_only_conditions_read_each_has_its_id() -> None:
    conditions = [
        {"measure": "indicator", "indicator": name, "at_least": 1} for name in ("visits", "calls")
    ]
    outcome = {
        "id": "silent",
        "chinese": "长期无走访",
        "kind": "outcome",
        "outcome": "降一等",
        "any_of": [{"all": conditions}],
    }
    assert texts_of(outcome) == [("长期无走访", "降一等：指标“visits” ≥ 1，且指标“calls” ≥ 1")]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"result": {"rule": "visits"}, "at_least": 3}, "“走访企业”得分 ≥ 3"),
        ({"result": {"modules": ("m",)}, "above": 3}, "项目信息得分 ＞ 3"),
        ({"result": {"modules": ("m", "m")}, "below": 3}, "项目信息、项目信息得分合计 ＜ 3"),
        ({"result": {"total": True}, "at_most": 1}, "总分 ≤ 1"),
        (
            {"result": {"modules": ("m",)}, "each_below": 60, "at_least": 1},
            "项目信息中低于 60 分的不少于 1 个",
        ),
        (
            {"result": {"total": True}, "place": "bottom", "at_most": 3, "of_at_least": 10},
            "总分在本序列列后 3 名（本序列不少于 10 个单位）",
        ),
        (
            {"result": {"total": True}, "place": "top", "at_most": 1, "of_at_least": 1},
            "总分在本序列列前 1 名",
        ),
        (
            {
                "result": {"total": True},
                "place": "top",
                "at_most": 1,
                "where": {"sequence": ("乡镇",)},
            },
            "总分在本序列列前 1 名（考核序列：乡镇）",
        ),
    ],
)
def test_a_condition_on_a_result_in_words(condition: dict[str, Any], text: str) -> None:
    gate = {
        "id": "g",
        "chinese": "前提",
        "kind": "gate",
        "gates": "total",
        "any_of": [{"all": [condition]}],
    }
    assert texts_of(VISITS, gate)[-1] == ("前提", f"方才计分：{text}")


ACHIEVED = {"any_of": [{"all": [{"result": {"rule": "visits"}, "at_least": 3}]}], "factor": 2}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"rules": ["visits"], "rows": [ACHIEVED]}, "“走访企业”得分 ≥ 3 时 ×2"),
        (
            {"modules": ["m"], "rows": [ACHIEVED], "otherwise": Fraction(4, 5)},
            "项目信息得分：“走访企业”得分 ≥ 3 时 ×2，其余 ×0.8",
        ),
        (
            {"total": True, "rows": [ACHIEVED, ACHIEVED], "combine": "product"},
            "总分：“走访企业”得分 ≥ 3 时 ×2，“走访企业”得分 ≥ 3 时 ×2（连乘）",
        ),
    ],
)
def test_a_factor_by_achievement_in_words(fields: dict[str, Any], text: str) -> None:
    rule = {"id": "k", "chinese": "任务系数", "kind": "coefficient", **fields}
    assert texts_of(VISITS, rule)[-1] == ("任务系数", text)


def line_of(inputs: Any) -> ScoreLine:
    """A line of a gate or a factor with these inputs."""
    return ScoreLine("g", "m", Fraction(-5), "二", "policy", "甲镇", None, inputs, ())


LOW_TOTAL = ConditionResult(ResultRead("total", ()), Fraction(36), holds=False)
RESULTS_READ = {
    "总分 36 ✗": LOW_TOTAL,
    "规则 visits 3 ✓": ConditionResult(ResultRead("rule", ("visits",)), Fraction(3), holds=True),
    "模块 m、n 12 ✓": ConditionResult(ResultRead("modules", ("m", "n")), Fraction(12), holds=True),
    "模块 m、n ＜ 60：1 个 ✗": ConditionResult(
        ResultRead("modules", ("m", "n"), each_below=Fraction(60)), Fraction(1), holds=False
    ),
    "总分 第 2 名，共 9 个 ✗": ConditionResult(
        ResultRead("total", (), end="top", of=9), Fraction(2), holds=False
    ),
    "板块 g 倒数第 1 名，共 9 个 ✓": ConditionResult(
        ResultRead("group", ("g",), end="bottom", of=9), Fraction(1), holds=True
    ),
}


@pytest.mark.parametrize("text", RESULTS_READ)
def test_a_result_that_a_condition_read_in_words(text: str) -> None:
    assert condition_results([RESULTS_READ[text]]) == text


def test_a_factor_s_formula_says_what_led_to_it() -> None:
    module = MultipliedModule("m", Fraction(50), Fraction(9, 10))
    assert formula(line_of(module)) == "50 × (0.9 − 1)"
    applied = FactorApplied(module, (LOW_TOTAL,))
    assert formula(line_of(applied)) == "50 × (0.9 − 1)（总分 36 ✗）"
    of_rule = FactorApplied(MultipliedRule("visits", Fraction(50), Fraction(2)), (LOW_TOTAL,))
    assert formula(line_of(of_rule)) == "50 × (2 − 1)（总分 36 ✗）"


@pytest.mark.parametrize(
    ("inputs", "affected"),
    [
        (ClosedGate("total", (LOW_TOTAL,)), "总分"),
        (ClosedGate("visits", (LOW_TOTAL,)), "走访企业"),
        (MultipliedModule("m", Fraction(50), Fraction(2)), "项目信息"),
        (
            FactorApplied(MultipliedModule("m", Fraction(50), Fraction(2)), (LOW_TOTAL,)),
            "项目信息",
        ),
        (
            FactorApplied(MultipliedRule("visits", Fraction(5), Fraction(2)), (LOW_TOTAL,)),
            "走访企业",
        ),
    ],
)
def test_a_line_names_what_a_gate_or_a_factor_acts_on(inputs: Any, affected: str) -> None:
    names = {"g": "任务系数", "visits": "走访企业", "m": "项目信息"}
    assert counted_subject(line_of(inputs), names) == f"任务系数（{affected}）"
