"""A code or unit name that only looks like one that is held founds nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Cli
from tests.given import REPORTED, reported


def record_file(path: Path, *records: Any) -> Path:
    file = path / "a.jsonl"
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.mark.parametrize("code", ["p", "Ｐ"])
def test_a_project_s_code_that_looks_like_another_is_rejected(
    cli: Cli, tmp_path: Path, code: str
) -> None:
    said = cli(
        "import", record_file(tmp_path, reported(code, name="另一个全新的厂", investor="丁"))
    )
    assert (said.code, cli.events) == (1, 4)
    assert "code_taken" in said.err or "write P" in said.err


def test_two_alike_codes_in_one_file_are_rejected(cli: Cli, tmp_path: Path) -> None:
    file = record_file(
        tmp_path,
        reported("KH-1", name="有机硅单体扩建", investor="甲"),
        reported("KH—1", name="光伏玻璃深加工", investor="乙"),
    )
    said = cli("import", file)
    assert (said.code, cli.events) == (1, 4)
    assert "KH-1" in said.err


def test_an_invisible_character_makes_no_second_unit(cli: Cli, tmp_path: Path) -> None:
    unit = REPORTED[0]
    said = cli("import", record_file(tmp_path, unit | {"unit": f"{unit['unit']}\u200b"}))
    assert cli.events == 4
    assert "already recorded 1" in said.out
