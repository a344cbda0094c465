"""Documents, read by other programs, say what the projections say."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from commands.reports.content import DocumentContent, DocumentTable, FormBatch, Notice, cell_text
from commands.reports.documents import write_document
from commands.reports.foot import DocumentFoot, read_code
from commands.reports.ledger_workbook import COLUMNS, write_ledger
from commands.reports.template_texts import every_text, template_texts
from commands.words.ledger_words import ALL_PROJECTS
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import evaluate
from projections.scoring.judged_history import judged_at
from projections.views.project_view import project_row
from projections.views.sheet_view import task_rows
from projections.views.unit_view import unit_board
from tests.commands.reports.conftest import HOSTILE, composed, composed_once, ledger_foot, view_at

PERIODS = [
    ("month", "2024-05", "2024-05-31"),
    ("quarter", "2024-Q2", "2024-06-30"),
    ("year", "2024", "2024-12-31"),
]
SHEETS = [
    "开招办交〔2024〕1号",
    "开招办警〔2024〕1号",
    "开招办督〔2024〕1号",
    "开招办销〔2024〕1号",
    "开招办曝〔2024〕1号",
]
FORMS = [
    *(("sheet", number, "2024-12-31") for number in SHEETS),
    ("information", "KH-2024-016", "2024-12-31"),
    ("due", "2024-09-10", "2024-09-10"),
]
# `test_wall` says what it holds; here it is one of the documents that every program opens.
PICTURES_OF_COUNTY = [("wall", "2024-05-31", "2024-05-31")]
MEETINGS = [
    ("agenda", "2024-06", "2024-06-10"),
    ("agenda", "2024-H1", "2024-06-30"),
    ("minutes", "2024-06-14", "2024-06-30"),
]


def written(path: Path, content: DocumentContent, foot: DocumentFoot) -> Path:
    write_document(path, path.suffix[1:], content, foot)
    return path


def without_space(text: str) -> str:
    return re.sub(r"\s+", "", text)


def without_page_numbers(text: str) -> str:
    """Return a PDF's text; a sentence over two pages has the first one's number within it."""
    return re.sub("—[0-9]+—", "", without_space(text))


def text_of(path: Path) -> str:
    """Return all text of a Word file or a PDF, without white space."""
    if path.suffix == ".docx":
        return without_space(
            "".join(text.text or "" for text in Document(str(path)).element.body.iter(qn("w:t")))
        )
    return without_page_numbers("".join(page.extract_text() for page in PdfReader(path).pages))


def printed_texts(content: DocumentContent, foot: DocumentFoot) -> list[str]:
    """The texts that the shipped templates print."""
    texts = template_texts(content, foot)
    # Everything in one run, for an office's template that prints no annexes.
    texts.pop("sections", None)
    if not texts.get("printed_by"):
        texts.pop("printed_on", None)
    return list(every_text(texts))


def fonts_of(path: Path) -> list[tuple[str, bool]]:
    """Return whether each font of a PDF is embedded, by name."""
    sheets = {}
    for page in PdfReader(path).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            sheets[str(inner["/BaseFont"])] = any(
                name in inner["/FontDescriptor"] for name in ("/FontFile2", "/FontFile3")
            )
    return sorted(sheets.items())


@pytest.mark.parametrize(("kind", "subject", "day"), [*PERIODS, *FORMS, *MEETINGS], ids=str)
def test_word_and_pdf_say_every_text_and_embed_every_font(
    county_ledger: Ledger, tmp_path: Path, kind: str, subject: str, day: str
) -> None:
    content, foot = composed_once(county_ledger, kind, subject, day)
    expected = [without_space(text) for text in printed_texts(content, foot)]
    for ending in ("docx", "pdf"):
        path = written(tmp_path / f"d.{ending}", content, foot)
        document_text = text_of(path)
        assert [
            text for text in expected if text not in document_text and text != content.name
        ] == []
    assert fonts_of(tmp_path / "d.pdf")
    assert all(embedded and "Noto" in name for name, embedded in fonts_of(tmp_path / "d.pdf"))
    if isinstance(content, FormBatch):
        assert len(PdfReader(tmp_path / "d.pdf").pages) == len(content.forms)


@pytest.mark.parametrize(("kind", "subject", "day"), PERIODS)
def test_a_report_ranks_as_the_projections_do(
    county_ledger: Ledger, tmp_path: Path, kind: str, subject: str, day: str
) -> None:
    content, foot = composed_once(county_ledger, kind, subject, day)
    book = openpyxl.load_workbook(written(tmp_path / "d.xlsx", content, foot))
    scores = evaluate(county_ledger, view_at(county_ledger, day)).scores
    # One sheet for all sequences, which a reader can filter, instead of one for each.
    assert not {score.sequence for score in scores} & set(book.sheetnames)
    ranked = [
        row
        for name in book.sheetnames
        for row in book[name].iter_rows(min_row=4, values_only=True)
        if book[name]["A2"].value == "考核序列" and book[name]["B2"].value == "名次"
    ]
    for sequence in dict.fromkeys(score.sequence for score in scores):
        rows = [row[1:] for row in ranked if row[0] == sequence]
        sequence_scores = [score for score in scores if score.sequence == sequence]
        assert [(row[0], row[1]) for row in rows] == [
            (score.rank, score.name) for score in sequence_scores
        ]
        assert [[Fraction(str(value)) for value in row[3:]] for row in rows] == [
            [
                round(points, 10)
                for points in (
                    score.total,
                    *score.modules.values(),
                    *(counted for _raw, counted in score.groups.values()),
                )
            ]
            for score in sequence_scores
        ]
    assert read_code(book["核验"]["A3"].value) == replace(foot, known="", verifier="")


def test_a_report_explains_each_change_by_rules_that_sum_to_it(county_ledger: Ledger) -> None:
    content, _foot = composed_once(county_ledger, "month", "2024-05", "2024-05-31")
    assert isinstance(content, Notice)
    table = next(
        table
        for section in (*content.sections, *content.annexes)
        for table in section.tables
        if table.name == "得分变动"
    )
    current, before = (
        {
            score.unit: sum(score.modules.values())
            for score in evaluate(county_ledger, view_at(county_ledger, day)).scores
        }
        for day in ("2024-05-31", "2024-04-30")
    )
    changes = {unit: change for unit in current if (change := current[unit] - before[unit])}
    assert {row[0]: row[1] for row in table.rows if row[1]} == changes


def test_the_ledger_workbook_holds_what_the_projections_say(
    county_ledger: Ledger, tmp_path: Path
) -> None:
    view = view_at(county_ledger, "2024-12-31")
    write_ledger(
        tmp_path / "台账.xlsx",
        county_ledger,
        view,
        ledger_foot(county_ledger, view),
    )
    book = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    sheet = book[ALL_PROJECTS]
    headings = [cell.value for cell in sheet[2]]
    rows = [
        dict(zip(headings, row, strict=True))
        for row in sheet.iter_rows(min_row=4, values_only=True)
    ]
    *rows, sums = rows
    project_rows = [project_row(judged).as_json() for judged in judged_at(county_ledger, view)]
    assert headings == [column.heading for column in COLUMNS]
    assert [row["项目编号"] for row in rows] == [row["project"] for row in project_rows]
    for cells, row in zip(rows, project_rows, strict=True):
        assert Fraction(str(cells["累计投资"])) == Fraction(row["invested"])
        assert Fraction(str(cells["固定资产投资"])) == Fraction(row["scale"])
        assert day_of(cells["正式签约"]) == row["signing_on"]
        assert day_of(cells["考核期限"]) == row["period_end"]
    assert sums["项目编号"] == "合计"
    assert Fraction(str(sums["累计投资"])) == sum(Fraction(row["invested"]) for row in project_rows)
    open_tasks = {
        row.task.number for row in task_rows(county_ledger, view) if row.status != "cleared"
    }
    assert {
        number
        for row in rows
        if row["未办结单"]
        for number in re.findall(r"开招办\S+?号", row["未办结单"])
    } == open_tasks
    beside = (ALL_PROJECTS, "资源清单", "核验")
    of_sequences = [name for name in book.sheetnames if name not in beside]
    assert sum(book[name].max_row - 4 for name in of_sequences if book[name].max_row > 3) == len(
        rows
    )
    assert (
        sheet.freeze_panes,
        sheet.print_title_rows,
        sheet.page_setup.orientation,
        sheet.page_setup.paperSize,
    ) == ("A4", "$1:$3", "landscape", 9)
    assert sheet.auto_filter.ref.startswith("A3:")
    assert (sheet["G3"].value, sheet["G4"].number_format, sheet["L4"].number_format) == (
        "万元",
        "#,##0.00",
        "yyyy-mm-dd",
    )


def day_of(value: Any) -> str | None:
    return value.date().isoformat() if isinstance(value, datetime) else value


def test_hostile_texts_go_through_every_document_as_texts(
    hostile_ledger: Ledger, tmp_path: Path
) -> None:
    view = view_at(hostile_ledger, "2024-05-31")
    write_ledger(
        tmp_path / "t.xlsx",
        hostile_ledger,
        view,
        ledger_foot(hostile_ledger, view),
    )
    cells = {
        cell.value: cell.data_type
        for row in openpyxl.load_workbook(tmp_path / "t.xlsx")[ALL_PROJECTS].iter_rows()
        for cell in row
        if cell.value is not None
    }
    # Marks that turn a text around are dropped when it is stored.
    stored = [text.replace("\u202e", "").replace("\u200f", "") for text in HOSTILE]
    assert [text for text in stored if cells.get(text) != "s"] == []
    for kind, subject, endings in (
        ("month", "2024-05", ("docx", "pdf")),
        ("due", "2024-05-31", ("docx",)),
        ("information", "P1", ("pdf",)),
    ):
        content, foot = composed(hostile_ledger, kind, subject, "2024-05-31")
        for ending in endings:
            document_text = text_of(written(tmp_path / f"h.{ending}", content, foot))
            assert "13812345678" not in document_text
            lacking = [
                text
                for text in printed_texts(content, foot)
                if without_space(text) not in document_text and text != content.name
            ]
            assert lacking == []


def test_persons_are_named_only_to_readers_with_the_role(county_ledger: Ledger) -> None:
    for kind, subject, person in (
        ("information", "KH-2024-016", "lead_person"),
        ("sheet", SHEETS[3], "reviewed_by"),
    ):
        plain, named = (
            composed(county_ledger, kind, subject, "2024-12-31", contacts=contacts)[0]
            for contacts in (False, True)
        )
        assert set(named.statements()) - set(plain.statements()), person


def test_print_rounds_half_away_from_zero() -> None:
    assert [cell_text(Fraction(text), "points") for text in ("0.005", "-0.005", "2", "1/3")] == [
        "0.01",
        "-0.01",
        "2.00",
        "0.33",
    ]
    assert (
        cell_text(Fraction(1, 3), "share"),
        cell_text(None, "text"),
        cell_text(date(2024, 5, 1), "date"),
    ) == (
        "33.3%",
        "",
        "2024-05-01",
    )


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_a_document_tells_nothing_of_the_run_that_wrote_it(
    county_ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    content, foot = composed_once(county_ledger, "month", "2024-05", "2024-05-31")

    path = written(tmp_path / f"month.{ending}", content, foot)

    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0), member.filename
            assert member.create_system == 3, member.filename
    if ending == "xlsx":
        book = openpyxl.load_workbook(path)
        assert book.properties.created == datetime(2025, 1, 6)  # noqa: DTZ001 -- as the file says


def test_a_workbook_prints_every_line_of_its_sentences_and_its_foot(
    county_ledger: Ledger, tmp_path: Path
) -> None:
    """No program fits the height of a row when it prints: what is below is cut off."""
    content, foot = composed_once(county_ledger, "month", "2024-05", "2024-05-31")
    book = openpyxl.load_workbook(written(tmp_path / "d.xlsx", content, foot))
    assert len(book.sheetnames) <= 8
    for name in ("通报", "核验"):
        sheet = book[name]
        characters = sheet.column_dimensions["A"].width / 2
        for row in sheet.iter_rows(min_row=2 if name == "通报" else 1):
            text = str(row[0].value or "")
            lines = len(text.encode("gb18030")) / 2 / characters
            assert sheet.row_dimensions[row[0].row].height >= 12.5 * lines, text
    titles = [book[name]["A1"] for name in book.sheetnames[:-1]]
    assert all(title.alignment.wrap_text for title in titles)


def tables_of(content: DocumentContent) -> dict[str, DocumentTable]:
    assert isinstance(content, Notice)
    parts = (*content.sections, *content.annexes)
    return {table.name: table for section in parts for table in section.tables}


@pytest.mark.parametrize(("kind", "subject", "day"), PERIODS)
def test_a_figure_that_a_notice_prints_twice_is_the_same(
    county_ledger: Ledger, kind: str, subject: str, day: str
) -> None:
    """到位资金 has one definition: beside nodes, beside targets, on the unit's own screen."""
    content, _foot = composed_once(county_ledger, kind, subject, day)
    tables = tables_of(content)
    view = view_at(county_ledger, day)
    scores = evaluate(county_ledger, view).scores
    registered = {score.name: score.unit for score in scores}
    shown_on_boards = {}
    for row in tables["目标完成"].rows:
        scope, indicator, _target, actual = row[:4]
        if "到位资金" not in str(indicator):
            continue
        if scope != "全县":
            board = unit_board(county_ledger, view, registered[str(scope)])
            assert board is not None
            projects = sum(project.funds_in_place for project in board.projects)
            assert actual == projects
        shown_on_boards[scope] = actual
    assert len(shown_on_boards) > 20
    if "项目晾晒" in tables:
        beside_nodes = {row[0]: row[-1] for row in tables["项目晾晒"].rows}
        units = [scope for scope in shown_on_boards if scope in beside_nodes]
        assert units
        assert {unit: beside_nodes[unit] for unit in units} == {
            unit: shown_on_boards[unit] for unit in units
        }
        assert (
            sum(Fraction(str(value)) for value in beside_nodes.values()) == shown_on_boards["全县"]
        )


