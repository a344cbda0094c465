"""Every message has its Chinese with the same places, in the compiled catalogue too."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from commands.intake.register_map import MonthsMapping
from commands.words import click_words
from commands.words.messages import in_chinese, say, shown
from commands.words.register_words import CUMULATIVE_WORDS
from lifecycle.rejections import msg
from tests.commands.conftest import process

ROOT = Path(__file__).parents[3]
PACKAGES = ("lifecycle", "projections", "commands")
CATALOGUE = ROOT / "commands/words/locales/zh_CN/LC_MESSAGES/lifecycle.po"
KEYWORDS = {"_": None, "msg": None, "ngettext": (1, 2), "gettext": None}


def catalogue() -> Catalog:
    return read_po(BytesIO(CATALOGUE.read_bytes()))


def translations() -> Iterator[Message]:
    """The catalogue's entries without its header."""
    return (message for message in catalogue() if message.id)


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def messages_in_code() -> set[str]:
    messages: set[str] = set()
    for package in PACKAGES:
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / package), [("**.py", "python")], keywords=KEYWORDS
        ):
            messages.add(message if isinstance(message, str) else message[0])
    return messages


def places(text: str) -> set[str]:
    """The names of a template's places."""
    names = [name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name]
    return {name.split("!")[0] for name in names}


def test_every_message_of_the_code_is_in_the_catalogue_and_no_other() -> None:
    translated = {singular(message) for message in translations() if not message.fuzzy}
    assert messages_in_code() - translated == set()
    assert translated - messages_in_code() == set()


def test_every_message_has_its_chinese() -> None:
    for message in translations():
        forms = [message.string] if isinstance(message.string, str) else message.string or ("",)
        assert all(forms), message.id


def test_a_translation_has_the_same_places() -> None:
    for message in translations():
        if isinstance(message.id, str):
            assert isinstance(message.string, str)
            assert places(message.id) == places(message.string), message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert compiled.getvalue() == CATALOGUE.with_suffix(".mo").read_bytes()


def marked_inside_formatted_strings(path: Path) -> Iterator[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for formatted in ast.walk(tree):
        if not isinstance(formatted, ast.JoinedStr):
            continue
        for node in ast.walk(formatted):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            literal = any(isinstance(argument, ast.Constant) for argument in node.args)
            if node.func.id in ("_", "msg") and literal:
                yield node.lineno


def test_no_message_is_marked_inside_a_formatted_string() -> None:
    # Babel finds such messages only on Python 3.12 and later.
    strays = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in marked_inside_formatted_strings(path)
    ]
    assert strays == []


def test_click_speaks_chinese_too() -> None:
    assert len(click_words.click_messages()) == 33
    help_text = process("--help", LIFECYCLE_LANG="zh_CN").out
    for words in ("用法：", "选项", "命令", "录入一条记录", "显示本帮助"):
        assert words in help_text
    wrong = process("scor", LIFECYCLE_LANG="zh_CN")
    assert (wrong.code, "没有命令" in wrong.err) == (2, True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_language_without_a_catalogue_is_english(language: str) -> None:
    assert "Create an empty store." in process("--help", LIFECYCLE_LANG=language).out


def test_a_list_is_divided_as_the_readers_language_divides_it() -> None:
    assert shown(["华埠镇", "马金镇"]) == "华埠镇, 马金镇"
    with in_chinese():
        assert shown(["华埠镇", "马金镇"]) == "华埠镇、马金镇"
        assert (
            say(
                msg("sheet {sheet}, headings in the rows {rows}, amounts in {unit}"),
                sheet="台账",
                rows=[3, 4],
                unit="亿元",
            )
            == "工作表“台账”，表头为第 3、4 行，金额单位亿元"
        )


def test_a_databases_reason_is_in_the_readers_language() -> None:
    template = msg("the store {path} cannot be used: {why}")
    with in_chinese():
        text = say(template, path="l.db", why="file is not a database")
        unknown = say(template, path="l.db", why="cannot start a transaction")
    assert text == "账本 l.db 无法使用：文件不是数据库"
    assert unknown.endswith("cannot start a transaction")


@pytest.mark.parametrize("stored", get_args(MonthsMapping.model_fields["cumulative"].annotation))
def test_each_way_to_add_up_months_has_its_words(stored: str) -> None:
    with in_chinese():
        assert str(CUMULATIVE_WORDS[stored]).endswith(f"（{stored}）")


@pytest.mark.parametrize("nothing", [None, [], ()])
def test_a_sentence_says_where_there_is_nothing_to_list(nothing: object) -> None:
    assert shown(nothing) == "—"
