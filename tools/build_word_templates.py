"""Build the Word templates by the layout of GB/T 9704-2012: `python -m tools.build_word_templates`.

A4 with margins of 37, 35, 28 and 26 mm, 22 lines of 28 characters. The title is 2号小标宋,
the body 3号仿宋, headings are 黑体 and below them 楷体. Page numbers stand 4号 between dashes,
right on odd pages and left on even ones.
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
BIAOSONG: Final = "方正小标宋简体"
FANGSONG: Final = "仿宋_GB2312"
HEITI: Final = "黑体"
KAITI: Final = "楷体_GB2312"
# What Word takes for a font that is missing (the font table's altName).
FALLBACKS: Final = {
    BIAOSONG: "华文中宋",
    FANGSONG: "仿宋",
    HEITI: "SimHei",
    KAITI: "楷体",
}

# 3号, the size of the body.
BODY: Final = 16
# 22 lines on the 225 mm between the margins.
_PITCH: Final = Pt(28.95)
_RED: Final = RGBColor(0xC0, 0, 0)
# Lines of 版记, 0.35 mm and between them 0.25 mm (7.4.1), in eighths of a point.
_OUTER_LINE: Final = "8"
_INNER_LINE: Final = "6"
LEFT: Final = WD_ALIGN_PARAGRAPH.LEFT
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER
RIGHT: Final = WD_ALIGN_PARAGRAPH.RIGHT

# The properties that the templates have, in the order of the schema.
_ORDERS: Final = {
    "pPr": (
        *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl"),
        *("pBdr", "tabs", "snapToGrid", "spacing", "ind", "jc"),
    ),
    "rPr": ("rFonts", "b", "color", "spacing", "sz"),
    "tblPr": (
        *("tblStyle", "tblpPr", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar"),
        "tblLook",
    ),
    "trPr": ("cantSplit", "tblHeader"),
    "tcPr": ("tcW", "gridSpan", "vMerge", "tcBorders", "vAlign"),
}

# Underscored attributes of python-docx are used where it has no other way: East Asian fonts,
# the grid of lines, borders, repeated and unbroken rows.


def element(name: str, **attributes: str) -> Any:
    """An element of the word processing namespace."""
    node = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        node.set(qn(f"w:{key}"), value)
    return node


def add_text(
    paragraph: Paragraph,
    text: str,
    font: str = FANGSONG,
    size: float = BODY,
    *,
    red: bool = False,
) -> Paragraph:
    """Add a run of text in a Chinese font."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman" if font in (FANGSONG, KAITI) else font
    properties = run._r.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size == BODY:
        # 28 characters to a line of 156 mm.
        properties.append(element("spacing", val="-4"))
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
    added = add_text(place.add_paragraph(), text, font, size, red=red)
    shape = added.paragraph_format
    shape.space_before = Pt(0)
    shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = max(_PITCH, Pt(size + 8))
    shape.alignment = align
    # A heading must not stand alone at the foot of a page.
    shape.keep_with_next = font in (HEITI, KAITI)
    if size != BODY:
        off_grid(added)
    if indent:
        indentation = element("ind", firstLineChars="200", firstLine="632")
        added._p.get_or_add_pPr().append(indentation)
    return added


def off_grid(place: Paragraph) -> None:
    """Take a small or large line off the grid of the body's lines."""
    place._p.get_or_add_pPr().append(element("snapToGrid", val="0"))


def control(place: Any, tag: str) -> None:
    """A statement of the template, which leaves no paragraph behind."""
    place.add_paragraph("{%p " + tag + " %}")


def page(document: Doc) -> None:
    """A4 with the standard's margins, grid and page numbers."""
    section = document.sections[0]
    section.page_width = Mm(210)
    section.page_height = Mm(297)
    section.top_margin = Mm(37)
    section.bottom_margin = Mm(35)
    section.left_margin = Mm(28)
    section.right_margin = Mm(26)
    section.footer_distance = Mm(24)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _page_number(footer.paragraphs[0], align)


def _page_number(place: Paragraph, align: Any) -> None:
    place.alignment = align
    place.paragraph_format.left_indent = place.paragraph_format.right_indent = Pt(14)
    add_text(place, "— ", size=14)
    for kind in ("begin", None, "end"):
        run = add_text(place, "", size=14).runs[-1]._r
        if kind is None:
            instruction = element("instrText")
            instruction.text = "PAGE"
            run.append(instruction)
        else:
            run.append(element("fldChar", fldCharType=kind))
    add_text(place, " —", size=14)


