"""What is wrong in a file is said with its place and with what stands there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands.words.messages import choose_language
from commands.words.problem_text import row_problem_text
from lifecycle.rejections import Problem, msg
from tests.commands.conftest import Cli
from tests.given import TOWN
from tests.registers import Row, Sheet, write_register

MAP = """format = "lifecycle-map/1"
headings = [1]
skip = ["合计"]
[project]
code = { column = "编号" }
[[event]]
event = "InformationReported"
name = { column = "名称" }
investor = { column = "投资方" }
reporting_unit = { column = "单位" }
reported_at = { column = "报送" }
sector = { value = "industrial" }
kind = { value = "new" }
planned_investment = { column = "总投资" }
planned_fixed_assets = { column = "固投" }
outside_ratio = { value = "1" }
"""
HEADINGS = ["编号", "名称", "投资方", "单位", "报送", "总投资", "固投"]
FOOTER = "合计：本页三个项目，请各单位核对后于5日前报送县招商中心，逾期不再受理"
NO_DAY = Problem("form", msg("must be a date"), {}, "milestones.0.due_on")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the messages be read in a language."""

    def choose(language: str) -> None:
        monkeypatch.setenv("LIFECYCLE_LANG", language)
        choose_language()

    return choose


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "zh_CN",
            (
                "表“投资出数”第 2 行：月份（month）“May-24”："
                "应为月份，写 2024-05、2024/5 或 2024年5月 [form]"
            ),
        ),
        (
            "en",
            (
                'sheet 投资出数, row 2: Month 月份 (month) "May-24": '
                "must be a month: write 2024-05, 2024/5 or 2024年5月 [form]"
            ),
        ),
    ],
)
def test_a_cell_that_is_rejected_is_quoted_at_its_place(
    cli: Cli, tmp_path: Path, reads: Callable[[str], None], language: str, sentence: str
) -> None:
    rows: list[Row] = [["项目编号", "月份", "当月固定资产投资"], ["P", "May-24", 5]]
    workbook = write_register(tmp_path / "a.xlsx", Sheet("投资出数", rows))
    reads(language)
    answer = cli("import", workbook)
    assert (answer.code, answer.err.strip()) == (1, sentence)


def test_a_text_file_has_lines_and_its_reasons_are_joined_in_the_language(
    cli: Cli, tmp_path: Path, reads: Callable[[str], None]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "event,project,month,fixed_assets\n投资出数,P,24/3,1.2.3\n", encoding="utf-8-sig"
    )
    reads("zh_CN")
    answer = cli("import", file, "--partial")
    assert "第 2 行：月份（month）“24/3”：" in answer.err
    assert "第 2 行：当月固定资产投资（fixed_assets）“1.2.3”：" in answer.err


def test_a_value_that_the_sentence_names_is_not_quoted_again(reads: Callable[[str], None]) -> None:
    reads("en")
    problem = Problem("unknown_unit", msg("there is no unit {name}"), {"name": "甲镇"}, "unit")
    assert row_problem_text(problem, {"unit": "甲镇"}).count("甲镇") == 1


@pytest.mark.parametrize(
    ("record", "quoted"),
    [
        ({"milestones": [{"due_on": "24/3/5"}]}, ' "24/3/5"'),
        ({"milestones": [{"due_on": "长" * 60}]}, f' "{"长" * 24}…"'),
        ({"milestones": []}, ""),
        ({"milestones": "x"}, ""),
        ({}, ""),
    ],
)
def test_the_value_at_an_inner_place_is_quoted_and_a_long_one_shortened(
    reads: Callable[[str], None], record: dict[str, object], quoted: str
) -> None:
    reads("en")
    text = row_problem_text(NO_DAY, record)
    assert text.endswith(f"(milestones.0.due_on){quoted}: must be a date [form]")


