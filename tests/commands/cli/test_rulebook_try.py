"""A parameter of a rulebook tried over a range: where ranks change, worked out by hand."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

import pytest

from tests.commands.conftest import Cli
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, RULE

SIGNINGS = RULE + 'measure = "indicator"\nindicator = "a"\nkind = "per_item"\npoints = 1.25\n'
VISITS = RULE.replace("r.1", "r.2") + (
    'measure = "indicator"\nindicator = "b"\nkind = "per_item"\npoints = 1\nlimit = 30\n'
)
BOOK = HEAD + SIGNINGS + VISITS
PLACE = "rules.r.1.points"
DAY = ("--as-of", "2024-12-31")


@pytest.fixture
def towns(bare: Cli) -> Cli:
    """Two townships: 甲镇 has 4 of a, 乙镇 1 of a and 6 of b."""
    assert bare("init").code == 0
    for name in ("甲镇", "乙镇"):
        register = ("--unit", name, "--category", "township", "--sequence", "乡镇")
        assert bare("record", "UnitRegistered", "--occurred-on", "2024-01-01", *register).code == 0
    for name, indicator, actual in (("甲镇", "a", 4), ("乙镇", "a", 1), ("乙镇", "b", 6)):
        figure = ("--indicator", indicator, "--period", "2024", "--actual", actual)
        record = ("record", "IndicatorReported", "--unit", name, "--occurred-on", "2024-12-30")
        assert bare(*record, *figure).code == 0
    return bare


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "draft.toml"
    file.write_text(BOOK, encoding="utf-8")
    return file


def test_the_values_at_which_ranks_change(towns: Cli, book: Path) -> None:
    events = towns.events
    trial = towns(
        "rulebook", "try", book, PLACE, "1..3", "--step", "0.5", *DAY, "--format", "json"
    ).json
    # 4p against p + 6: equal at 2, so 乙镇 leads below it and 甲镇 above.
    changes = [
        (row["previous_value"], row["value"], row["unit"], row["rank_before"], row["rank_after"])
        for row in trial["changes"]
    ]
    assert changes == [("1.5", "2", "甲镇", 2, 1), ("2", "2.5", "乙镇", 1, 2)]
    first = trial["changes"][0]
    assert (first["total_before"], first["total_after"]) == ("6", "8")
    # The present value is tried too, whatever the step.
    values = [row["value"] for row in trial["values"]]
    assert values == ["1", "1.25", "1.5", "2", "2.5", "3"]
    totals = {unit["unit"]: unit["total"] for unit in trial["values"][1]["units"]}
    assert totals == {"甲镇": "5", "乙镇": "7.25"}
    assert (trial["present"], trial["step"], trial["rejected"]) == ("1.25", "0.5", [])
    assert towns.events == events


def test_thirds_stay_exact(towns: Cli, book: Path) -> None:
    rows = towns(
        "rulebook", "try", book, PLACE, "5/3..7/3", "--step", "1/3", *DAY, "--format", "csv"
    ).out
    changes = [(row["previous_value"], row["value"]) for row in csv.DictReader(StringIO(rows))]
    assert changes == [("5/3", "2"), ("2", "7/3")]


def test_a_range_without_a_change_says_so(towns: Cli, book: Path) -> None:
    answer = towns("rulebook", "try", book, PLACE, "3..4", *DAY)
    assert answer.code == 0
    assert "no rank changes within this range" in answer.out


def test_values_that_the_rulebook_may_not_have_are_named_as_ranges(towns: Cli, book: Path) -> None:
    arguments = ("rulebook", "try", book, "rules.r.2.limit", "-2..8", "--step", "2", *DAY)
    trial = towns(*arguments, "--format", "json").json
    (rejected,) = trial["rejected"]
    assert (rejected["from"], rejected["to"]) == ("-2", "0")
    assert [row["value"] for row in trial["values"]] == ["2", "4", "6", "8"]
    # 甲镇 has 5; 乙镇 1.25 and at most the limit: ahead of 甲镇 from 4 on.
    assert [(row["value"], row["unit"], row["rank_after"]) for row in trial["changes"]] == [
        ("4", "乙镇", 1),
        ("4", "甲镇", 2),
    ]
    assert "-2 to 0: " in towns(*arguments).err


def test_a_name_that_is_no_parameter_lists_those_there_are(towns: Cli, book: Path) -> None:
    answer = towns("rulebook", "try", book, "rules.r.9.points", "1..3", *DAY)
    assert answer.code == 1
    assert f"{PLACE} = 1.25" in answer.err
    assert "rules.r.2.limit = 30" in answer.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("3..1",), "must begin below its end"),
        (("1..",), "is not a range such as"),
        (("1..1/0",), "is not a range such as"),
        (("1..3", "--step", "0"), "is not a step above 0"),
        (("1..3", "--step", "-1"), "is not a step above 0"),
        (("1..3", "--step", "0.0001"), "at most 400 values"),
    ],
)
def test_a_range_that_cannot_be_tried_is_rejected(
    towns: Cli, book: Path, options: tuple[str, ...], message: str
) -> None:
    answer = towns("rulebook", "try", book, PLACE, *options, *DAY)
    assert answer.code != 0
    assert message in answer.err


def test_the_chart_is_a_page_with_the_table_it_is_drawn_from(
    towns: Cli, book: Path, tmp_path: Path
) -> None:
    chart = tmp_path / "trial.html"
    arguments = ("rulebook", "try", book, PLACE, "1..3", "--step", "1", *DAY, "--chart", chart)
    assert towns(*arguments).code == 0
    page = chart.read_text(encoding="utf-8")
    headings = "".join(f'<th scope="col">{text}</th>' for text in ("单位", "1", "1.25", "2", "3"))
    assert headings in page
    ranks = "".join(f"<td>{rank}</td>" for rank in (2, 2, 1, 1))
    assert f'<th scope="row">甲镇</th>{ranks}' in page
    assert 'data-chart="ranks"' in page
    # A file that is there already is never written over.
    again = towns(*arguments)
    assert again.code == 1
    assert "already exists" in again.err


DOCS = Path(__file__).parents[3] / "docs"
EXAMPLE = re.compile(r"```text\n\$ lifecycle (rulebook try .*)\n((?:.*\n)+?)```")


def test_the_example_of_the_documentation(
    county: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for page, language in (("rulebooks.md", "en"), ("rulebooks.zh-CN.md", "zh_CN")):
        monkeypatch.setenv("LIFECYCLE_LANG", language)
        monkeypatch.setenv("LANGUAGE", language)
        example = EXAMPLE.search((DOCS / page).read_text(encoding="utf-8"))
        assert example is not None
        answer = county(*example[1].split())
        Path("award.html").unlink()
        printed = [line.rstrip() for line in (answer.out + answer.err).splitlines()]
        assert [line for line in printed if line] == example[2].splitlines()
