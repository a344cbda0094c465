"""The verifier on record times: what counts when, and which corrections no ledger records."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle as verifier
from tests.given import TOWN, unit

JUNE = datetime(2024, 6, 1, 9, tzinfo=SHANGHAI)
WRONG = datetime(2099, 6, 1, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def times_of(*events: dict[str, Any]) -> verifier.RecordTimes:
    """The record times of county events with these stored fields."""
    times = verifier.RecordTimes()
    for position, fields in enumerate(events, start=1):
        kind = fields.get("event", "MeetingHeld")
        stored = {name: value for name, value in fields.items() if name != "event"}
        state = json.dumps(stored).encode()
        times.add(verifier.StoredEvent(position, "county", position, f"{kind}/1", state))
    return times


def stamped(moment: datetime, **fields: Any) -> dict[str, Any]:
    return {"recorded_at": moment.isoformat(), **fields}


def correcting(first: int, last: int, moment: datetime, at: datetime) -> dict[str, Any]:
    return stamped(
        at,
        event="RecordTimeCorrected",
        first=first,
        last=last,
        corrected_recorded_at=moment.isoformat(),
        reason="时钟误设",
    )


def test_a_correction_counts_at_every_moment_and_the_last_of_several_holds() -> None:
    times = times_of(
        stamped(JUNE),
        stamped(WRONG),
        stamped(WRONG),
        correcting(2, 3, JUNE + HOUR, JUNE + 5 * HOUR),
        correcting(3, 3, JUNE + 2 * HOUR, JUNE + 6 * HOUR),
    )
    moments = times.corrected()
    positions = [verifier.position_at(moments, JUNE + hours * HOUR) for hours in range(-1, 8)]
    assert positions == [0, 1, 2, 3, 3, 3, 4, 5, 5]
    assert verifier.position_at(moments, JUNE + HOUR - timedelta(microseconds=1)) == 1


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ([stamped(JUNE), stamped(JUNE - HOUR)], "position 2 counts as recorded before"),
        ([stamped(WRONG), stamped(JUNE)], "position 2 counts as recorded before"),
        (
            [stamped(JUNE), stamped(WRONG), correcting(2, 2, JUNE - HOUR, JUNE + HOUR)],
            "position 2 counts as recorded before",
        ),
        (
            # What the wrong clock stamped last is left out.
            [stamped(JUNE), stamped(WRONG), stamped(WRONG), correcting(2, 2, JUNE, JUNE + HOUR)],
            "position 4 counts as recorded before",
        ),
        ([correcting(1, 1, JUNE, JUNE)], "were not recorded yet"),
        ([stamped(JUNE), correcting(2, 1, JUNE, JUNE)], "were not recorded yet"),
        ([stamped(JUNE), correcting(1, 1, JUNE + HOUR, JUNE)], "to one after its own"),
        (
            [
                stamped(JUNE),
                correcting(1, 1, JUNE, JUNE),
                stamped(JUNE, event="FactCorrected", corrects=2, replacement=None),
            ],
            "county#3 corrects a correction of record times",
        ),
        ([{}], "^county#1: 'None' is not a moment$"),
        ([{"recorded_at": "gestern"}], "'gestern' is not a moment"),
        ([stamped(JUNE, event="RecordTimeCorrected", first=1, last=1)], "corrected_recorded_at"),
        (
            [
                stamped(
                    JUNE, event="RecordTimeCorrected", corrected_recorded_at="x", first=1, last=1
                )
            ],
            "^county#1: 'x' is not a moment$",
        ),
    ],
)
def test_what_no_ledger_records_is_a_difference(
    events: list[dict[str, Any]], complaint: str
) -> None:
    with pytest.raises(verifier.VerificationError, match=complaint):
        times_of(*events).corrected()


def test_another_correction_of_the_county_is_none_of_its_business() -> None:
    times = times_of(
        stamped(JUNE),
        correcting(1, 1, JUNE, JUNE),
        stamped(JUNE, event="FactCorrected", corrects=1, replacement=None),
    )
    assert len(times.corrected()) == 3


def test_a_project_s_correction_is_none_of_its_business_either() -> None:
    times = times_of(stamped(JUNE), correcting(1, 1, JUNE, JUNE))
    state = json.dumps(stamped(JUNE, corrects=2, replacement=None)).encode()
    times.add(verifier.StoredEvent(3, "project/P", 3, "FactCorrected/1", state))
    assert len(times.corrected()) == 3


def test_moments_are_told_apart_by_the_microsecond() -> None:
    moments = times_of(stamped(JUNE + timedelta(microseconds=1))).corrected()
    assert verifier.position_at(moments, JUNE) == 0
    assert verifier.position_at(moments, JUNE + timedelta(microseconds=1)) == 1


def test_a_moment_without_a_zone_is_shanghais() -> None:
    assert verifier.as_moment("2024-06-01T09:00:00", "x") == JUNE
    assert verifier.as_moment("2024-06-01T01:00:00+00:00", "x") == JUNE


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of a ledger whose clock went wrong and was corrected."""
    now = [JUNE]
    url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(url, create=True, clock=lambda: now[0]) as ledger:
        for clock, record in (
            (JUNE, unit()),
            (WRONG, unit("另一镇")),
            (
                JUNE + 2 * HOUR,
                {
                    "event": "RecordTimeCorrected",
                    "occurred_on": "2024-06-01",
                    "first": 2,
                    "last": 2,
                    "recorded_at": (JUNE + HOUR).isoformat(),
                    "reason": "时钟误设",
                    "approved_by": "张主任",
                },
            ),
        ):
            now[0] = clock
            ledger.record(read_record(record), Author("甲"))
        write_bundle(ledger, tmp_path / "b.zip")
    return tmp_path / "b.zip"


def test_a_bundle_names_its_corrections_and_what_was_known_when(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for known_at, position in (
        ("2024-06-01T09:59:59", 1),
        ("2024-06-01T10:00:00+08:00", 2),
        ("2024-05-31", 0),
        # A day means its end, as for every other command.
        ("2024-06-01", 3),
    ):
        verifier.main([str(bundle), "--known-at", known_at])
        out = capsys.readouterr().out
        corrected = "positions 2 to 2 count as recorded at 2024-06-01T10:00:00+08:00 (时钟误设)"
        assert f"note: county#1: {corrected}\n" in out
        assert f"the ledger ends at position {position}\n" in out
    verifier.main([str(bundle)])
    assert "as known at" not in capsys.readouterr().out


def test_a_moment_that_cannot_be_read_is_unusable(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verifier.main([str(bundle), "--known-at", "gestern"]) == 3
    assert "--known-at" in capsys.readouterr().out
    certificate = tmp_path / "c.json"
    certificate.write_text(json.dumps({"unit": TOWN}), encoding="utf-8")
    assert verifier.main([str(certificate), "--known-at", "2024-06-01"]) == 3
    assert capsys.readouterr().out == "UNUSABLE: only a bundle tells what was known when\n"


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        (0, "1970-01-01T00:00:00+00:00"),
        (1_717_203_600, "2024-06-01T01:00:00+00:00"),
        ((1 << 63) - 1, "9223372036854775807 seconds since 1970"),
    ],
)
def test_a_cosigners_moment_is_shown_in_utc_as_far_as_calendars_reach(
    timestamp: int, text: str
) -> None:
    assert verifier.moment_text(timestamp) == text
