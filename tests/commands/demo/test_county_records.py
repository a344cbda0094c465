"""The demo county is the same byte for byte wherever it is made: its figures can be quoted."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random

from stdnum.cn import uscc

from commands.demo.county_records import records, rejected_claims
from commands.demo.demo_calendar import LAST_RECORDING, is_working_day
from commands.demo.invented_firms import credit_code
from commands.intake.jsonl_records import write_jsonl

DIGEST = "c579df46421e7fcbf9dac85e668cc5f8927c9f02c89d1edcd0cd8c0f8e3bc7ac"


CHANGES = {
    "UnitRenamed",
    "UnitRegrouped",
    "UnitDissolved",
    "AgreementAmended",
    "InvestorChanged",
    "MilestoneReached",
    "FollowedUp",
    "ProjectPaused",
    "ProjectResumed",
    "ResourceListed",
    "ResourceChanged",
    "ResourceAllotted",
    "ResourceWithdrawn",
}


def test_the_records_of_the_county_are_always_the_same(tmp_path: Path) -> None:
    county = records()
    write_jsonl(tmp_path / "county.jsonl", iter(county))
    assert len(county) == 2915
    assert sha256((tmp_path / "county.jsonl").read_bytes()).hexdigest() == DIGEST


def test_the_county_changes_as_counties_do() -> None:
    county = records()
    assert {record["event"] for record in county} >= CHANGES
    parcels = [record["project"] for record in county if record["event"] == "LandAcquired"]
    assert len(parcels) > len(set(parcels))
    dissolution = next(record for record in county if record["event"] == "UnitDissolved")
    later_tasks = [
        record
        for record in county
        if record["event"] == "TaskAssigned"
        and str(record["occurred_on"]) >= str(dissolution["occurred_on"])
    ]
    # Sheets that are issued after the merger name the successor.
    assert dissolution["successor"] in {task["responsible_unit"] for task in later_tasks}


def test_another_seed_gives_another_county_with_the_same_storylines() -> None:
    county, other_county = records(), records(seed=7)
    assert county != other_county
    assert _flagship_name(county) == _flagship_name(other_county)


def _flagship_name(county: list[dict[str, object]]) -> object:
    reports = [record for record in county if record["event"] == "InformationReported"]
    return next(record["name"] for record in reports if "硅基新材料一体化" in str(record["name"]))


def test_clerks_record_on_working_days_only() -> None:
    days = {str(record["recorded_at"])[:10] for record in records()}
    assert max(days) == LAST_RECORDING.isoformat()
    assert all(is_working_day(_day(text)) for text in days)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def test_rejected_claims_name_existing_projects() -> None:
    county_names = {record.get("name") for record in records()}
    claims = rejected_claims()
    assert [claim["project"] for claim in claims] == ["KH-2024-901", "KH-2024-902"]
    assert claims[0]["name"] in county_names


def test_credit_codes_carry_valid_check_characters() -> None:

    rng = Random("any")
    codes = [credit_code("330824", rng) for _ in range(50)]
    assert all(uscc.is_valid(code) for code in codes)