@pytest.mark.parametrize(("kind", "subject", "day"), PERIODS)
def test_the_columns_of_a_rank_table_add_up(
    county_ledger: Ledger, kind: str, subject: str, day: str
) -> None:
    """The groups, with their caps, and what stands in no group are the total."""
    content, _foot = composed_once(county_ledger, kind, subject, day)
    table = tables_of(content)["乡镇（办事处）"]
    headings = [column.heading for column in table.columns]
    for row in table.rows:
        cells = dict(zip(headings, row, strict=True))
        parts = [cells["过程与加分"], cells["推进与绩效"], cells["扣分"]]
        assert cells["总分"] == sum(Fraction(str(part)) for part in parts)


@pytest.mark.parametrize(("kind", "subject", "day"), PERIODS[:2])
def test_an_issued_notice_names_only_whose_listing_was_decided(
    county_ledger: Ledger, kind: str, subject: str, day: str
) -> None:
    draft, _foot = composed(county_ledger, kind, subject, day, number="")
    issued, _foot = composed_once(county_ledger, kind, subject, day)
    assert "（送审稿）" in "".join(draft.statements())
    assert any("建议" in name for name in tables_of(draft))
    for statement in issued.statements():
        assert "建议" not in statement
        assert "送审稿" not in statement


def test_counts_are_whole_and_units_stand_by_rank(county_ledger: Ledger) -> None:
    content, _foot = composed_once(county_ledger, "month", "2024-05", "2024-05-31")
    tables = tables_of(content)
    rows = [
        [cell_text(value, column.shape) for value, column in zip(row, table.columns, strict=True)]
        for table in [tables["目标完成"]]
        for row in table.rows
    ]
    counts = [row for row in rows if "（个）" in row[1]]
    assert counts
    assert all(row[2].isdigit() and row[3].isdigit() for row in counts)
    assert [row[0] for row in rows[: len(counts) + 1]] == ["全县"] * (len(counts) + 1)
    ranked = [
        row[1] for name, table in tables.items() if name == "乡镇（办事处）" for row in table.rows
    ]
    targeted = [row[0] for row in rows if row[0] in ranked]
    assert targeted == [unit for unit in ranked if unit in targeted]
