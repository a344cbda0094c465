"""The shipped Word templates equal what their script builds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from tools import build_word_templates as build


@pytest.mark.parametrize(("name", "make"), [("notice", build.notice), ("form", build.form)])
def test_a_shipped_template_is_what_the_script_builds(name: str, make: Callable[[], Any]) -> None:
    shipped, built = Document(str(build.FOLDER / f"{name}.docx")), make()
    assert shipped.element.body.xml == built.element.body.xml
    assert shipped.sections[0].footer._element.xml == built.sections[0].footer._element.xml


def test_the_page_is_the_standards() -> None:
    section = Document(str(build.FOLDER / "notice.docx")).sections[0]
    sizes = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [size and round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert 22 * int(grid.get(qn("w:linePitch"))) / 20 / 72 * 25.4 == pytest.approx(225, abs=1)


@pytest.mark.parametrize("name", ["notice", "form"])
def test_the_text_is_marked_as_chinese(name: str) -> None:
    document = Document(str(build.FOLDER / f"{name}.docx"))
    languages = {node.get(qn("w:eastAsia")) for node in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"zh-CN"}
    assert (document.core_properties.language, document.core_properties.comments) == ("zh-CN", "")
