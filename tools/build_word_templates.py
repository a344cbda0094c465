"""Make the Word templates, laid out by GB/T 9704-2012: `python -m tools.build_word_templates`.

A4, margins 37, 35, 28 and 26 mm, 22 lines of 28 characters; title 2号小标宋, body 3号仿宋, first headings 黑体, second 楷体;
page numbers 4号 between dashes, right on odd pages and left on even ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FOLDER: Final = Path(__file__).parents[1] / "commands" / "reports" / "templates"
BIAOSONG, FANGSONG, HEITI, KAITI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
FALLBACKS: Final = {BIAOSONG: "华文中宋", FANGSONG: "仿宋", HEITI: "SimHei", KAITI: "楷体"}
"""What Word takes where the first is missing (the font table's altName)."""
BODY: Final = 16
"""3号."""
_PITCH: Final = Pt(28.95)
_RED: Final = RGBColor(0xC0, 0, 0)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def element(name: str, **attributes: str) -> Any:
    """An element of the word processing namespace."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def written(
    paragraph: Paragraph, text: str, font: str = FANGSONG, size: float = BODY, *, red: bool = False
) -> Paragraph:
    """Write a run in a Chinese font."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman" if font in (FANGSONG, KAITI) else font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 -- python-docx has no other way to East Asian fonts
    if size == BODY:
        run._r.get_or_add_rPr().append(element("spacing", val="-4"))  # noqa: SLF001 -- as above; 28 characters to a line of 156 mm
    if red:
        run.font.color.rgb = _RED
    return paragraph


def paragraph(
    place: Any,
    text: str,
    font: str = FANGSONG,
    size: float = BODY,
    *,
    align: Any = None,
    indent: bool = False,
    red: bool = False,
) -> Paragraph:
    """A paragraph of the body, on the grid of lines."""
    made = written(place.add_paragraph(), text, font, size, red=red)
    shape = made.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, max(_PITCH, Pt(size + 8))
    shape.alignment = align
    shape.keep_with_next = font in (HEITI, KAITI)
    if size != BODY:
        off_grid(made)
    if indent:
        made._p.get_or_add_pPr().append(element("ind", firstLineChars="200", firstLine="632"))  # noqa: SLF001 -- as above
    return made


def off_grid(place: Paragraph) -> None:
    """Small and large lines do not stand on the grid of the body's lines."""
    place._p.get_or_add_pPr().append(element("snapToGrid", val="0"))  # noqa: SLF001 -- as above


def control(place: Any, tag: str) -> None:
    """A line of the template's language, which leaves no paragraph behind."""
    place.add_paragraph("{%p " + tag + " %}")


def page(document: Doc) -> None:
    """A4 with the standard's margins, grid and page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(24)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 -- as above
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _page_number(footer.paragraphs[0], align)


def _page_number(place: Paragraph, align: Any) -> None:
    place.alignment = align
    place.paragraph_format.left_indent = place.paragraph_format.right_indent = Pt(14)
    written(place, "— ", size=14)
    for kind in ("begin", None, "end"):
        run = written(place, "", size=14).runs[-1]._r  # noqa: SLF001 -- as above
        if kind is None:
            instruction = element("instrText")
            instruction.text = "PAGE"
            run.append(instruction)
        else:
            run.append(element("fldChar", fldCharType=kind))
    written(place, " —", size=14)


def bordered(table: Any) -> None:
    """Thin lines around every cell, fixed widths."""
    properties = table._tbl.tblPr  # noqa: SLF001 -- as above
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz="4", space="0", color="000000"))
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w="50", type="dxa"))
    properties.append(margins)


def cell(
    place: Any, text: str, font: str = FANGSONG, size: float = 9, *, align: Any = CENTRE
) -> None:
    """A cell's text, small and close."""
    first = place.paragraphs[0]
    written(first, text, font, size)
    first.alignment = align
    first.paragraph_format.line_spacing_rule, first.paragraph_format.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        Pt(size + 5),
    )
    first.paragraph_format.space_after = Pt(0)
    off_grid(first)
    properties = place._tc.get_or_add_tcPr()  # noqa: SLF001 -- as above
    properties.append(element("vAlign", val="center"))


def _wide(table: Any, widths: tuple[Any, ...]) -> None:
    """Set the widths of columns, for programs that read the grid and for those that read the cells."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for place in column.cells:
            place.width = width


def repeated(row: Any) -> None:
    """A row at the head of every page, none broken over two."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))  # noqa: SLF001 -- as above


