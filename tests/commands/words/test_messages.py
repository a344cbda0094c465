"""Every sentence has its Chinese, with the same places, and the compiled catalogue is the written one."""

from __future__ import annotations

import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from commands.words import click_words
from tests.commands.conftest import process

ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "commands/words/locales/zh_CN/LC_MESSAGES/lifecycle.po"


def catalogue() -> Catalog:
    return read_po(BytesIO(CATALOGUE.read_bytes()))


def said() -> set[str]:
    keywords = {"_": None, "msg": None, "ngettext": (1, 2), "gettext": None}
    found: set[str] = set()
    for folder in ("lifecycle", "projections", "commands"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=keywords
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def places(text: str) -> set[str]:
    return {
        name.split("!")[0]
        for _text, name, _spec, _conversion in string.Formatter().parse(text)
        if name
    }


def test_every_sentence_is_translated() -> None:
    known = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue()
        if message.id and not message.fuzzy
    }
    assert said() - known == set()
    assert known - said() == set()
    assert all(
        message.string and (isinstance(message.string, str) or all(message.string))
        for message in catalogue()
        if message.id
    )


def test_a_translation_has_the_same_places() -> None:
    for message in catalogue():
        if message.id and isinstance(message.id, str):
            assert isinstance(message.string, str)
            assert places(message.id) == places(message.string), message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert compiled.getvalue() == CATALOGUE.with_suffix(".mo").read_bytes()


def test_click_speaks_chinese_too() -> None:
    assert len(click_words.words()) == 26
    help_text = process("--help", LIFECYCLE_LANG="zh_CN").out
    for words in ("用法：", "选项", "命令", "录入一条事件", "显示本帮助"):
        assert words in help_text
    wrong = process("scor", LIFECYCLE_LANG="zh_CN")
    assert (wrong.code, "没有命令" in wrong.err) == (2, True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_other_languages_are_english(language: str) -> None:
    assert "Make an empty store." in process("--help", LIFECYCLE_LANG=language).out
