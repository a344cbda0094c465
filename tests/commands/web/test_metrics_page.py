"""`/metrics`: who may read it, what it counts; the log as JSON; nothing personal in either."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from starlette.testclient import TestClient

from commands.cli.shared.store_metrics import served_metrics
from commands.metrics.openmetrics import CONTENT_TYPE
from commands.web.accounts import Accounts
from commands.web.application import application
from commands.web.login_sessions import LoginSessions
from commands.web.metrics_page import MetricsSource, read_token
from commands.web.server_log import ErrorEntry, LogEntry, RequestEntry, log_line
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.commands.conftest import Cli
from tests.commands.web.conftest import PASSWORD
from tests.openmetrics import plain_values, samples_of
from tests.platforms import not_on_windows

TOKEN = "a token of many letters and digits 7"
NAME = "卢晓燕"
MOMENT = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


def client_of(
    ledger: Ledger,
    accounts: Accounts | None,
    token: bytes | None = None,
    log: Callable[[LogEntry], None] = lambda _entry: None,
) -> TestClient:
    """A browser before the pages, on this machine or elsewhere."""
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute("PRAGMA database_list")
        file = cursor.fetchone()[2]
    sessions = None if accounts is None else LoginSessions(accounts)
    source = MetricsSource(lambda: served_metrics(ledger, f"sqlite:///{file}"), token)
    name = "localhost" if accounts is None else "county.example"
    return TestClient(
        application(ledger, sessions, log, metrics=source),
        base_url=f"http://{name}",
        follow_redirects=False,
    )


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_at_the_machine_the_figures_are_open(county_ledger: Ledger) -> None:
    answer = client_of(county_ledger, None).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == CONTENT_TYPE
    assert answer.text.endswith("\n# EOF\n")
    values = plain_values(answer.text)
    assert values["lifecycle_ledger_position"] == county_ledger.head().position


def test_a_foreign_name_of_the_machine_reads_nothing(county_ledger: Ledger) -> None:
    client = client_of(county_ledger, None, TOKEN.encode())
    headers = {"host": "evil.example", **bearer(TOKEN)}
    assert client.get("/metrics", headers=headers).status_code == 421


def test_with_accounts_a_token_opens_the_figures_and_no_page(
    county_ledger: Ledger, accounts: Accounts
) -> None:
    client = client_of(county_ledger, accounts, TOKEN.encode())
    assert client.get("/metrics", headers=bearer(TOKEN)).status_code == 200
    assert client.get("/", headers=bearer(TOKEN)).status_code == 303
    for wrong in ({}, bearer(""), bearer(TOKEN[:-1]), {"authorization": f"Basic {TOKEN}"}):
        answer = client.get("/metrics", headers=wrong)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "lifecycle_" not in answer.text


def test_without_a_token_no_bearer_is_let_in(county_ledger: Ledger, accounts: Accounts) -> None:
    client = client_of(county_ledger, accounts)
    assert client.get("/metrics", headers=bearer("")).status_code == 401


@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("auditor", 200), ("town", 401)])
def test_leaders_and_auditors_read_it_and_units_do_not(
    county_ledger: Ledger, accounts: Accounts, role: str, status: int
) -> None:
    client = client_of(county_ledger, accounts)
    client.post("/login", data={"name": role, "password": PASSWORD})
    assert client.get("/metrics").status_code == status


def test_requests_are_counted_by_page_and_never_by_address(county_ledger: Ledger) -> None:
    client = client_of(county_ledger, None)
    for address in (f"/project?code={NAME}", f"/{NAME}", "/login", "/?year=2024", "/?year=2024"):
        client.get(address)
    text = client.get("/metrics").text
    samples = samples_of(text)
    labels = frozenset({("route", "/"), ("status", "200")})
    assert samples["lifecycle_http_requests_total", labels] == 2
    unknown = frozenset({("route", "none"), ("status", "404")})
    assert samples["lifecycle_http_requests_total", unknown] == 2
    times = samples["lifecycle_http_request_duration_seconds_sum", frozenset({("route", "/")})]
    assert times >= 0
    assert NAME not in text


def test_errors_are_counted_by_kind(county_ledger: Ledger, accounts: Accounts) -> None:
    entries: list[LogEntry] = []
    client = client_of(county_ledger, None, log=entries.append)
    whole = accounts.path.read_bytes()
    behind_accounts = client_of(county_ledger, accounts, TOKEN.encode(), entries.append)
    behind_accounts.post("/login", data={"name": "leader", "password": PASSWORD})
    try:
        accounts.path.write_text("none")
        assert behind_accounts.get("/").status_code == 503
    finally:
        accounts.path.write_bytes(whole)
    errors = [entry for entry in entries if isinstance(entry, ErrorEntry)]
    assert [entry.kind for entry in errors] == ["AccountAuthenticationError"]
    text = behind_accounts.get("/metrics", headers=bearer(TOKEN)).text
    kinds = {
        dict(labels)["kind"]: value
        for (name, labels), value in samples_of(text).items()
        if name == "lifecycle_server_errors_total"
    }
    assert kinds == {"AccountAuthenticationError": 1}
    assert "lifecycle_server_errors_total" not in client.get("/metrics").text


def test_a_store_that_cannot_be_read_is_down_and_the_counts_stay(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        client = client_of(ledger, None)
        assert plain_values(client.get("/metrics").text)["lifecycle_store_up"] == 1
        recorder = ledger.recorder
        with recorder.cursor(write=True) as cursor, recorder.suspend_guards(cursor):
            cursor.execute("DELETE FROM ledger_head")
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert plain_values(answer.text) == {"lifecycle_store_up": 0}
    labels = frozenset({("route", "/metrics"), ("status", "200")})
    assert samples_of(answer.text)["lifecycle_http_requests_total", labels] == 1


def test_a_token_that_can_be_guessed_is_rejected(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert read_token(file) == TOKEN.encode()
    file.write_text("short\n")
    with pytest.raises(Rejected) as rejected:
        read_token(file)
    assert rejected.value.problems[0].values == {"path": file, "length": 5, "least": 20}


def test_an_entry_is_a_line_or_an_object() -> None:
    entry = RequestEntry("GET", "/project", 200, 12, "leader")
    assert log_line(entry, "text", MOMENT) == "2026-11-30 07:00:00 GET /project 200 12ms leader"
    assert json.loads(log_line(entry, "json", MOMENT)) == {
        "time": "2026-11-30T07:00:00.000+00:00",
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "/project",
        "status": 200,
        "milliseconds": 12,
        "role": "leader",
    }
    error = ErrorEntry("KeyError", "an error")
    assert json.loads(log_line(error, "json", MOMENT))["level"] == "error"


@not_on_windows("signals")
def test_the_server_logs_json_and_gives_its_figures(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    options = ("--port", "0", "--log-format", "json", "--metrics-token", str(tmp_path / "token"))
    arguments = [sys.executable, "-m", "commands", "--db", cli.url, "serve", *options]
    environment = {**os.environ, "LIFECYCLE_ACCOUNTS": str(tmp_path / "accounts.json")}
    with subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://127.0.0.1:\d+/", server.stdout.readline())
        assert address is not None
        with urlopen(f"{address[0]}metrics") as answer:
            assert answer.headers["content-type"] == CONTENT_TYPE
            values = plain_values(answer.read().decode())
        with pytest.raises(HTTPError):
            urlopen(Request(f"{address[0]}project?code=KH-1"))
        server.send_signal(signal.SIGINT)
        _out, err = server.communicate(timeout=20)
    assert values["lifecycle_ledger_position"] == cli.events
    entries = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert [entry["route"] for entry in entries] == ["/metrics", "/project"]
    assert "KH-1" not in err
