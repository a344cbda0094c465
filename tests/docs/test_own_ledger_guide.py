"""The maps in the guide to the county's own ledger are maps that the program reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands.intake.register_map import read_register_map

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", ["own-ledger.md", "own-ledger.zh-CN.md"])
def test_the_map_of_the_guide_is_read(name: str, tmp_path: Path) -> None:
    (text,) = BLOCK.findall((DOCS / name).read_text(encoding="utf-8"))
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    assert read_register_map(path).months
