"""A policy's text by its clauses: found under a rulebook's names, or not shown at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, strategies as st

from commands.intake.policy_clauses import PolicyClauses
from commands.intake.policy_file import policy_paragraphs, text_paragraphs
from lifecycle.rejections import StoreError
from lifecycle.rulebook import shipped
from lifecycle.rulebook.shipped_policies import shipped_policy_text

NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "二十三"]
ARTICLES = """某县招商引资考核办法
第一条 为规范考核,制定本办法。
第二条 考核下列内容:
(一)到位资金:1.按1.1倍计分。2.2024年起的项目计入;2.5亿元以上的另计。
(二)签约项目
①亿元以上项目;
②其他项目。
第十二条 本办法自印发之日起施行。
附件1
第一条 附件另有编号。
"""


def clauses_of(*texts: str) -> PolicyClauses:
    return PolicyClauses([text_paragraphs(text) for text in texts])


def test_every_clause_of_the_shipped_rulebook_is_in_its_text() -> None:
    book = shipped("kaihua-2024")
    clauses = clauses_of(shipped_policy_text(book))
    named = [*(book.rulebook.clauses or ()), "考(四)1①", "考(六)", "意9", "意二", "三.1", "三.4"]
    texts = {name: clauses.paragraphs_of(name) for name in named}
    assert [name for name, paragraphs in texts.items() if not paragraphs] == []
    assert texts["考(八)1"][0].startswith("1.2021—2023年已考核项目。")
    assert texts["考(八)2"][0].startswith("2.2024年新决策项目。")
    assert texts["考(八)2"][0].endswith("将纳入招商引资工作“黑榜”。")
    assert texts["考(六)1"][0].endswith("项目绩效按1.1倍系数计分。")
    assert texts["意二"][0] == "二、主要目标"
    assert "20个" in texts["意二"][1]
    # 三 is a part of both papers.
    assert clauses.paragraphs_of("三") == []


def test_a_reference_to_two_clauses_gives_both_or_nothing() -> None:
    clauses = clauses_of(shipped_policy_text(shipped("kaihua-2024")))
    first, second = clauses.paragraphs_of("考(二),(九)2")
    assert first.startswith("(二)项目引进单位认定")
    assert second.startswith("2.未经项目决策咨询")
    assert clauses.paragraphs_of("考(二),(十一)") == []


def test_articles_hold_items_and_figures_are_no_marks() -> None:
    clauses = clauses_of(ARTICLES)
    assert clauses.paragraphs_of("第二条(一)1") == ["1.按1.1倍计分。"]
    assert clauses.paragraphs_of("二(一)2") == ["2.2024年起的项目计入;2.5亿元以上的另计。"]
    assert clauses.paragraphs_of("考(二)②") == ["②其他项目。"]
    assert clauses.paragraphs_of("第十二条") == ["第十二条 本办法自印发之日起施行。"]
    assert len(clauses.paragraphs_of("二")) == 5


@pytest.mark.parametrize(
    "name", ["第一条", "(三)", "考(一)3", "总则", "", "附则", "第二条(一)1 x y", "甲乙", "(一)②"]
)
def test_what_a_text_has_twice_or_not_at_all_is_not_shown(name: str) -> None:
    shown = clauses_of(ARTICLES).paragraphs_of(name)
    # A word behind the marks only tells rules of one clause apart.
    assert bool(shown) == name.endswith(" x y")


def test_the_same_clause_in_two_files_is_not_guessed() -> None:
    assert clauses_of(ARTICLES, ARTICLES).paragraphs_of("第十二条") == []


def test_a_clause_put_in_by_an_amendment_has_its_own_text() -> None:
    lines = [
        "某县招商引资考核办法",
        "第三条 三的内容。",
        "第三条之一 插入的内容。",
        "第三条之二 再插入的内容。",
        "第四条 考核:(一)甲。(一)之一乙。(二)丙。",
    ]
    clauses = PolicyClauses([lines])
    assert clauses.paragraphs_of("第三条") == ["第三条 三的内容。"]
    assert clauses.paragraphs_of("考三之一") == ["第三条之一 插入的内容。"]
    assert clauses.paragraphs_of("第三条之二") == ["第三条之二 再插入的内容。"]
    assert clauses.paragraphs_of("第三条之三") == []
    assert clauses.paragraphs_of("第四条(一)") == ["(一)甲。"]
    assert clauses.paragraphs_of("第四条(一)之一") == ["(一)之一乙。"]
    assert clauses.paragraphs_of("第四条(二)") == ["(二)丙。"]


def test_a_row_of_a_table_is_one_line_unless_its_cells_are_clauses(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("(一)按下表计分。")
    rows = [("节点", "分值"), ("决策咨询", "2.5"), ("(二)标准", "(三)另计")]
    table = document.add_table(rows=len(rows), cols=2)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(tmp_path / "办法.docx"))
    paragraphs = policy_paragraphs(tmp_path / "办法.docx", "办法.docx")
    assert paragraphs[1:3] == ["节点　分值", "决策咨询　2.5"]
    assert PolicyClauses([paragraphs]).paragraphs_of("(三)") == ["(三)另计"]


ITEM_TEXTS = st.text(alphabet="项目资金到位按0.5.1倍%、（", min_size=1, max_size=20)


@given(
    bodies=st.lists(
        st.lists(ITEM_TEXTS, min_size=1, max_size=5),
        min_size=1,
        max_size=len(NUMERALS) - 1,
    )
)
def test_each_clause_of_any_paper_has_its_own_text(bodies: list[list[str]]) -> None:
    lines = ["某县考核办法"]
    for numeral, items in zip(NUMERALS, bodies, strict=False):
        run = "".join(f"{number}.甲{text}。" for number, text in enumerate(items, start=1))
        lines.append(f"({numeral})内容。{run}")
    clauses = PolicyClauses([lines])
    for numeral, items in zip(NUMERALS, bodies, strict=False):
        for number, text in enumerate(items, start=1):
            assert clauses.paragraphs_of(f"考({numeral}){number}") == [f"{number}.甲{text}。"]


def test_a_text_is_read_from_word_markdown_and_plain_text(tmp_path: Path) -> None:
    lines = text_paragraphs(ARTICLES)
    document = Document()
    for line in ["", *lines]:
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "b.md").write_text("\n\n".join(f"## **{line}**" for line in lines), "utf-8")
    (tmp_path / "c.txt").write_text(ARTICLES, "gb18030")
    (tmp_path / "d.txt").write_text(ARTICLES, "utf-16")
    (tmp_path / "e.txt").write_text(ARTICLES, "utf-8-sig")
    for file in sorted(tmp_path.iterdir()):
        assert policy_paragraphs(file, file.name) == lines, file.name


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("scan.pdf", b"%PDF", "is read from"),
        ("办法.docx", b"PK no zip", "Word file"),
        ("办法.txt", b"\x81\xff\xff", "neither UTF-8 nor GB18030"),
        ("办法.txt", b"a" * (4 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    file = tmp_path / "kept"
    file.write_bytes(content)
    with pytest.raises(StoreError) as error:
        policy_paragraphs(file, name)
    assert sentence in str(error.value)
    assert name in str(error.value)
