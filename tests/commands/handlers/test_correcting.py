"""A correction replaces fields of an earlier event or voids it; the original stays stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.handlers.correcting import (
    correct_event,
    effective_event,
    find_event,
    find_stream,
)
from lifecycle.events import COUNTY, RecordedEvent, Stream
from lifecycle.rejections import Rejected
from tests.given import REPORTED, TOWN, World
from tests.ledgers import CLERK


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).given(*REPORTED)


def report_of(world: World) -> RecordedEvent:
    return find_event(world.ledger, Stream("project", "P"), 1)


def test_a_stream_is_found_by_project_unit_or_county(world: World) -> None:
    assert find_stream(world.ledger, "P") == Stream("project", "P")
    assert find_stream(world.ledger, TOWN) == Stream("unit", TOWN)
    assert find_stream(world.ledger, "县") == find_stream(world.ledger, "county") == COUNTY


@pytest.mark.parametrize("name", ["Q", "某镇"])
def test_an_unknown_stream_is_rejected(world: World, name: str) -> None:
    with pytest.raises(Rejected) as rejected:
        find_stream(world.ledger, name)
    assert rejected.value.problems[0].rule == "unknown_stream"


def test_an_unknown_version_is_rejected(world: World) -> None:
    with pytest.raises(Rejected) as rejected:
        find_event(world.ledger, Stream("project", "P"), 7)
    assert rejected.value.problems[0].rule == "unknown_version"


def test_a_correction_says_what_it_changed(world: World) -> None:
    result = correct_event(
        world.ledger,
        report_of(world),
        {"investor": "新投资方"},
        CLERK,
        reason="误录",
        approved_by="余敏",
        note="核对工商登记",
    )
    assert result.entry.ref == "P#2"
    assert result.before["investor"] == "投资方P"
    assert result.after is not None
    assert result.after["investor"] == "新投资方"
    assert report_of(world).event.investor == "投资方P"  # type: ignore[attr-defined]


def test_a_void_removes_the_effective_event(world: World) -> None:
    consultation = {
        "event": "ConsultationHeld",
        "project": "P",
        "occurred_on": "2024-02-01",
        "outcome": "passed",
    }
    world.record(consultation)
    target = find_event(world.ledger, Stream("project", "P"), 2)
    result = correct_event(world.ledger, target, None, CLERK, reason="误录", approved_by="余敏")
    assert result.after is None
    assert effective_event(world.ledger, target) is None


def test_a_later_correction_applies_over_an_earlier_one(world: World) -> None:
    target = report_of(world)
    for investor in ("甲公司", "乙公司"):
        correct_event(
            world.ledger,
            target,
            {"investor": investor},
            CLERK,
            reason=f"更名为{investor}",
            approved_by="余敏",
        )
    present = effective_event(world.ledger, target)
    assert present is not None
    assert present.event.investor == "乙公司"  # type: ignore[attr-defined]
