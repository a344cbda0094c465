"""Funds in place (到位资金), worked by hand for each source, in all three evaluators."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tests.agreement.test_shape_vectors import Facts, assert_points_in_all_three, parcel, project
from tests.lifecycle.rulebook.test_rulebook_review import RULE

FUNDS: Final = RULE + 'kind = "per_amount"\nper = 1\npoints = 1\nmeasure = "funds_in_place"\n'


def counted(source: str, *further: str, sector: str = "industrial") -> str:
    """The rule, and what counts as funds of a sector."""
    row = ["[[funds]]", f'sector = ["{sector}"]', f'source = "{source}"', *further]
    return FUNDS + "\n".join([*row, 'clause = "一"', 'basis = "policy"', ""])


def of_month(event: str, month: str, **fields: Any) -> Facts:
    """A month's figures of the project A."""
    return [{"event": event, "project": "A", "month": month} | fields]


SIGNED: Final = project("A", "2024-02-01", "2024-03-01")
ENTERED: Final = [
    *SIGNED,
    {"event": "StatisticsEntered", "project": "A", "occurred_on": "2024-05-20"},
]
THREE_MONTHS: Final = [
    *of_month("InvestmentReported", "2024-06", fixed_assets="100"),
    *of_month("InvestmentReported", "2024-07", fixed_assets="0"),
    *of_month("InvestmentReported", "2024-08", fixed_assets="50.5"),
]
SELF_HELD: Final = [
    record | {"self_held": held, "self_held_state_share": state_share}
    for record, (held, state_share) in zip(
        THREE_MONTHS, (("70", "0"), ("30", "5"), ("9", "9")), strict=True
    )
]
ASSETS: Final = counted("fixed_assets")

VECTORS: Final[dict[str, tuple[str, Facts, str]]] = {
    "fixed assets of the months, the one of nothing left out": (
        ASSETS,
        [*ENTERED, *THREE_MONTHS],
        "150.5",
    ),
    "nothing in any month": (ASSETS, [*ENTERED, THREE_MONTHS[1]], "0"),
    "a month after the day": (
        ASSETS,
        [*ENTERED, *THREE_MONTHS, *of_month("InvestmentReported", "2025-01", fixed_assets="7")],
        "150.5",
    ),
    "at a share": (counted("fixed_assets", "share = 0.1"), [*ENTERED, *THREE_MONTHS], "15.05"),
    "what is held, without the state's share": (counted("self_held"), [*ENTERED, *SELF_HELD], "95"),
    "fees of parcels, without the county's share": (
        counted("land_fee"),
        [
            *SIGNED,
            parcel("A", "2024-04-01", "10", county_state_share="40"),
            parcel("A", "2024-05-01", "10", parcel="二期"),
            parcel("A", "2024-06-01", "10", parcel="三期", county_state_share="100"),
        ],
        "160",
    ),
    "a parcel of the year before, and one of this": (
        counted("land_fee"),
        [
            *SIGNED,
            parcel("A", "2023-05-01", "10"),
            parcel("A", "2024-05-01", "10", parcel="二期", transfer_fee="7"),
        ],
        "7",
    ),
    "tax": (
        counted("tax"),
        [
            *SIGNED,
            *of_month("TaxPaid", "2024-06", amount="3"),
            *of_month("TaxPaid", "2024-07", amount="0"),
        ],
        "3",
    ),
    "of a sector that no row names": (
        counted("fixed_assets", sector="service"),
        [*ENTERED, *THREE_MONTHS],
        "0",
    ),
    "before the statistics that they need": (
        counted("land_fee", 'needs = "statistics"'),
        [*SIGNED, parcel("A", "2024-04-01", "10")],
        "0",
    ),
    "after them": (
        counted("land_fee", 'needs = "statistics"'),
        [*ENTERED, parcel("A", "2024-04-01", "10")],
        "100",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_funds_in_place_give_their_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, points = VECTORS[name]
    assert_points_in_all_three(tmp_path, rules, facts, date(2024, 12, 31), points)
