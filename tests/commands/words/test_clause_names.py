"""Clauses in official papers are cited in full; those of other rulebooks stay as written."""

from __future__ import annotations

import pytest

from commands.words.clause_names import cited_clause
from lifecycle.rulebook import shipped


@pytest.mark.parametrize(
    ("clause", "cited"),
    [
        ("意二", "《实施意见》第二部分"),
        ("意8", "《实施意见》第8条"),
        ("三.4", "《考核办法》第三条第4项"),
        ("考(一)", "《考核办法》第二条第（一）项"),
        ("考(八)2", "《考核办法》第二条第（八）项第2目"),
        ("考(四)1①", "《考核办法》第二条第（四）项第1目①"),
        ("考(二),(九)2", "《考核办法》第二条第（二）项、第（九）项第2目"),
        ("三", "三"),
        ("五1", "五1"),
        ("总则", "总则"),
        ("考（未列）", "考（未列）"),
    ],
)
def test_a_clause_is_cited_in_full(clause: str, cited: str) -> None:
    assert cited_clause(clause) == cited


def test_every_clause_of_kaihua_is_cited_in_full() -> None:
    rules = shipped("kaihua-2024").rulebook.rules
    assert rules
    for rule in rules:
        assert cited_clause(rule.clause).startswith("《考核办法》第"), rule.clause