def bordered(table: Any) -> None:
    """Thin lines around every cell, fixed widths."""
    properties = table._tbl.tblPr
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(
            element(
                side,
                val="single",
                sz="4",
                space="0",
                color="000000",
            )
        )
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w="50", type="dxa"))
    properties.append(margins)


def _set_close(line: Paragraph, height: Any) -> None:
    """Set a line's exact height, with nothing after it."""
    shape = line.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = height
    shape.space_after = Pt(0)


def cell(
    place: Any,
    text: str,
    font: str = FANGSONG,
    size: float = 9,
    *,
    align: Any = CENTRE,
) -> None:
    """A cell's text, small and close."""
    first = place.paragraphs[0]
    add_text(first, text, font, size)
    first.alignment = align
    _set_close(first, Pt(size + 5))
    off_grid(first)
    properties = place._tc.get_or_add_tcPr()
    properties.append(element("vAlign", val="center"))


def _wide(table: Any, widths: tuple[Any, ...]) -> None:
    """Set the widths of columns and cells, as some programs read the one and some the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for place in column.cells:
            place.width = width


def repeated(row: Any) -> None:
    """Repeat a row at the head of every page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def unbroken(row: Any) -> None:
    """Keep a row from breaking over two pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def foot(document: Doc) -> Any:
    """The foot: the code as a picture, what the document rests on, the code in letters.

    Returns its table.
    """
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _wide(table, (Mm(24), Mm(132)))
    cell(table.cell(0, 0), "{{ qr }}", size=7.5)
    right = table.cell(0, 1)
    cell(right, "{{ foot[0] }}", size=7.5, align=LEFT)
    for text in ("{{ foot[1] }}", "{{ code }}"):
        off_grid(add_text(right.add_paragraph(), text, size=7.5))
    table.cell(0, 0).paragraphs[0].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for line in right.paragraphs:
        _set_close(line, Pt(12))
    borders = element("tblBorders")
    borders.append(
        element(
            "top",
            val="single",
            sz="4",
            space="0",
            color="000000",
        )
    )
    table._tbl.tblPr.append(borders)
    unbroken(table.rows[0])
    return table


def fallbacks(document: Doc) -> None:
    """Name for each Chinese font what stands in for it."""
    fonts = ""
    for name, fallback in FALLBACKS.items():
        fonts += (
            f'<w:font w:name="{name}">'
            f'<w:altName w:val="{fallback}"/><w:charset w:val="86"/>'
            "</w:font>"
        )
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            # python-docx does not parse this part and keeps it as bytes.
            part = relation.target_part
            part._blob = part.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())


def speak_chinese(document: Doc) -> None:
    """Mark the text as Chinese: Word sets punctuation by the language, in English centred."""
    properties = document.core_properties
    properties.language = "zh-CN"
    properties.comments = ""
    for part, name in (
        (document.styles.element, "lang"),
        (document.settings.element, "themeFontLang"),
    ):
        for node in part.iter(qn(f"w:{name}")):
            node.set(qn("w:eastAsia"), "zh-CN")


def standard_document() -> Doc:
    """An empty document of the standard's layout."""
    document = Document()
    speak_chinese(document)
    page(document)
    fallbacks(document)
    return document


def notice() -> Doc:
    """通报: head, text, 附件说明, signature, each annex on a page of its own, foot, 版记."""
    document = standard_document()
    # 发文机关标志 35 mm below the upper edge of the type area (7.2.4).
    issuer = paragraph(document, "{{ letterhead }}", BIAOSONG, 26, align=CENTRE, red=True)
    issuer.paragraph_format.space_before = Mm(35)
    # 发文字号 and 标题 each stand two blank lines below what is above them (7.2.5, 7.3.1).
    _blank_lines(document, 2)
    _number_and_red_line(document)
    _blank_lines(document, 2)
    control(document, "for line in title")
    paragraph(document, "{{ line }}", BIAOSONG, 22, align=CENTRE)
    control(document, "endfor")
    paragraph(document, "", align=CENTRE)
    control(document, "if addressees")
    paragraph(document, "{{ addressees }}")
    control(document, "endif")
    paragraph(document, "{{ opening }}", indent=True)
    control(document, "for section in body")
    paragraph(document, "{{ section.heading }}", HEITI, indent=True)
    control(document, "for sentence in section.sentences")
    paragraph(document, "{{ sentence }}", indent=True)
    control(document, "endfor")
    control(document, "endfor")
    paragraph(document, "{{ closing }}", indent=True).paragraph_format.keep_with_next = True
    _annex_list(document)
    control(document, "if attendance")
    _attendance(document)
    control(document, "else")
    _signature(document)
    control(document, "endif")
    _annexes(document)
    # LibreOffice does not float a table of the whole width: there it follows the text.
    paragraph(document, "")
    _printing_notes(foot(document))
    # A floating table stands on the page of the paragraph after it.
    paragraph(document, "")
    return in_schema_order(document)


