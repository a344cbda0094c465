"""The pages for engineers name files and code that exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/ARCHITECTURE.md", "docs/glossary.md", "CONTRIBUTING.md")
FOLDERS = "lifecycle|projections|commands|tests|tools|benchmarks|docs|requirements"


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def resolves(dotted: str) -> bool:
    """Whether a dotted name is a module, or a name inside one."""
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        module, _dot, name = dotted.rpartition(".")
        return hasattr(importlib.import_module(module), name)
    return True


@pytest.mark.parametrize("page", PAGES)
def test_the_paths_of_a_page_exist(page: str) -> None:
    paths = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text_of(page))
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_names_of_a_page_exist(page: str) -> None:
    names = re.findall(r"`((?:lifecycle|projections|commands)(?:\.\w+)+)`", text_of(page))
    assert [name for name in names if not resolves(name)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_links_of_a_page_have_targets(page: str) -> None:
    folder = (ROOT / page).parent
    links = re.findall(r"\]\(([^)#:]+)\)", text_of(page))
    assert [link for link in links if not (folder / link).exists()] == []


def test_the_glossary_gives_both_languages_and_a_place() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text_of("docs/glossary.md"), re.MULTILINE
    )
    terms = [row for row in rows if row[0] not in ("English", "---")]
    assert len(terms) > 50
    for english, chinese, place in terms:
        assert english.isascii() or "…" in english
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert place == "–" or place.startswith("`"), english
