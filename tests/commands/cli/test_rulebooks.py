"""Rulebooks drafted, filled in through a workbook, compared and shown."""

from __future__ import annotations

import csv
from fractions import Fraction
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from commands.reports.rulebook_rows import (
    limit_rows,
    provision_rows,
    rule_rows,
    scoring_table_rows,
)
from commands.words.declared_words import show_words
from lifecycle.ledger import machine_clock
from lifecycle.rulebook import parse, shipped, shipped_ids
from lifecycle.rulebook.declared_words import words_declared_in
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from tests.commands.conftest import Cli


def fill(file: Path, values: dict[str, tuple[str | None, str | None]]) -> None:
    """Type values and documents into the workbook."""
    book = openpyxl.load_workbook(file)
    for row in book["参数"].iter_rows(min_row=2):
        value, document = values.get(str(row[0].value), (None, None))
        row[2].value = value or row[2].value
        row[6].value = document or row[6].value
    book.save(file)


def test_an_office_fills_in_its_annex_through_a_workbook(bare: Cli, tmp_path: Path) -> None:
    draft, sheet, filled = tmp_path / "d.toml", tmp_path / "p.xlsx", tmp_path / "f.toml"
    assert (
        bare(
            "rulebook",
            "new",
            "kaihua-2025",
            "--from",
            "kaihua-2024",
            "--year",
            2025,
            "--title",
            "新办法",
            "--output",
            draft,
        ).code
        == 0
    )
    book = parse(draft.read_text(encoding="utf-8")).rulebook
    assert (book.id, book.title, book.effective_from.year) == ("kaihua-2025", "新办法", 2025)
    assert bare("rulebook", "export", sheet, "--rulebook", draft).code == 0
    assert bare("rulebook", "export", sheet, "--rulebook", draft).code == 1
    fill(
        sheet,
        {
            "rules.activity.points": ("0.75", "开招组〔2025〕3号"),
            "rules.progress.points_by.land": ("4.5", "开招组〔2025〕3号"),
            "modules.routine.cap": ("6", None),
        },
    )
    only_shown = bare("rulebook", "import", sheet, "--from", draft)
    assert all(
        part in only_shown.out
        for part in ("rules.activity.points", "0.5", "0.75", "modules.routine.cap")
    )
    assert bare("rulebook", "import", sheet, "--from", draft, "--output", filled).code == 0
    rules = {rule.id: rule for rule in parse(filled.read_text(encoding="utf-8")).rulebook.rules}
    activity, progress = rules["activity"], rules["progress"]
    assert (activity.basis, activity.document, activity.note) == (
        "policy",
        "开招组〔2025〕3号",
        None,
    )
    assert isinstance(activity, PerItem)
    assert activity.points == Fraction(3, 4)
    assert (
        progress.basis == "assumption"
    )  # one of its six values has a document, the others have none
    assert bare("rulebook", "import", sheet, "--from", draft, "--output", filled).code == 1


def test_a_draft_and_a_filled_in_rulebook_keep_the_comments_of_their_source(
    bare: Cli, tmp_path: Path
) -> None:
    source, draft = tmp_path / "s.toml", tmp_path / "d.toml"
    sheet, filled = tmp_path / "p.xlsx", tmp_path / "f.toml"
    remark = "# checked against the gazette"
    content = shipped("hongya-2023").content
    source.write_text(f"{remark}\n{content}", encoding="utf-8")
    bare("rulebook", "new", "hongya-2024", "--from", source, "--year", 2024, "--output", draft)
    bare("rulebook", "export", sheet, "--rulebook", draft)
    fill(sheet, {"rules.foreign.points": ("3", None)})
    assert bare("rulebook", "import", sheet, "--from", draft, "--output", filled).code == 0
    drafted, imported = (file.read_text(encoding="utf-8").splitlines() for file in (draft, filled))
    assert drafted[0] == imported[0] == remark
    assert set(drafted) - set(content.splitlines()) == {
        remark,
        'id = "hongya-2024"',
        'title = "洪雅县2024年招商引资加分办法"',
        "effective_from = 2024-01-01",
        "effective_to = 2024-12-31",
    }
    assert set(imported) - set(drafted) == {"points = 3"}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("rules.activity.points", "一分"),
        ("rules.activity.points", "=1+1"),
        ("assessment_period.bands.0.scale", "10000"),
    ],
)
def test_an_invalid_number_is_rejected_with_its_cell(
    bare: Cli, tmp_path: Path, place: str, value: str
) -> None:
    sheet = tmp_path / "p.xlsx"
    bare("rulebook", "export", sheet)
    fill(sheet, {place: (value, None)})
    answer = bare("rulebook", "import", sheet, "--output", tmp_path / "f.toml")
    assert answer.code in (1, 3)
    assert not (tmp_path / "f.toml").exists()


