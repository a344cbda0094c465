"""`import --propose` and `import --map` from the command line, and on a terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commands.intake.register_map import read_register_map
from commands.intake.register_proposals import propose_map
from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli
from tests.given import TOWN
from tests.registers import Row, Sheet, write_register

HEADINGS = [
    "序号",
    "项目名称",
    "投资方",
    "责任单位",
    "报送时间",
    "产业类别",
    "项目性质",
    "总投资（亿元）",
    "固定资产投资（亿元）",
    "县外投资比例",
    "签约时间",
    "协议总投资（亿元）",
    "协议固投（亿元）",
    "联系人",
]
DAY = date(2024, 1, 5)
FIRST = [1, "硅料", "甲公司", TOWN, DAY, "工业", "新建", 1.5, 0.8, "80%"]
SIGNED = [*FIRST, date(2024, 2, 1), 1.5, 0.8, "余敏"]


def ledger_workbook(path: Path, *rows: list[object]) -> Path:
    title = ["某县招商引资项目台账"]
    return write_register(path, Sheet("台账", [title, HEADINGS, *rows], merged=["A1:N1"]))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return ledger_workbook(tmp_path / "台账.xlsx", FIRST)


def test_a_proposed_map_reads_the_ledger_that_it_was_made_from(
    cli: Cli, workbook: Path, tmp_path: Path
) -> None:
    map_file = tmp_path / "map.toml"
    proposed = cli("import", workbook, "--propose", map_file)
    assert proposed.code == 0, proposed.err
    # 新建 is no word of the policy: it is proposed, to be checked, with what it usually means.
    assert read_register_map(map_file).founding is not None
    assert 'words = { "新建" = "new" }' in map_file.read_text(encoding="utf-8")
    answer = cli("import", workbook, "--map", map_file)
    assert answer.code == 0, answer.err + answer.out
    assert "recorded 1, of which corrections 0" in answer.out
    assert cli("project", "show", "XM-2024-001").code == 0


def test_whether_a_project_is_newly_attracted_tells_its_kind(
    cli: Cli, workbook: Path, tmp_path: Path
) -> None:
    headings = ["是否新引进" if text == "项目性质" else text for text in HEADINGS]
    rows: list[Row] = [headings, [*FIRST[:6], "是", *FIRST[7:]], [*FIRST[:6], "否", *FIRST[7:]]]
    write_register(workbook, Sheet("台账", rows))
    map_file = tmp_path / "map.toml"
    proposed = cli("import", workbook, "--propose", map_file)
    map_text = map_file.read_text(encoding="utf-8")
    assert 'kind = { column = "是否新引进", words = { "是" = "new" } }' in map_text
    # 否 may mean more than one kind, and is asked for.
    kind = "Project information 项目信息·Project kind 项目性质"
    assert f"{kind}: what do these mean: 否" in proposed.out


def test_other_words_for_a_heading_are_recognised(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    others = ["县外投资占比", "决策咨询结果", "备案赋码"]
    headings = [*HEADINGS[:9], others[0], "决策咨询时间", others[1], "备案时间", others[2]]
    row = [*FIRST, DAY, "通过", DAY, "2401-330824-04-01-123456"]
    write_register(workbook, Sheet("台账", [headings, row]))
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    map_text = map_file.read_text(encoding="utf-8")
    assert [heading for heading in others if heading not in map_text] == []


def test_a_map_is_not_overwritten(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    map_file = tmp_path / "map.toml"
    map_file.write_text("# mine", encoding="utf-8")
    answer = cli("import", workbook, "--propose", map_file)
    assert (answer.code, "[map_exists]" in answer.err) == (1, True)
    assert map_file.read_text(encoding="utf-8") == "# mine"


def test_the_lists_are_printed_and_given_as_json(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    cli("import", workbook, "--map", map_file)
    changed = [*FIRST]
    changed[7] = 1.6
    ledger_workbook(workbook, changed, ["合计"])
    answer = cli("import", workbook, "--map", map_file)
    assert "changed cells, proposed as corrections (1):" in answer.out
    assert "sheet 台账, row 3, 总投资（亿元） (XM-2024-001): XM-2024-001#1 says 15000" in answer.out
    as_json = cli("import", workbook, "--map", map_file, "--format", "json").json
    (change,) = as_json["corrections"]
    assert (change["row"], change["old"], change["new"]) == (3, "15000", "16000")
    assert [(entry["sheet"], entry["row"]) for entry in as_json["passed_over"]] == [("台账", 4)]
    # The project of the fixture is in no row.
    assert [entry["project"] for entry in as_json["vanished"]] == ["P"]
    order = ("--corrections", "record", "--reason", "核实", "--approved-by", "余敏")
    recorded = cli("import", workbook, "--map", map_file, *order)
    assert "recorded 1, of which corrections 1" in recorded.out


def test_a_wrong_map_is_said_by_its_place(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    text = map_file.read_text(encoding="utf-8")
    for line, place in (
        ('unit = "元"', 'map.toml, unit "元": must be one of'),
        ('colour = "x"', 'map.toml, colour "x": is not a field here'),
        ("headings = [0]", "map.toml, map: headings must be neighbouring rows"),
    ):
        name = line.partition(" ")[0]
        kept = [entry for entry in text.splitlines() if not entry.startswith(f"{name} =")]
        map_file.write_text("\n".join([line, *kept]), encoding="utf-8")
        answer = cli("import", workbook, "--map", map_file)
        assert (answer.code, place in answer.err) == (1, True), answer.err


def test_options_that_do_not_fit_are_wrong_usage(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    by_map = ("import", workbook, "--map", map_file)
    for arguments in (
        ("import", workbook, "--month", "2024-05"),
        (*by_map, "--partial"),
        (*by_map, "--corrections", "record"),
        (*by_map, "--same", "XM-2024-001"),
        (*by_map, "--new", "one"),
        (*by_map, "--month", "2024-13"),
    ):
        assert cli(*arguments).code == 2, arguments


ANSWERS = (
    ("unit of amounts", "亿元"),
    ("签约时间: right?", "y"),
    ("First reporting unit 首报单位: number", "镇"),
    ("Reported at 报送时间: number", "3"),
    ("Project kind", "=3"),  # there are two kinds: asked again
    ("Project kind", "=1"),
    ("Planned investment", "9"),  # there are five columns: asked again
    ("Planned investment", "额"),
    ("Planned fixed assets", ""),
    ("Share from outside the county", "=80%"),
    ("Contract investment", "额"),
    ("Contract fixed assets", ""),
    ("what does 制造类 mean", "1"),
    ("what does 新材料 mean", "0"),
    ("how codes are made", "HB-{n}"),
)


def test_a_terminal_asks_for_what_the_headings_do_not_tell(cli: Cli, tmp_path: Path) -> None:
    headings = ["项目名称", "投资方", "签约时间", "镇", "产业类别", "额", "产业链"]
    row = ["硅料", "甲公司", DAY, TOWN, "制造类", 1.5, "新材料"]
    workbook = write_register(tmp_path / "a.xlsx", Sheet("台账", [headings, row]))
    map_file = tmp_path / "map.toml"
    terminal = Terminal("--db", cli.url, "import", str(workbook), "--propose", str(map_file))
    for prompt, answer in ANSWERS:
        terminal.sees(prompt)
        terminal.types(f"{answer}\n")
    terminal.sees("wrote")
    assert terminal.ends() == 0
    register_map = read_register_map(map_file)
    assert register_map.unit == "亿元"
    assert register_map.founding is not None
    fields = register_map.founding.fields
    assert (fields["reported_at"].column, fields["outside_ratio"].value) == ("签约时间", "0.8")
    assert fields["sector"].words == {"制造类": "industrial"}
    # 新材料 is no chain of the policy: the cell counts as empty.
    assert fields["chains"].words == {"新材料": ""}
    result = cli("import", workbook, "--map", map_file)
    assert (result.code, "Planned fixed assets" in result.out) == (0, True)


def test_a_ledger_of_forty_columns_leaves_few_questions(tmp_path: Path) -> None:
    """What the usual headings tell needs no question."""
    months = [f"{month}月" for month in range(1, 13)]
    others = [f"备用{number}" for number in range(14)]
    headings = [*HEADINGS, *months, *others]
    assert len(headings) == 40
    row = [*SIGNED, *range(1, 13)]
    workbook = write_register(tmp_path / "a.xlsx", Sheet("2024年台账", [headings, row]))
    proposal = propose_map(workbook)
    assert len(proposal.unsure()) + len(proposal.missing()) <= 8
    assert proposal.months is not None
    assert (proposal.months.year, len(proposal.months.columns)) == (2024, 12)


def test_a_word_of_no_vocabulary_is_quoted_and_the_map_is_named(cli: Cli, tmp_path: Path) -> None:
    headings = [*HEADINGS, "产业链"]
    rows = [[*SIGNED[:1], f"硅料{number}", *SIGNED[2:], "新材料"] for number in range(3)]
    workbook = write_register(tmp_path / "台账.xlsx", Sheet("2024年台账", [headings, *rows]))
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    map_text = map_file.read_text(encoding="utf-8")
    assert "新材料" in map_text.partition('chains = { column = "产业链" }')[2].splitlines()[1]
    answer = cli("import", workbook, "--map", map_file)
    assert answer.code == 1
    rejection, hint = answer.err.strip().splitlines()
    assert rejection.startswith('sheet 2024年台账, 3 rows (2-4): 产业链 "新材料": must be one of')
    assert 'words = { "新材料" = "…" }' in hint
    column = 'column = "产业链"'
    mapped = map_text.replace(column, f'{column}, words = {{ "新材料" = "" }}')
    map_file.write_text(mapped, encoding="utf-8")
    assert cli("import", workbook, "--map", map_file).code == 0


PLOTS: list[Row] = [
    ["某县招商资源台账"],
    ["序号", "地块名称", "资源类型", "坐落位置", "面积（亩）", "入库日期", "变更日期"],
    [1, "一号地", "工业用地", "芹阳园区", 120, DAY],
    [2, "B3", "标准厂房", "华埠镇", 30, DAY],
]


def test_a_list_of_plots_is_told_by_its_headings_and_recorded(cli: Cli, tmp_path: Path) -> None:
    workbook = write_register(tmp_path / "资源.xlsx", Sheet("资源", PLOTS))
    map_file = tmp_path / "map.toml"
    proposed = cli("import", workbook, "--propose", map_file)
    assert proposed.code == 0, proposed.err
    map_text = map_file.read_text(encoding="utf-8")
    assert '[resource]\ncode = { make = "ZY-{year}-{n:03}", year = "入库日期" }' in map_text
    # 标准厂房 is also a word for a project's site; here it is a kind of resource.
    assert 'words = { "工业用地" = "plot" } }' in map_text
    answer = cli("import", workbook, "--map", map_file)
    assert answer.code == 0, answer.err + answer.out
    rows = cli("resources", "list", "--format", "json").json
    assert [row["kind"] for row in rows] == ["plot", "standard_plant"]


def test_lists_of_a_list_of_plots_name_resources(cli: Cli, tmp_path: Path) -> None:
    workbook = write_register(tmp_path / "资源.xlsx", Sheet("资源", PLOTS))
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    cli("import", workbook, "--map", map_file)
    write_register(tmp_path / "资源.xlsx", Sheet("资源", PLOTS[:3]))
    answer = cli("import", workbook, "--map", map_file, "--format", "json").json
    assert [entry["resource"] for entry in answer["vanished"]] == ["ZY-2024-002"]
    output = cli("import", workbook, "--map", map_file).out
    assert "resources that are not in the workbook (1):" in output
    assert "ZY-2024-002 B3 is not in the workbook" in output


def test_a_wrong_cell_says_what_may_be_written_in_its_column(
    cli: Cli, workbook: Path, tmp_path: Path
) -> None:
    map_file = tmp_path / "map.toml"
    cli("import", workbook, "--propose", map_file)
    changed = map_file.read_text(encoding="utf-8")
    assert 'column = "县外投资比例"' in changed
    row: list[object] = list(FIRST)
    row[HEADINGS.index("县外投资比例")] = "百分之百"
    answer = cli("import", ledger_workbook(tmp_path / "b.xlsx", row), "--map", map_file)
    assert answer.code == 1
    assert "write 0.3 or 30%" in answer.err


@pytest.mark.parametrize("content", [b"", b"no workbook at all"])
def test_a_file_that_is_no_workbook_says_how_to_save_it(
    cli: Cli, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    answer = cli("import", path)
    assert answer.code == 3
    assert "save it as .xlsx" in answer.err
    assert "zip" not in answer.err
