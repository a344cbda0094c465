"""`report check` finds a document identical, or names what differs; by file or by its code."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from commands.reports.document_reading import read_document
from commands.reports.foot import read_code
from lifecycle.rejections import Rejected
from projections.audit.verifier import verifier_digest
from tests.commands.conftest import Cli, process

NUMBER = "开招办〔2024〕5号"


@pytest.fixture(scope="module")
def written_month(county_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a month's notice in every format; for copying only."""
    folder, elsewhere = tmp_path_factory.mktemp("month"), tmp_path_factory.mktemp("account")
    answer = process(
        *("--db", county_store, "report", "month", "2024-05", "--to", folder, "--number", NUMBER),
        LIFECYCLE_LANG="en",
        XDG_DATA_HOME=str(elsewhere),
        XDG_CONFIG_HOME=str(elsewhere),
    )
    assert answer.code == 0, answer.err
    return folder


@pytest.fixture
def month(written_month: Path, tmp_path: Path) -> dict[str, Path]:
    """The notice's files by their formats, for a test to change."""
    shutil.copytree(written_month, tmp_path, dirs_exist_ok=True)
    return {path.suffix: path for path in tmp_path.iterdir()}


def code_of(path: Path) -> str:
    return str(openpyxl.load_workbook(path)["核验"]["A3"].value)


def test_a_new_document_is_identical_in_every_format_and_by_its_code(
    county: Cli, month: dict[str, Path]
) -> None:
    for path in month.values():
        answer = county("audit", "document", path, "--format", "json")
        assert (answer.code, answer.json["identical"], answer.json["subject"]) == (
            0,
            True,
            "2024-05",
        ), path
        assert answer.json["compared"] > 200
    code = code_of(month[".xlsx"])
    assert county("audit", "document", code).code == 0
    assert county("audit", "document", *code.split()).code == 0
    metadata = PdfReader(month[".pdf"]).metadata
    assert metadata is not None
    assert (
        str(metadata["/Keywords"]) == code == Document(str(month[".docx"])).core_properties.keywords
    )


def printed_text(path: Path) -> str:
    """All text of a document, without white space."""
    document = read_document(path)
    return "".join("".join((*document.lines, *document.cells.values())).split())


def test_every_printed_foot_bears_the_verifier_s_digest(month: dict[str, Path]) -> None:
    words = f"核验程序verify_bundle.py的SHA-256：{verifier_digest()}"
    for path in month.values():
        assert words in printed_text(path), path


@pytest.mark.parametrize("named", ["0" * 64, ""])
def test_a_document_of_another_version_names_its_own_verifier(
    county: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setattr("commands.reports.foot.verifier_digest", lambda: named)
    assert county("report", "month", "2024-05", "--to", tmp_path).code == 0
    paths = [path for path in tmp_path.iterdir() if path.is_file()]
    assert len(paths) == 3
    for path in paths:
        assert (named in printed_text(path), verifier_digest() in printed_text(path)) == (
            True,
            False,
        )
    monkeypatch.undo()
    for path in paths:
        answer = county("audit", "document", path)
        assert (answer.code, answer.err) == (0, ""), path


def test_a_number_changed_in_a_workbook_is_named_with_its_cell(
    county: Cli, month: dict[str, Path]
) -> None:
    book = openpyxl.load_workbook(month[".xlsx"])
    sheet = book[book.sheetnames[2]]
    before = sheet["E4"].value
    sheet["E4"] = before + 1
    book.save(month[".xlsx"])
    answer = county("audit", "document", month[".xlsx"], "--format", "json")
    assert (answer.code, [difference["place"] for difference in answer.json["differences"]]) == (
        1,
        [f"{book.sheetnames[2]}!E4"],
    )


def test_a_word_changed_in_a_document_is_named_with_both_readings(
    county: Cli, month: dict[str, Path]
) -> None:
    document = Document(str(month[".docx"]))
    run = next(
        run
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if "驻深圳招商组" in run.text
    )
    run.text = run.text.replace("驻深圳招商组", "驻广州招商组")
    document.save(str(month[".docx"]))
    answer = county("audit", "document", month[".docx"])
    assert answer.code == 1
    assert "驻广州招商组" in answer.err
    assert "驻深圳招商组" in answer.err


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2024-05-31", "2024-05-30", "内容摘要"),
        (" month 2024-05 ", " month 2024-04 ", "内容摘要"),
        (" kaihua-2024 ", " kaihua-2023 ", "unknown_rulebook"),
        (" month ", " poster ", "document_kind"),
        (" 2024-05-31 ", " 2024-02-31 ", "code_date"),
        ("LC1", "LC2", "cannot be used"),
    ],
)
def test_a_changed_code_fails_the_check(
    county: Cli, month: dict[str, Path], before: str, after: str, expected: str
) -> None:
    answer = county("audit", "document", code_of(month[".xlsx"]).replace(before, after))
    assert answer.code in (1, 3)
    assert expected in answer.err


