"""`region serve`: the pages of a region, once its members are verified."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.region_cli import RegionCli
from tests.platforms import not_on_windows
from tests.regions import CHANGSHAN, KAIHUA, Region, project


@pytest.fixture
def cli(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> RegionCli:
    """A region of two members, of which one has a ledger."""
    monkeypatch.setenv("LIFECYCLE_ACCOUNTS", str(tmp_path / "accounts.json"))
    region = Region(tmp_path, units=(KAIHUA, CHANGSHAN))
    region.add(KAIHUA, [project("A")])
    return RegionCli(region, capsys)


@not_on_windows("signals; tests/windows/check_console.py types Ctrl-C")
def test_it_names_absent_members_and_serves_until_interrupted(cli: RegionCli) -> None:
    region_file = ("--region", str(cli.region.written()), "--port", "0")
    arguments = [sys.executable, "-m", "commands", "--db", cli.url, "region", "serve", *region_file]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://127.0.0.1:(\d+)/", server.stdout.readline())
        assert address is not None
        with socket.create_connection(("127.0.0.1", int(address[1]))) as reading:
            reading.sendall(
                b"GET /members HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            assert reading.recv(15) == b"HTTP/1.1 200 OK"
        server.send_signal(signal.SIGINT)
        _out, err = server.communicate(timeout=20)
    assert server.returncode == 0
    assert f"{CHANGSHAN} is not counted: the region file names no ledger of this unit" in err
    assert re.search(r" GET /members 200 \d+ms auditor\n", err)
    assert "Traceback" not in err
    # What was verified stays known: its witness file was begun.
    assert list((cli.region.folder / "witness").iterdir())


def test_a_unit_that_the_region_does_not_know_is_an_error(cli: RegionCli) -> None:
    cli.region.members[KAIHUA].unit = "龙游县"
    answer = cli.on("serve", "--port", 0)
    assert (answer.code, answer.out) == (1, "")
    assert "the unit 龙游县 is not registered in the region's ledger" in answer.err


def test_a_member_left_out_needs_a_reason(cli: RegionCli) -> None:
    answer = cli.on("serve", "--port", 0, "--without", CHANGSHAN)
    assert (answer.code, "--without and --reason are given together" in answer.err) == (2, True)


def test_another_address_needs_accounts(cli: RegionCli) -> None:
    answer = cli.on("serve", "--host", "0.0.0.0", "--port", 0)
    assert (answer.code, "serve account add" in answer.err) == (1, True)
