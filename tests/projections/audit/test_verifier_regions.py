"""The standalone verifier on a region's bundle, with its members' bundles beside it or not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lifecycle.ledger.checkpoints import change_signer, create_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verifier_source
from tests.commands.region_cli import AXES, RegionCli
from tests.given import of
from tests.ledgers import CLERK
from tests.projections.audit.bundle_parts import BundleParts, Verify
from tests.projections.audit.test_old_python import OLDEST, find_python
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


class PublishedRegion:
    """A region whose publications an outsider checks, and the files that the outsider has."""

    def __init__(self, cli: RegionCli, folder: Path) -> None:
        self.cli = cli
        self.folder = folder
        with Ledger.open(cli.url) as ledger:
            self.key: SigningKey = create_signer(ledger, folder / "region.pem")

    @property
    def bundle(self) -> Path:
        """The region's bundle as of now, its ledger signed."""
        path = self.folder / "region.zip"
        with Ledger.open(self.cli.url) as ledger:
            sign_checkpoint(ledger, self.key)
            write_bundle(ledger, path)
        return path

    def member(self, unit: str) -> Path:
        """A member's bundle as of now."""
        path = self.folder / f"{MEMBERS.index(unit)}.zip"
        with Ledger.open(self.cli.region.members[unit].url) as ledger:
            write_bundle(ledger, path)
        return path

    def members(self, *units: str) -> list[Path]:
        """The members' bundles as of now."""
        return [self.member(unit) for unit in units or MEMBERS]


