"""`rulebook` says which clauses of its text it leaves out, on every form and in every draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifecycle.rulebook import parse
from tests.commands.conftest import Cli
from tests.lifecycle.rulebook.test_left_out import BOOK, left_out

WHY = "领导小组年底评议，不由系统计算。"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A rulebook that leaves two clauses out."""
    file = tmp_path / "d.toml"
    file.write_text(left_out("九", "十一", why=f'"{WHY}"'), encoding="utf-8")
    return file


def test_show_lists_each_clause_with_its_reason(bare: Cli, draft: Path) -> None:
    lines = bare("rulebook", "show", draft).out.splitlines()
    assert [line.split() for line in lines if WHY in line] == [["九", WHY], ["十一", WHY]]
    data = json.loads(bare("rulebook", "show", draft, "--format", "json").out)
    assert data["rulebook"]["left_out"] == [
        {"clause": "九", "why": WHY},
        {"clause": "十一", "why": WHY},
    ]
    page = bare("rulebook", "show", draft, "--format", "html").out
    assert f"<tr><td>十一</td><td>{WHY}</td></tr>" in page


def test_show_says_nothing_of_it_where_nothing_is_left_out(bare: Cli, draft: Path) -> None:
    draft.write_text(BOOK, encoding="utf-8")
    assert "left_out" not in bare("rulebook", "show", draft, "--format", "json").out
    for form in ("table", "html"):
        assert "未纳入条款" not in bare("rulebook", "show", draft, "--format", form).out


def test_next_years_draft_and_a_filled_in_workbook_keep_it(
    bare: Cli, draft: Path, tmp_path: Path
) -> None:
    following, sheet, filled = (tmp_path / name for name in ("n.toml", "p.xlsx", "f.toml"))
    drafted = ("--from", draft, "--year", 2025, "--output", following)
    assert bare("rulebook", "new", "next", *drafted).code == 0
    assert bare("rulebook", "export", sheet, "--rulebook", following).code == 0
    imported = ("--from", following, "--output", filled)
    assert bare("rulebook", "import", sheet, *imported).code == 0
    source = parse(draft.read_text(encoding="utf-8")).rulebook
    for file in (following, filled):
        assert parse(file.read_text(encoding="utf-8")).rulebook.left_out == source.left_out


def test_check_names_the_line_of_a_clause_that_is_encoded_too(bare: Cli, draft: Path) -> None:
    text = draft.read_text(encoding="utf-8").replace("十一", "一")
    draft.write_text(text, encoding="utf-8")
    checked = bare("rulebook", "check", draft)
    assert checked.code == 0
    assert f"{draft}:3:7: doubt: " in checked.err
    assert "clause 一 is left out" in checked.err
    draft.write_text(text.replace(WHY, " "), encoding="utf-8")
    rejected = bare("rulebook", "check", draft)
    assert rejected.code == 1
    assert f"{draft}:2:21: error: " in rejected.err
