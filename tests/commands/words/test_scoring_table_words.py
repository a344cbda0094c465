"""The tables that scoring rests on, in words: none is left out of what a signer reads."""

from __future__ import annotations

import pytest

from commands.reports.rulebook_rows import rule_rows, scoring_table_rows
from commands.words.scoring_table_words import scoring_tables
from lifecycle.rulebook import Rulebook, parse, shipped

EVERY_SCORING_TABLE = """
[assessed]
period = "year"
clause = "考(一)"
basis = "policy"
[change]
within_year = "whole_year"
clause = "考(一)"
basis = "policy"
[[grades]]
chinese = "优秀"
total = "[90,)"
clause = "考(一)"
basis = "policy"
[[grades]]
chinese = "合格"
total = "(,90)"
clause = "考(一)"
basis = "policy"
"""


def test_every_table_that_points_rest_on_is_shown() -> None:
    # What is no table of the scoring stands among the modules, the rules or beyond the points.
    shown_elsewhere = {
        *("id", "title", "issuer", "effective_from", "effective_to", "clauses", "left_out"),
        *("modules", "groups", "total", "rules", "case", "vocabulary"),
        *("incentives", "near_miss", "rewards", "targets"),
        *("boards", "ladder", "deadlines", "limits"),
    }
    tables = set(Rulebook.model_fields) - shown_elsewhere
    book = parse(shipped("kaihua-2024").content + EVERY_SCORING_TABLE).rulebook
    sources = [id(provision.source) for provision in scoring_tables(book)]
    for name in tables:
        table = getattr(book, name)
        rows = table if isinstance(table, tuple) else (table,)
        assert rows, name
        assert {id(row) for row in rows} <= set(sources), name


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("流转项目的业绩", "由驻外招商组流转的，业绩计入承接单位"),
        ("不列入考核", "违建项目"),
        ("认可", "须通过决策咨询"),
        ("考核条件", "项目性质：技改的，须符合市级标准，且规模（万元） ≥ 10000"),
        (
            "考核期限",
            (
                "自正式签约起：规模 (,10000) 12 个月，规模 [10000,50000] 24 个月，"
                "规模 (50000,) 36 个月；期限以外的到达节点数、到位资金不计"
            ),
        ),
        ("到位资金口径", "纯房地产：土地出让金的 0.1"),
        ("到位资金口径", "工业、文旅、农业、其他：固定资产投资，自统计入库起"),
        (
            "规模系数",
            (
                "规模（万元）：(,10000) ×1；规模（万元）：[10000,50000] ×1.5；"
                "规模（万元）：(50000,) ×2；适用多个的取最高；均不适用的为 1"
            ),
        ),
        ("年度中间启用", "适用于启用的全年"),
        ("等次：优秀", "总分 [90,)"),
    ],
)
def test_tables_of_scoring_are_said_in_words(subject: str, text: str) -> None:
    book = parse(shipped("kaihua-2024").content + EVERY_SCORING_TABLE).rulebook
    assert (subject, text) in [(row.subject, row.text) for row in scoring_table_rows(book)]


def test_a_rule_names_its_table_of_coefficients() -> None:
    points = {row.rule: row.points for row in rule_rows(shipped("kaihua-2024").rulebook)}
    assert points["performance"] == "0.5／1000万元，乘以项目考核系数"
