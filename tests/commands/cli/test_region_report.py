"""A region's documents: which members they count, official or not, checked against the members."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.reports.document_members import DocumentMember, read_members, written_members
from commands.reports.document_reading import read_document
from lifecycle.ledger.store import Ledger
from tests.commands.region_cli import RegionCli
from tests.regions import (
    JIANGSHAN,
    KAIHUA,
    MEMBERS,
    Region,
    project,
    signed,
)

WITHOUT = ("--without", JIANGSHAN, "--reason", "账本: 尚未@上线; 下月补")
NUMBER = ("--number", "衢招办〔2024〕5号")


@pytest.fixture
def cli(region_on_either: Region, capsys: pytest.CaptureFixture[str]) -> RegionCli:
    """Three members; the region's own ledger lies on either database, its rulebook is adopted."""
    region = region_on_either
    rulebook = region.rulebook.read_text(encoding="utf-8")
    named = rulebook.replace("市招商引资主管部门", "衢州市招商引资工作领导小组")
    region.rulebook.write_text(named, encoding="utf-8")
    cli = RegionCli(region, capsys)
    cli.adopt()
    return cli


def written(cli: RegionCli, *arguments: object) -> dict[str, Path]:
    """Write documents; return their files by format."""
    folder = cli.region.folder / "out"
    answer = cli.on("report", *arguments, "--to", folder)
    assert answer.code == 0, answer.err
    return {Path(line).suffix[1:]: Path(line) for line in answer.out.splitlines()}


def text_of(path: Path) -> str:
    document = read_document(path)
    return "".join("".join([*document.lines, *document.cells.values()]).split())


@pytest.mark.parametrize(
    ("kind", "period", "title"),
    [
        ("month", "2024-05", "衢州市2024年5月招商引资工作“红黑榜”通报"),
        ("quarter", "2024-Q2", "衢州市2024年第二季度招商引资工作考核结果通报"),
        ("year", "2024", "衢州市2024年度招商引资工作考核结果通报"),
    ],
)
def test_a_notice_ranks_the_members_and_is_checked_against_their_ledgers(
    cli: RegionCli, kind: str, period: str, title: str
) -> None:
    files = written(cli, kind, period)
    assert set(files) == {"xlsx", "docx", "pdf"}
    text = text_of(files["docx"])
    assert title in text
    assert "本期共有成员3个，已全部计入" in text
    assert "非正式" not in text
    region_file = ("--region", cli.region.file)
    for path in files.values():
        assert "IDENTICAL" in cli("audit", "document", path, *region_file).out
    # What members record later is not what the notice counts.
    cli.region.members[KAIHUA].add(project("Z", name="后来的"), signed("Z", "500"))
    assert cli("audit", "document", files["xlsx"], *region_file).code == 0


def test_the_months_notice_names_lists_and_projects_counted_twice(cli: RegionCli) -> None:
    listing = ("--board", "red", "--month", "2024-05", "--reason", "签约领先")
    assert cli("record", "UnitListed", "--unit", KAIHUA, *listing).code == 0
    cli.region.members[JIANGSHAN].add(project("T", name="项目Ａ", investor="投资方A"))
    text = text_of(written(cli, "month", "2024-05", "--format", "docx")["docx"])
    assert "签约领先" in text
    assert "重复填报项目" in text
    assert f"{JIANGSHAN}/T" in text
    assert "衢州市2024年5月" in text


def test_an_absent_member_is_named_with_the_reason(cli: RegionCli) -> None:
    cli.region.members.pop(JIANGSHAN)
    files = written(cli, "month", "2024-05", *WITHOUT, *NUMBER, "--format", "docx")
    text = text_of(files["docx"])
    assert "本期共有成员3个，计入2个。" in text
    assert f"未计入：{JIANGSHAN}（按决定不计入：账本:尚未@上线;下月补）" in text
    assert "非正式" not in text
    checked = cli("audit", "document", files["docx"], "--region", cli.region.written())
    assert "IDENTICAL" in checked.out


