"""A number that is none, met where nobody knows its event any more: the event is named."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from commands.web.application import application
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.outside_changes import change_outside
from tests.trust.test_unreadable_events import appending

SIGNED: dict[str, object] = {
    "occurred_on": "2024-03-01",
    "contract_investment": "much",
    "contract_fixed_assets": "5",
}
COMMANDS = [("project", "show", "P"), ("project", "list"), ("targets", "--year", "2024")]


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(command) for command in COMMANDS])
@pytest.mark.parametrize(
    ("language", "place"),
    [
        (
            "en",
            (
                "event 2 of project/P at position 5 cannot be read (Contract investment 协议总投资 "
                "(contract_investment): must be ASCII digits"
            ),
        ),
        (
            "zh_CN",
            (
                "project/P 的第 2 条记录（总序号 5）无法读取（协议总投资（contract_investment）："
                "应为半角数字"
            ),
        ),
    ],
)
def test_a_command_names_the_event(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], language: str, place: str
) -> None:
    appending(cli.url)("project/P", "AgreementSigned/1", SIGNED)
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    answer = cli(*command)
    assert (answer.code, answer.err.startswith(place)) == (3, True), answer.err


@pytest.mark.parametrize(
    ("language", "state", "reason"),
    [
        ("en", "no text", "its bytes are not JSON"),
        ("zh_CN", "no text", "其内容不是 JSON"),
        ("en", "{}", "its bytes are not those of an event"),
        ("zh_CN", "{}", "其内容不是一条记录"),
    ],
)
def test_bytes_that_are_no_event_are_said_in_the_readers_language(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, language: str, state: str, reason: str
) -> None:
    appending(cli.url)("project/P", "AgreementSigned/1", {**SIGNED, "contract_investment": "5"})
    digits = state.encode().hex()
    written = f"X'{digits}'" if cli.url.startswith("sqlite") else f"'\\x{digits}'"
    change_outside(
        cli.url,
        f"UPDATE ledger_events SET state = {written}"
        " WHERE originator_version = 2 AND originator_id = 'project/P'",
    )
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    answer = cli("project", "show", "P")
    assert (answer.code, reason in answer.err) == (3, True), answer.err
    assert "Error" not in answer.err


def test_a_page_names_the_event(cli: Cli) -> None:
    appending(cli.url)("project/P", "AgreementSigned/1", SIGNED)
    with Ledger.open(cli.url) as ledger:
        pages = application(ledger, None, lambda _line: None)
        browser = TestClient(pages, base_url="http://localhost", raise_server_exceptions=False)
        answer = browser.get("/project?code=P&year=2024")
    assert answer.status_code == 503
    assert "project/P 的第 2 条记录（总序号 5）无法读取" in answer.text
