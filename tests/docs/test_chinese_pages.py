"""What the Chinese README links to is in Chinese, and says what its English twin says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands.cli.shared.command_table import COMMANDS
from tools.chinese_reference import PAGES, chinese_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CHINESE_PAGES = sorted(path.name for path in DOCS.glob("*.zh-CN.md"))
LEAST_CHINESE = 0.15
"""The share of Chinese characters in a page without its code: the rest are names and numbers."""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands_in(text: str) -> set[str]:
    """The commands, such as `sheets due`, that a page names."""
    named = set(re.findall(r"lifecycle ([a-z]+)", text))
    return named & set(COMMANDS)


def test_the_chinese_readme_links_to_chinese_pages_alone() -> None:
    links = re.findall(r"\]\(([^)#]+\.md)\)", text_of(ROOT / "README.zh-CN.md"))
    assert [link for link in links if not link.endswith(".zh-CN.md")] == ["README.md"]
    assert {f"docs/{name}" for name in CHINESE_PAGES} == {
        link for link in links if link.startswith("docs/")
    }


@pytest.mark.parametrize("name", CHINESE_PAGES)
def test_a_chinese_page_is_chinese(name: str) -> None:
    text = text_of(DOCS / name)
    if name not in PAGES:
        # A generated page of commands is all quotations, in Chinese too.
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    prose = re.sub(r"`[^`\n]*`|\([^)]*\)|\s", "", text)
    characters = re.findall(r"[\u4e00-\u9fff]", prose)
    assert len(characters) / len(prose) > LEAST_CHINESE


@pytest.mark.parametrize("name", CHINESE_PAGES)
def test_twins_name_the_same_commands_and_link_to_each_other(name: str) -> None:
    twin = name.replace(".zh-CN", "")
    chinese, english = text_of(DOCS / name), text_of(DOCS / twin)
    assert f"]({twin})" in chinese
    assert f"]({name})" in english
    assert commands_in(english) <= commands_in(chinese)


@pytest.mark.parametrize("name", ["rules", "rulebooks"])
def test_twins_describe_the_same_tables_and_kinds(name: str) -> None:
    english, chinese = text_of(DOCS / f"{name}.md"), text_of(DOCS / f"{name}.zh-CN.md")
    rows = re.compile(r"^(?:### .*|\| `.*?` \|)", re.MULTILINE)
    assert rows.findall(english) == rows.findall(chinese)


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_chinese_page_is_what_the_code_says(name: str) -> None:
    assert text_of(DOCS / name) == chinese_page(name)


@pytest.mark.parametrize("name", CHINESE_PAGES)
def test_links_of_a_chinese_page_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(DOCS / name)):
        assert (DOCS / link).exists(), link