@pytest.fixture
def region(
    region_on_either: Region, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> PublishedRegion:
    """Three members; the region's own ledger lies on either database, its rulebook is adopted."""
    cli = RegionCli(region_on_either, capsys)
    cli.region.members[CHANGSHAN].bundle = None
    cli.adopt()
    return PublishedRegion(cli, tmp_path)


def publish(region: PublishedRegion, *arguments: object) -> None:
    answer = region.cli.publish(*arguments)
    assert answer.code == 0, answer.err


def resealed(region: PublishedRegion, kind: str, change: Callable[[Any], object]) -> Path:
    """The region's bundle with a publication changed, as the holder of its key could."""
    parts = BundleParts.of_bundle(region.bundle, region.key)
    parts.change_last(kind, change)
    return parts.write(region.folder / "changed.zip")


# Recomputed ---------------------------------------------------------------------------------------


def test_scores_and_boards_are_recomputed_from_the_members_bundles(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES)
    publish(region, "board", "2024-05")
    lines = verify(region.bundle, "--key", region.key.verifier, "--members", *region.members())
    assert lines[-1].startswith("VERIFIED up to position")
    recomputed = [line for line in lines if "recomputed, have the published points" in line]
    assert len(recomputed) == 2
    assert sum("which a key of its ledger signed" in line for line in lines) == 6
    assert sum("is official" in line and "3 of 3 members counted" in line for line in lines) == 2


def test_a_member_s_checkpoint_by_its_next_key_is_one_of_its_ledger(
    region: PublishedRegion, verify: Verify
) -> None:
    member = region.cli.region.members[KAIHUA]
    with Ledger.open(member.url) as ledger:
        successor = SigningKey.create(ledger.head().origin, region.folder / "next.pem")
        change_signer(ledger, CLERK, successor, "交接", member.key)
        sign_checkpoint(ledger, successor)
    lines = verify(region.bundle, "--members", *region.members())
    assert lines[-1].startswith("CONSISTENT: nothing outside the file vouches for it")
    remarks = [line for line in lines if "compare its key with the one" in line]
    # The first one, which the region was told.
    assert any(line.endswith(f"gave: {member.key.verifier}") for line in remarks)


def test_what_members_recorded_since_changes_nothing(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES)
    region.cli.region.members[KAIHUA].add(project("Z", name="后来的"), signed("Z", "900"))
    lines = verify(region.bundle, "--members", *region.members())
    assert lines[-1].startswith("CONSISTENT: nothing outside the file vouches for it")
    assert any("have the published points" in line for line in lines)


def test_members_of_the_past_are_recomputed_at_their_positions(
    region: PublishedRegion, verify: Verify
) -> None:
    with Ledger.open(region.cli.url) as ledger:
        moment = ledger.clock().isoformat()
    region.cli.region.members[KAIHUA].add(project("Z", name="后来的"), signed("Z", "900"))
    publish(region, *SCORES, "--known-at", moment, "--unofficial", "核对")
    lines = verify(region.bundle, "--members", *region.members())
    assert any("have the published points" in line for line in lines)
    assert any("NOT OFFICIAL" in line and "核对" in line for line in lines)


def test_a_project_that_two_members_report_is_found_again(
    region: PublishedRegion, verify: Verify
) -> None:
    filed = of("ProjectFiled", "2024-04-01", "A", project_code="2403-330824-04-01-123456")
    region.cli.region.members[KAIHUA].add(filed)
    region.cli.region.members[CHANGSHAN].add({**filed})
    region.cli.region.members[JIANGSHAN].add(project("T", name="项目 Ｂ", investor="投资方B"))
    publish(region, *SCORES)
    lines = verify(region.bundle, "--members", *region.members())
    assert any("have the published points" in line for line in lines)
    bundle = resealed(region, "ScoresPublished", lambda data: data["result"].pop("counted_twice"))
    last = verify(bundle, "--members", *region.members())[-1]
    title = "publication county#5 (ScoresPublished 2024, as of 2024-12-31)"
    assert last.startswith(f"DIFFERS: {title}, counted_twice: published None, recomputed [")


def test_a_board_without_a_named_member_keeps_its_listings(
    region: PublishedRegion, verify: Verify
) -> None:
    cli = region.cli
    listing = ("--board", "red", "--month", "2024-05", "--reason", "进度领先")
    assert cli("record", "UnitListed", "--unit", JIANGSHAN, *listing).code == 0
    publish(region, "board", "2024-05", "--without", JIANGSHAN, "--reason", "复核")
    board = cli.on(
        "board", "2024-05", "--without", JIANGSHAN, "--reason", "复核", "--format", "json"
    )
    assert [row["unit"] for row in board.json["listed"]] == [JIANGSHAN]
    assert JIANGSHAN not in {row["unit"] for row in board.json["units"]}
    lines = verify(region.bundle, "--members", *region.members(KAIHUA, CHANGSHAN))
    assert any("have the published points" in line for line in lines)
    assert any(f"without {JIANGSHAN} (复核)" in line for line in lines)


def test_it_runs_alone_on_the_oldest_python(region: PublishedRegion) -> None:
    python = find_python(OLDEST)
    if python is None:
        pytest.skip(f"no Python {OLDEST} here")
    publish(region, *SCORES)
    program = region.folder / "verify_bundle.py"
    program.write_bytes(verifier_source())
    command = [python, "-I", program, region.bundle, "--members", *region.members()]
    run = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert "have the published points and ranks" in run.stdout, run.stderr


# Not recomputed -----------------------------------------------------------------------------------


def test_what_is_not_checked_without_the_members_is_named(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES)
    publish(region, "board", "2024-05")
    lines = verify(region.bundle, "--key", region.key.verifier)
    # The region's targets and its rulebook come before.
    assert lines[-1] == (
        "CONSISTENT: without the members' bundles (--members) nothing shows that county#5, "
        "county#6 follows from what the members recorded"
    )
    first, second = [line for line in lines if "is not recomputed" in line]
    title = "note: publication county#5 (ScoresPublished 2024, as of 2024-12-31)"
    assert first.startswith(f"{title} is not recomputed: {KAIHUA} (no bundle of ")
    assert second.startswith("note: publication county#6 (BoardPublished 2024, as of 2024-05-31)")
    assert all(f"{unit} (no bundle of " in first for unit in MEMBERS)
    assert not any("have the published points" in line for line in lines)


def test_one_missing_and_one_older_bundle_are_named(
    region: PublishedRegion, verify: Verify
) -> None:
    older = region.member(KAIHUA).rename(region.folder / "older.zip")
    region.cli.region.members[KAIHUA].add(project("Z", name="后来的"))
    publish(region, *SCORES)
    lines = verify(region.bundle, "--members", older, region.member(CHANGSHAN))
    (line,) = [line for line in lines if "is not recomputed" in line]
    assert f"{KAIHUA} ({older} is older: " in line
    assert f"{JIANGSHAN} (no bundle of " in line
    assert CHANGSHAN not in line
    assert lines[-1].startswith("CONSISTENT: without the members' bundles")


def test_a_bundle_of_nobody_counted_is_named(region: PublishedRegion, verify: Verify) -> None:
    publish(region, *SCORES, "--without", JIANGSHAN, "--reason", "复核")
    other = region.member(JIANGSHAN)
    lines = verify(region.bundle, "--members", *region.members())
    assert any(f"{other} is of the ledger" in line and "counts" in line for line in lines)
    assert any("have the published points" in line for line in lines)


# Different ----------------------------------------------------------------------------------------


def test_a_tampered_member_is_named_with_its_file(region: PublishedRegion, verify: Verify) -> None:
    publish(region, *SCORES)
    member = region.cli.region.members[KAIHUA]
    parts = BundleParts.of_bundle(region.member(KAIHUA), member.key)
    parts.events[-1].state = parts.events[-1].state.replace(b"1000", b"9000")
    tampered = parts.write(region.folder / "tampered.zip")
    others = region.members(CHANGSHAN, JIANGSHAN)
    checkpoints = parts.manifest["checkpoints"]
    last = verify(region.bundle, "--members", tampered, *others)[-1]
    assert last.startswith(f"DIFFERS: {tampered}: the manifest records another root")
    # Whoever holds the county's key can seal another history; not the one that was counted.
    parts.seal()
    resealed_bundle = parts.write(tampered)
    lines = verify(region.bundle, "--members", resealed_bundle, *others)
    manifest = parts.manifest
    assert (
        f"ok: {tampered}: {manifest['tree_size']} events of {manifest['origin']} form the tree "
        f"with root {manifest['root']}"
    ) in lines
    last = lines[-1]
    assert last.startswith("DIFFERS: publication county#")
    assert f"{KAIHUA}: the first" in last
    assert "were published with the root" in last
    parts.manifest["checkpoints"] = [*checkpoints, 1]
    last = verify(region.bundle, "--members", parts.write(tampered), *others)[-1]
    assert last == f"DIFFERS: {tampered}: a checkpoint is not text"


def test_a_published_total_that_the_members_do_not_give_is_named(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES)

    def raise_total(data: dict[str, Any]) -> None:
        data["result"]["units"][0]["total"] = "99"

    bundle = resealed(region, "ScoresPublished", raise_total)
    last = verify(bundle, "--members", *region.members())[-1]
    assert last.startswith("DIFFERS: publication county#")
    assert f"{KAIHUA}, total: published 99, recomputed 8" in last


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"root": "00" * 32}, "its signed checkpoint names another tree"),
        ({"position": 99}, "more events are counted than its checkpoint covers"),
        ({"unit": CHANGSHAN}, "a publication names a member twice"),
        ({"verdict": "DIFFERS"}, "counted, although its verdict is DIFFERS"),
        ({"left_out": "尚未上线"}, "the reason to leave it out: 尚未上线"),
    ],
)
def test_a_member_that_contradicts_itself_is_named(
    region: PublishedRegion, verify: Verify, changes: dict[str, Any], why: str
) -> None:
    publish(region, *SCORES)
    bundle = resealed(region, "ScoresPublished", lambda data: data["members"][0].update(changes))
    last = verify(bundle)[-1]
    assert last.startswith("DIFFERS: ")
    assert why in last