def _blank_lines(document: Doc, count: int) -> None:
    """Blank lines of the body's height."""
    for _ in range(count):
        paragraph(document, "", align=CENTRE)


def _annex_list(document: Doc) -> None:
    """附件说明 one line below the text (7.3.4)."""
    control(document, "if annexes")
    paragraph(document, "").paragraph_format.keep_with_next = True
    control(document, "for line in annex_list")
    paragraph(document, "{{ line }}", indent=True).paragraph_format.keep_with_next = True
    control(document, "endfor")
    control(document, "endif")


def _attendance(document: Doc) -> None:
    """Of minutes: who was there, one line below the text, in place of the signature (10.3)."""
    paragraph(document, "")
    control(document, "for line in attendance")
    paragraph(document, "{{ line }}", HEITI, indent=True)
    control(document, "endfor")


def _signature(document: Doc) -> None:
    """Issuer and date in one column, centred on each other, four characters from the edge (7.3.5).

    A table without borders: a paragraph cannot be centred on another one.
    """
    for _ in range(2):
        paragraph(document, "").paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _wide(table, (Mm(56), Mm(100)))
    place = table.cell(0, 1)
    first = place.paragraphs[0]
    add_text(first, "{{ issuer }}")
    for line in (first, add_text(place.add_paragraph(), "{{ dated }}")):
        line.alignment = CENTRE
        _set_close(line, _PITCH)
    unbroken(table.rows[0])


def _annexes(document: Doc) -> None:
    """Each annex begins a page: its sign, its heading, its tables."""
    control(document, "for annex in annexes")
    sign = paragraph(document, "{{ annex.sign }}", HEITI)
    sign.paragraph_format.page_break_before = True
    # 附件标题 on the third line of the page (7.3.4).
    paragraph(document, "").paragraph_format.keep_with_next = True
    paragraph(document, "{{ annex.heading }}", BIAOSONG, 22, align=CENTRE)
    paragraph(document, "").paragraph_format.keep_with_next = True
    control(document, "for sentence in annex.sentences")
    paragraph(document, "{{ sentence }}", indent=True)
    control(document, "endfor")
    control(document, "for table in annex.tables")
    control(document, "if table.heading")
    paragraph(document, "{{ table.heading }}", KAITI, indent=True)
    control(document, "endif")
    _rows(document)
    control(document, "endfor")
    control(document, "endfor")


def _printing_notes(table: Any) -> None:
    """版记: 抄送机关, 印发机关 and 印发日期 between lines, 4号, at the foot of the last page (7.4).

    It is the end of the foot's table, which floats: the last line coincides with the lower edge of
    the type area, however little stands on the page.
    """
    _note(table, "copies_to", "{{ copies_to }}", (_OUTER_LINE, _INNER_LINE))
    _note(table, "printed_by", "{{ printed_by }}\t{{ printed_on }}", (_INNER_LINE, _OUTER_LINE))
    _float_at_foot(table)


def _note(table: Any, condition: str, text: str, lines: tuple[str, str]) -> None:
    """A row of 版记, between two lines, that is there if its text is."""
    cell(table.add_row().cells[0], f"{{%tr if {condition} %}}")
    row = table.add_row()
    note = row.cells[0].merge(row.cells[1])
    place = note.paragraphs[0]
    add_text(place, text, size=14)
    place.paragraph_format.left_indent = place.paragraph_format.right_indent = Pt(14)
    place.paragraph_format.tab_stops.add_tab_stop(Mm(149), WD_TAB_ALIGNMENT.RIGHT)
    _set_close(place, Pt(24))
    off_grid(place)
    borders = element("tcBorders")
    for side, width in zip(("top", "bottom"), lines, strict=True):
        borders.append(element(side, val="single", sz=width, space="0", color="000000"))
    note._tc.get_or_add_tcPr().append(borders)
    unbroken(row)
    cell(table.add_row().cells[0], "{%tr endif %}")


