"""A region's publications: official only if every member counts or is named as absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lifecycle.events import COUNTY
from lifecycle.events.county_events import Publication
from lifecycle.ledger.recorders.stored_rows import stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Note
from tests.commands.region_cli import AXES, RegionCli
from tests.forged import append_unchecked
from tests.outside_changes import change_outside
from tests.regions import (
    CHANGSHAN,
    JIANGSHAN,
    KAIHUA,
    MEMBERS,
    Region,
    project,
    signed,
)

SCORES = ("scores", *AXES)
WITHOUT = ("--without", JIANGSHAN, "--reason", "尚未上线")


@pytest.fixture
def cli(region_on_either: Region, capsys: pytest.CaptureFixture[str]) -> RegionCli:
    """Three members; the region's own ledger lies on either database, its rulebook is adopted."""
    cli = RegionCli(region_on_either, capsys)
    cli.adopt()
    return cli


def published(cli: RegionCli) -> list[Publication]:
    with Ledger.open(cli.url) as ledger:
        events = [recorded.event for recorded in ledger.history(COUNTY)]
    return [event for event in events if isinstance(event, Publication)]


def tamper(cli: RegionCli, unit: str) -> None:
    change_outside(
        cli.region.members[unit].url,
        "UPDATE ledger_events SET state ="
        " CAST(replace(CAST(state AS TEXT), '1000', '9000') AS BLOB)",
    )


# What is frozen -----------------------------------------------------------------------------------


def test_scores_are_published_with_the_tree_of_each_member(cli: RegionCli) -> None:
    answer = cli.publish(*SCORES)
    assert answer.code == 0, answer.err
    assert "counts 3 of 3 members" in answer.out
    assert "  official" in answer.out
    (event,) = published(cli)
    assert event.members is not None
    assert [member.unit for member in event.members] == list(MEMBERS)
    for member in event.members:
        with Ledger.open(cli.region.members[member.unit].url) as ledger:
            head = ledger.head()
            assert (member.position, member.tree_size) == (head.position, head.position)
            assert (member.origin, member.root) == (head.origin, head.tree().root().hex())
        assert member.checkpoint is not None
        note = Note.parse(member.checkpoint)
        assert note.signatures[0].name == cli.region.members[member.unit].key.verifier.name
    result: dict[str, Any] = event.result
    totals = {row["unit"]: row["total"] for row in result["units"]}
    assert totals == {KAIHUA: "8", CHANGSHAN: "4", JIANGSHAN: "3"}


def test_a_month_s_board_is_published_over_the_members(cli: RegionCli) -> None:
    answer = cli.publish("board", "2024-05")
    assert answer.code == 0, answer.err
    (event,) = published(cli)
    board = cli.on("board", "2024-05", "--format", "json").json
    assert event.result["units"] == board["units"]
    (row,) = cli.publications()
    assert (row["event"], row["month"], row["differing"]) == ("BoardPublished", "2024-05", [])


def test_the_bytes_of_a_county_s_publication_name_no_members(cli: RegionCli) -> None:
    assert cli("publish", *SCORES).code == 0
    (event,) = published(cli)
    assert event.members is None
    assert b"members" not in stored_state(cli)


def stored_state(cli: RegionCli) -> bytes:
    with Ledger.open(cli.url) as ledger, ledger.recorder.cursor(write=False) as cursor:
        rows = ledger.recorder.between(cursor, ledger.head().position, ledger.head().position)
        (row,) = rows
    return bytes(stored_bytes(row))


# What is official ---------------------------------------------------------------------------------


def test_an_absent_member_must_be_named_with_a_reason(cli: RegionCli) -> None:
    cli.region.members.pop(JIANGSHAN)
    events = cli.events
    rejected = cli.publish(*SCORES)
    assert rejected.code == 1
    assert JIANGSHAN in rejected.err
    assert "--without" in rejected.err
    assert "--unofficial" in rejected.err
    assert cli.events == events
    answer = cli.publish(*SCORES, *WITHOUT)
    assert "  official" in answer.out
    assert f"left out: {JIANGSHAN} (missing); reason given: 尚未上线" in answer.out
    (event,) = published(cli)
    assert event.members is not None
    absent = event.members[2]
    assert (absent.counted, absent.left_out, absent.root) == (False, "尚未上线", None)


