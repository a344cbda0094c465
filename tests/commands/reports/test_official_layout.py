"""Where the parts of a notice stand on the page, by GB/T 9704-2012, in PDF and Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from commands.reports.documents import write_document
from commands.reports.issuing_office import IssuingOffice
from lifecycle.ledger.store import Ledger
from tests.commands.reports.conftest import composed

POINTS_OF_MM: Final = 72 / 25.4
PITCH: Final = 225 / 22 * POINTS_OF_MM
"""A line of the body: 22 of them fill a page."""
TOP: Final = (297 - 37) * POINTS_OF_MM
BOTTOM: Final = 35 * POINTS_OF_MM
OFFICE: Final = IssuingOffice(
    issuer="某县招商办",
    addressees="各乡镇，县直各单位",
    copies_to="县委办公室",
    printed_by="某县政府办公室",
)


@pytest.fixture(scope="module")
def files(county_ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month's notice in both kinds of file."""
    folder = tmp_path_factory.mktemp("layout")
    content, foot = composed(county_ledger, "month", "2024-05", "2024-05-31")
    for ending in ("docx", "pdf"):
        write_document(folder / f"notice.{ending}", ending, content, foot, office=OFFICE)
    return folder


def baselines(page: Any) -> dict[str, float]:
    """The height of each run of text above the lower edge of the page, in points."""
    heights: dict[str, float] = {}

    def visit(text: str, matrix: Any, position: Any, _font: Any, _size: float) -> None:
        content = "".join(text.split())
        if content:
            # The height within the page's own coordinates, which begin at the top.
            height = matrix[1] * position[4] + matrix[3] * position[5] + matrix[5]
            heights.setdefault(content, height)

    page.extract_text(visitor_text=visit)
    return heights


def height_of(heights: dict[str, float], start: str) -> float:
    return next(height for text, height in heights.items() if text.startswith(start))


def test_the_parts_of_the_first_page_stand_where_the_standard_has_them(files: Path) -> None:
    heights = baselines(PdfReader(files / "notice.pdf").pages[0])
    mark = height_of(heights, "某县招商办文件")
    number = height_of(heights, "开招办")
    title = height_of(heights, "开化县")
    last_title = height_of(heights, "招商引资工作")
    addressees = height_of(heights, "各乡镇")
    # 发文机关标志: its upper edge is 35 mm below that of the type area (7.2.4).
    assert TOP - mark == pytest.approx(35 * POINTS_OF_MM + 26 * 0.8, abs=3)
    # 发文字号 two blank lines below it (7.2.5); 标题 two below the line (7.3.1).
    assert mark - number == pytest.approx(3 * PITCH, abs=3)
    assert number - title == pytest.approx(3 * PITCH + 4 * POINTS_OF_MM, abs=6)
    # 主送机关 one blank line below the title (7.3.2), then the text line by line.
    assert last_title - addressees == pytest.approx(2 * PITCH, abs=3)
    assert addressees - height_of(heights, "根据") == pytest.approx(PITCH, abs=0.1)


def test_annexes_and_signature_stand_below_the_text(files: Path) -> None:
    pages = [baselines(page) for page in PdfReader(files / "notice.pdf").pages]
    (page,) = [page for page in pages if any(text.startswith("附件：") for text in page)]
    texts = list(page)
    first = next(place for place, text in enumerate(texts) if text.startswith("附件："))
    # 附件说明 one blank line below the text (7.3.4).
    assert page[texts[first - 1]] - page[texts[first]] == pytest.approx(2 * PITCH, abs=0.1)
    issuer = texts.index("某县招商办")
    assert page[texts[issuer - 1]] - page[texts[issuer]] == pytest.approx(3 * PITCH, abs=0.1)
    assert page[texts[issuer]] - page[texts[issuer + 1]] == pytest.approx(PITCH, abs=0.1)


def test_an_annex_begins_a_page_with_its_heading_on_the_third_line(files: Path) -> None:
    pages = [baselines(page) for page in PdfReader(files / "notice.pdf").pages]
    annex = next(page for page in pages if any(text.startswith("附件1") for text in page))
    sign, heading = height_of(annex, "附件1"), height_of(annex, "“红黑榜”名单")
    assert TOP - sign == pytest.approx(16 * 0.8, abs=2)
    assert sign - heading == pytest.approx(2 * PITCH, abs=4)


def test_printing_notes_end_with_the_type_area_of_the_last_page(files: Path) -> None:
    last = baselines(PdfReader(files / "notice.pdf").pages[-1])
    copies, printed = height_of(last, "抄送"), height_of(last, "某县政府办公室")
    assert 0 < copies - printed < 2 * PITCH
    assert BOTTOM < printed < BOTTOM + 20


def paragraphs(files: Path) -> list[Any]:
    return list(Document(str(files / "notice.docx")).element.body.iterchildren())


def text_of_part(part: Any) -> str:
    return "".join(text.text or "" for text in part.iter(qn("w:t")))


def blank_lines_before(parts: list[Any], start: str) -> int:
    place = next(place for place, part in enumerate(parts) if text_of_part(part).startswith(start))
    count = 0
    while place > count and not text_of_part(parts[place - count - 1]):
        count += 1
    return count


def test_word_has_the_same_blank_lines(files: Path) -> None:
    parts = paragraphs(files)
    expected = {"开招办〔": 2, "开化县": 2, "各乡镇": 1, "附件：1": 1, "“红黑榜”名单": 1}
    assert {start: blank_lines_before(parts, start) for start in expected} == expected


def test_word_keeps_the_printing_notes_at_the_foot_of_the_last_page(files: Path) -> None:
    table = [part for part in paragraphs(files) if part.tag == qn("w:tbl")][-1]
    texts = [text_of_part(row) for row in table.iterchildren(qn("w:tr"))]
    assert [text[:4] for text in texts[1:]] == ["抄送：县", "某县政府"]
    position = table.tblPr.find(qn("w:tblpPr"))
    assert position.get(qn("w:vertAnchor")) == "margin"
    assert position.get(qn("w:tblpYSpec")) == "bottom"
    # 首条 and 末条分隔线 are thicker than the one between (7.4.1).
    lines = []
    for borders in table.iter(qn("w:tcBorders")):
        lines.append((borders.find(qn("w:top")).get(qn("w:sz")), borders[-1].get(qn("w:sz"))))
    assert lines == [("8", "6"), ("6", "8")]


def test_properties_of_the_word_templates_stand_in_the_order_of_the_schema(files: Path) -> None:
    body = Document(str(files / "notice.docx")).element.body
    order = ["tblStyle", "tblpPr", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for properties in body.iter(qn("w:tblPr")):
        names = [child.tag.partition("}")[2] for child in properties]
        assert names == sorted(names, key=order.index)
    for properties in body.iter(qn("w:pPr")):
        names = [child.tag.partition("}")[2] for child in properties]
        if {"snapToGrid", "spacing", "jc"} <= set(names):
            assert names.index("snapToGrid") < names.index("spacing") < names.index("jc")
