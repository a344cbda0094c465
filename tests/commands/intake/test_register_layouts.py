"""Seven ledgers, imported in two months: totals are the workbook's own, repeats add nothing."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from commands.handlers.register_findings import RegisterResult
from lifecycle.ledger.store import Ledger
from tests.commands.intake.register_layouts import LAYOUTS, Layout, Month
from tests.given import UNITS
from tests.ledgers import fill, new_ledger
from tests.registers import OfficeRegister, total

LISTS = ("missing", "corrections", "outdated", "cleared", "vanished", "passed_over")


def reasons(result: RegisterResult) -> list[str]:
    return [str(problem) for row in result.rejected for problem in row.problems]


def lists(result: RegisterResult) -> dict[str, int]:
    counts = {name: len(getattr(result, name)) for name in LISTS}
    return {name: count for name, count in counts.items() if count}


def check_month(ledger: Ledger, layout: Layout, month: Month, result: RegisterResult) -> None:
    assert reasons(result) == []
    assert lists(result) == month.lists
    assert result.recorded == month.recorded
    for (event, field), amount in month.totals.items():
        assert total(ledger, layout.codes, event, field) == amount, (event, field)


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_a_ledger_of_two_months_is_recorded_with_its_own_totals(
    layout: Layout, tmp_path: Path
) -> None:
    ledger = new_ledger(tmp_path)
    fill(ledger, UNITS, keep=False)
    register = OfficeRegister(tmp_path, ledger, layout.map_text)
    for number, month in enumerate(layout.months):
        workbook = layout.write(tmp_path / f"m{number}.xlsx", number)
        check_month(ledger, layout, month, register.take(workbook, month.option))
        again = register.take(workbook, month.option)
        assert (again.recorded, reasons(again)) == (0, [])
        assert {field.name for field in fields(again)} >= set(LISTS)