def whole(row: Any) -> None:
    """A row that is not broken over two pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))  # noqa: SLF001 -- as above


def foot(document: Doc) -> None:
    """The foot: the code as a picture, what the document rests on, the code in letters."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _wide(table, (Mm(24), Mm(132)))
    cell(table.cell(0, 0), "{{ qr }}", size=7.5)
    right = table.cell(0, 1)
    cell(right, "{{ foot[0] }}", size=7.5, align=LEFT)
    for text in ("{{ foot[1] }}", "{{ code }}"):
        off_grid(written(right.add_paragraph(), text, size=7.5))
    table.cell(0, 0).paragraphs[0].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for line in right.paragraphs:
        line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = (
            WD_LINE_SPACING.EXACTLY,
            Pt(12),
        )
        line.paragraph_format.space_after = Pt(0)
    borders = element("tblBorders")
    borders.append(element("top", val="single", sz="4", space="0", color="000000"))
    table._tbl.tblPr.append(borders)  # noqa: SLF001 -- as above


def fallbacks(document: Doc) -> None:
    """Name for each Chinese font what stands in for it."""
    part = next(
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype.endswith("/fontTable")
    )
    added = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{added}</w:fonts>".encode())  # noqa: SLF001 -- a part that python-docx keeps as bytes


def new() -> Doc:
    """An empty document of the standard's layout."""
    document = Document()
    page(document)
    fallbacks(document)
    return document


def notice() -> Doc:
    """通报."""
    document = new()
    paragraph(document, "", align=CENTRE)
    paragraph(document, "{{ issuer }}文件", BIAOSONG, 26, align=CENTRE, red=True)
    paragraph(document, "", align=CENTRE)
    number = paragraph(document, "{{ number }}", align=CENTRE)
    line = element("pBdr")
    line.append(element("bottom", val="single", sz="12", space="10", color="C00000"))
    number._p.get_or_add_pPr().append(line)  # noqa: SLF001 -- as above
    paragraph(document, "", align=CENTRE)
    control(document, "for line in title")
    paragraph(document, "{{ line }}", BIAOSONG, 22, align=CENTRE)
    control(document, "endfor")
    paragraph(document, "", align=CENTRE)
    paragraph(document, "{{ opening }}", indent=True)
    control(document, "for section in sections")
    paragraph(document, "{{ section.heading }}", HEITI, indent=True)
    control(document, "for sentence in section.sentences")
    paragraph(document, "{{ sentence }}", indent=True)
    control(document, "endfor")
    control(document, "for one in section.tables")
    control(document, "if one.heading")
    paragraph(document, "{{ one.heading }}", KAITI, indent=True)
    control(document, "endif")
    _rows(document)
    control(document, "endfor")
    control(document, "endfor")
    paragraph(document, "")
    for text in ("{{ issuer }}", "{{ dated }}"):
        made = paragraph(document, text, align=RIGHT)
        made.paragraph_format.right_indent = Pt(64)
    paragraph(document, "")
    foot(document)
    return document


def _rows(document: Doc) -> None:
    """A table of as many columns and rows as there are."""
    table = document.add_table(rows=4, cols=3)
    bordered(table)
    loops = ("{%tc for column in one.columns %}", "{{ column.heading }}", "{%tc endfor %}")
    cells = ("{%tc for value in row %}", "{{ value }}", "{%tc endfor %}")
    for place, text in enumerate(loops):
        cell(table.cell(0, place), text, HEITI)
    repeated(table.rows[0])
    cell(table.cell(1, 0), "{%tr for row in one.rows %}")
    for place, text in enumerate(cells):
        cell(table.cell(2, place), text)
    whole(table.rows[2])
    cell(table.cell(3, 0), "{%tr endfor %}")


def form() -> Doc:
    """A form a page: fields beside their labels, who signs, the loop's history in small, the foot."""
    document = new()
    control(document, "for form in forms")
    paragraph(document, "{{ form.title }}", BIAOSONG, 22, align=CENTRE)
    heading = paragraph(document, "{{ issuer }}", size=12)
    heading.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    written(heading, "\t{{ form.number }}", size=14)
    _fields(document)
    paragraph(
        document,
        "{% for text in form.signatures %}{{ text }}{% if not loop.last %}　　　　　　{% endif %}{% endfor %}",
        size=12,
    )
    control(document, "for line in form.history")
    small = paragraph(document, "{{ line }}", size=8)
    small.paragraph_format.line_spacing = Pt(12)
    control(document, "endfor")
    foot(document)
    control(document, "if not loop.last")
    paragraph(document, "").add_run().add_break(WD_BREAK.PAGE)
    control(document, "endif")
    control(document, "endfor")
    return document


def _fields(document: Doc) -> None:
    table = document.add_table(rows=3, cols=2)
    bordered(table)
    table.autofit = False
    cell(table.cell(0, 0), "{%tr for entry in form.entries %}")
    cell(table.cell(1, 0), "{{ entry.label }}", HEITI, 12)
    cell(table.cell(1, 1), "{{ entry.text }}", size=12, align=LEFT)
    cell(table.cell(2, 0), "{%tr endfor %}")
    whole(table.rows[1])
    _wide(table, (Mm(40), Mm(116)))


def main() -> None:
    """Write both."""
    notice().save(str(FOLDER / "notice.docx"))
    form().save(str(FOLDER / "form.docx"))


if __name__ == "__main__":
    main()
