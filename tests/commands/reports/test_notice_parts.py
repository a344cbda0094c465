"""The parts of an official notice (GB/T 9704-2012), and its prose against its tables."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from commands.reports.content import DocumentTable, Notice
from commands.reports.documents import write_document
from commands.reports.issuing_office import IssuingOffice, read_issuing_office
from commands.reports.template_texts import template_texts
from commands.words import notice_part_words, report_words
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import composed

MONTH = ("month", "2024-05", "2024-05-31")
OFFICE = IssuingOffice(
    issuer="某县招商办",
    addressees="各乡镇，县直各单位",
    copies_to="县委办公室",
    printed_by="某县政府办公室",
    requirements=("请抓紧落实。", "请及时反馈。"),
)


def month_notice(ledger: Ledger) -> Notice:
    content, _foot = composed(ledger, *MONTH)
    assert isinstance(content, Notice)
    return content


def table_of(notice: Notice, heading: str) -> DocumentTable:
    for section in (*notice.sections, *notice.annexes):
        if section.heading == heading:
            return section.tables[0]
    raise AssertionError(heading)


def sentences_of(notice: Notice, heading: str) -> str:
    return "".join(
        sentence
        for section in notice.sections
        if section.heading == heading
        for sentence in section.sentences
    )


def test_the_text_comes_first_and_tables_are_annexes(county_ledger: Ledger) -> None:
    content, foot = composed(county_ledger, *MONTH)
    texts = template_texts(content, foot)

    headings = [section["heading"] for section in texts["body"]]
    assert headings == [
        "一、总体情况",
        "二、“红黑榜”名单",
        *headings[2:-1],
        f"{report_words.section_heading(len(headings), '下步要求')}",
    ]
    assert all(section["tables"] == [] for section in texts["body"])
    annexes = texts["annexes"]
    signs = [f"附件{number}" for number in range(1, len(annexes) + 1)]
    assert [annex["sign"] for annex in annexes] == signs
    assert texts["annex_list"][0] == f"附件：1．{annexes[0]['heading']}"
    assert len(texts["annex_list"]) == len(annexes)
    # An office's own template that prints no annexes still gets every table.
    tables = [table for section in texts["sections"] for table in section["tables"]]
    assert len(tables) == sum(len(annex["tables"]) for annex in annexes)


def test_a_single_annex_bears_no_number() -> None:
    assert notice_part_words.annex_sign(1, 1) == "附件"
    assert notice_part_words.annex_list(["名单"]) == ["附件：名单"]


def _text_of(path: Path) -> str:
    """What a document says, without blanks and line ends."""
    if path.suffix == ".docx":
        body = Document(str(path)).element.body
        text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    else:
        text = "".join(page.extract_text() for page in PdfReader(path).pages)
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_who_issues_receives_and_prints_stands_in_the_document(
    county_ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    content, foot = composed(county_ledger, *MONTH)
    path = tmp_path / f"notice.{ending}"
    write_document(path, ending, content, foot, office=OFFICE)

    text = _text_of(path)
    places = [
        text.index(part)
        for part in (
            "某县招商办文件",
            "各乡镇，县直各单位：",
            "一、总体情况",
            "请抓紧落实。",
            "附件：1．",
            "抄送：县委办公室。",
            "某县政府办公室",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_minutes_say_who_attended_in_place_of_addressees_and_signature(
    county_ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    content, foot = composed(county_ledger, "minutes", "2024-06-14", "2024-06-30")
    path = tmp_path / f"minutes.{ending}"
    write_document(path, ending, content, foot, office=OFFICE)
    text = _text_of(path)

    assert "各乡镇，县直各单位：" not in text
    # Issuer and date stand above the title, and nowhere below the text (GB/T 9704, 10.3).
    head, _title, body = text.partition("招商引资2024年6月14日")
    assert "某县招商办" in head
    assert "某县招商办" not in body
    assert (
        body.index("任务交办") < body.index("出席：") < body.index("请假：") < body.index("列席：")
    )


def test_a_long_issuer_stands_alone_above_the_number() -> None:
    assert notice_part_words.letterhead("某县招商办") == "某县招商办文件"
    long_name = "开化县招商引资工作领导小组办公室"
    assert notice_part_words.letterhead(long_name) == long_name


def test_the_code_covers_the_ledger_and_not_the_office(county_ledger: Ledger) -> None:
    content, foot = composed(county_ledger, *MONTH)

    assert template_texts(content, foot, OFFICE)["code"] == template_texts(content, foot)["code"]
    assert not any("请抓紧落实" in line for line in content.statements())


def test_the_overview_says_what_the_table_of_targets_says(county_ledger: Ledger) -> None:
    notice = month_notice(county_ledger)
    overview = sentences_of(notice, "总体情况")

    county_rows = [row for row in table_of(notice, "目标完成与时序进度").rows if row[0] == "全县"]
    assert county_rows
    for _scope, indicator, target, actual, ratio, _pace, _gap in county_rows:
        assert isinstance(ratio, Fraction)
        name = str(indicator).partition("（")[0].removeprefix("其中")
        clause = next(part for part in re.split("[，；。]", overview) if f"{name}完成" in part)
        share = next(
            part
            for part in re.split("[，；。]", overview.partition(clause)[2])
            if part.startswith("为年度目标")
        )
        assert f"{float(ratio) * 100:.1f}%" in share
        numbers = re.findall(r"[0-9.]+", clause.partition("完成")[2] + share)
        for shown, exact in zip(numbers, (actual, target), strict=False):
            assert isinstance(exact, (int, Fraction))
            scale = 10_000 if "亿元" in clause.partition("完成")[2] else 1
            assert abs(Fraction(shown) * scale - exact) <= Fraction(scale, 200)


def test_units_that_are_named_stand_at_the_ends_of_their_table(county_ledger: Ledger) -> None:
    notice = month_notice(county_ledger)
    ranks = next(part for part in notice.annexes if part.heading == "各单位排名")

    for table in ranks.tables:
        units = [str(row[1]) for row in table.rows]
        if len(units) < 4:
            continue
        assert f"{table.name}序列中，{units[0]}、{units[1]}名次居前" in sentences_of(
            notice, "进展较好"
        )
        assert f"{units[-2]}、{units[-1]}名次靠后" in sentences_of(notice, "进展较慢")


def test_overdue_tasks_are_those_of_the_deadlines(county_ledger: Ledger, county: Cli) -> None:
    rows = county("deadlines", "--as-of", "2024-05-31", "--kind", "task", "--format", "json").json
    overdue = [row for row in rows if row["level"] == "red"]

    assert f"逾期未销号任务{len(overdue)}件" in sentences_of(
        month_notice(county_ledger), "存在问题"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [("issuers = 'x'", "issuers is no setting"), ("issuer = 1", "issuer is no"), ("[[", "TOML")],
)
def test_a_mistake_in_the_office_s_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "office.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(Rejected, match=re.escape(says)):
        read_issuing_office(file)


def test_the_annex_is_named_where_its_units_are(county_ledger: Ledger) -> None:
    content, foot = composed(county_ledger, "month", "2024-02", "2024-02-29")
    texts = template_texts(content, foot)
    red, black, *_interviews = texts["body"][1]["sentences"]
    # The demo county decided on a red list in February and on no black one.
    assert "、驻" in red
    assert red.endswith("（见附件1）。")
    assert black == "“黑榜”：无。"


def test_a_workbook_names_the_issuer_that_the_other_files_name(
    county_ledger: Ledger, tmp_path: Path
) -> None:
    content, foot = composed(county_ledger, *MONTH)
    path = tmp_path / "notice.xlsx"
    write_document(path, "xlsx", content, foot, office=OFFICE)
    first_column = [row[0].value for row in load_workbook(path).worksheets[0].iter_rows()]
    assert OFFICE.issuer in first_column
