"""The maps in the guide to the county's own ledger are maps that the program reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands.handlers.register_subjects import RESOURCES
from commands.intake.register_map import read_register_map

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", ["own-ledger.md", "own-ledger.zh-CN.md"])
def test_the_maps_of_the_guide_are_read(name: str, tmp_path: Path) -> None:
    maps = []
    for text in BLOCK.findall((DOCS / name).read_text(encoding="utf-8")):
        path = tmp_path / "map.toml"
        path.write_text(text, encoding="utf-8")
        maps.append(read_register_map(path))
    of_projects, of_resources = maps
    assert of_projects.months
    assert of_resources.subject is RESOURCES
