"""The demo county is the same byte for byte, so figures quoted from it hold in every version."""

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

DIGEST = "cbbd0a35b087cac11a05220668178ad6fdc046f88efc2bad9271f0512af23fd3"


def test_the_records_of_the_county_are_those_of_every_earlier_version(tmp_path: Path) -> None:
    county = records()
    write_jsonl(tmp_path / "county.jsonl", iter(county))
    assert len(county) == 2871
    assert sha256((tmp_path / "county.jsonl").read_bytes()).hexdigest() == DIGEST


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
