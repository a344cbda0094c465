"""`rulebook new` without a source: a skeleton that explains every table and passes its checks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from lifecycle.rulebook import Rulebook, parse, shipped_ids
from lifecycle.rulebook.rulebook_library import blank_rulebook
from lifecycle.rulebook.rulebook_review import review
from tests.commands.conftest import Cli

TEXT = blank_rulebook(2026).content
BLANK = parse(TEXT).rulebook
BLOCKS = re.findall(r"^# (\w+): .*\n((?:#[a-z\[].*\n)+)", TEXT, re.MULTILINE)
"""Each table's name with its commented example."""


def with_example(example: str) -> str:
    """The skeleton with one example's lines in use."""
    return TEXT.replace(example, re.sub(r"^#", "", example, flags=re.MULTILINE))


def test_a_draft_without_a_source_passes_its_checks_and_its_case(bare: Cli, tmp_path: Path) -> None:
    draft = tmp_path / "d.toml"
    arguments = ("--year", 2026, "--title", "某县考核办法", "--output", draft)
    assert bare("rulebook", "new", "county-2026", *arguments).code == 0
    text = draft.read_text(encoding="utf-8")
    book = parse(text).rulebook
    assert (book.id, book.title, book.issuer) == ("county-2026", "某县考核办法", "领导小组")
    assert (book.effective_from, book.effective_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in TEXT.splitlines() if line.startswith("#")
    ]
    checked = bare("rulebook", "check", draft)
    assert (checked.code, "cases that give what they say: 1" in checked.out) == (0, True)
    assert "doubt" not in checked.err


def test_every_table_is_explained() -> None:
    explained = set(re.findall(r"^# (\w+): ", TEXT, re.MULTILINE))
    named = {"id", "title", "issuer", "effective_from", "effective_to"}
    assert explained == set(Rulebook.model_fields) - named
    assert len(BLOCKS) > 20


@pytest.mark.parametrize(("table", "example"), BLOCKS, ids=[table for table, _text in BLOCKS])
def test_each_example_can_be_taken_into_use(table: str, example: str) -> None:
    book = parse(with_example(example)).rulebook
    assert getattr(book, table) not in (None, (), getattr(BLANK, table))
    assert review(book) == []


def test_the_skeleton_is_no_rulebook_that_a_year_could_use() -> None:
    assert "blank" not in shipped_ids()
