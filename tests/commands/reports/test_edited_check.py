"""A draft whose text was edited in Word keeps its code: its tables are checked by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.commands.conftest import Answer, Cli


@pytest.fixture
def draft(county: Cli, tmp_path: Path) -> Path:
    answer = county("report", "month", "2024-05", "--format", "docx", "--to", tmp_path)
    assert answer.code == 0, answer.err
    return next(tmp_path.glob("*.docx"))


def tables_with(document: Any, heading: str) -> list[Any]:
    return [
        table
        for table in document.tables
        if heading in [cell.text.replace("\n", "") for cell in table.rows[0].cells]
    ]


def checked(county: Cli, path: Path, form: str = "json") -> Answer:
    return county("audit", "document", path, "--tables", "--format", form)


def test_an_edited_text_leaves_the_tables_identical(county: Cli, draft: Path) -> None:
    document = Document(str(draft))
    document.paragraphs[8].insert_paragraph_before("经县委、县政府研究同意，现予通报。")
    proposals = tables_with(document, "理由")[1]
    proposals._tbl.getparent().remove(proposals._tbl)
    document.save(str(draft))
    # Without the option the file differs; with it, what was edited is told and the check passes.
    assert county("audit", "document", draft).code == 1
    answer = checked(county, draft)
    assert (answer.code, answer.json["identical"]) == (0, True)
    assert answer.json["compared"] > 500
    edited = answer.json["edited"]
    assert {"经县委、县政府研究同意，现予通报。"} <= {row["document"] for row in edited}
    assert [row["ledger"] for row in edited if row["place"] == "未列入的表"] == ["榜单 单位 理由"]
    assert "was edited and is not checked" in checked(county, draft, "table").out


def test_a_text_that_nobody_edited_is_not_called_edited(county: Cli, draft: Path) -> None:
    answer = checked(county, draft)
    assert (answer.json["identical"], answer.json["edited"]) == (True, [])
    assert "the text was not edited" in checked(county, draft, "table").out


def test_a_figure_changed_in_a_table_is_named_with_its_cell(county: Cli, draft: Path) -> None:
    document = Document(str(draft))
    cell = tables_with(document, "总分")[0].rows[1].cells[3]
    before = cell.text
    cell.paragraphs[0].runs[0].text = "99.99"
    document.save(str(draft))
    answer = checked(county, draft)
    assert answer.code == 1
    assert [(row["document"], row["ledger"]) for row in answer.json["differences"]] == [
        ("99.99", before)
    ]
    assert answer.json["differences"][0]["place"].endswith("第2行第4列")


def test_a_sequence_left_out_does_not_shift_the_others(county: Cli, draft: Path) -> None:
    document = Document(str(draft))
    first = tables_with(document, "总分")[0]
    first._tbl.getparent().remove(first._tbl)
    document.save(str(draft))
    assert checked(county, draft).code == 0


def test_a_row_or_table_of_the_offices_own_differs(county: Cli, draft: Path) -> None:
    document = Document(str(draft))
    tables_with(document, "指标")[0].add_row().cells[0].text = "某镇"
    document.add_table(1, 1).rows[0].cells[0].text = "自拟表"
    document.save(str(draft))
    texts = [row["document"] for row in checked(county, draft).json["differences"]]
    assert sorted(text for text in texts if text) == ["某镇", "自拟表"]


def test_a_changed_code_fails_although_the_tables_agree(county: Cli, draft: Path) -> None:
    document = Document(str(draft))
    properties = document.core_properties
    properties.keywords = (properties.keywords or "")[:-16] + "0" * 16
    document.save(str(draft))
    answer = checked(county, draft)
    assert answer.code == 1
    assert [row["place"] for row in answer.json["differences"]] == ["内容摘要"]


def test_only_a_word_file_has_tables_of_its_own(county: Cli, tmp_path: Path) -> None:
    assert (
        county("report", "month", "2024-05", "--format", "pdf", "--to", tmp_path, "--number", "1号")
    ).code == 0
    answer = checked(county, next(tmp_path.glob("*.pdf")))
    assert (answer.code, "[file_kind]" in answer.err) == (1, True)
