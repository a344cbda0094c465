"""Modules assessed by quarter at the command line: check, show, score, explain, certificate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from projections.audit.verifier import verify_bundle
from tests.agreement.test_period_vectors import RANK, assessed, in_month, registered
from tests.commands.conftest import Cli
from tests.lifecycle.rulebook.test_rulebook_review import HEAD

BOOK = HEAD + assessed("quarter", RANK, 'take = "best", best = 2, when_missing = "none"')
FACTS = [
    registered("甲镇"),
    registered("乙镇"),
    registered("丙镇", "2024-04-10"),
    in_month(2, "5"),
    in_month(3, "9", "乙镇"),
    in_month(5, "6", "丙镇"),
    # Known in July and dated so: the second quarter is over.
    {**in_month(6, "40", "乙镇"), "occurred_on": "2024-07-02"},
]
AT = ("--year", "2024", "--as-of", "2024-09-30")


@pytest.fixture
def raced(cli: Cli, tmp_path: Path) -> Cli:
    """A county that compares its townships anew in each quarter."""
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    facts = tmp_path / "facts.jsonl"
    facts.write_text("".join(json.dumps(fact) + "\n" for fact in FACTS), encoding="utf-8")
    assert cli("rulebook", "adopt", book, "--doubts-read").code == 0
    assert cli("import", facts).code == 0
    return cli


def test_check_and_show_say_that_the_module_is_of_quarters(raced: Cli, tmp_path: Path) -> None:
    rows = raced("rulebook", "check", tmp_path / "book.toml", "--format", "json").json
    assert [(row["module"], row["least"], row["greatest"]) for row in rows] == [
        ("m", "0", "14"),
        ("q", "0", "7"),
    ]
    shown = raced("rulebook", "show", "a-2024").out
    assert "逐期（每季度考核一次，不直接计入总分）" in shown
    assert "逐期各季度得分中最高的 2 个之和（尚无得分的不计分）" in shown
    # What is taken once says no more.
    assert "×1)÷1" not in shown


def test_scores_leave_the_module_out_of_tables_and_say_what_came_late(raced: Cli) -> None:
    scores = raced("score", *AT, "--format", "json").json
    totals = {row["unit"]: row["total"] for row in scores["units"] if row["total"] != "0"}
    assert totals == {"甲镇": "4", "乙镇": "7", "丙镇": "7"}
    assert {row["modules"]["q"] for row in scores["units"]} == {"0"}
    late = {"what": "indicator", "name": "x", "unit": "乙镇", "period": "2024-06", "count": 1}
    assert scores["not_counted"] == [{**late, "reason": "after_period"}]
    table = raced("score", *AT).out
    assert "逐期" not in table
    assert "规则（x） of 2024-06 is dated after the end of the period" in table


def test_an_explanation_shows_each_period_and_the_lines_behind_it(
    raced: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained = raced("explain", "丙镇", *AT, "--format", "json").json
    [line] = explained["lines"]
    [part] = line["inputs"]["parts"]
    assert part["periods"] == [
        {"period": "2024-Q1"},
        {"period": "2024-Q2", "points": "7"},
        {"period": "2024-Q3", "points": "0"},
    ]
    assert line["events"] == ["丙镇#2"]
    assert [(row["period"], row["as_of"]) for row in explained["periods"]] == [
        ("2024-Q2", "2024-06-30"),
        ("2024-Q3", "2024-09-30"),
    ]
    assert explained["periods"][0]["lines"][0]["inputs"]["place"] == 1
    text = raced("explain", "丙镇", *AT).out
    assert "2024-Q1 not there yet" in text
    assert "逐期 2024-Q2  7.00" in text
    monkeypatch.setenv("LIFECYCLE_LANG", "zh")
    assert "2024-Q1 尚未登记、2024-Q2 7、2024-Q3 0" in raced("explain", "丙镇", *AT).out


def test_a_certificate_is_recomputed_by_the_verifier(
    raced: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raced("audit", "key", "--new").code == 0
    certificate = tmp_path / "c.json"
    assert raced("audit", "certificate", "乙镇", certificate, *AT).code == 0
    assert raced("publish", "scores", *AT).code == 0
    bundle = tmp_path / "b.zip"
    assert raced("audit", "bundle", bundle).code == 0
    for file in (certificate, bundle):
        verify_bundle.main([str(file)])
        # Without a key that was noted, no file is more than consistent.
        assert "CONSISTENT" in capsys.readouterr().out
    changed = certificate.read_text(encoding="utf-8").replace('"points": "7"', '"points": "8"')
    certificate.write_text(changed, encoding="utf-8")
    verify_bundle.main([str(certificate)])
    assert "DIFFERS: 乙镇, line 1, inputs" in capsys.readouterr().out