def test_a_document_of_another_tree_fails_the_check(county: Cli, month: dict[str, Path]) -> None:
    foot = read_code(code_of(month[".xlsx"]))
    answer = county("audit", "document", foot.code.replace(foot.root, "0" * 16))
    assert (answer.code, "事件树根" in answer.err) == (1, True)
    assert (
        "not_held"
        in county("audit", "document", foot.code.replace(f" {foot.size} ", " 99999 ")).err
    )


def test_a_damaged_file_is_reported_as_damaged(
    county: Cli, month: dict[str, Path], tmp_path: Path
) -> None:
    for path in month.values():
        path.write_bytes(path.read_bytes()[:2_000])
        assert county("audit", "document", path).code in (1, 3)
    (tmp_path / "a.txt").write_text("x")
    assert county("audit", "document", tmp_path / "a.txt").code == 1
    assert county("audit", "document", tmp_path / "none.pdf").code == 3


def test_the_ledger_workbook_is_checked_cell_by_cell(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    assert cli("report", "ledger", path, "--as-of", "2024-12-31").code == 0
    assert cli("audit", "document", path).code == 0
    book = openpyxl.load_workbook(path)
    book["全部项目"]["F4"] = 2001
    book.save(path)
    answer = cli("audit", "document", path)
    assert (answer.code, "全部项目!F4" in answer.err) == (1, True)


def test_a_custom_template_is_used_for_writing_and_checking(county: Cli, tmp_path: Path) -> None:
    for ending in ("docx", "typ"):
        template = tmp_path / f"own.{ending}"
        assert county("report", "template", template, "--for", "form").code == 0
        assert county("report", "template", template).code == 1
    template = tmp_path / "own.typ"
    text = template.read_text(encoding="utf-8")
    own_text = text.replace("#let qr", "本单位自印 \n#let qr")
    template.write_text(own_text, encoding="utf-8")
    out = tmp_path / "out"
    answer = county(
        "report", "information", "KH-2024-016", "--to", out, "--template", tmp_path / "own.typ"
    )
    assert answer.code == 0, answer.err
    report_file = next(out.iterdir())
    assert "本单位自印" in PdfReader(report_file).pages[0].extract_text()
    assert county("audit", "document", report_file, "--template", tmp_path / "own.typ").code == 0
    assert county("audit", "document", report_file).code == 1


def test_wrong_requests_name_what_is_allowed(county: Cli, tmp_path: Path) -> None:
    messages = {
        ("month", "2024-13"): "2024-05",
        ("quarter", "2024-Q5"): "2024-Q2",
        ("sheet", "开招办交〔2024〕999号"): "unknown_sheet",
        ("information", "KH-1"): "unknown_project",
        ("sheet",): "--due",
        ("sheet", "--due", "--as-of", "2020-01-01"): "nothing_due",
        ("ledger", "t.csv"): ".xlsx",
        ("information", "KH-2024-016", "--template", __file__): "template_kind",
    }
    for question, expected in messages.items():
        answer = county("report", *question)
        assert answer.code in (1, 2), question
        assert expected in answer.err, answer.err
    (tmp_path / "bad.typ").write_text("#let x = ")
    assert (
        county(
            "report",
            "information",
            "KH-2024-016",
            "--to",
            tmp_path,
            "--template",
            tmp_path / "bad.typ",
        ).code
        == 3
    )
    (tmp_path / "bad.docx").write_bytes(b"PK")
    assert (
        county(
            "report",
            "information",
            "KH-2024-016",
            "--to",
            tmp_path,
            "--template",
            tmp_path / "bad.docx",
        ).code
        == 3
    )


def test_a_code_with_blanks_is_read_back_whole() -> None:
    code = (
        "LC1 information 华%20埠%251 kaihua-2024 0123456789ab 2024 2024-05-31 12"
        " 0123456789abcdef 2024-06-01 - c 0123456789abcdef"
    )
    foot = read_code(f"见下 {code} 止")
    request = foot.request
    assert (request.subject, request.contacts, request.number, foot.code) == (
        "华 埠%1",
        True,
        "",
        code,
    )
    with pytest.raises(Rejected):
        read_code("LC1 month")


def test_the_ledger_takes_no_other_workbooks_place(cli: Cli, tmp_path: Path) -> None:
    """台账.xlsx is what offices call the workbook that they keep themselves."""
    path = tmp_path / "台账.xlsx"
    openpyxl.Workbook().save(path)
    kept = path.read_bytes()
    rejected = cli("report", "ledger", path)
    assert (rejected.code, "[file_exists]" in rejected.err) == (1, True)
    assert path.read_bytes() == kept
    path.unlink()
    assert cli("report", "ledger", path).code == 0
    # What bears a document's code is written anew.
    assert cli("report", "ledger", path).code == 0


def test_a_code_copied_out_of_a_pdf_is_read_with_its_blanks() -> None:
    code = (
        "LC1 sheet 开招办交〔2024〕1 号 kaihua-2024 0123456789ab 2024 2024-05-31 12"
        " 0123456789abcdef 2024-06-01 开招 办〔2024〕5 号 - 0123456789abcdef"
    )
    foot = read_code(f"见下\n{code} 止")
    request = foot.request
    assert (request.subject, request.number) == ("开招办交〔2024〕1号", NUMBER)
