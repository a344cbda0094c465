"""Messages reach DingTalk, WeCom and mail once each, whatever fails in between."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import apprise
import pytest

from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from tests.commands.conftest import Answer, Cli
from tests.commands.notices.service_players import (
    ChatServices,
    MailServer,
    chat_services,
    mail_server,
)

DAY = ("--as-of", "2024-06-05")
WORKING_MORNING = datetime(2024, 6, 5, 9, tzinfo=SHANGHAI)
DINGTALK = "dingtalk://abcdef0123456789/"
WECOM = "wecombot://0123456789abcdef/"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send without the pauses that services ask for."""
    monkeypatch.setattr(apprise.NotifyBase, "request_rate_per_sec", 0)
    for name in ("HTTP_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServices]:
    with chat_services(tmp_path) as played:
        for name, value in played.environment.items():
            monkeypatch.setenv(name, value)
        yield played


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


class Office:
    """A county's office with settings of its own, at a moment of its clock."""

    def __init__(self, cli: Cli, settings: Path) -> None:
        self._cli = cli
        self.settings = settings
        self.state = settings.with_suffix(".sent.db")

    def writes(self, *recipients: str, is_always_open: bool = False) -> None:
        self.settings.unlink(missing_ok=True)
        assert self("--new").code == 0
        content = self.settings.read_text("utf-8")
        if is_always_open:
            content = content.replace("08:30", "00:00").replace("17:30", "23:59:59")
            content = content.replace("working_days = true", "working_days = false")
        self.settings.write_text(content + "\n".join(recipients), "utf-8")

    def __call__(self, *options: str) -> Answer:
        return self._cli("notify", "--settings", self.settings, *options)

    def sends(self) -> Answer:
        return self(*DAY)


@pytest.fixture
def office(county: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(machine_clock, "machine_time", lambda: WORKING_MORNING)
    return Office(county, tmp_path / "notices.toml")


def recipient(address: str, *, unit: str | None = None, kinds: str | None = None) -> str:
    lines = ["[[recipient]]", f'addresses = ["{address}"]']
    if unit is not None:
        lines.append(f'unit = "{unit}"')
    if kinds is not None:
        lines.append(f"kinds = {kinds}")
    return "\n".join(lines)


def mail_address(server: MailServer) -> str:
    return f"mailto://127.0.0.1:{server.port}?from=office@county.example&to=town@county.example"


def test_each_thing_goes_once_to_each_address(
    office: Office, services: ChatServices, mail: MailServer
) -> None:
    office.writes(
        recipient(DINGTALK, unit="华埠镇"), recipient(WECOM), recipient(mail_address(mail))
    )

    first, second = office.sends(), office.sends()

    assert (first.code, second.code) == (0, 0), first.err
    by_host = [host for host, _text in services.taken]
    assert by_host.count("oapi.dingtalk.com") == 3  # sheets, deadlines, the week
    assert by_host.count("qyapi.weixin.qq.com") == len(mail.mails) == 3
    assert "华埠镇：应办任务单1张（2024-06-05）" in services.texts()[0]
    assert second.out.startswith("messages sent: 0")


def test_a_message_says_where_its_number_comes_from(
    office: Office, services: ChatServices, county: Cli
) -> None:
    office.writes(recipient(DINGTALK, unit="华埠镇", kinds='["deadlines"]'))
    office.sends()

    (text,) = services.texts()
    rows = county("deadlines", "--unit", "华埠镇", *DAY, "--format", "json").json
    pressing = [row for row in rows if row["level"] in ("red", "orange")]
    assert f"临期和逾期事项{len(pressing)}项" in text
    for row in pressing:
        assert row["project"] in text
        assert row["due_on"] in text
    assert "lifecycle deadlines --unit 华埠镇 --as-of 2024-06-05" in text


def test_what_a_service_does_not_take_is_sent_by_the_next_run(
    office: Office, services: ChatServices, mail: MailServer
) -> None:
    office.writes(
        recipient(DINGTALK, kinds='["deadlines", "week"]'),
        recipient(mail_address(mail), kinds='["deadlines"]'),
    )
    services.answers = [(500, {}), (200, {"errcode": 130101, "errmsg": "send too fast"})]
    mail.refusals = 1

    failed = office.sends()
    assert failed.code == 1
    assert (services.taken, mail.mails) == ([], [])
    # HTTP 200 with an error code is DingTalk's way to refuse.
    assert "130101 send too fast" in failed.err
    assert "abcdef0123456789" not in failed.out + failed.err

    assert office.sends().code == 0
    assert office.sends().out.startswith("messages sent: 0")
    assert (len(services.taken), len(mail.mails)) == (2, 1)


def test_a_run_that_is_killed_loses_nothing(
    office: Office, services: ChatServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.writes(recipient(DINGTALK))
    deliver = apprise.NotifyBase.notify
    for run in (1, 2, 3):
        deliveries = count()

        def stop_after_one(
            service: apprise.NotifyBase, *, deliveries: count[int] = deliveries, **message: Any
        ) -> object:
            if next(deliveries):
                raise KeyboardInterrupt
            return deliver(service, **message)

        with monkeypatch.context() as patch:
            patch.setattr(apprise.NotifyBase, "notify", stop_after_one)
            office.sends()
        assert len(services.taken) == run

    assert office.sends().code == 0
    assert len(services.texts()) == len(set(services.texts())) == 3


def test_only_what_is_new_is_said_the_next_day(
    office: Office, services: ChatServices, county: Cli
) -> None:
    office.writes(recipient(DINGTALK, kinds='["deadlines"]'))
    office("--as-of", "2024-06-05")
    office("--as-of", "2024-06-20")

    _first, second = services.texts()
    rows = {}
    for day in ("2024-06-05", "2024-06-20"):
        listed = county("deadlines", "--as-of", day, "--format", "json").json
        rows[day] = {
            (row["kind"], row["project"], row["about"], row["due_on"], row["level"])
            for row in listed
            if row["level"] in ("red", "orange")
        }
    new_rows = rows["2024-06-20"] - rows["2024-06-05"]
    assert f"临期和逾期事项{len(new_rows)}项" in second


@pytest.mark.parametrize(
    ("moment", "is_sent"),
    [
        (datetime(2024, 6, 5, 8, 29, tzinfo=SHANGHAI), False),
        (datetime(2024, 6, 5, 8, 30, tzinfo=SHANGHAI), True),
        (datetime(2024, 6, 5, 17, 31, tzinfo=SHANGHAI), False),
        (datetime(2024, 6, 8, 9, tzinfo=SHANGHAI), False),  # Saturday
        (datetime(2024, 6, 10, 9, tzinfo=SHANGHAI), False),  # the Dragon Boat Festival
        (datetime(2024, 5, 11, 9, tzinfo=SHANGHAI), True),  # a Saturday worked
    ],
)
def test_nothing_is_sent_outside_hours_and_working_days(
    office: Office,
    services: ChatServices,
    monkeypatch: pytest.MonkeyPatch,
    moment: datetime,
    is_sent: bool,
) -> None:
    office.writes(recipient(DINGTALK))
    monkeypatch.setattr(machine_clock, "machine_time", lambda: moment)

    answer = office()

    assert answer.code == 0
    assert bool(services.taken) is is_sent
    assert ("outside the hours" in answer.out) is not is_sent


def test_a_dry_run_shows_the_messages_and_leaves_nothing_behind(
    office: Office, services: ChatServices
) -> None:
    office.writes(recipient(DINGTALK, unit="华埠"))

    answer = office("--dry-run", *DAY)

    assert answer.code == 0
    assert "华埠镇：应办任务单1张（2024-06-05）" in answer.out
    assert "abcdef0123456789" not in answer.out
    assert services.taken == []
    assert not office.state.exists()


def test_the_office_writes_its_own_words(office: Office, services: ChatServices) -> None:
    office.writes(
        recipient(DINGTALK, unit="华埠镇", kinds='["sheets"]'),
        '[templates.sheets]\ntitle = "请{unit}办理"\ntext = "{day}共{count}张"',
    )
    office.sends()

    assert services.texts() == ["请华埠镇办理\r\n2024-06-05共1张"]


def test_a_board_is_announced_when_it_is_published(
    own_county: Cli, tmp_path: Path, services: ChatServices
) -> None:
    office = Office(own_county, tmp_path / "notices.toml")
    office.writes(recipient(DINGTALK, kinds='["board"]'), is_always_open=True)
    today = datetime.now(SHANGHAI).date().isoformat()  # the ledger records by the clock of now
    assert own_county("publish", "board", "2024-05").code == 0

    assert office("--as-of", today).code == 0

    (text,) = services.texts()
    assert "2024-05红黑榜已公布" in text


MISTAKES = {
    'recipent = "x"': "recipent is not a setting",
    "[[recipient]]\naddresses = []": "recipient.1.addresses is missing",
    '[[recipient]]\nunit = "华埠镇"': "recipient.1.addresses is missing",
    '[[recipient]]\naddresses = ["x://y"]\nkinds = ["sheet"]': "must be one of: sheets, deadlines",
    '[templates.week]\ntext = "{towns}"': "templates.week.text has a field that is none of: {unit}",
    '[[recipient]]\naddresses = ["nothing"]': "cannot be read",
    '[[recipient]]\nunit = "无此镇"\naddresses = ["wecombot://0123456789abcdef/"]': "无此镇",
    "[[": "is not a TOML file",
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.items())
def test_a_mistake_in_the_settings_is_named_with_its_place(
    office: Office, text: str, says: str
) -> None:
    office.writes(text)

    answer = office.sends()

    assert answer.code == 1
    assert says in answer.err, answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists, tested there")
def test_settings_that_others_can_read_are_not_used(office: Office) -> None:
    office.writes(recipient(DINGTALK))
    office.settings.chmod(0o644)

    answer = office.sends()

    assert answer.code == 3
    assert "other accounts can read it" in answer.err


def test_two_runs_at_once_do_not_both_send(office: Office, services: ChatServices) -> None:
    office.writes(recipient(DINGTALK))
    other = sqlite3.connect(office.state)
    other.execute("BEGIN EXCLUSIVE")
    try:
        answer = office.sends()
    finally:
        other.close()

    assert answer.code == 3
    assert "another run" in answer.err
    assert services.taken == []


def test_a_test_message_shows_whether_an_address_is_right(
    office: Office, services: ChatServices
) -> None:
    office.writes(recipient(DINGTALK))
    services.answers = [(200, {"errcode": 310000, "errmsg": "sign not match"})]

    assert office("--test").code == 1
    assert office("--test").code == 0
    assert len(services.taken) == 1


def test_settings_are_never_overwritten(office: Office) -> None:
    office.writes(recipient(DINGTALK))
    content = office.settings.read_bytes()

    assert office("--new").code == 1
    assert office.settings.read_bytes() == content


def test_without_settings_the_command_says_how_to_begin(county: Cli, tmp_path: Path) -> None:
    answer = county("notify", "--settings", tmp_path / "none.toml")

    assert answer.code == 1
    assert "lifecycle notify --new" in answer.err
