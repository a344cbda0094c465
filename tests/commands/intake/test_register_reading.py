"""Headings are found wherever they stand, and merged cells hide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from commands.intake.register_map import read_register_map
from commands.intake.register_reading import read_register
from lifecycle.rejections import Rejected
from tests.commands.handlers.test_register_importing import ENTERED, HEADINGS, MAP, SIGNED, project
from tests.given import OTHER, UNITS
from tests.ledgers import fill, new_ledger
from tests.registers import OfficeRegister, Sheet, listed, rules, write_register


@pytest.fixture
def register(tmp_path: Path) -> OfficeRegister:
    ledger = new_ledger(tmp_path)
    fill(ledger, UNITS, keep=False)
    return OfficeRegister(tmp_path, ledger, MAP)


def rule_of(register: OfficeRegister, *sheets: Sheet) -> str:
    workbook = write_register(register.folder / "a.xlsx", *sheets)
    with pytest.raises(Rejected) as rejected:
        read_register(workbook, read_register_map(register.map_file), None)
    return rejected.value.problems[0].rule


# Sheets and headings -----------------------------------------------------------------------------


def test_a_column_that_is_missing_is_named_with_the_nearest(register: OfficeRegister) -> None:
    headings = [heading.replace("签约日期", "签订日期") for heading in HEADINGS]
    workbook = register.sheet(headings, project())
    with pytest.raises(Rejected, match=r"签约日期; most similar: \['签订日期'"):
        register.take(workbook)


def test_a_heading_twice_is_rejected(register: OfficeRegister) -> None:
    assert rule_of(register, Sheet("a", [[*HEADINGS, "1月"], project()])) == "heading_twice"


def test_the_one_visible_sheet_with_the_headings_is_read(register: OfficeRegister) -> None:
    table = [HEADINGS, project()]
    workbook = write_register(
        register.folder / "a.xlsx",
        Sheet("说明", [["x"]]),
        Sheet("b", table),
        Sheet("c", table, is_hidden=True),
    )
    assert register.take(workbook).recorded == 1
    assert rule_of(register, Sheet("b", table), Sheet("c", table)) == "several_sheets"
    assert rule_of(register, Sheet("b", [["x"]]), Sheet("c", [["y"]])) == "unknown_sheet"


def test_a_named_sheet_is_read_and_found_again_when_renamed(register: OfficeRegister) -> None:
    register.map_file.write_text(MAP.replace("headings", 'sheet = "一"\nheadings', 1), "utf-8")
    table, other = [HEADINGS, project()], [HEADINGS, project("乙")]
    both = write_register(register.folder / "a.xlsx", Sheet("二", other), Sheet("一", table))
    assert register.take(both).recorded == 1
    renamed = write_register(
        register.folder / "a.xlsx", Sheet("说明", [["x"]]), Sheet("2024", table)
    )
    again = register.take(renamed)
    assert (again.recorded, again.vanished) == (0, [])


# Merged cells ------------------------------------------------------------------------------------


def test_a_word_merged_over_several_rows_holds_for_all_of_them(register: OfficeRegister) -> None:
    rows = [
        HEADINGS,
        project("甲"),
        project("乙", "乙公司", 首报单位=None),
        project("丙", "丙公司", 首报单位=OTHER),
    ]
    result = register.take(register.sheet(*rows, merged=["C2:C3"]))
    assert (result.recorded, rules(result)) == (3, [])


@pytest.mark.parametrize("place", ["A2:A3", "F2:F3", "D2:D3", "H2:I2"])
def test_merged_amounts_names_and_days_are_rejected_by_their_range(
    place: str, register: OfficeRegister
) -> None:
    rows = [HEADINGS, project(**SIGNED), project("乙", "乙公司")]
    result = register.take(register.sheet(*rows, merged=[place]))
    assert set(rules(result)) == {"merged_cells"}
    assert result.rejected[0].problems[0].values["range"] == place


def test_a_title_between_the_rows_may_be_merged(register: OfficeRegister) -> None:
    rows = [["序号", *HEADINGS], ["一、工业项目"], [1, *project()]]
    result = register.take(register.sheet(*rows, merged=["A2:P2"]))
    assert (result.recorded, rules(result)) == (1, [])
    assert listed(result, "passed_over") == [(2, "序号")]


# Nothing changes where nothing is said

PROJECTS = [
    project("甲", "甲公司", **SIGNED, **ENTERED, **{"1月": 10, "2月": 0.5}),
    project("乙", "乙公司", 首报单位=OTHER, 产业="农业"),
    project("丙", "乙公司", **SIGNED),
]


@settings(max_examples=30)
@given(
    rows=st.permutations(PROJECTS),
    columns=st.permutations(range(len(HEADINGS))),
    name=st.sampled_from(["台账", "Sheet1", "2024年（新）"]),
)
def test_moved_rows_reordered_columns_and_renamed_sheets_change_nothing(
    rows: list[list[object]],
    columns: list[int],
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("moved")
    ledger = new_ledger(folder)
    fill(ledger, UNITS, keep=False)
    register = OfficeRegister(folder, ledger, MAP)
    assert register.take(register.sheet(HEADINGS, *PROJECTS)).recorded == 8
    table = [[row[column] for column in columns] for row in (HEADINGS, *rows)]
    moved = register.take(register.sheet(*table, name=name))
    assert (moved.recorded, moved.already_recorded, rules(moved)) == (0, 8, [])
    for findings in (moved.missing, moved.corrections, moved.cleared, moved.vanished):
        assert findings == []