def test_an_unsound_filled_in_rulebook_is_not_written(bare: Cli, tmp_path: Path) -> None:
    sheet = tmp_path / "p.xlsx"
    bare("rulebook", "export", sheet)
    fill(sheet, {"assessment_period.bands.0.scale": ("(,9000)", None)})
    answer = bare("rulebook", "import", sheet, "--output", tmp_path / "f.toml")
    assert answer.code == 1
    assert "assessment_period.bands" in answer.err
    assert not (tmp_path / "f.toml").exists()


def test_what_changes_is_shown_before_it_is_adopted(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    file.write_text(
        shipped("kaihua-2024").content.replace("points = 10\n", "points = 8\n", 1), encoding="utf-8"
    )
    answer = cli("rulebook", "adopt", file)
    assert answer.out.index("rules.award.points") < answer.out.index("recorded county#1")


# Comparing ----------------------------------------------------------------------------------------


def test_a_rulebook_adopted_twice_on_a_day_is_not_told_of_options_that_adopt_lacks(
    cli: Cli,
) -> None:
    assert cli("rulebook", "adopt", "kaihua-2024").code == 0
    again = cli("rulebook", "adopt", "kaihua-2024")
    assert (again.code, "nothing was recorded" in again.out) == (0, True)
    assert "already_recorded" not in again.err
    unit = ["record", "UnitRegistered", "--unit", "甲镇", "--occurred-on", "2024-01-01"]
    unit += ["--sequence", "乡镇", "--category", "township", "--yes"]
    cli(*unit)
    # `record` takes a key and a note, which tell two facts apart.
    assert "[already_recorded]" in cli(*unit).err


def test_two_policies_over_one_history(county: Cli, tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    file.write_text(
        shipped("kaihua-2024").content.replace("points = 10\n", "points = 1\n", 1), encoding="utf-8"
    )
    comparison = county(
        "rulebook", "compare", "kaihua-2024", file, "--year", 2024, "--format", "json"
    ).json
    scores = {
        side: {
            row["unit"]: row
            for row in county("score", "--year", 2024, "--format", "json").json["units"]
        }
        for side in ("a",)
    }
    assert len(comparison["units"]) == len(scores["a"])
    for unit in comparison["units"]:
        assert unit["total"]["a"] == scores["a"][unit["unit"]]["total"]
        assert {sides["rule"] for sides in unit["rules"]} <= {"award"}
        by_rules = sum(
            (Fraction(sides["difference"]) for sides in unit["rules"]), Fraction(unit["limits"])
        )
        assert (
            by_rules
            == Fraction(unit["total"]["difference"])
            == Fraction(unit["total"]["b"]) - Fraction(unit["total"]["a"])
        )
        assert unit["rank"]["change"] == unit["rank"]["a"] - unit["rank"]["b"]
    assert any(unit["rules"] for unit in comparison["units"])
    rows = list(
        csv.DictReader(
            StringIO(
                county(
                    "rulebook", "compare", "kaihua-2024", file, "--year", 2024, "--format", "csv"
                ).out
            )
        )
    )
    assert {row["unit"] for row in rows} == set(scores["a"])
    table = county("rulebook", "compare", "kaihua-2024", file, "--year", 2024).out
    assert "获评能手" in table


def test_the_differences_in_a_text_file_add_up_to_those_of_the_totals(
    county: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "b.toml"
    content = shipped("kaihua-2024").content.replace("cap = 30\n", "cap = 1\n", 1)
    file.write_text(content, encoding="utf-8")
    compare = ("rulebook", "compare", "kaihua-2024", file, "--year", 2024, "--format", "csv")
    rows = list(csv.DictReader(StringIO(county(*compare).out)))
    by_unit: dict[str, Fraction] = {}
    explained: dict[str, Fraction] = {}
    for row in rows:
        # The rows of projects have no totals: they are the same points once more.
        if row["total_a"]:
            by_unit[row["unit"]] = Fraction(row["total_b"]) - Fraction(row["total_a"])
            part = Fraction(row["difference"] or 0)
            explained[row["unit"]] = explained.get(row["unit"], Fraction(0)) + part
    assert any(by_unit.values())
    assert explained == by_unit
    assert "limits" in {row["rule"] for row in rows}


def test_the_projects_that_gain_or_lose_most_are_named_with_their_rule(
    county: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "b.toml"
    content = shipped("kaihua-2024").content
    # The sample county has projects with a signing: 3 points each there, 4 in the draft.
    draft = content.replace("signing = 3", "signing = 4", 1)
    assert draft != content
    file.write_text(draft, encoding="utf-8")
    arguments = ("rulebook", "compare", "kaihua-2024", file, "--year", 2024, "--limit")
    comparison = county(*arguments, 1000, "--format", "json").json
    projects = comparison["projects"]
    assert {row["rule"] for row in projects} == {"progress"}
    sizes = [abs(Fraction(row["difference"])) for row in projects]
    assert sizes == sorted(sizes, reverse=True)
    # One point more for the node, times what the size of the project multiplies it by.
    assert sizes[-1] >= Fraction("0.5")
    for unit in comparison["units"]:
        of_unit = [row for row in projects if row["unit"] == unit["unit"]]
        by_projects = sum((Fraction(row["difference"]) for row in of_unit), Fraction(0))
        by_rules = sum((Fraction(row["difference"]) for row in unit["rules"]), Fraction(0))
        assert by_projects == by_rules
    assert county(*arguments, 2, "--format", "json").json["projects"] == projects[:2]
    table = county(*arguments, 1).out
    assert projects[0]["project"] in table
    in_csv = csv.DictReader(StringIO(county(*arguments, 2, "--format", "csv").out))
    of_projects = [row for row in in_csv if row["project"]]
    shared = ("project", "unit", "rule", "clause", "a", "b", "difference")
    assert [{name: row[name] for name in shared} for row in of_projects] == projects[:2]


def test_units_that_gain_or_lose_most_come_first_in_the_table(county: Cli, tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    content = shipped("kaihua-2024").content
    file.write_text(content.replace("signing = 3", "signing = 4", 1), encoding="utf-8")
    arguments = ("rulebook", "compare", "kaihua-2024", file, "--year", 2024)
    units = county(*arguments, "--format", "json").json["units"]
    by_change = sorted(
        units, key=lambda row: abs(Fraction(row["total"]["difference"])), reverse=True
    )
    lines = county(*arguments).out.splitlines()
    first_lines = [next(line for line in lines if row["unit"] in line) for row in by_change]
    places = [lines.index(line) for line in first_lines]
    assert places == sorted(places)


def test_a_rulebook_of_a_past_year_is_compared_over_its_own_year_and_says_so(
    county: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "b.toml"
    file.write_text(shipped("kaihua-2024").content, encoding="utf-8")
    answer = county("rulebook", "compare", "kaihua-2024", file, "--format", "json")
    assert answer.json["year"] == 2024
    assert "--year" in answer.err
    named = county("rulebook", "compare", "kaihua-2024", file, "--year", 2024)
    assert named.err == ""


@pytest.mark.parametrize("command", [("score",), ("explain", "华埠镇"), ("targets",)])
def test_a_rulebook_of_another_year_is_said_to_be_taken_for_this_one(
    county: Cli, command: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "b.toml"
    file.write_text(shipped("kaihua-2024").content, encoding="utf-8")
    for book in ("kaihua-2024", file):
        answer = county(*command, "--rulebook", book, "--format", "json")
        year = machine_clock.machine_time().year
        note = f"covers 2024 to 2024; the year {year} is taken"
        assert (answer.code, note in answer.err) == (0, True)
        for axis in (("--year", "2025"), ("--as-of", "2025-03-01")):
            assert county(*command, "--rulebook", book, *axis).err == ""


def test_a_rulebook_with_its_own_modules_works_in_every_command(
    own_county: Cli, tmp_path: Path
) -> None:
    book = (
        shipped("gaoan-2021")
        .content.replace("2021-01-01", "2024-01-01")
        .replace("2021-12-31", "2024-12-31")
    )
    file = tmp_path / "g.toml"
    file.write_text(book, encoding="utf-8")
    # Its id still names the year 2021, which is a doubt and no error.
    assert "[other_year]" in own_county("rulebook", "adopt", file).err
    assert own_county("rulebook", "adopt", file, "--doubts-read").code == 0
    for month in ("2024-03", "2024-04"):
        own_county(
            "record",
            "IndicatorReported",
            "--unit",
            "华埠镇",
            "--occurred-on",
            f"{month}-28",
            "--indicator",
            "foreign_capital",
            "--period",
            month,
            "--actual",
            "5.5",
        )
    scores = own_county("score", "--year", 2024, "--format", "json").json
    first = scores["units"][0]
    assert (first["unit"], first["modules"]["foreign"], first["groups"]) == ("华埠镇", "30", {})
    assert (
        own_county(
            "score",
            "--year",
            2024,
            "--as-of",
            "2024-12-31",
            "--known-at",
            "2029-12-31",
            "--format",
            "json",
        ).json["units"]
        == scores["units"]
    )
    # Incremental tables equal rebuilt ones, and the scores from history.
    own_county(
        "record",
        "IndicatorReported",
        "--unit",
        "马金镇",
        "--occurred-on",
        "2024-05-28",
        "--indicator",
        "foreign_capital",
        "--period",
        "2024-05",
        "--actual",
        "2.2",
    )
    incremental = own_county("score", "--year", 2024, "--format", "json").json["units"]
    assert (
        incremental
        == own_county("score", "--year", 2024, "--known-at", "2029-12-31", "--format", "json").json[
            "units"
        ]
    )
    assert own_county("projections", "rebuild").code == 0
    assert own_county("score", "--year", 2024, "--format", "json").json["units"] == incremental
    explained = own_county("explain", "马金镇", "--year", 2024, "--format", "json").json
    (line,) = [line for line in explained["lines"] if line["rule"] == "foreign"]
    assert (line["points"], line["inputs"]["neighbours"][0]) == ("20.4", "华埠镇")
    assert own_county("explain", "马金镇", "--year", 2024).code == 0
    assert own_county("board", "2024-05").code == 0
    assert own_county("publish", "scores", "--year", 2024).code == 0
    assert own_county("audit", "publications").code == 0


# Shown --------------------------------------------------------------------------------------------


class Words(HTMLParser):
    """The text of a page, and its tags counted."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


@pytest.mark.parametrize("name", shipped_ids())
def test_a_policy_as_a_page_and_as_a_table(bare: Cli, name: str) -> None:
    page = Words()
    page.feed(bare("rulebook", "show", name, "--format", "html").out)
    book = shipped(name).rulebook
    show_words(words_declared_in(shipped(name).content))
    left_out = book.left_out or ()
    counts = [
        len(limit_rows(book)),
        len(rule_rows(book)),
        len(scoring_table_rows(book)),
        len(list(provision_rows(book))),
        len(left_out),
    ]
    # Each section that has rows has a heading row, too.
    assert page.tags.count("tr") == sum(counts) + sum(count > 0 for count in counts)
    assert {clause.why for clause in left_out} <= set(page.words)
    assert book.title in page.words
    assert {rule.clause for rule in book.rules} <= set(page.words)
    table = bare("rulebook", "show", name)
    assert table.code == 0
    assert all(module.chinese in table.out for module in book.modules)


def test_a_target_that_a_rule_refers_to_is_measured(own_county: Cli, tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text(shipped("teams-quarterly").content, encoding="utf-8")
    own_county("rulebook", "adopt", file)
    for indicator in ("team_projects", "lunches"):
        own_county(
            "record",
            "TargetSet",
            "--occurred-on",
            "2024-01-05",
            "--year",
            2024,
            "--indicator",
            indicator,
            "--amount",
            2,
            "--for-unit",
            "华埠镇",
        )
    message = own_county("targets", "--year", 2024).err
    assert "lunches" in message
    assert "team_projects" not in message
