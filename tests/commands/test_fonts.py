"""The shipped fonts draw every character that documents can contain."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from commands import fonts
from commands.demo.county_records import records
from commands.intake.jsonl_records import write_jsonl
from tools.subset_fonts import gb2312, subset

ROOT = Path(__file__).parents[2]
SUFFIXES = (".py", ".toml", ".po", ".typ", ".html", ".md", ".js", ".css")
OURS = [
    path
    for package in ("lifecycle", "projections", "commands")
    for path in sorted((ROOT / package).rglob("*"))
    if path.suffix in SUFFIXES
    and "vendor" not in path.parts
    and path.name != "folded_text.py"  # its dashes and marks are compared and never drawn
]

TERMINAL = "✗"
"""Said by the demo on a terminal, never printed."""


@pytest.mark.parametrize(
    "path",
    [fonts.SANS, fonts.SANS_PACKED, fonts.SERIF, fonts.SERIF_BOLD],
    ids=lambda path: path.name,
)
def test_a_font_draws_what_the_list_says(path: Path) -> None:
    with TTFont(path, lazy=True) as font:
        assert {chr(point) for point in font.getBestCmap()} >= fonts.covered()
    assert path.stat().st_size < 7_000_000


def test_the_font_of_the_pages_is_that_of_documents_packed() -> None:
    with TTFont(fonts.SANS, lazy=True) as font, TTFont(fonts.SANS_PACKED, lazy=True) as packed:
        assert font.getBestCmap() == packed.getBestCmap()
        assert font["name"].getDebugName(5) == packed["name"].getDebugName(5)
    assert fonts.SANS_PACKED.stat().st_size < 0.7 * fonts.SANS.stat().st_size


def test_the_fonts_draw_all_of_gb2312() -> None:
    points = set(gb2312())
    assert (len(points), fonts.uncovered(map(chr, points))) == (7_445, "")


def drawn_text(path: Path) -> str:
    """Return the text of a file that can reach a document: of code, its strings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    bare_strings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in bare_strings
    )


def test_the_fonts_draw_every_catalogue_template_and_policy() -> None:
    assert len(OURS) > 100
    lacking = {
        path.name: missing
        for path in OURS
        if (missing := fonts.uncovered([drawn_text(path)]).replace(TERMINAL, ""))
    }
    assert lacking == {}


def test_the_fonts_draw_the_demo_county(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "demo.jsonl", iter(records()))
    assert fonts.uncovered([(tmp_path / "demo.jsonl").read_text(encoding="utf-8")]) == ""


def test_missing_characters_are_named_once() -> None:
    assert fonts.uncovered(["𠮷野家", "喆堃\u200b镕", "𠮷"]) == "𠮷"


def test_a_subset_of_a_face_keeps_the_code_points_asked_for(tmp_path: Path) -> None:
    code_points = {ord(character) for character in "招商引资"}
    with TTFont(fonts.SANS) as font:
        assert subset(font, code_points, tmp_path / "few.otf") == code_points
    assert (tmp_path / "few.otf").stat().st_size < 20_000


def test_the_licence_is_beside_the_fonts() -> None:
    text = fonts.LICENCE.read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Copyright 2014-2021 Adobe" in text
