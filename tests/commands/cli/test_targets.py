"""Targets and incentives at the command line."""

from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from commands.demo.county_records import records
from tests.commands.conftest import Cli
from tests.given import TOWN, of, reported
from tests.reference import beyond
from tests.reference.scoring import shown


@pytest.mark.parametrize("as_of", ["2024-06-30", "2024-12-31"])
def test_targets_and_incentives_say_what_the_reference_says(county: Cli, as_of: str) -> None:
    axes = ("--year", "2024", "--as-of", as_of, "--format", "json")
    assert county("targets", *axes).json == shown(
        beyond.targets(records(), 2024, date.fromisoformat(as_of))
    )
    expected = beyond.incentives(records(), 2024, date.fromisoformat(as_of))
    assert sorted(county("incentives", *axes).json, key=str) == sorted(expected, key=str)


def test_targets_show_the_pace_and_the_shortfall(county: Cli) -> None:
    text = county("targets", "--year", "2024", "--as-of", "2024-06-30").out
    assert "49.7% of the year has passed" in text  # 182 of 366 days
    assert "217395.64" in text  # the shortfall from 360000
    assert all(cell_len(line) <= 110 for line in text.splitlines())
    assert county("targets", "--year", "2024", "--format", "csv").out.startswith(
        "indicator,unit,target,actual,ratio\nfunds_in_place,,360000,"
    )


def test_an_unmeasured_target_is_reported(cli: Cli) -> None:
    for indicator in ("到位资金", "funds_in_place"):
        cli(
            "record",
            "TargetSet",
            "--occurred-on",
            "2024-01-05",
            "--year",
            "2024",
            "--indicator",
            indicator,
            "--amount",
            "40000",
            "--for-unit",
            TOWN,
        )
    answer = cli("targets", "--year", "2024", "--format", "json")
    assert [(row["indicator"], row["unit"], row["ratio"]) for row in answer.json][5:] == [
        ("funds_in_place", TOWN, "0")
    ]
    assert "set for 到位资金, which" in answer.err
    assert "signed_500000" in answer.err


def record_large_project(cli: Cli, scale: str, **changes: object) -> None:
    def record_in_store(record: dict[str, object]) -> None:
        options = [
            (
                f"--{name.replace('_', '-')}",
                str(value).lower() if isinstance(value, bool) else value,
            )
            for name, value in record.items()
            if name != "event"
        ]
        answer = cli("record", record["event"], *[part for pair in options for part in pair])
        assert answer.code == 0, answer.err

    record_in_store(reported("Q", planned_fixed_assets=scale, planned_investment=scale, **changes))
    record_in_store(of("ConsultationHeld", "2024-02-01", "Q", outcome="passed"))
    record_in_store(
        of(
            "AgreementSigned",
            "2024-03-01",
            "Q",
            contract_investment=scale,
            contract_fixed_assets=scale,
        )
    )
    record_in_store(of("StatisticsEntered", "2024-04-01", "Q"))
    record_in_store(of("InvestmentReported", None, "Q", month="2024-05", fixed_assets="2999.5"))


@pytest.mark.parametrize(
    ("scale", "changes", "expected"),
    [
        ("50000", {}, [("commendation", "invested", "0.5"), ("special", "invested", "0.5")]),
        (
            "50000",
            {"sector": "service"},
            [],
        ),  # without tax it is not eligible either: two things are lacking
        ("50000", {"outside_ratio": "0.1", "sector": "agricultural"}, []),
        (
            "100000",
            {},
            [
                ("commendation", "invested", "0.5"),
                ("merit", "invested", "2000.5"),
                ("special", "invested", "0.5"),
            ],
        ),
        ("39999", {}, []),
    ],
)
def test_a_near_miss_names_the_unmet_condition(
    cli: Cli, scale: str, changes: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    record_large_project(cli, scale, **changes)
    rows = cli("incentives", "--near", "--year", "2024", "--format", "json").json
    assert [
        (row["incentive"], row["lacking"][0]["what"], row["lacking"][0]["short"]) for row in rows
    ] == expected
    assert cli("incentives", "--year", "2024", "--format", "json").json == []
    text = cli("incentives", "--near", "--year", "2024").out
    assert f"total: {len(expected)}" in text
    assert not expected or (TOWN in text and "万元" in text)