def test_a_tampered_member_is_never_counted(cli: RegionCli) -> None:
    tamper(cli, KAIHUA)
    assert cli.publish(*SCORES).code == 1
    answer = cli.publish(*SCORES, "--unofficial", "核查中")
    assert answer.code == 0, answer.err
    assert "NOT OFFICIAL" in answer.out
    assert f"not counted: {KAIHUA} (differs)" in answer.out
    (event,) = published(cli)
    assert event.members is not None
    assert (event.members[0].verdict, event.members[0].counted) == ("DIFFERS", False)


def test_a_result_of_no_member_is_not_published_whatever_the_reason(cli: RegionCli) -> None:
    cli.region.members = {KAIHUA: cli.region.members[KAIHUA]}
    tamper(cli, KAIHUA)
    answer = cli.publish(*SCORES, "--unofficial", "核查中")
    assert answer.code == 1
    assert "none of the 3 members counts" in answer.err


def test_a_moment_before_a_member_s_last_event_makes_it_unofficial(cli: RegionCli) -> None:
    with Ledger.open(cli.url) as ledger:
        moment = ledger.clock().isoformat()
    cli.region.members[KAIHUA].add(project("Z", name="后来的项目"))
    rejected = cli.publish(*SCORES, "--known-at", moment)
    assert rejected.code == 1
    assert f"--known-at leaves out the last 1 signed events of {KAIHUA}" in rejected.err
    assert cli.publish(*SCORES, "--known-at", moment, "--unofficial", "核对").code == 0
    (row,) = cli.publications()
    assert (row["official"], row["differing"]) == (False, [])


def test_a_later_one_supersedes_it_and_the_region_alone_supersedes_nothing(
    cli: RegionCli,
) -> None:
    cli.publish(*SCORES)
    cli("publish", *SCORES)
    answer = cli.publish(*SCORES)
    assert "supersedes county#5" in answer.out
    first, alone, second = cli.publications()
    assert (first["superseded_by"], second["supersedes"]) == (
        second["publication"],
        first["publication"],
    )
    assert (alone["supersedes"], alone["superseded_by"]) == (None, None)


# Recomputed ---------------------------------------------------------------------------------------


def test_it_is_recomputed_from_what_each_member_knew(cli: RegionCli) -> None:
    cli.publish(*SCORES)
    cli.region.members[KAIHUA].add(project("Z", name="后来的项目"), signed("Z", "500"))
    (row,) = cli.publications()
    assert (row["differing"], row["absent_members"], row["official"]) == ([], [], True)
    (row,) = cli.publications("--against-today")
    changed = {change["project"]: change["events"] for change in row["changes"]}
    # The member's ratio rests on all its projects.
    assert set(changed) == {f"{KAIHUA}/Z", None}
    assert [event.split()[0] for event in changed[f"{KAIHUA}/Z"]] == [
        f"{KAIHUA}/Z#1",
        f"{KAIHUA}/Z#2",
    ]


def test_without_the_members_it_is_not_recomputed(cli: RegionCli) -> None:
    cli.publish(*SCORES)
    answer = cli("audit", "publications", "--against-today")
    assert answer.code == 1
    assert f"the ledgers of {KAIHUA}, {CHANGSHAN}, {JIANGSHAN} are needed" in answer.out
    assert "identical" not in answer.out
    assert "changes nothing" not in answer.out
    # The ledger itself differs in nothing.
    verdict = cli("audit", "verify", "--format", "json").json
    assert verdict["differences"] == []
    assert "members_absent" in {problem["rule"] for problem in verdict["not_shown"]}