def _float_at_foot(table: Any) -> None:
    position = element(
        "tblpPr",
        leftFromText="0",
        rightFromText="0",
        vertAnchor="margin",
        horzAnchor="margin",
        tblpXSpec="left",
        tblpYSpec="bottom",
    )
    properties = table._tbl.tblPr
    properties.insert(1 if properties.find(qn("w:tblStyle")) is not None else 0, position)


def _number_and_red_line(document: Doc) -> None:
    """The document's number, of minutes also issuer and date, above the red line of a 红头."""
    control(document, "if attendance")
    paragraph(document, "{{ number }}", align=CENTRE)
    issued = paragraph(document, "{{ issuer }}\t{{ dated }}")
    issued.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    _underline_red(issued)
    control(document, "else")
    _underline_red(paragraph(document, "{{ number }}", align=CENTRE))
    control(document, "endif")


def _underline_red(place: Paragraph) -> None:
    """End a red heading (红头) with a red line."""
    line = element("pBdr")
    line.append(
        element(
            "bottom",
            val="single",
            sz="12",
            space="10",
            color="C00000",
        )
    )
    place._p.get_or_add_pPr().append(line)


def _rows(document: Doc) -> None:
    """A table of as many columns and rows as there are."""
    table = document.add_table(rows=4, cols=3)
    bordered(table)
    loops = ("{%tc for column in table.columns %}", "{{ column.heading }}", "{%tc endfor %}")
    cells = ("{%tc for value in row %}", "{{ value }}", "{%tc endfor %}")
    for place, text in enumerate(loops):
        cell(table.cell(0, place), text, HEITI)
    repeated(table.rows[0])
    cell(table.cell(1, 0), "{%tr for row in table.rows %}")
    for place, text in enumerate(cells):
        cell(table.cell(2, place), text)
    unbroken(table.rows[2])
    cell(table.cell(3, 0), "{%tr endfor %}")


def form() -> Doc:
    """A form on each page: fields, signatures, the history of the task in small print, the foot."""
    document = standard_document()
    control(document, "for form in forms")
    paragraph(document, "{{ form.title }}", BIAOSONG, 22, align=CENTRE)
    heading = paragraph(document, "{{ issuer }}", size=12)
    heading.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    add_text(heading, "\t{{ form.number }}", size=14)
    _fields(document)
    paragraph(
        document,
        "{% for text in form.signatures %}{{ text }}"
        "{% if not loop.last %}　　　　　　{% endif %}{% endfor %}",
        size=12,
    )
    control(document, "for line in form.history")
    small = paragraph(document, "{{ line }}", size=8)
    small.paragraph_format.line_spacing = Pt(12)
    control(document, "endfor")
    paragraph(document, "", size=8).paragraph_format.line_spacing = Pt(12)
    foot(document)
    control(document, "if not loop.last")
    paragraph(document, "").add_run().add_break(WD_BREAK.PAGE)
    control(document, "endif")
    control(document, "endfor")
    return in_schema_order(document)


def _fields(document: Doc) -> None:
    table = document.add_table(rows=3, cols=2)
    bordered(table)
    table.autofit = False
    cell(table.cell(0, 0), "{%tr for entry in form.entries %}")
    cell(table.cell(1, 0), "{{ entry.label }}", HEITI, 12)
    cell(table.cell(1, 1), "{{ entry.text }}", size=12, align=LEFT)
    cell(table.cell(2, 0), "{%tr endfor %}")
    unbroken(table.rows[1])
    _wide(table, (Mm(40), Mm(116)))


def in_schema_order(document: Doc) -> Doc:
    """Put properties into the order of the schema (ECMA-376, 17.3 and 17.4), as Word demands it."""
    for part in (document.element, *_footers(document)):
        for parent, names in _ORDERS.items():
            for properties in part.iter(qn(f"w:{parent}")):
                places = {qn(f"w:{name}"): place for place, name in enumerate(names)}
                properties[:] = sorted(properties, key=lambda child: places[child.tag])
    return document


def _footers(document: Doc) -> list[Any]:
    section = document.sections[0]
    return [section.footer._element, section.even_page_footer._element]


def main() -> None:
    """Write both templates."""
    notice().save(str(FOLDER / "notice.docx"))
    form().save(str(FOLDER / "form.docx"))


if __name__ == "__main__":
    main()
