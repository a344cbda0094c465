"""A publication is recomputed identically; what differs, and why, is shown number by number."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from commands.handlers.publishing import publish_board
from lifecycle.deciding.drafts import Draft
from lifecycle.events import COUNTY
from lifecycle.events.county_events import BoardPublished, ScoresPublished
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped
from projections.audit.evaluators import EVALUATOR
from projections.views.requested_axes import RequestedAxes
from tests.county import CountyCli
from tests.ledgers import CLERK
from tests.outside_changes import change_outside

JUNE_AS_KNOWN_THEN = (
    "publish",
    "scores",
    "--year",
    "2024",
    "--as-of",
    "2024-06-30",
    "--known-at",
    "2024-07-01",
)


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
        *JUNE_AS_KNOWN_THEN,
        "--unofficial",
        "核对",
    )
    assert answer.code == 0
    assert "lifecycle/" in answer.out  # the checkpoint that follows each publication
    with Ledger.open(county.url) as ledger:
        event = ledger.history(COUNTY)[-1].event
        before = ledger.head().position - 1
    assert isinstance(event, ScoresPublished)
    assert event.result["units"] == shown["units"]
    assert (event.tree_size, event.year, event.as_of.isoformat()) == (before, 2024, "2024-06-30")
    assert event.position < event.tree_size
    assert event.unofficial == "核对"
    (row,) = published(county)
    assert (row["differing"], row["missing"], row["superseded_by"]) == ([], None, None)
    assert county("audit", "verify").code == 0


def test_a_later_publication_supersedes(county: CountyCli) -> None:
    county("publish", "scores", "--year", "2024")
    county("publish", "scores", "--year", "2024")
    first, second = published(county)
    assert first["superseded_by"] == second["publication"]
    assert "superseded by" in county("audit", "publications").out


def test_what_it_rests_on_is_shown(county: CountyCli) -> None:
    county("publish", "scores", "--year", "2024")
    county("publish", "scores", "--year", "2024", "--unofficial", "试算")
    county("publish", "scores", "--year", "2024")
    first, trial, second = published(county)
    digest = shipped("kaihua-2024").digest
    for row in (first, trial, second):
        assert (row["rulebook"], row["rulebook_digest"]) == ("kaihua-2024", digest)
        assert (row["adopted"], row["in_force"], row["evaluator"]) == (False, True, EVALUATOR)
        assert row["position"] == row["tree_size"]
    assert [row["official"] for row in (first, trial, second)] == [True, False, True]
    assert [row["unofficial"] for row in (first, trial, second)] == [None, "试算", None]
    assert [row["supersedes"] for row in (first, trial, second)] == [
        None,
        None,
        first["publication"],
    ]
    assert [row["superseded_by"] for row in (first, trial, second)] == [
        second["publication"],
        None,
        None,
    ]
    shown = county("audit", "publications").out
    assert f"rulebook kaihua-2024 {digest}, not adopted, in force" in shown
    assert "NOT OFFICIAL: it supersedes nothing; reason given: 试算" in shown
    assert f"supersedes {first['publication']}" in shown


def test_one_as_known_earlier_is_said_to_leave_events_out(county: CountyCli) -> None:
    county(*JUNE_AS_KNOWN_THEN, "--unofficial", "核对")
    (row,) = published(county)
    left_out = row["tree_size"] - row["position"]
    shown = county("audit", "publications").out
    assert f"leaves out the last {left_out} events recorded before it" in shown


def test_one_by_an_adopted_rulebook_that_is_in_force_no_more_is_not_official(
    county: CountyCli, tmp_path: Path
) -> None:
    county("rulebook", "adopt", "kaihua-2024")
    county("publish", "scores", "--year", "2024")
    rival = tmp_path / "rival.toml"
    text = shipped("kaihua-2024").content.replace('issuer = "', 'issuer = "另一', 1)
    rival.write_text(text, encoding="utf-8")
    assert county("rulebook", "adopt", rival).code == 0
    county("publish", "scores", "--year", "2024")
    before, after = published(county)
    for row in (before, after):
        assert (row["adopted"], row["in_force"], row["official"]) == (True, True, True)
    assert before["rulebook_digest"] != after["rulebook_digest"]
    assert after["supersedes"] == before["publication"]


# What did not come from `publish` -----------------------------------------------------------------


def forged(county: CountyCli, **fields: Any) -> dict[str, Any]:
    """Record a publication as a program of an insider could: as `publish` does, with other fields.

    The rows of `audit publications` that tell of it.
    """
    county("publish", "scores", "--year", "2024")
    with Ledger.open(county.url) as ledger:
        event = ledger.history(COUNTY)[-1].event
        assert isinstance(event, ScoresPublished)
        head = ledger.head()
        tree = {"tree_size": head.position, "root": head.tree().root().hex()}
        known = {"position": head.position}
        forgery = event.model_copy(update={**known, **tree, **fields})
        ledger.record(Draft(COUNTY, forgery), CLERK)
    _sound, row = published(county)
    assert row["official"] or row["supersedes"] is None
    return row


def test_one_of_an_old_position_without_a_mark_differs(county: CountyCli) -> None:
    row = forged(county, position=1000)
    assert not row["official"]
    official = {"what": "official", "published": True, "found": False}
    assert official in row["differing"]


def test_one_of_0_1_0_bears_no_mark_and_is_judged_by_its_fields(county: CountyCli) -> None:
    row = forged(county, position=1000, evaluator="lifecycle 0.1.0")
    assert not row["official"]
    assert "official" not in [difference["what"] for difference in row["differing"]]


def test_one_by_a_rulebook_that_nobody_adopted_cannot_pass(county: CountyCli) -> None:
    row = forged(county, rulebook_digest="0" * 64)
    assert (row["adopted"], row["in_force"], row["official"]) == (False, False, False)
    assert row["missing"] == f"kaihua-2024 {'0' * 64}"


def test_one_by_another_shipped_rulebook_under_this_id_differs(county: CountyCli) -> None:
    row = forged(county, rulebook_digest=shipped("city-2024").digest)
    assert not row["official"]
    assert {"what": "rulebook", "published": "kaihua-2024", "found": "city-2024"} in row[
        "differing"
    ]


def test_audit_verify_names_a_publication_that_history_does_not_give(county: CountyCli) -> None:
    row = forged(county, position=1000)
    answer = county("audit", "verify", "--format", "json")
    assert (answer.code, answer.json["verdict"]) == (1, "DIFFERS")
    (difference,) = answer.json["differences"]
    assert difference["rule"] == "publication"
    assert row["publication"] in difference["message"]
    assert answer.json["checked"]["publications_unofficial"] == 1


def test_audit_verify_names_a_publication_that_cannot_be_recomputed(county: CountyCli) -> None:
    row = forged(county, rulebook_digest="0" * 64)
    answer = county("audit", "verify")
    assert answer.code == 1
    assert f"the publication {row['publication']} cannot be recomputed" in answer.err


def test_audit_verify_counts_what_is_not_official(county: CountyCli) -> None:
    county("publish", "scores", "--year", "2024", "--unofficial", "试算")
    answer = county("audit", "verify")
    assert "publications that are not official: 1" in answer.out
    assert "DIFFERS" not in answer.err


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"calendar_digest": "0" * 64}, "0" * 64),
        ({"evaluator": "lifecycle 9.0.0"}, "lifecycle 9.0.0"),
    ],
)
def test_what_is_not_known_here_is_missing(
    county: CountyCli, fields: dict[str, str], missing: str
) -> None:
    assert forged(county, **fields)["missing"] == missing
    assert county("audit", "publications").code == 1


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
    verified = county("audit", "verify")
    assert verified.code == 1
    assert f"first in units[{name}].total: published 99, recomputed {before}" in verified.err


def test_today_differs_by_the_events_recorded_since(county: CountyCli) -> None:
    county(*JUNE_AS_KNOWN_THEN, "--unofficial", "核对")
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
    printed = county("audit", "publications", "--against-today").out
    assert "recorded since" in printed
    # People read the rule's and the event's names; ids are for programs.
    rules = {rule.id: rule.chinese for rule in shipped("kaihua-2024").rulebook.rules}
    for change in changes:
        assert f" {rules[change['rule']]}: published" in printed
        assert f" {change['rule']}: published" not in printed


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
    answer = county(
        "publish", "board", "2024-05", "--known-at", "2024-06-15", "--unofficial", "核对"
    )
    assert answer.code == 0
    shown = json.loads(
        county("board", "2024-05", "--known-at", "2024-06-15", "--format", "json").out
    )
    # What the rulebook passes over is shown beside a board and is no part of it.
    shown.pop("not_counted", None)
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
    in_december = datetime(2024, 12, 30, 9, tzinfo=SHANGHAI)
    with (
        Ledger.open(county.url, clock=lambda: in_december) as ledger,
        pytest.raises(Rejected, match="not over"),
    ):
        publish_board(ledger, RequestedAxes(), "2024-12", CLERK)
    assert county("publish", "board", "2024-13").code == 2
    assert "no rulebook" in county("publish", "board", "2023-05").err
