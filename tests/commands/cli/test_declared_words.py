"""Words that the county's rulebook declares, at the command line and in workbooks."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from lifecycle.rulebook import shipped
from projections.audit.verifier import verify_bundle
from tests.commands.conftest import Cli
from tests.given import TOWN
from tests.lifecycle.deciding.test_declared_words import CAPITAL, MINING, REVIEW, ZONE
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, NODES, RULE

POINTS = (
    RULE.replace("r.1", "capital")
    + 'measure = "project_figure"\nfigure = "capital"\nkind = "per_amount"\nper = 1000\n'
    + 'points = 0.5\nwhere = { sector = ["mining"], figures = { capital = "[1000,)" } }\n'
)
STAGES = 'stages = ["signing", "energy_review"]\n'
WORDS = MINING + REVIEW + CAPITAL + ZONE
CASE = """[[case]]
facts = [
  { event = "MilestoneReached", project = "P", milestone = "energy_review", on = 2024-03-01 },
]
points = { "甲镇" = 1 }
"""
BOOK = HEAD + NODES + STAGES + POINTS + WORDS
REPORT = ("--planned-investment", "3000", "--planned-fixed-assets", "2000", "--outside-ratio", "1")
OF_Q = ("--project", "Q", "--reporting-unit", TOWN, "--reported-at", "2024-01-10T09:00")
NAMES = ("--name", "铜矿", "--investor", "矿业公司", "--kind", "新引进")


@pytest.fixture
def worded(cli: Cli, tmp_path: Path) -> Cli:
    """A county whose rulebook declares words, with a mine."""
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    assert cli("rulebook", "adopt", book, "--doubts-read").code == 0
    assert cli("record", "项目信息", *OF_Q, *NAMES, *REPORT, "--sector", "矿业").code == 0
    return cli


def test_a_word_is_typed_and_shown_in_chinese(worded: Cli) -> None:
    day = ("--occurred-on", "2024-03-01")
    wrong = worded("record", "建设节点", "--project", "Q", "--milestone", "环评", *day)
    assert wrong.code == 1
    assert "节能审查 (energy_review)" in wrong.err
    assert worded("record", "建设节点", "--project", "Q", "--milestone", "节能审查", *day).code == 0
    shown = worded("project", "show", "Q").out
    assert "矿业" in shown
    assert "节能审查" in shown
    listed = worded("project", "list", "--sector", "矿业", "--format", "json").json
    assert [row["project"] for row in listed] == ["Q"]
    assert worded("project", "list", "--sector", "农矿").code == 2


def test_a_figure_comes_from_a_workbook_and_counts(worded: Cli, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    assert worded("template", file).code == 0
    book = openpyxl.load_workbook(file)
    offered = {cell.value for column in book["词表"].columns for cell in column}
    assert {"矿业", "节能审查", "注册资本", "开发区"} <= offered
    headings = [cell.value for cell in book["项目指标"][1]]
    cells = {"项目编号": "Q", "发生日期": "2024-06-01", "指标项": "注册资本"}
    cells |= {"期间": "2024-05", "完成数": "3000"}
    named = {heading: str(heading).rstrip("* ") for heading in headings}
    book["项目指标"].append([cells.get(named[heading]) for heading in headings])
    book.save(file)
    imported = worded("import", file)
    assert imported.code == 0, imported.err
    scores = worded("score", "--year", "2024", "--format", "json").json
    totals = {row["unit"]: row["total"] for row in scores["units"]}
    assert totals[TOWN] == "1.5"
    why = ("--reason", "误录", "--approved-by", "余敏", "--yes")
    assert worded("correct", "Q", "2", "actual=5000", *why).code == 0
    assert "2.50" in worded("explain", TOWN, "--year", "2024").out


def test_a_rulebook_that_does_not_know_a_sector_says_so(worded: Cli) -> None:
    axes = ("--year", "2024", "--rulebook", "kaihua-2024")
    row = {"what": "sector", "name": "mining", "unit": TOWN, "period": None, "count": 1}
    scores = worded("score", *axes, "--format", "json").json
    assert scores["not_counted"][-1] == {**row, "reason": "unknown_to_rulebook"}
    assert "矿业" in worded("score", *axes).out
    own = worded("score", "--year", "2024", "--format", "json").json
    assert [entry for entry in own["not_counted"] if entry["what"] == "sector"] == []


def test_a_rulebook_is_shown_with_its_own_words(cli: Cli, tmp_path: Path) -> None:
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    shown = cli("rulebook", "show", book).out
    for text in ("节能审查（energy_review）", "产业类别：矿业", "注册资本", "单位万元"):
        assert text in shown
    assert cli("rulebook", "adopt", book, "--doubts-read").code == 0
    renamed = BOOK.replace("矿业", "采矿业")
    book.write_text(renamed, encoding="utf-8")
    rejected = cli("rulebook", "adopt", book, "--doubts-read", "--occurred-on", "2024-02-01")
    assert rejected.code == 1
    assert "word_renamed" in rejected.err


def test_the_cases_of_a_rulebook_use_its_words(cli: Cli, tmp_path: Path) -> None:
    book = tmp_path / "book.toml"
    report = (
        '  { event = "InformationReported", project = "P", reporting_unit = "甲镇", '
        'on = 2024-01-10, name = "矿", investor = "甲公司", sector = "mining", kind = "new", '
        'planned_investment = 3000, planned_fixed_assets = 2000, outside_ratio = "1" },\n'
    )
    book.write_text(BOOK + CASE.replace("facts = [\n", f"facts = [\n{report}"), encoding="utf-8")
    checked = cli("rulebook", "check", book)
    assert checked.code == 0, checked.out + checked.err


def test_a_bundle_with_declared_words_is_recomputed(
    worded: Cli,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    day = ("--occurred-on", "2024-03-01")
    figure = ("--figure", "capital", "--period", "2024-05", "--actual", "3000")
    assert worded("record", "项目指标", "--project", "Q", *figure, *day).code == 0
    assert worded("publish", "scores", "--year", "2024", "--unofficial", "试算").code == 0
    bundle = tmp_path / "bundle.zip"
    assert worded("audit", "bundle", bundle).code == 0
    capsys.readouterr()
    # Nothing outside the file vouches for it, so it is consistent and no more.
    assert verify_bundle.main([str(bundle)]) == 1
    said = capsys.readouterr().out
    assert "all 3 units, recomputed, have the published points and ranks" in said
    assert "CONSISTENT" in said


def test_deadlines_of_a_project_whose_sector_the_next_rulebook_does_not_know(
    worded: Cli, tmp_path: Path
) -> None:
    following = tmp_path / "following.toml"
    shipped_book = shipped("kaihua-2024").content
    following.write_text(
        shipped_book.replace('id = "kaihua-2024"', 'id = "kaihua-2025"')
        .replace("effective_from = 2024-01-01", "effective_from = 2025-01-01")
        .replace("effective_to = 2024-12-31", "effective_to = 2025-12-31"),
        encoding="utf-8",
    )
    assert worded("rulebook", "adopt", following, "--doubts-read").code == 0
    terms = ("--contract-investment", "3000", "--contract-fixed-assets", "2000")
    signed = worded("record", "正式签约", "--project", "Q", "--occurred-on", "2024-03-01", *terms)
    assert signed.code == 0, signed.err
    day = ("--as-of", "2025-03-01")
    listed = worded("deadlines", "--project", "Q", *day, "--format", "json")
    assert listed.code == 0, listed.err
    assert {row["kind"] for row in listed.json} == {"stalled"}
    for command in (("deadlines", *day), ("deadlines", "--summary", *day), ("today", *day)):
        answer = worded(*command)
        assert (answer.code, answer.err) == (0, ""), command
