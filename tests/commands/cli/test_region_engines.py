"""A region of ten members has the same result by every engine, whatever happens to a worker."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from commands.handlers import dask_engine
from lifecycle import __version__
from lifecycle.process_pool import ProcessPool
from tests.commands.conftest import Answer
from tests.commands.region_cli import AXES, RegionCli
from tests.dask_cluster import DaskCluster, dask_cluster
from tests.outside_changes import change_outside
from tests.platforms import not_on_windows
from tests.regions import Region, project, signed

pytestmark = not_on_windows("a region is evaluated on a server; Wine stalls on a pool's messages")

UNITS: Final = tuple(f"第{number}县" for number in range(1, 11))
TAMPERED, ABSENT, NEWER = UNITS[2], UNITS[5], UNITS[8]


@pytest.fixture
def region(tmp_path: Path) -> Region:
    """Ten members, of which one is a bundle; one is changed, one missing, one of a new version."""
    region = Region(tmp_path, units=UNITS)
    for number, unit in enumerate(UNITS):
        records = []
        for project_number in range(number % 4 + 1):
            code = f"{number}-{project_number}"
            # Some names are another member's too.
            records.append(
                project(code, name=f"项目{project_number}{number % 3}", investor="甲公司")
            )
            records.append(signed(code, f"{1000 + 7 * number}"))
        region.add(unit, records)
    region.members[UNITS[1]].write_bundle(tmp_path / "second.zip")
    region.written()
    changed = "UPDATE ledger_events SET state = CAST(replace(CAST(state AS TEXT), '1014', '9014')"
    change_outside(region.members[TAMPERED].url, f"{changed} AS BLOB)")
    for file in tmp_path.glob(f"{Path(region.members[ABSENT].url).name}*"):
        file.unlink()
    change_outside(
        region.members[NEWER].url,
        "UPDATE ledger_head SET schema_version = 99",
        "INSERT INTO ledger_upgrades VALUES (99, 0, '9.0.0')",
    )
    return region


@pytest.fixture
def cli(region: Region, capsys: pytest.CaptureFixture[str]) -> RegionCli:
    return RegionCli(region, capsys)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    pytest.importorskip("distributed")
    if sys.platform == "win32":
        pytest.skip("a cluster's processes take minutes to start under Wine")
    with dask_cluster(tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


@pytest.fixture
def cluster(scheduler: DaskCluster) -> Iterator[DaskCluster]:
    """A scheduler without workers; those of a test end with it."""
    yield scheduler
    scheduler.end_workers()


def by_process(region: Region, command: str, *arguments: object) -> Answer:
    """A command of the region in a process of its own: dask leaves threads behind."""
    process = subprocess.run(
        [
            sys.executable,
            "-m",
            "commands",
            "--db",
            region.url,
            "region",
            command,
            "--region",
            str(region.file),
            *map(str, arguments),
        ],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return Answer(process.returncode, process.stdout, process.stderr)


def scores_by_process(region: Region, *arguments: object) -> Answer:
    rulebook = ("--rulebook", region.rulebook)
    return by_process(region, "score", *AXES, *rulebook, "--format", "json", *arguments)


def test_members_that_do_not_verify_are_named_and_left_out(cli: RegionCli) -> None:
    scores = cli.scores("--engine", "process")
    verdicts = {row["unit"]: row["verdict"] for row in scores["members"]}
    expected = dict.fromkeys(UNITS, "VERIFIED")
    expected |= {TAMPERED: "DIFFERS", ABSENT: "MISSING", NEWER: "NEWER_VERSION"}
    assert verdicts == expected
    assert len(scores["units"]) == 7
    assert scores["conflicts"]
    assert scores["official"] is False


def test_processes_give_what_one_process_gives(
    cli: RegionCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = cli.scores("--engine", "process")
    # A part of a stream or two, so that each member has several.
    monkeypatch.setattr(ProcessPool, "events_of_part", 2)
    assert cli.scores("--engine", "processes") == alone
    assert cli.scores() == alone
    conflicts = ("conflicts", "--as-of", "2024-12-31", "--format", "json")
    of_one = cli.on(*conflicts, "--engine", "process").json
    assert cli.on(*conflicts, "--engine", "processes").json == of_one
    by_region = ("--rulebook", cli.region.rulebook)
    for command in (
        ("explain", UNITS[3], *AXES, *by_region),
        ("explain", f"{UNITS[3]}/3-1", *AXES, *by_region),
        ("targets", *AXES, "--rulebook", "kaihua-2024"),
    ):
        of_one = cli.on(*command, "--format", "json", "--engine", "process").json
        assert cli.on(*command, "--format", "json", "--engine", "processes").json == of_one


def test_a_cluster_gives_the_same_though_a_worker_is_killed(
    cli: RegionCli, region: Region, cluster: DaskCluster
) -> None:
    alone = cli.scores("--engine", "process")
    lasting = cluster.start_worker()
    dying = cluster.start_worker(dies=True)
    cluster.wait_for_workers(2)
    answer = scores_by_process(region, "--scheduler", cluster.address)
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == alone
    assert dying.wait(timeout=30) == 9
    assert lasting.poll() is None


def test_a_worker_of_another_version_is_named_and_takes_no_part(
    cli: RegionCli, region: Region, cluster: DaskCluster, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / "lifecycle").mkdir(parents=True)
    (other / "lifecycle" / "__init__.py").write_text('__version__ = "0.1.0"\n', encoding="utf-8")
    cluster.start_worker(PYTHONPATH=str(other))
    cluster.wait_for_workers(1)
    answer = scores_by_process(region, "--scheduler", cluster.address)
    assert answer.code == 3
    assert f"has lifecycle 0.1.0, not {__version__}" in answer.err
    assert "has no worker with lifecycle" in answer.err
    cluster.start_worker()
    cluster.wait_for_workers(2)
    answer = scores_by_process(region, "--engine", "dask", "--scheduler", cluster.address)
    assert f"has lifecycle 0.1.0, not {__version__}" in answer.err
    assert json.loads(answer.out) == cli.scores("--engine", "process")


@pytest.mark.parametrize(
    ("scheduler_url", "waited"), [("tcp://127.0.0.1:1", True), ("nonsense", False)]
)
def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(
    cli: RegionCli, monkeypatch: pytest.MonkeyPatch, scheduler_url: str, waited: bool
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_engine, "_SILENCE_SECONDS", 1)
    monkeypatch.setattr(dask_engine, "_CONNECT_SECONDS", 3)
    answer = cli.on("score", *AXES, "--scheduler", scheduler_url)
    assert answer.code == 3
    waiting = f"waiting up to 2 seconds for the dask scheduler at {scheduler_url}"
    assert (waiting in answer.err) is waited
    absent = f"there is no dask scheduler at {scheduler_url}"
    assert absent in answer.err.splitlines()[-1]


def test_a_scheduler_without_workers_is_said_in_a_sentence(
    cli: RegionCli, region: Region, cluster: DaskCluster
) -> None:
    answer = scores_by_process(region, "--scheduler", cluster.address)
    assert answer.code == 3
    assert "has no worker with lifecycle" in answer.err
    answer = cli.on("score", "--engine", "process", "--scheduler", "tcp://127.0.0.1:1")
    assert (answer.code, "--scheduler is that of dask" in answer.err) == (2, True)


def test_a_secret_in_a_bundles_url_goes_to_no_scheduler(
    cli: RegionCli, region: Region, tmp_path: Path
) -> None:
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://signed.zip?token=hush", "wb") as file:
        file.write((tmp_path / "second.zip").read_bytes())
    region.members[UNITS[1]].bundle = "memory://signed.zip?token=hush"
    answer = cli.on("score", *AXES, "--scheduler", "tcp://127.0.0.1:1")
    assert (answer.code, "must not pass through a scheduler" in answer.err) == (1, True)
    assert "hush" not in answer.err


def test_a_cluster_of_this_machine(cli: RegionCli, region: Region) -> None:
    pytest.importorskip("distributed")
    # Another cluster may run on this machine, and have dask's own port.
    with socket.socket() as other_cluster:
        with suppress(OSError):
            other_cluster.bind(("127.0.0.1", 8787))
            other_cluster.listen()
        answer = scores_by_process(region, "--engine", "dask")
    assert (answer.code, answer.err) == (0, "")
    alone: Any = cli.scores("--engine", "process")
    assert json.loads(answer.out) == alone