def test_a_member_that_was_tampered_with_since_does_not_vouch_for_it(cli: RegionCli) -> None:
    cli.publish(*SCORES)
    tamper(cli, JIANGSHAN)
    (row,) = cli.publications()
    assert row["absent_members"] == [JIANGSHAN]


def test_an_older_copy_and_another_history_of_a_member_are_named(
    cli: RegionCli, tmp_path: Path
) -> None:
    older = tmp_path / "older.zip"
    member = cli.region.members[KAIHUA].write_bundle(older)
    member.bundle = None
    member.add(project("Z", name="后来的项目"))
    cli.publish(*SCORES)
    member.bundle, member.witness = older, "older"
    (row,) = cli.publications()
    sizes = [entry for entry in row["differing"] if entry["what"].endswith(".tree_size")]
    assert [(entry["what"], entry["published"] - entry["found"]) for entry in sizes] == [
        (f"members[{KAIHUA}].tree_size", 1)
    ]


def test_another_root_of_a_member_is_named(cli: RegionCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A county that signed two histories is known by the root that was published."""
    cli.publish(*SCORES)
    whole_root = StoredTree.root

    def other_root(tree: StoredTree, size: int) -> bytes:
        return whole_root(tree, size - 1)

    monkeypatch.setattr("projections.audit.published_members.StoredTree.root", other_root)
    (row,) = cli.publications()
    named = {entry["what"] for entry in row["differing"]}
    assert f"members[{KAIHUA}].root" in named


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"verdict": "DIFFERS"}, "verdict"),
        ({"left_out": "尚未上线"}, "left_out"),
        ({"checkpoint": "no note"}, "checkpoint"),
        ({"origin": ""}, "origin"),
    ],
)
def test_a_member_that_counts_against_its_own_entry_is_named(
    cli: RegionCli, changes: dict[str, str], what: str
) -> None:
    cli.publish(*SCORES)
    (event,) = published(cli)
    record = event.model_dump(mode="json", exclude_none=True) | {"event": "ScoresPublished"}
    first, second, _third = record["members"]
    # An empty origin stands for that of the member before it.
    second.update({name: text or first[name] for name, text in changes.items()})
    with Ledger.open(cli.url) as ledger:
        append_unchecked(ledger, record)
    rows = cli.publications()
    named = {entry["what"] for entry in rows[-1]["differing"]}
    assert f"members[{CHANGSHAN}].{what}" in named


def test_a_result_that_conceals_what_is_counted_twice_is_named(cli: RegionCli) -> None:
    cli.region.members[JIANGSHAN].add(project("T", name="项目A", investor="投资方A"))
    cli.publish(*SCORES)
    (event,) = published(cli)
    record = event.model_dump(mode="json", exclude_none=True) | {"event": "ScoresPublished"}
    del record["result"]["counted_twice"]
    with Ledger.open(cli.url) as ledger:
        append_unchecked(ledger, record)
    rows = cli.publications()
    assert [entry["what"] for entry in rows[-1]["differing"]] == ["counted_twice"]


def test_a_project_that_two_members_report_is_frozen_with_the_result(cli: RegionCli) -> None:
    twin: dict[str, Any] = {"name": "项目A"}
    cli.region.members[JIANGSHAN].add(project("T", **twin, investor="投资方A"))
    with Ledger.open(cli.region.members[KAIHUA].url) as ledger:
        assert ledger.head().position
    cli.publish(*SCORES)
    (event,) = published(cli)
    result: dict[str, Any] = event.result
    (conflict,) = result["counted_twice"]
    assert conflict["projects"] == sorted([f"{JIANGSHAN}/T", f"{KAIHUA}/A"])
    (row,) = cli.publications()
    assert row["differing"] == []


def test_it_is_told_in_chinese(cli: RegionCli, spoken_chinese: None) -> None:
    cli.region.members.pop(JIANGSHAN)
    answer = cli.publish(*SCORES)
    assert answer.code == 1
    assert "未计入的成员" in answer.err
    answer = cli.publish(*SCORES, *WITHOUT)
    assert "计入 2 个成员，共 3 个" in answer.out
