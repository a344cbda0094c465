"""`serve` and its accounts at the command line, and `report html`."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.commands.conftest import Cli
from tests.commands.web.conftest import PASSWORD, Small
from tests.given import TOWN, UNITS
from tests.platforms import not_on_windows


@pytest.fixture
def own(
    small: Small,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Cli:
    """`lifecycle` on a small store, with a file of accounts of its own."""
    small(*UNITS)
    monkeypatch.setenv("LIFECYCLE_ACCOUNTS", str(tmp_path / "accounts.json"))
    return Cli(f"sqlite:///{tmp_path / 's.db'}", capsys)


def add(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD
) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return cli("serve", "account", "add", *arguments).code


def test_accounts_are_added_listed_and_removed(own: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(own, monkeypatch, "县长", "--role", "leader") == 0
    assert add(own, monkeypatch, "town", "--role", "unit", "--unit", TOWN) == 0
    assert own("serve", "account", "list", "--format", "json").json == [
        {"name": "县长", "role": "leader", "unit": None},
        {"name": "town", "role": "unit", "unit": TOWN},
    ]
    assert "领导" in own("serve", "account", "list").out
    assert own("serve", "account", "remove", "县长").code == 0
    assert [each["name"] for each in own("serve", "account", "list", "--format", "json").json] == [
        "town"
    ]


def test_accounts_that_make_no_sense_are_refused(own: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(own, monkeypatch, "a", "--role", "unit") == 1
    assert add(own, monkeypatch, "a", "--role", "unit", "--unit", "无") == 1
    assert add(own, monkeypatch, "a", "--role", "leader", password="short") == 1
    assert add(own, monkeypatch, "a", "--role", "clerk") == 2
    assert own("serve", "account", "remove", "a").code == 1
    assert own("serve", "account", "list", "--format", "json").json == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "county.example"])
def test_another_address_needs_accounts(own: Cli, host: str) -> None:
    said = own("serve", "--host", host, "--port", 0)
    assert (said.code, "serve account add" in said.err) == (1, True)


def test_a_port_that_is_taken_and_half_a_certificate_are_told(own: Cli, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = own("serve", "--port", taken.getsockname()[1])
    assert (said.code, "127.0.0.1" in said.err) == (3, True)
    assert own("serve", "--certificate", tmp_path / "c.pem").code == 2
    (tmp_path / "c.pem").write_text("none")
    assert own("serve", "--port", 0, "--certificate", tmp_path / "c.pem").code == 2
    assert (
        own(
            "serve",
            "--port",
            0,
            "--certificate",
            tmp_path / "c.pem",
            "--private-key",
            tmp_path / "c.pem",
        ).code
        == 3
    )


def test_a_file_of_accounts_that_is_none_is_told(own: Cli, tmp_path: Path) -> None:
    (tmp_path / "accounts.json").write_text(json.dumps({"secret": "x"}))
    said = own("serve", "--port", 0)
    assert (said.code, "accounts.json" in said.err) == (3, True)


@not_on_windows("signals; tests/windows/check_console.py types Ctrl-C")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_ended_and_ends_in_order(own: Cli, ending: signal.Signals) -> None:
    arguments = [sys.executable, "-m", "commands", "--db", own.url, "serve", "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://127.0.0.1:(\d+)/", server.stdout.readline())
        assert found is not None
        with socket.create_connection(("127.0.0.1", int(found[1]))) as reading:
            reading.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert reading.recv(15) == b"HTTP/1.1 200 OK"
        server.send_signal(ending)
        _out, err = server.communicate(timeout=20)
    assert server.returncode == 0
    assert re.search(r" GET / 200 \d+ms auditor\n", err)
    assert "Traceback" not in err


@not_on_windows("signals; tests/windows/check_shells.py opens the browser")
def test_a_browser_is_opened_once_the_pages_answer(own: Cli, tmp_path: Path) -> None:
    script, answer = tmp_path / "browser.py", tmp_path / "answer"
    script.write_text(
        "import sys, urllib.request\n"
        "status = urllib.request.urlopen(sys.argv[1]).status\n"
        f"open({str(answer)!r}, 'w').write(f'{{sys.argv[1]}} {{status}}')\n"
    )
    arguments = [sys.executable, "-m", "commands", "--db", own.url, "serve", "--port", "0"]
    browser = shlex.join([sys.executable, str(script), "%s"])
    with subprocess.Popen(
        [*arguments, "--open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "BROWSER": browser},
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://127.0.0.1:\d+/", server.stdout.readline())
        deadline = time.monotonic() + 60
        while not answer.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        server.send_signal(signal.SIGINT)
        _out, err = server.communicate(timeout=20)
    assert address is not None
    assert answer.read_text() == f"{address[0]} 200"
    assert "no browser" not in err


def test_a_missing_store_and_a_missing_folder_are_told(
    own: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Cli(f"sqlite:///{tmp_path / 'none.db'}", capsys)("serve", "--port", 0).code == 3
    said = own("report", "html", tmp_path / "none" / "x.html", "--year", 2024)
    assert (said.code, "none" in said.err) == (3, True)
    assert own("report", "html", tmp_path / "x.html", "--year", 1999).code == 1


# Requests that no browser sends -------------------------------------------------------------------

HOST = b"Host: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def served_port(own: Cli) -> Iterator[int]:
    """A server in a process of its own; its memory and its log are looked at in the end."""
    arguments = [sys.executable, "-m", "commands", "--db", own.url, "serve", "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://127.0.0.1:(\d+)/", server.stdout.readline())
        assert address is not None
        yield int(address[1])
        if sys.platform == "win32":
            server.kill()
        else:
            assert peak_memory(server.pid) < 300 << 10
            server.send_signal(signal.SIGINT)
        _out, err = server.communicate(timeout=20)
    assert "Traceback" not in err


def peak_memory(process: int) -> int:
    """The most memory that a process has taken, in KiB, as Linux tells it."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index]


def status_of(port: int, request: bytes, *pieces: bytes) -> int:
    """Send a request and return the status of its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        for piece in pieces:
            connection.sendall(piece)
        answer = connection.recv(100)
    return int(answer.split(b" ")[1])


def test_requests_are_bounded(served_port: int) -> None:
    requests = {
        414: b"GET /?" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        431: b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 9_000 + b"\r\n",
        413: b"POST / HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 10000\r\n\r\n",
        # h11 gives up what does not end within 64 KiB.
        400: b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 300_000,
    }
    for status, request in requests.items():
        assert status_of(served_port, request) == status
    chunked = b"POST / HTTP/1.1\r\n" + HOST + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status_of(served_port, chunked, b"5\r\nname=\r\n") == 413
    with_body = b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000\r\n\r\n"
    assert status_of(served_port, with_body, b"x" * 1_000_000) == 200


def test_half_open_requests_keep_nobody_waiting(served_port: int) -> None:
    with ExitStack() as half_open:
        for _number in range(300):
            connection = socket.create_connection(("127.0.0.1", served_port), timeout=20)
            half_open.enter_context(connection)
            connection.sendall(b"GET / HTT")
        begun_at = time.monotonic()
        request = b"GET /static/pages.css HTTP/1.1\r\n" + HOST + b"\r\n"
        assert status_of(served_port, request) == 200
        assert time.monotonic() - begun_at < 5