def test_a_listing_of_a_member_that_does_not_count_stands(cli: RegionCli) -> None:
    listing = ("--board", "black", "--month", "2024-05", "--reason", "签约滞后")
    assert cli("record", "UnitListed", "--unit", JIANGSHAN, *listing).code == 0
    files = written(cli, "month", "2024-05", *WITHOUT, "--format", "docx")
    assert "签约滞后" in text_of(files["docx"])


def test_a_notice_that_is_not_official_says_so_and_bears_no_number(cli: RegionCli) -> None:
    cli.region.members.pop(JIANGSHAN)
    rejected = cli.on("report", "month", "2024-05", *NUMBER, "--to", cli.region.folder / "no")
    assert rejected.code == 1
    assert "2 of 3 members count, so the notice cannot bear a number" in rejected.err
    assert not (cli.region.folder / "no").exists()
    text = text_of(written(cli, "month", "2024-05", "--format", "docx")["docx"])
    assert "（非正式）" in text
    assert f"未计入：{JIANGSHAN}（缺失）" in text


def test_a_changed_member_or_none_at_hand_is_named(cli: RegionCli) -> None:
    path = written(cli, "month", "2024-05", "--format", "xlsx")["xlsx"]
    answer = cli("audit", "document", path)
    assert answer.code == 1
    assert f"the document counts events of {', '.join(MEMBERS)}" in answer.err
    code = next(text for text in read_document(path).code_texts if "LC1" in text)
    code = code[code.index("LC1") :]
    assert cli("audit", "document", code, "--region", cli.region.file).code == 0
    # Another position of a member is another document.
    with Ledger.open(cli.region.members[KAIHUA].url) as ledger:
        last = ledger.head().position
    forged = code.replace(f"{KAIHUA}:{last}", f"{KAIHUA}:{last - 1}")
    assert forged != code
    answer = cli("audit", "document", forged, "--region", cli.region.file)
    assert answer.code == 1
    assert "DIFFERS" in answer.err


def test_a_code_that_names_members_wrongly_is_rejected(cli: RegionCli) -> None:
    path = written(cli, "month", "2024-05", "--format", "xlsx")["xlsx"]
    text = next(text for text in read_document(path).code_texts if "LC1" in text)
    broken = text[text.index("LC1") :].replace(f"@{KAIHUA}:", f"@{KAIHUA}:x:y:")
    answer = cli("audit", "document", broken, "--region", cli.region.file)
    assert answer.code == 1
    assert "the code does not name members as it should" in answer.err


def test_names_of_members_in_a_code_read_back() -> None:
    members = (
        DocumentMember("开化县", 12, "VERIFIED"),
        DocumentMember("a:b;c@d %", None, "MISSING", "x: y; z@ %"),
        DocumentMember("江山市", None, "DIFFERS"),
    )
    written_text = written_members(members)
    assert not any(character.isspace() or character == "@" for character in written_text)
    assert read_members(written_text) == members


def test_the_region_in_one_file(cli: RegionCli, tmp_path: Path) -> None:
    cli.region.members[JIANGSHAN].add(project("T", name="项目Ａ", investor="投资方A"))
    path = tmp_path / "region.html"
    answer = cli.on("report", "html", path, "--as-of", "2024-12-31")
    assert answer.code == 0, answer.err
    page = path.read_text(encoding="utf-8")
    assert "本期共有成员3个，已全部计入" in page
    assert "重复填报：" in page
    # Of a city's members together nothing may be called a county's.
    assert "全县" not in page
    assert "全市" in page
    for unit, code in ((KAIHUA, "A"), (JIANGSHAN, "C")):
        assert f"{unit}/{code}" in page
    assert "总分 8.00" in page
    # Sheets and deadlines are the members' own matter.
    assert "任务单" not in page
    assert "期限最紧" not in page
    cli.on("report", "html", path, "--as-of", "2024-12-31", *WITHOUT)
    page = path.read_text(encoding="utf-8")
    assert "计入2个" in page
    assert f"{JIANGSHAN}/C" not in page
