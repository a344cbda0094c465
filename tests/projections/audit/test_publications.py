"""A publication is recomputed identically; what differs, and why, is shown number by number."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from commands.handlers.publishing import publish_board
from lifecycle.events import COUNTY
from lifecycle.events.county_events import BoardPublished, ScoresPublished
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import View
from tests.county import CountyCli
from tests.ledgers import CLERK
from tests.outside_changes import change_outside


def published(county: CountyCli, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        county("audit", "publications", "--format", "json", *options).out
    )
    return rows


def test_a_publication_is_the_result_and_comes_out_identical(county: CountyCli) -> None:
    shown = json.loads(
        county(
            "score",
            "--year",
            "2024",
            "--as-of",
            "2024-06-30",
            "--known-at",
            "2024-07-01",
            "--format",
            "json",
        ).out
    )
    answer = county(
        "publish", "scores", "--year", "2024", "--as-of", "2024-06-30", "--known-at", "2024-07-01"
    )
    assert answer.code == 0
    assert "lifecycle/" in answer.out  # the checkpoint that follows each publication
    with Ledger.open(county.url) as ledger:
        event = ledger.history(COUNTY)[-1].event
        before = ledger.head().position - 1
    assert isinstance(event, ScoresPublished)
    assert event.result["units"] == shown["units"]
    assert (event.tree_size, event.year, event.as_of.isoformat()) == (before, 2024, "2024-06-30")
    (row,) = published(county)
    assert (row["differing"], row["missing"], row["superseded_by"]) == ([], None, None)
    assert county("audit", "verify").code == 0


def test_a_later_publication_supersedes(county: CountyCli) -> None:
    county("publish", "scores", "--year", "2024")
    county("publish", "scores", "--year", "2024")
    first, second = published(county)
    assert first["superseded_by"] == second["publication"]
    assert "superseded by" in county("audit", "publications").out


def test_a_number_that_was_changed_afterwards_is_named(county: CountyCli) -> None:
    county("publish", "scores", "--year", "2024")
    with Ledger.open(county.url) as ledger:
        position = ledger.head().position
        with ledger.recorder.cursor(write=False) as cursor:
            (row,) = ledger.recorder.between(cursor, position, position)
    data = orjson.loads(row[4])
    name, before = data["result"]["units"][0]["unit"], data["result"]["units"][0]["total"]
    data["result"]["units"][0]["total"] = "99"
    change_outside(
        county.url,
        ("UPDATE ledger_events SET state = ? WHERE rowid = ?", (orjson.dumps(data), position)),
    )
    answer = county("audit", "publications")
    assert answer.code == 1
    assert f"units[{name}].total: published 99, recomputed {before}" in answer.out
    assert county("audit", "verify").code == 1


def test_today_differs_by_the_events_recorded_since(county: CountyCli) -> None:
    county(
        "publish", "scores", "--year", "2024", "--as-of", "2024-06-30", "--known-at", "2024-07-01"
    )
    (row,) = published(county, "--against-today")
    assert row["differing"] == []
    changes = row["changes"]
    assert changes
    with Ledger.open(county.url) as ledger, ledger.recorder.cursor(write=False) as cursor:
        moment = ledger.recorder.event_at(cursor, row["position"]).stamp.recorded_at + timedelta(
            microseconds=1
        )
    for change in changes:
        assert change["published"] != change["today"]
        assert all(event.rpartition(" ")[2] >= moment.isoformat() for event in change["events"])
    assert any(change["events"] and change["project"] for change in changes)
    sums = {"published": 0.0, "today": 0.0}
    for change in changes:
        for side in sums:
            sums[side] += float(change[side])
    assert sums["published"] != sums["today"]
    assert "recorded since" in county("audit", "publications", "--against-today").out


def test_nothing_recorded_since_changes_nothing(county: CountyCli) -> None:
    county("publish", "scores", "--year", "2024")
    (row,) = published(county, "--against-today")
    assert row["changes"] == []
    assert "changes nothing" in county("audit", "publications", "--against-today").out


def test_without_the_key_it_is_published_all_the_same(county: CountyCli, monkeypatch: Any) -> None:
    monkeypatch.setenv("LIFECYCLE_KEY", "/nowhere/key.pem")
    answer = county("publish", "scores", "--year", "2024")
    assert answer.code == 0
    assert "no checkpoint was signed" in answer.err


def test_a_board_comes_out_identical_and_today_s_differs_by_its_causes(county: CountyCli) -> None:
    answer = county("publish", "board", "2024-05", "--known-at", "2024-06-15")
    assert answer.code == 0
    shown = json.loads(
        county("board", "2024-05", "--known-at", "2024-06-15", "--format", "json").out
    )
    with Ledger.open(county.url) as ledger:
        event = ledger.history(COUNTY)[-1].event
    assert isinstance(event, BoardPublished)
    assert (event.result, event.month, event.as_of.isoformat()) == (shown, "2024-05", "2024-05-31")
    (row,) = published(county, "--against-today")
    assert (row["event"], row["differing"], row["missing"]) == ("BoardPublished", [], None)
    assert row["changes"]  # what was entered late moves points of May
    assert county("audit", "verify").code == 0


def test_a_board_s_number_that_was_changed_afterwards_is_named(county: CountyCli) -> None:
    county("publish", "board", "2024-05")
    with Ledger.open(county.url) as ledger:
        position = ledger.head().position
        with ledger.recorder.cursor(write=False) as cursor:
            (row,) = ledger.recorder.between(cursor, position, position)
    data = orjson.loads(row[4])
    data["result"]["units"][0]["rank_before"] = 7
    change_outside(
        county.url,
        ("UPDATE ledger_events SET state = ? WHERE rowid = ?", (orjson.dumps(data), position)),
    )
    assert "rank_before: published 7, recomputed 1" in county("audit", "publications").out


def test_a_board_is_published_once_its_month_is_over(county: CountyCli) -> None:
    with Ledger.open(county.url) as ledger:
        view = View(2024, date(2024, 12, 30), ledger.head().position, shipped("kaihua-2024"))
        with pytest.raises(Rejected, match="not over"):
            publish_board(ledger, view, "2024-12", CLERK)
    assert county("publish", "board", "2024-13").code == 2
    assert "no rulebook" in county("publish", "board", "2023-05").err
