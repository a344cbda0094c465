"""Eligibility, periods, exclusion and credit, edge by edge, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from .examples import BUREAU, OUTPOST, TOWN, YEAR_END, Ledger, all_nodes
from .recognition import eligible, facts, months_after


def is_eligible(ledger: Ledger) -> bool:
    """Whether project P is eligible in 2024."""
    return eligible(facts(ledger.records, YEAR_END).projects["P"], 2024)


@pytest.mark.parametrize(
    ("sector", "size", "ratio", "expected"),
    [
        ("industrial", "2000", "0.3", True),  # 考(四)1①: 2000万元以上, not below 30 %
        ("industrial", "1999.999999", "0.3", False),
        ("industrial", "2000", "0.299999", False),
        ("cultural_tourism", "2000", "0.30", True),
        ("cultural_tourism", "1999.999999", "1", False),
        ("agricultural", "1000", "0.300001", True),
        ("agricultural", "999.999999", "1", False),
    ],
)
def test_a_new_project_is_eligible_from_the_edge_of_its_sector(
    sector: str,
    size: str,
    ratio: str,
    *,
    expected: bool,
) -> None:
    ledger = Ledger().project(sector=sector, planned_fixed_assets=size, outside_ratio=ratio)
    assert is_eligible(ledger) is expected


def test_scale_is_the_contract_once_signed() -> None:
    assert not is_eligible(Ledger().project().signed("2024-03-01", "1999.999999"))


def test_a_service_project_needs_15_of_tax_in_the_year() -> None:  # 考(四)1②: 15万元(含)
    service = (
        Ledger().project(sector="service").taxed("2024-03", "14.999999").taxed("2023-12", "100")
    )
    assert not is_eligible(service)
    assert is_eligible(service.taxed("2024-04", "0.000001"))


@pytest.mark.parametrize("sector", ["real_estate", "real_estate_balanced"])
def test_real_estate_needs_land_and_others_statistics(sector: str) -> None:
    assert not is_eligible(Ledger().project(sector=sector))
    assert is_eligible(Ledger().project(sector=sector).land("2024-03-01"))
    assert not is_eligible(Ledger().project(sector="other").land("2024-03-01"))
    assert is_eligible(
        Ledger().project(sector="other").about("P", "StatisticsEntered", "2024-03-01")
    )


@pytest.mark.parametrize(
    ("size", "city", "expected"),
    [("10000", 1, True), ("9999.999999", 1, False), ("10000", 0, False)],
)
def test_an_upgrade_needs_the_city_standard_and_10000(
    size: str,
    city: int,
    *,
    expected: bool,
) -> None:  # 考(四)2
    fields = {
        "sector": "service",
        "kind": "technical_upgrade",
        "outside_ratio": "0",
        "planned_fixed_assets": size,
    }
    assert is_eligible(Ledger().project(**fields, meets_city_standard=bool(city))) is expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2023, 8, 31), 12, date(2024, 8, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2022, 2, 28), 24, date(2024, 2, 28)),
        (date(2021, 12, 31), 36, date(2024, 12, 31)),
    ],
)
def test_months_end_on_the_corresponding_day(
    day: date,
    months: int,
    expected: date,
) -> None:  # 民法典 202
    assert months_after(day, months) == expected


@pytest.mark.parametrize("finding", ["ViolationFound", "RecognitionDenied"])
def test_an_excluded_project_earns_nothing(finding: str) -> None:  # 考(九)
    ledger = all_nodes("2000").about("P", finding, "2024-10-01", finding="违建", reason="不予认定")
    assert ledger.row()["total"] == 0
    assert ledger.module("progress", as_of=date(2024, 9, 30)) == 20
    assert all_nodes("2000").correct(1, {"government_funded": True}).row()["total"] == 0


def test_a_clearing_restores_a_project() -> None:
    ledger = all_nodes("2000").about("P", "ViolationFound", "2024-10-01", finding="违建")
    ledger.about("P", "ViolationCleared", "2024-10-01", finding="已拆")  # the same day: by version
    assert ledger.module("progress") == 20
    assert ledger.about("P", "ViolationFound", "2024-10-02", finding="又建").module("progress") == 0


def test_credit_moves_from_an_outpost_alone() -> None:  # 考(十), 意9
    ledger = Ledger().project("P", reporting_unit=OUTPOST).passed()
    assert ledger.module("information", OUTPOST) == 1
    ledger.about("P", "ProjectTransferred", "2024-05-01", to_unit=BUREAU)
    ledger.about(
        "P", "ProjectTransferred", "2024-04-01", to_unit=TOWN
    )  # recorded late, the earlier one
    ledger.about("P", "ProjectTransferred", "2024-06-01", to_zone="智造新城")
    assert ledger.module("information", BUREAU) == 1
    assert ledger.module("information", OUTPOST) == 0
    township = (
        Ledger().project().passed().about("P", "ProjectTransferred", "2024-05-01", to_unit=BUREAU)
    )
    assert township.module("information") == 1
