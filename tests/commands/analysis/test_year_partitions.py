"""Rows become Arrow tables by year: in order, exact, and nothing is rounded or cut off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from commands.analysis.exported_tables import ExportedTable
from commands.analysis.year_partitions import YearRow, year_partitions
from lifecycle.rejections import StoreError

TABLE = ExportedTable("table", None, "day", {"number": "integer", "amount": "amount", "day": "day"})
MANY = 20_001
"""One more than are turned into a batch at once."""


def test_each_year_has_its_rows_in_their_order() -> None:
    rows = [YearRow(2024 - number % 2, (number, None, "2024-02-29")) for number in range(2 * MANY)]
    partitions = dict(year_partitions(TABLE, rows, year_if_empty=2020))
    assert list(partitions) == [2023, 2024]
    assert partitions[2023]["number"].to_pylist() == list(range(1, 2 * MANY, 2))
    assert partitions[2024]["number"].to_pylist() == list(range(0, 2 * MANY, 2))
    assert partitions[2024]["day"][0].as_py() == date(2024, 2, 29)


def test_a_table_without_rows_has_its_columns() -> None:
    ((year, content),) = year_partitions(TABLE, [], year_if_empty=2020)
    assert (year, content.num_rows, content.column_names) == (2020, 0, list(TABLE.columns))


@given(
    st.lists(
        st.none()
        | st.decimals(-(10**18) + 1, 10**18 - 1, places=6, allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=5,
    )
)
def test_amounts_are_exact(amounts: list[Decimal | None]) -> None:
    rows = []
    for amount in amounts:
        text = None if amount is None else format(amount, "f")
        rows.append(YearRow(2024, (1, text, None)))
    ((_year, content),) = year_partitions(TABLE, rows, year_if_empty=2020)
    assert content["amount"].to_pylist() == amounts


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ((1, "0.0000001", None), "amount"),
        ((1, "1" * 19, None), "amount"),
        ((1, None, "2024-02-30"), "day"),
    ],
)
def test_what_a_column_cannot_hold_is_named(cells: tuple[object, ...], column: str) -> None:
    with pytest.raises(StoreError, match=f"table, column {column}: a value cannot be exported"):
        list(year_partitions(TABLE, [YearRow(2024, cells)], year_if_empty=2020))