def test_one_ledger_that_counts_as_two_members_is_named(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES)

    def count_twice(data: dict[str, Any]) -> None:
        members = data["members"]
        members[1] = members[0] | {"unit": members[1]["unit"]}

    last = verify(resealed(region, "ScoresPublished", count_twice))[-1]
    assert last.startswith("DIFFERS: a publication counts one ledger, ")
    assert last.endswith(f", as {KAIHUA} and {CHANGSHAN}")


def test_a_checkpoint_that_the_member_never_signed_is_named(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES)

    def forge(data: dict[str, Any]) -> None:
        entry = data["members"][0]
        text = entry["checkpoint"].partition("\n\n")[0] + "\n"
        entry["checkpoint"] = str(region.key.sign(text))

    last = verify(resealed(region, "ScoresPublished", forge), "--members", *region.members())[-1]
    assert last.startswith("DIFFERS: publication county#")
    assert KAIHUA in last


def test_an_official_result_without_an_unnamed_member_is_rejected(
    region: PublishedRegion, verify: Verify
) -> None:
    publish(region, *SCORES, "--without", JIANGSHAN, "--reason", "复核")
    bundle = resealed(region, "ScoresPublished", lambda data: data["members"][2].pop("left_out"))
    last = verify(bundle, "--members", *region.members(KAIHUA, CHANGSHAN))[-1]
    assert "is not official and bears no mark of it" in last
    assert f"2 of 3 members counted, without {JIANGSHAN} (no reason)" in last


# Unusable -----------------------------------------------------------------------------------------


def test_files_that_are_no_members_bundles_are_unusable(
    region: PublishedRegion, verify: Verify, tmp_path: Path
) -> None:
    publish(region, *SCORES)
    text = tmp_path / "text.zip"
    text.write_text("no archive", encoding="utf-8")
    assert verify(region.bundle, "--members", text)[-1].startswith(f"UNUSABLE: {text}: ")
    bundle = region.member(KAIHUA)
    copy = tmp_path / "copy.zip"
    copy.write_bytes(bundle.read_bytes())
    assert "are of one ledger" in verify(region.bundle, "--members", bundle, copy)[-1]
    certificate = tmp_path / "c.json"
    certificate.write_text(json.dumps({"format": "lifecycle-certificate/2"}), encoding="utf-8")
    last = verify(certificate, "--members", bundle)[-1]
    assert last == "UNUSABLE: the bundles of members belong to the bundle of a region"
