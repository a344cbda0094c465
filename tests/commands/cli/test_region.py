"""A region's results: members verified before they count, scored by the region's rulebook."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from lifecycle.ledger.checkpoints import change_signer, sign_checkpoint, signers
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.commands.region_cli import AXES, RegionCli
from tests.given import OTHER, OUTPOST, TOWN, of
from tests.ledgers import CLERK, fill
from tests.outside_changes import change_outside
from tests.postgres import Server
from tests.regions import (
    CHANGSHAN,
    JIANGSHAN,
    KAIHUA,
    MEMBERS,
    Region,
    project,
    signed,
)
from tests.trust.roles import ranked_store


@pytest.fixture
def cli(region: Region, capsys: pytest.CaptureFixture[str]) -> RegionCli:
    return RegionCli(region, capsys)


def set_clock(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    now = machine_clock.machine_time().astimezone(SHANGHAI) + timedelta(days=days)
    monkeypatch.setattr(machine_clock, "machine_time", lambda: now)


# Scores -------------------------------------------------------------------------------------------


def test_members_are_scored_by_the_regions_rulebook(cli: RegionCli) -> None:
    late = ("--indicator", "late_starts", "--period", "2024", "--actual", "1")
    cli("record", "IndicatorReported", "--unit", CHANGSHAN, *late, "--occurred-on", "2024-06-01")
    # Two agreements and 4,000 of 4,000; one, half the target, one late start; one and a quarter.
    assert cli.totals() == {KAIHUA: "8", CHANGSHAN: "3.5", JIANGSHAN: "3"}
    scores = cli.scores()
    assert [row["rank"] for row in scores["units"]] == [1, 2, 3]
    assert [row["unit"] for row in scores["members"]] == list(MEMBERS)
    assert all(row["counted"] and row["verdict"] == "VERIFIED" for row in scores["members"])
    assert (scores["official"], scores["conflicts"]) == (True, [])
    assert scores["rulebook"]["id"] == "region-2024"


def test_a_bundle_gives_what_its_store_gives(cli: RegionCli) -> None:
    bundled = cli.scores()
    cli.region.members[CHANGSHAN].bundle = None
    assert cli.scores() == bundled


def test_a_bundle_is_fetched_from_a_url(cli: RegionCli, region: Region, tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    stored = cli.scores()
    with fsspec.open("memory://bundles/changshan.zip", "wb") as file:
        file.write((tmp_path / "changshan.zip").read_bytes())
    region.members[CHANGSHAN].bundle = "memory://bundles/changshan.zip"
    assert cli.scores() == stored
    region.members[CHANGSHAN].bundle = "memory://user:secret@bundles/none.zip?token=secret"
    row = cli.members()[CHANGSHAN]
    assert (row["verdict"], "bundles/none.zip" in row["reason"]) == ("MISSING", True)
    assert "secret" not in row["reason"]
    region.members[CHANGSHAN].bundle = "nothing://changshan.zip"
    assert cli.members()[CHANGSHAN]["verdict"] == "MISSING"


def test_a_member_on_postgresql_gives_what_one_on_sqlite_gives(
    region: Region, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [project("P"), signed("P", "2000")]
    region.add(CHANGSHAN, records, postgres_url)
    cli = RegionCli(region, capsys)
    assert cli.members()[CHANGSHAN]["verdict"] == "VERIFIED"
    assert cli.totals()[CHANGSHAN] == "4"


def test_projects_count_for_their_member_whoever_of_it_has_the_credit(cli: RegionCli) -> None:
    explanation = cli.on(
        "explain", f"{JIANGSHAN}/C", *AXES, "--rulebook", cli.region.rulebook, "--format", "json"
    ).json
    (line, *_others) = explanation["lines"]
    assert (line["unit"], line["project"]) == (JIANGSHAN, f"{JIANGSHAN}/C")
    assert line["events"] == [f"{JIANGSHAN}/C#2"]
    of_unit = cli.on("explain", "江山", *AXES, "--rulebook", cli.region.rulebook)
    assert f"{JIANGSHAN}/C" in of_unit.out


def test_own_scores_are_the_countys(cli: RegionCli) -> None:
    own = cli.on("score", "--own", *AXES, "--format", "json").json["own"]
    county = Cli(cli.region.members[KAIHUA].url, cli._capsys)
    theirs = county("score", *AXES, "--format", "json").json
    assert [row["unit"] for row in own] == list(MEMBERS)
    assert own[0]["scores"]["units"] == theirs["units"]
    assert {row["unit"] for row in theirs["units"]} == {TOWN, OTHER, OUTPOST}
    rejected = cli.on("score", "--own", "--rulebook", "kaihua-2024")
    assert (rejected.code, rejected.out) == (2, "")


def test_results_of_the_past_count_what_each_member_knew_then(cli: RegionCli) -> None:
    with Ledger.open(cli.region.members[KAIHUA].url) as ledger:
        recorded_at = ledger.head().recorded_at
    cli.region.members[KAIHUA].add(project("D"), signed("D", "4000"))
    assert cli.totals()[KAIHUA] == "14"  # 4,000 more, and another agreement
    then = cli.scores("--known-at", recorded_at)
    assert {row["unit"]: row["total"] for row in then["units"]}[KAIHUA] == "8"
    assert then["members"][0]["position"] == 7


def test_corrected_record_times_of_a_member_are_named(cli: RegionCli) -> None:
    with Ledger.open(cli.region.members[KAIHUA].url) as ledger:
        moment = ledger.head().recorded_at
    correction = {
        "event": "RecordTimeCorrected",
        "occurred_on": moment.partition("T")[0],
        "first": 6,
        "last": 7,
        "recorded_at": moment,
        "reason": "时钟误设",
        "approved_by": "张主任",
    }
    assert "member_time_corrections" not in cli.scores()
    cli.region.members[KAIHUA].add(correction)
    (row,) = cli.scores()["member_time_corrections"]
    assert (row["unit"], row["first"], row["last"]) == (KAIHUA, 6, 7)
    assert "时钟误设" in cli.on("score", *AXES).out


def test_a_dissolved_members_projects_are_its_successors(cli: RegionCli) -> None:
    dissolve = ("unit", "dissolve", CHANGSHAN, "--successor", KAIHUA, "--on", "2024-07-01")
    answer = cli(*dissolve, "--source-ref", "国函〔2024〕1号", "--yes")
    assert answer.code == 0, answer.err
    # Three agreements, and 6,000 of 4,000.
    assert cli.totals() == {KAIHUA: "12", JIANGSHAN: "3"}
    assert cli.members()[CHANGSHAN]["counted"]
    # Without an entry in the file it is no member that lacks: it is not there any more.
    cli.region.members[JIANGSHAN].witness = "2"  # as before, now that it is the second
    cli.region.members.pop(CHANGSHAN)
    scores = cli.scores()
    assert (len(scores["members"]), scores["official"]) == (2, True)


def test_a_member_registered_later_is_there_if_its_ledger_has_a_project(cli: RegionCli) -> None:
    later = ("--sequence", "县区", "--category", "township", "--occurred-on", "2025-01-01")
    cli("record", "UnitRegistered", "--unit", "龙游县", *later)
    cli("record", "UnitRegistered", "--unit", "衢江区", *later)
    cli.region.add("龙游县", [project("L"), signed("L", "500")])
    cli.region.add("衢江区", [])
    assert cli.totals() == {KAIHUA: "8", CHANGSHAN: "4", JIANGSHAN: "3", "龙游县": "2"}


def test_boards_and_targets_are_the_members(cli: RegionCli) -> None:
    rulebook = ("--rulebook", "kaihua-2024")
    board = cli.on("board", "2024-05", *rulebook, "--format", "json").json
    assert {row["unit"] for row in board["units"]} == set(MEMBERS)
    assert [row["counted"] for row in board["members"]] == [True] * 3
    targets = cli.on("targets", *AXES, *rulebook, "--format", "json").json
    rows = [row for row in targets["targets"] if row["indicator"] == "signed_100m"]
    assert [row["actual"] for row in rows] == ["0"] or rows == []
    for command in (("board", "2024-05"), ("targets", *AXES)):
        answer = cli.on(*command, *rulebook)
        assert (answer.code, "3 of 3 members" in answer.out) == (0, True), answer.err


def test_a_rulebook_without_targets_is_no_silent_table(cli: RegionCli) -> None:
    answer = cli.on("targets", *AXES, "--rulebook", cli.region.rulebook)
    assert "the rulebook region-2024 has no [[targets]]" in answer.out


def test_the_proposals_of_an_official_board_are_listed(cli: RegionCli) -> None:
    board = ("board", "2024-05", "--rulebook", "kaihua-2024", "--list", "--yes")
    jiangshan = cli.region.members.pop(JIANGSHAN)
    rejected = cli.on(*board)
    assert (rejected.code, "[not_official]" in rejected.err) == (1, True)
    cli.region.members[JIANGSHAN] = jiangshan
    events = cli.events
    assert cli.on(*board).code == 0
    listed = cli.on(*board[:-2], "--format", "json").json["listed"]
    assert len(listed) == cli.events - events > 0
    assert {row["unit"] for row in listed} <= set(MEMBERS)


def test_an_auditors_login_suffices(
    region: Region, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with ranked_store(server) as store:
        with Ledger.open(store.url("auditor")) as ledger:
            (signer, *_later) = signers(ledger)
        member = region.members[KAIHUA]
        member.url, member.witness = store.url("auditor"), "ranked"
        member.given_key = str(signer.key)
        row = RegionCli(region, capsys).members()[KAIHUA]
        assert (row["verdict"], row["counted"]) == ("VERIFIED", True)


def test_rows_without_a_place_for_it_come_with_a_message(cli: RegionCli) -> None:
    assert cli.on("score", *AXES, "--format", "csv").err == ""
    cli.region.members.pop(JIANGSHAN)
    answer = cli.on("score", *AXES, "--format", "csv")
    assert "2 of 3 members count: not official" in answer.err
    assert "members" not in answer.out


# Members that do not count ------------------------------------------------------------------------


def test_a_tampered_member_is_named_and_left_out(cli: RegionCli) -> None:
    before = cli.totals()
    change_outside(
        cli.region.members[JIANGSHAN].url,
        "UPDATE ledger_events SET state ="
        " CAST(replace(CAST(state AS TEXT), '1000', '9000') AS BLOB)",
    )
    row = cli.members()[JIANGSHAN]
    assert (row["verdict"], row["counted"], row["position"]) == ("DIFFERS", False, None)
    assert cli.on("verify").code == 1
    scores = cli.scores()
    assert scores["official"] is False
    totals = {row["unit"]: row["total"] for row in scores["units"]}
    # A total of 0 would be a number, and a rank above those below 0.
    del before[JIANGSHAN]
    assert totals == before
    answer = cli.on("score", *AXES)
    assert "2 of 3 members count: not official" in answer.out
    assert f"{JIANGSHAN} is not counted" in answer.out


def test_a_result_without_a_named_member_is_official(cli: RegionCli) -> None:
    cli.region.members.pop(JIANGSHAN)
    without = ("--without", JIANGSHAN, "--reason", "尚未上线")
    assert cli.scores()["official"] is False
    scores = cli.scores(*without)
    assert scores["official"] is True
    absent = scores["members"][2]
    assert (absent["verdict"], absent["counted"]) == ("MISSING", False)
    assert "尚未上线" in absent["reason"]
    # A sound member is left out too.
    assert KAIHUA not in cli.totals("--without", KAIHUA, "--reason", "数据复核")
    assert cli.on("score", "--without", JIANGSHAN).code == 2
    everybody = [part for unit in (KAIHUA, CHANGSHAN, JIANGSHAN) for part in ("--without", unit)]
    answer = cli.on("score", *AXES, *everybody, "--reason", "数据复核")
    assert "none of the 3 members counts: not official" in answer.out


def test_a_member_that_does_not_count_has_no_rank_and_no_proposal(cli: RegionCli) -> None:
    rulebook = ("--rulebook", "kaihua-2024")
    without = ("--without", JIANGSHAN, "--reason", "尚未上线")
    board = cli.on("board", "2024-05", *rulebook, *without, "--format", "json").json
    assert board["official"] is True
    assert {row["unit"] for row in board["units"]} == {KAIHUA, CHANGSHAN}
    assert JIANGSHAN not in {candidate["unit"] for candidate in board["candidates"]}
    for subject in (JIANGSHAN, f"{JIANGSHAN}/C", f"{JIANGSHAN}/2024/7"):
        answer = cli.on("explain", subject, *AXES, *rulebook, *without)
        assert (answer.code, "尚未上线" in answer.err) == (1, True)
    answer = cli.on("score", JIANGSHAN, *AXES, *rulebook, *without)
    assert (answer.code, "[not_counted]" in answer.err) == (1, True)


def test_members_registered_after_the_moment_asked_for_are_named_with_it(cli: RegionCli) -> None:
    answer = cli.on("verify", "--known-at", "2001-02-03")
    assert (answer.code, "by 2001-02-03" in answer.err) == (1, True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_in_place_of_a_bundle_is_not_waited_for(cli: RegionCli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    cli.region.members[CHANGSHAN].bundle = tmp_path / "pipe.zip"
    row = cli.members()[CHANGSHAN]
    assert (row["verdict"], "no regular file" in row["reason"]) == ("MISSING", True)


def test_a_witness_file_is_begun_with_its_folder(cli: RegionCli, tmp_path: Path) -> None:
    (tmp_path / "witness").rmdir()
    assert cli.members()[KAIHUA]["verdict"] == "VERIFIED"
    assert (tmp_path / "witness" / "0.jsonl").read_bytes()


def test_a_whole_path_to_a_witness_file_is_not_made(cli: RegionCli, tmp_path: Path) -> None:
    cli.region.members[KAIHUA].witness = "absent/drive/0"
    row = cli.members()[KAIHUA]
    assert (row["verdict"], "cannot be written" in row["reason"]) == ("UNUSABLE", True)
    assert not (tmp_path / "witness" / "absent").exists()


def test_nobody_is_asked_to_make_a_members_store(cli: RegionCli, tmp_path: Path) -> None:
    cli.region.members[KAIHUA].url = f"sqlite:///{tmp_path / 'gone.db'}"
    row = cli.members()[KAIHUA]
    assert (row["verdict"], "gone.db" in row["reason"]) == ("MISSING", True)
    assert "lifecycle init" not in row["reason"]


def test_a_folder_in_place_of_a_witness_file_is_named(cli: RegionCli, tmp_path: Path) -> None:
    (tmp_path / "witness" / "0.jsonl").mkdir()
    row = cli.members()[KAIHUA]
    assert (row["verdict"], "Is a directory" in row["reason"]) == ("UNUSABLE", True)


def test_a_rewritten_history_is_known_by_the_witness_file(cli: RegionCli, tmp_path: Path) -> None:
    member = cli.region.members[KAIHUA]
    assert cli.members()[KAIHUA]["counted"]
    witness = (tmp_path / "witness" / "0.jsonl").read_text(encoding="utf-8")
    # The county makes its ledger anew under the same name and key, with another amount.
    path = Path(member.url.removeprefix("sqlite:///"))
    with Ledger.open(member.url) as ledger:
        origin = ledger.head().origin
    for file in tmp_path.glob(f"{path.name}*"):
        file.unlink()
    shutil.copy(tmp_path / "member2.db", path)
    change_outside(
        member.url,
        ("UPDATE ledger_head SET origin = ?, signer = ?", (origin, str(member.key.verifier))),
        "DELETE FROM ledger_checkpoints",
    )
    with Ledger.open(member.url) as ledger:
        sign_checkpoint(ledger, member.key)
    row = cli.members()[KAIHUA]
    assert (row["verdict"], row["counted"]) == ("DIFFERS", False)
    assert "0.jsonl" in row["reason"]
    # Nothing is added on a fork: the file stays the witness of what was there before.
    assert (tmp_path / "witness" / "0.jsonl").read_text(encoding="utf-8") == witness


def test_the_witness_file_grows_with_each_look(cli: RegionCli, tmp_path: Path) -> None:
    witness = tmp_path / "witness" / "0.jsonl"
    cli.members()
    cli.members()
    assert len(witness.read_bytes().splitlines()) == 1
    cli.region.members[KAIHUA].add(project("D"))
    cli.scores()
    assert len(witness.read_bytes().splitlines()) == 2
    assert cli.members()[KAIHUA]["tree_size"] == 8


def test_what_is_not_signed_yet_does_not_count(cli: RegionCli) -> None:
    member = cli.region.members[KAIHUA]
    with Ledger.open(member.url) as ledger:
        fill(ledger, [project("D"), signed("D", "4000")], keep=False)
    row = cli.members()[KAIHUA]
    assert (row["counted"], row["position"], row["tree_size"]) == (True, 7, 7)
    assert "do not count: 2" in row["reason"]
    assert cli.totals()[KAIHUA] == "8"
    with Ledger.open(member.url) as ledger:
        sign_checkpoint(ledger, member.key)
    assert cli.totals()[KAIHUA] == "14"


@pytest.mark.parametrize("is_endorsed", [True, False])
def test_a_changed_key_counts_only_where_the_old_one_signed_the_change(
    cli: RegionCli, tmp_path: Path, is_endorsed: bool
) -> None:
    member = cli.region.members[KAIHUA]
    with Ledger.open(member.url) as ledger:
        new = SigningKey.create(ledger.head().origin, tmp_path / "new.pem")
        old = member.key if is_endorsed else None
        change_signer(ledger, CLERK, new, "更换", old)
        sign_checkpoint(ledger, new)
    row = cli.members()[KAIHUA]
    expected = ("VERIFIED", True) if is_endorsed else ("NOT_SIGNED", False)
    assert (row["verdict"], row["counted"]) == expected


def test_another_key_than_the_one_given_is_named(cli: RegionCli) -> None:
    members = cli.region.members
    members[KAIHUA].key, members[JIANGSHAN].key = members[JIANGSHAN].key, members[KAIHUA].key
    rows = cli.members()
    assert [rows[unit]["verdict"] for unit in MEMBERS] == ["NOT_SIGNED", "VERIFIED", "NOT_SIGNED"]


def test_an_old_member_does_not_count(cli: RegionCli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.region.max_age_days = 30
    cli.region.members[KAIHUA].age = 90
    recorded_at = machine_clock.machine_time()
    set_clock(monkeypatch, 40)
    rows = cli.members()
    assert [rows[unit]["verdict"] for unit in MEMBERS] == ["VERIFIED", "TOO_OLD", "TOO_OLD"]
    # What was recent at the moment asked for still counts when it is computed again.
    moment = recorded_at.isoformat()
    then = cli.on("verify", "--known-at", moment, "--format", "json").json
    assert then["official"] is True


def test_a_newer_store_a_newer_bundle_and_a_damaged_one_are_named(
    cli: RegionCli, tmp_path: Path
) -> None:
    change_outside(
        cli.region.members[KAIHUA].url,
        "UPDATE ledger_head SET schema_version = 99",
        "INSERT INTO ledger_upgrades VALUES (99, 0, '9.0.0')",
    )
    bundle = tmp_path / "changshan.zip"
    rewrite_in_zip(bundle, b"lifecycle-bundle/1", b"lifecycle-bundle/2")
    cli.region.members[JIANGSHAN].bundle = tmp_path / "damaged.zip"
    (tmp_path / "damaged.zip").write_bytes(b"PK damaged")
    rows = cli.members()
    verdicts = [rows[unit]["verdict"] for unit in MEMBERS]
    assert verdicts == ["NEWER_VERSION", "NEWER_VERSION", "UNUSABLE"]
    assert "9.0.0" in rows[KAIHUA]["reason"]
    cli.region.members[JIANGSHAN].bundle = tmp_path / "nowhere.zip"
    assert cli.members()[JIANGSHAN]["verdict"] == "MISSING"


def rewrite_in_zip(path: Path, before: bytes, after: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content.replace(before, after))


def test_a_bundle_whose_events_were_changed_differs(cli: RegionCli, tmp_path: Path) -> None:
    rewrite_in_zip(tmp_path / "changshan.zip", b'"2000"', b'"9000"')
    row = cli.members()[CHANGSHAN]
    assert (row["verdict"], row["counted"]) == ("UNUSABLE", False)


# Counted twice ------------------------------------------------------------------------------------


def test_a_project_that_two_members_report_is_listed_and_marked(cli: RegionCli) -> None:
    cli.region.members[CHANGSHAN].bundle = None
    cli.region.members[CHANGSHAN].add(project("S", name="项目Ｓ", investor="投资方S 有限公司"))
    cli.region.members[JIANGSHAN].add(project("T", name="项目s", investor="投资方s有限公司"))
    (conflict,) = cli.on("conflicts", "--format", "json").json["conflicts"]
    assert conflict["same_identity"] is True
    reports = {row["project"]: row for row in conflict["projects"]}
    assert set(reports) == {f"{CHANGSHAN}/S", f"{JIANGSHAN}/T"}
    assert reports[f"{CHANGSHAN}/S"]["recorded_at"] <= reports[f"{JIANGSHAN}/T"]["recorded_at"]
    marked = {row["unit"]: row["counted_twice"] for row in cli.scores()["units"]}
    assert marked == {KAIHUA: [], CHANGSHAN: [f"{CHANGSHAN}/S"], JIANGSHAN: [f"{JIANGSHAN}/T"]}
    assert cli.scores(KAIHUA)["conflicts"] == []
    assert f"{JIANGSHAN}/T" in cli.on("conflicts").out
    table = cli.on("conflicts", "--format", "csv").out.splitlines()
    assert table[0].startswith("conflict,same_identity,project_codes,unit,project,name,investor")
    assert [line.split(",")[:5] for line in table[1:]] == [
        ["1", "True", "", CHANGSHAN, f"{CHANGSHAN}/S"],
        ["1", "True", "", JIANGSHAN, f"{JIANGSHAN}/T"],
    ]
    chinese = cli.on("conflicts", "--format", "csv", "--headings", "zh").out.splitlines()
    assert "投资方和名称相同" in chinese[0]
    # A denial that one of the two records ends it.
    denial = of("RecognitionDenied", "2024-06-01", "T", reason="已由常山县认定")
    cli.region.members[JIANGSHAN].add(denial)
    assert cli.on("conflicts", "--format", "json").json["conflicts"] == []
    assert cli.on("conflicts", "--as-of", "2024-05-01", "--format", "json").json["conflicts"]


def test_the_same_national_code_is_a_conflict_until_one_gives_the_project_up(
    cli: RegionCli,
) -> None:
    filed = {"project_code": "2403-330824-04-01-123456"}
    kaihua, jiangshan = cli.region.members[KAIHUA], cli.region.members[JIANGSHAN]
    kaihua.add(of("ProjectFiled", "2024-04-01", "A", **filed))
    jiangshan.add(of("ProjectFiled", "2024-04-02", "C", **filed))
    (conflict,) = cli.on("conflicts", "--format", "json").json["conflicts"]
    assert (conflict["same_identity"], conflict["project_codes"]) == (
        False,
        [filed["project_code"]],
    )
    jiangshan.add(of("ProjectTransferred", "2024-06-01", "C", to_zone="开化县经济开发区"))
    assert cli.on("conflicts", "--format", "json").json["conflicts"] == []


def test_investors_with_two_codes_are_two(cli: RegionCli) -> None:
    codes = ("91330824MA28F3XN0F", "91330106MA2CFQ3U8M")
    for unit, code, name in zip((KAIHUA, JIANGSHAN), codes, ("E", "F"), strict=True):
        cli.region.members[unit].add(
            project(name, name="同名项目", investor="同名公司", investor_code=code)
        )
    assert cli.on("conflicts", "--format", "json").json["conflicts"] == []
    cli.region.members[CHANGSHAN].bundle = None
    # Without a code it may be either of them.
    cli.region.members[CHANGSHAN].add(project("G", name="同名项目", investor="同名公司"))
    (conflict,) = cli.on("conflicts", "--format", "json").json["conflicts"]
    assert len(conflict["projects"]) == 3


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "无此名称"),
        ("score", "--without", "无此名称", "--reason", "无"),
        ("score", "--rulebook", "无此名称"),
        ("explain", "无此名称"),
        ("explain", f"{KAIHUA}/无此名称"),
        ("explain", "无此名称/A"),
    ],
)
def test_a_name_that_nothing_has_is_an_error(cli: RegionCli, arguments: tuple[str, ...]) -> None:
    answer = cli.on(*arguments, *AXES)
    assert (answer.code, answer.out, "无此名称" in answer.err) == (1, "", True)


def test_a_unit_that_the_region_does_not_know_is_an_error(cli: RegionCli) -> None:
    cli.region.members[KAIHUA].unit = "龙游县"
    answer = cli.on("verify")
    assert (answer.code, "龙游县" in answer.err, KAIHUA in answer.err) == (1, True, True)


def test_a_locked_member_is_waited_for_and_then_named(
    cli: RegionCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.handlers.member_ledgers._LOCK_SECONDS", 1)
    monkeypatch.setattr("commands.handlers.member_ledgers._SILENCE_SECONDS", 0.1)
    path = cli.region.members[KAIHUA].url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        answer = cli.on("verify", "--format", "json")
        other.execute("ROLLBACK")
    assert f"waiting for the ledger of {KAIHUA}" in answer.err
    row = answer.json["members"][0]
    assert (row["verdict"], row["counted"]) == ("MISSING", False)
    assert "another process has locked the store" in row["reason"]
    assert "for more than 1 seconds" in row["reason"]


def test_a_damaged_bundle_is_told_in_chinese(
    cli: RegionCli, tmp_path: Path, spoken_chinese: None
) -> None:
    (tmp_path / "changshan.zip").write_bytes(b"no archive")
    row = cli.members()[CHANGSHAN]
    assert row["verdict"] == "UNUSABLE"
    assert "不是压缩包，或者已损坏" in row["reason"]


def test_messages_are_chinese_to_a_chinese_reader(cli: RegionCli, spoken_chinese: None) -> None:
    cli.region.members.pop(JIANGSHAN)
    answer = cli.on("score", *AXES)
    assert "已计入 2 个成员，共 3 个：非正式结果" in answer.out
    assert f"{JIANGSHAN}未计入：区域文件没有写明该单位的账本" in answer.out


def test_a_members_name_may_begin_with_that_of_one_that_does_not_count(cli: RegionCli) -> None:
    name = f"{JIANGSHAN}/新区"
    township = ("--sequence", "县区", "--category", "township", "--occurred-on", "2024-01-01")
    cli("record", "UnitRegistered", "--unit", name, *township)
    cli.region.members[name] = replace(cli.region.members.pop(JIANGSHAN), unit=name)
    rulebook = ("--rulebook", cli.region.rulebook)
    answer = cli.on("explain", f"{name}/C", *AXES, *rulebook)
    assert (answer.code, f"{name}/C" in answer.out) == (0, True), answer.err
    of_member = cli.on("explain", name, *AXES, *rulebook, "--format", "json")
    assert of_member.code == 0, of_member.err
    assert of_member.json["subject"] == name
    assert [line["project"] for line in of_member.json["lines"]] == [f"{name}/C"]
    renaming = cli("unit", "rename", name, "开发/新区", "--on", "2024-02-01", "--yes")
    assert renaming.code == 0, renaming.err
    renamed = cli.on("explain", "开发/新区", *AXES, *rulebook, "--format", "json")
    assert renamed.json["lines"] == of_member.json["lines"]
