"""A heading that names the month so far is found when a later month stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.intake.register_map import RegisterMap, register_map
from commands.intake.register_running_month import at_running_month
from commands.intake.register_sheets import read_register_sheets
from tests.registers import Sheet, write_register

MAPPED = "1-5月累计完成投资"


def map_of(*columns: tuple[str, int]) -> RegisterMap:
    values = {
        "format": "lifecycle-map/1",
        "headings": [1],
        "project": {"code": {"column": "编号"}},
        "months": [
            {
                "event": "InvestmentReported",
                "field": "fixed_assets",
                "year": 2024,
                "cumulative": "year",
                "columns": dict(columns),
            }
        ],
    }
    return register_map(values, "map.toml")


def columns_in(folder: Path, headings: list[str], *, is_hidden: bool = False) -> dict[str, int]:
    sheets = [Sheet("表", [["编号", *headings]], is_hidden=is_hidden), Sheet("说明", [["说明"]])]
    workbook = write_register(folder / "a.xlsx", *sheets[:: -1 if is_hidden else 1])
    running = at_running_month(map_of((MAPPED, 5)), read_register_sheets(workbook))
    columns = running.register_map.months[0].columns
    assert bool(running.notes) is (columns != {MAPPED: 5})
    return columns


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ([MAPPED], {MAPPED: 5}),
        (["1-6月累计完成投资"], {"1-6月累计完成投资": 6}),
        (["1—12月累计完成投资"], {"1—12月累计完成投资": 12}),
        # The month that is mapped wins where it is still there.
        (["1-6月累计完成投资", MAPPED], {MAPPED: 5}),
        # An earlier month is of another year than the map's.
        (["1-2月累计完成投资"], {MAPPED: 5}),
        (["1-6月累计到位资金"], {MAPPED: 5}),
        (["6月累计完成投资"], {MAPPED: 5}),
        # Of two nobody knows which is meant.
        (["1-6月累计完成投资", "1-7月累计完成投资"], {MAPPED: 5}),
    ],
)
def test_a_later_month_alone_takes_the_place_of_the_mapped_one(
    tmp_path: Path, headings: list[str], columns: dict[str, int]
) -> None:
    assert columns_in(tmp_path, headings) == columns


def test_a_hidden_sheet_gives_no_heading(tmp_path: Path) -> None:
    assert columns_in(tmp_path, ["1-6月累计完成投资"], is_hidden=True) == {MAPPED: 5}


def test_a_map_of_several_months_names_each_of_its_headings(tmp_path: Path) -> None:
    workbook = write_register(tmp_path / "a.xlsx", Sheet("表", [["编号", "1-6月累计完成投资"]]))
    mapped = map_of((MAPPED, 5), ("1-4月累计完成投资", 4))
    running = at_running_month(mapped, read_register_sheets(workbook))
    assert (running.register_map, running.notes) == (mapped, ())
