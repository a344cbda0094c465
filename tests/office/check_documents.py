"""LibreOffice and poppler open every document of the demo county; build/office keeps pictures."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from commands import fonts
from commands.demo.county_records import records
from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.reports.documents import write_document
from commands.reports.ledger_workbook import write_ledger
from lifecycle.ledger.store import Ledger
from tests.commands.reports.conftest import composed, ledger_foot, view_at
from tests.commands.reports.test_documents import (
    FORMS,
    MEETINGS,
    PERIODS,
    PICTURES_OF_COUNTY,
    printed_texts,
    without_page_numbers,
    without_space,
)
from tests.ledgers import fill

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*PERIODS, *FORMS, *PICTURES_OF_COUNTY, *MEETINGS]
PICTURES = ROOT / "build" / "office"
STAND_INS = {
    "方正小标宋简体": "Noto Serif CJK SC",
    "仿宋_GB2312": "Noto Serif CJK SC",
    "楷体_GB2312": "Noto Serif CJK SC",
    "宋体": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
}
"""What stands in for the fonts that official documents name, on a machine without them."""


def configuration(folder: Path) -> Path:
    """A fontconfig file that knows the shipped fonts alone."""
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{stand_in}</string></edit>'
        "</match>"
        for name, stand_in in STAND_INS.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        f"<fontconfig><dir>{fonts.FOLDER}</dir><cachedir>{folder}/cache</cachedir>"
        f"{aliases}</fontconfig>"
    )
    return path


def output_of(*command: object, **environment: str) -> str:
    process = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return process.stdout


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path = tmp_path_factory.mktemp("office") / "l.db"
    with Ledger.open(f"sqlite:///{path}", create=True) as ledger:
        fill(ledger, records())
        yield ledger


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, county: Ledger) -> Path:
    """Every document in every file format; LibreOffice's PDFs of them lie in `office/`."""
    target = tmp_path_factory.mktemp("documents")
    for place, (kind, subject, day) in enumerate(DOCUMENTS):
        content, foot = composed(county, kind, subject, day)
        for ending in DOCUMENT_KINDS[kind].formats:
            write_document(target / f"{place}-{kind}.{ending}", ending, content, foot)
    view = view_at(county, "2024-12-31")
    write_ledger(target / "ledger.xlsx", county, view, ledger_foot(county, view))
    home = tmp_path_factory.mktemp("home")
    convertible = sorted(path for path in target.iterdir() if path.suffix != ".pdf")
    for ending in (".docx", ".xlsx"):
        output_of(
            "soffice",
            f"-env:UserInstallation=file://{home}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            target / f"by-{ending[1:]}",
            *[path for path in convertible if path.suffix == ending],
            FONTCONFIG_FILE=str(configuration(home)),
            HOME=str(home),
        )
    return target


def pdfs(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.pdf"))


def test_every_pdf_contains_every_text_and_embeds_every_font(folder: Path, county: Ledger) -> None:
    for place, (kind, subject, day) in enumerate(DOCUMENTS):
        path = folder / f"{place}-{kind}.pdf"
        content, foot = composed(county, kind, subject, day)
        pdf_text = without_page_numbers(output_of("pdftotext", "-raw", path, "-"))
        lacking = [
            text
            for text in printed_texts(content, foot)
            if without_space(text) not in pdf_text and text != content.name
        ]
        assert lacking == [], path
        rows = output_of("pdffonts", path).splitlines()[2:]
        assert rows
        assert all(row.split()[-5] == "yes" for row in rows), path


def test_libreoffice_opens_every_workbook_and_word_file(folder: Path) -> None:
    names = {path.stem for path in folder.iterdir() if path.suffix in (".docx", ".xlsx")}
    assert {path.stem for path in pdfs(folder) if path.parent != folder} == names
    for path in folder.glob("*.docx"):
        pdf_text = without_space(
            output_of("pdftotext", "-raw", folder / "by-docx" / f"{path.stem}.pdf", "-")
        )
        paragraphs = Document(str(path)).element.body.iter(qn("w:p"))
        expected = [
            "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
            for paragraph in paragraphs
        ]
        assert [
            text for text in expected if len(text) < 20 and without_space(text) not in pdf_text
        ] == [], path


def test_libreoffice_shows_the_numbers_of_a_workbook(folder: Path) -> None:
    for path in folder.glob("*.xlsx"):
        text = output_of("pdftotext", "-layout", folder / "by-xlsx" / f"{path.stem}.pdf", "-")
        shown = set(re.findall(r"-?[\d,]+\.\d\d(?!\d)", text))
        for sheet in openpyxl.load_workbook(path).worksheets:
            amounts = [
                cell.value
                for row in sheet.iter_rows(min_row=4)
                for cell in row
                if cell.number_format == "#,##0.00" and cell.value
            ]
            assert [
                value
                for value in amounts
                if f"{value:,.2f}" not in shown and round(value, 2) == value
            ] == [], sheet.title


def test_every_page_has_something_on_it_and_forms_have_one_page(folder: Path) -> None:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    for path in pdfs(folder):
        base = PICTURES / f"{'pdf' if path.parent == folder else path.parent.name}-{path.stem}"
        output_of("pdftoppm", "-r", "100", "-gray", path, base)
        pages = sorted(PICTURES.glob(f"{base.name}-*.pgm"))
        assert pages
        assert all(min(page.read_bytes()[20:]) < 64 for page in pages), path
        if any(kind in path.stem for kind in ("sheet", "information", "wall")):
            assert len(pages) == 1, path
        for page in pages:
            page.unlink()
        output_of("pdftoppm", "-r", "100", "-png", "-l", "3", path, base)
