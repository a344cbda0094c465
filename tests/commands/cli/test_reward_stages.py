"""Stages of rewards at the command line: JSON, CSV, the table, and what check says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.commands.conftest import Cli
from tests.given import OTHER, TOWN, of, reported
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, NODES

INTRODUCTION = """
[[rewards]]
id = "introduction"
chinese = "引荐奖励"
amount = 100
stages = [
  { share = 0.4, at = "signing" },
  { share = 0.6, at = "land", months = 6 },
]
to = "first_reporter"
clause = "四.1"
basis = "policy"
"""
EQUIPMENT = """
[[rewards]]
id = "equipment"
chinese = "设备投资奖励"
where = { investment = "[20000,)" }
measure = "signed_investment"
per = 1000
amount = 5
at_most = 80
stages = [{ share = "1/3", at = "signing" }, { share = "2/3", at = "completed" }]
to = "investor"
instead_of = ["introduction"]
clause = "四.2"
basis = "policy"
"""
BOOK = HEAD + NODES + INTRODUCTION + EQUIPMENT
SIZE = {"contract_investment": "3000", "contract_fixed_assets": "2000"}
LARGE = {"contract_investment": "20000", "contract_fixed_assets": "15000"}
FACTS = [
    reported("A", reporting_unit=OTHER, lead_person="张三"),
    of("ConsultationHeld", "2024-02-01", "A", outcome="passed"),
    of("AgreementSigned", "2024-03-01", "A", **SIZE),
    of("LandAcquired", "2025-01-10", "A", area_mu="30", transfer_fee="100"),
    reported("B", planned_investment="20000"),
    of("ConsultationHeld", "2024-02-01", "B", outcome="passed"),
    of("AgreementSigned", "2024-05-01", "B", **LARGE),
]


@pytest.fixture
def rewarded(cli: Cli, tmp_path: Path) -> Cli:
    """A county whose rulebook pays rewards, with a small project and a large one."""
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    facts = tmp_path / "facts.jsonl"
    facts.write_text("".join(json.dumps(fact) + "\n" for fact in FACTS), encoding="utf-8")
    assert cli("rulebook", "adopt", book, "--doubts-read").code == 0
    assert cli("import", facts).code == 0
    return cli


def test_rows_have_stage_amount_due_day_and_status(rewarded: Cli) -> None:
    rows = rewarded("incentives", "--year", "2024", "--as-of", "2025-07-09", "--format", "json")
    first, second, third, fourth = rows.json
    assert first == {
        "project": "A",
        "unit": OTHER,
        "name": OTHER,
        "lead_person": "张三",
        "incentive": "introduction",
        "clause": "四.1",
        "stage": 1,
        "amount": "40",
        "due_on": "2024-03-01",
        "status": "due",
    }
    assert (second["stage"], second["due_on"], second["status"]) == (2, "2025-07-10", "upcoming")
    assert (third["unit"], third["name"], third["amount"]) == (None, "投资方B", "26.666667")
    assert (fourth["amount"], fourth["due_on"], fourth["status"]) == ("53.333333", None, "awaiting")
    axes = ("--year", "2024", "--as-of", "2025-07-10", "--format", "json")
    assert [row["status"] for row in rewarded("incentives", *axes).json[:2]] == ["due", "due"]


def test_no_other_year_lists_them(rewarded: Cli) -> None:
    axes = ("--year", "2025", "--as-of", "2025-12-31", "--rulebook", "a-2024", "--format", "json")
    assert rewarded("incentives", *axes).json == []


def test_near_misses_have_no_stages(rewarded: Cli) -> None:
    assert rewarded("incentives", "--near", "--year", "2024", "--format", "json").json == []


def test_csv_has_the_columns_of_stages_behind_the_former_ones(rewarded: Cli) -> None:
    heading, *rows = rewarded("incentives", "--year", "2024", "--format", "csv").out.splitlines()
    assert heading == (
        "project,name,unit,lead_person,chinese,scale,invested,clause,"
        "stage,amount,due_on,status,receiver"
    )
    assert rows[0].endswith(",1,40,2024-03-01,due," + OTHER)


def test_a_rulebook_without_rewards_has_the_former_columns(cli: Cli) -> None:
    heading = cli("incentives", "--year", "2024", "--format", "csv").out.splitlines()[0]
    assert heading == "project,name,unit,lead_person,chinese,scale,invested,clause"


def test_the_table_and_show_say_it_in_words(rewarded: Cli) -> None:
    text = rewarded("incentives", "--year", "2024").out
    assert "stages of rewards: 4" in text
    assert "节点未到" in text
    shown = "".join(rewarded("rulebook", "show", "a-2024").out.split())
    assert "奖励100万元；兑现给首报单位：正式签约40%，土地摘牌后6个月60%" in shown
    assert "最高80" in shown
    assert "取代引荐奖励" in shown


def test_the_year_s_report_lists_them(rewarded: Cli, tmp_path: Path) -> None:
    axes = ("--as-of", "2024-12-31", "--format", "docx", "--to", tmp_path)
    answer = rewarded("report", "year", "2024", *axes)
    assert answer.code == 0, answer.err
    (document,) = tmp_path.glob("*.docx")
    text = "".join(node.text or "" for node in Document(str(document)).element.body.iter(qn("w:t")))
    assert "以下奖励按规定分期兑现" in text
    assert "第2期（土地摘牌）" in text


MISTAKES = {
    "shares": ("share = 0.6", "share = 0.5", "stages sum to 9/10"),
    "a measure of units": ("signed_investment", "awards_won", "measures something else"),
    "days": ("signed_investment", "days_between", "measures something else"),
    "per left out": ("per = 1000\n", "", "give measure and per together"),
    "a bound on a fixed amount": ("amount = 100\n", "amount = 100\nat_most = 3\n", "at_most"),
    "an amount of 0": ("amount = 100\n", "amount = 0\n", "rewards.0.amount"),
    "no stage": (
        '[{ share = "1/3", at = "signing" }, { share = "2/3", at = "completed" }]',
        "[]",
        "rewards.1.stages",
    ),
    "an unknown node": ('at = "land"', 'at = "lands"', "rewards.0.stages.1.at"),
    "an unknown reward": ('["introduction"]', '["introductio"]', "introduction"),
    "a circle": ('["introduction"]', '["equipment"]', "in a circle: equipment → equipment"),
    "a name twice": ('id = "equipment"', 'id = "introduction"', "introduction"),
    "years crossed": ('investment = "[20000,)"', "information_years = [2025, 2024]", "rewards"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_check_finds_a_mistake(cli: Cli, tmp_path: Path, name: str) -> None:
    right, wrong, expected = MISTAKES[name]
    assert BOOK.count(right) == 1
    book = tmp_path / "book.toml"
    book.write_text(BOOK.replace(right, wrong), encoding="utf-8")
    answer = cli("rulebook", "check", book)
    assert answer.code == 1
    assert expected in answer.out + answer.err


def test_check_passes_the_rulebook_without_mistakes(cli: Cli, tmp_path: Path) -> None:
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    assert cli("rulebook", "check", book).code == 0


def test_the_reporting_town_is_paid_unless_the_investor_is(rewarded: Cli) -> None:
    rows = rewarded("incentives", "--year", "2024", "--format", "json").json
    assert {row["unit"] for row in rows} == {OTHER, None}
    assert TOWN not in str(rows)