def test_rejected_cells_of_an_own_ledger_stand_in_its_order_and_are_quoted(
    cli: Cli, tmp_path: Path, reads: Callable[[str], None]
) -> None:
    rows: list[Row] = [
        HEADINGS,
        ["A-1", "硅料", "甲公司", TOWN, "3月5日", "约2亿", 1],
        ["A-2", "茶叶", "乙公司", TOWN, "2024-03-05", "=NA()", 1],
        [FOOTER],
    ]
    workbook = write_register(
        tmp_path / "a.xlsx", Sheet("台账", rows, extra={"F3": ("=NA()", None, "#N/A")})
    )
    map_file = tmp_path / "map.toml"
    map_file.write_text(MAP, encoding="utf-8")
    reads("zh_CN")
    answer = cli("import", workbook, "--map", map_file)
    lines = answer.err.strip().splitlines()
    places = [line.partition("：")[0] for line in lines]
    assert places == ["表“台账”第 2 行", "表“台账”第 2 行", "表“台账”第 3 行"]
    assert "报送“3月5日”：" in lines[0]
    assert "总投资“约2亿”：" in lines[1]
    # A footer is quoted to be found again, not to be read.
    assert f"表“台账”第 4 行“编号”：该行以“{FOOTER[:24]}…”开头，已跳过" in answer.out


def test_a_row_whose_year_cannot_be_read_is_not_called_empty(cli: Cli, tmp_path: Path) -> None:
    made = MAP.replace('{ column = "编号" }', '{ make = "KH-{year}-{n:03}", year = "报送" }')
    map_file = tmp_path / "map.toml"
    map_file.write_text(made, encoding="utf-8")
    row = ["", "硅料", "甲公司", TOWN, "3月5日", 2, 1]
    workbook = write_register(tmp_path / "a.xlsx", Sheet("台账", [HEADINGS, row]))
    answer = cli("import", workbook, "--map", map_file)
    assert "[no_year]" in answer.err
    assert "left out" not in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", ""),
        ("import", "a.xlsx", "--map", ""),
        ("backup", ""),
        ("audit", "bundle", ""),
        ("report", "ledger", ""),
        ("report", "wall", ""),
        ("record", "跟进", "--receipt", ""),
        ("audit", "verify", "--witness", ""),
        ("project", "list", "--format", "xlsx", "--output", ""),
    ],
)
def test_an_empty_name_of_a_file_is_wrong_usage(cli: Cli, arguments: tuple[str, ...]) -> None:
    answer = cli(*arguments)
    assert (answer.code, "the name is empty" in answer.err) == (2, True), answer.err


def test_an_unknown_event_of_a_stream_is_said_without_a_stored_name(cli: Cli) -> None:
    answer = cli("correct", "P", "99")
    assert (answer.code, answer.err.strip()) == (1, "P has no event 99 [unknown_version]")
    assert cli("correct", "无此项目", "1").err.startswith("stream") is False


def test_lists_in_chinese_sentences_are_divided_by_the_chinese_mark(
    cli: Cli, reads: Callable[[str], None]
) -> None:
    reads("zh_CN")
    answer = cli("sheets", "list", "--status", "无")
    assert "办理中 (open)、已逾期 (overdue)、" in answer.err
    assert ", " not in answer.err.splitlines()[-1]
    assert "已知工作日安排：" in cli("status").out


def test_a_rejected_row_of_an_own_ledger_is_said_once_and_by_its_column(
    cli: Cli, tmp_path: Path
) -> None:
    signing = """[[event]]
event = "AgreementSigned"
occurred_on = { column = "签约" }
contract_investment = { column = "总投资" }
contract_fixed_assets = { column = "固投" }
"""
    map_file = tmp_path / "map.toml"
    map_file.write_text(MAP + signing, encoding="utf-8")
    row = ["A-1", "硅料", "甲公司", "无此镇", "2024-03-05", 2, 1, "2024-04-01"]
    workbook = write_register(tmp_path / "a.xlsx", Sheet("台账", [[*HEADINGS, "签约"], row]))
    answer = cli("import", workbook, "--map", map_file)
    # Without its report the signing would be rejected for that alone.
    (line,) = answer.err.strip().splitlines()
    assert line.startswith("sheet 台账, row 2: 单位: ")
    assert "[unit_not_registered]" in line


def test_a_term_may_be_typed_without_its_bracket(cli: Cli) -> None:
    typed = ("--unit", "新镇", "--occurred-on", "2024-01-01", "--sequence", "乡镇")
    assert cli("record", "单位登记", *typed, "--category", "乡镇", "--yes").code == 0
    (unit,) = [row for row in cli("unit", "list", "--format", "json").json if row["unit"] == "新镇"]
    assert unit["category"] == "township"


def test_help_names_the_choices_in_the_language(cli: Cli, reads: Callable[[str], None]) -> None:
    reads("zh_CN")
    assert "县级部门" in cli("record", "单位登记", "--help").out
    reads("en")
    assert "department" in cli("record", "单位登记", "--help").out
