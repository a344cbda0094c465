"""Changes of projects, as a clerk records them and everyone reads them (spec 7)."""

from __future__ import annotations

import pytest

from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli

SIGNED = ("--occurred-on", "2024-03-01", "--contract-investment", "9000")


@pytest.fixture
def signed(cli: Cli) -> Cli:
    """The project P, signed on 1 March and amended on 1 June."""
    amended = ("--occurred-on", "2024-06-01", "--contract-fixed-assets", "12000")
    for event, fields in (
        ("AgreementSigned", (*SIGNED, "--contract-fixed-assets", "8000")),
        ("补充协议", amended),
    ):
        answer = cli("record", event, "--project", "P", *fields)
        assert answer.code == 0, answer.err
    return cli


@pytest.mark.parametrize(
    ("language", "supplement", "rests_on"),
    [
        ("en", "补充协议", "scale as amended by P#3"),
        ("zh", "补充协议", "按补充协议 P#3"),
    ],
)
def test_a_project_shows_its_supplements_by_the_day(
    signed: Cli,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    supplement: str,
    rests_on: str,
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    course = signed("project", "show", "P").out
    assert any("2024-06-01" in line and supplement in line for line in course.splitlines())
    assert rests_on in signed("explain", "P", "--as-of", "2024-06-01").out
    before = signed("project", "show", "P", "--as-of", "2024-05-31")
    assert supplement not in before.out
    assert rests_on not in signed("explain", "P", "--as-of", "2024-05-31").out


def test_project_json_has_the_contract_as_of_the_day(signed: Cli) -> None:
    def amounts(day: str) -> tuple[str, str]:
        row = signed("project", "show", "P", "--as-of", day, "--format", "json").json
        return row["contract_investment"], row["contract_fixed_assets"]

    assert amounts("2024-05-31") == ("9000", "8000")
    assert amounts("2024-06-01") == ("9000", "12000")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_project_shows_its_parcels(
    signed: Cli, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    for day, fields in (
        ("2024-06-01", ("--area-mu", "10.5", "--transfer-fee", "900")),
        ("2024-07-01", ("--area-mu", "4", "--transfer-fee", "300", "--parcel", "二号地块")),
    ):
        answer = signed("record", "土地摘牌", "--project", "P", "--occurred-on", day, *fields)
        assert answer.code == 0, answer.err
    screen = signed("project", "show", "P").out
    assert any("2024-07-01" in line and "土地摘牌" in line for line in screen.splitlines())
    assert "二号地块" in screen
    assert "14.5" in screen
    again = ("--area-mu", "5", "--transfer-fee", "1", "--parcel", "二号地块")
    answer = signed("record", "土地摘牌", "--project", "P", "--occurred-on", "2024-08-01", *again)
    assert (answer.code, "二号地块" in answer.err) == (1, True)
    row = signed("project", "show", "P", "--as-of", "2024-06-30", "--format", "json").json
    assert (row["area_mu"], row["transfer_fee"], row["land_on"]) == ("10.5", "900", "2024-06-01")


def test_an_early_supplement_is_rejected_with_the_day_of_the_signing(signed: Cli) -> None:
    answer = signed(
        "record",
        "AgreementAmended",
        "--project",
        "P",
        "--occurred-on",
        "2024-02-01",
        "--contract-investment",
        "1",
    )
    assert answer.code == 1
    assert "2024-03-01" in answer.err
    assert signed.events == 6


def test_a_correction_of_a_contract_asks_whether_it_changed_on_a_day(signed: Cli) -> None:
    clerk = Terminal(
        "--db", signed.url, "correct", "P", "2", "contract_investment=20000", LIFECYCLE_LANG="zh_CN"
    )
    for answer in ("增资\n", "余敏\n"):
        clerk.sees(": ")
        clerk.types(answer)
    clerk.sees("更正自2024-03-01起追溯生效")
    clerk.sees("AgreementAmended")
    clerk.sees("确认录入")
    clerk.types("n\n")
    assert clerk.ends() == 1
    assert signed.events == 6


@pytest.mark.parametrize(
    ("language", "again"), [("en", "has been paused since 2024-06-01"), ("zh", "已暂缓")]
)
def test_a_project_shows_its_course(
    signed: Cli, monkeypatch: pytest.MonkeyPatch, language: str, again: str
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    next_on = ("--next-on", "2024-05-10", "--next-step", "邀请考察")
    for event, day, fields in (
        ("跟进", "2024-05-01", ("--content", "到企业洽谈", *next_on)),
        ("暂缓", "2024-06-01", ("--reason", "市场变化")),
        ("建设节点", "2024-06-02", ("--milestone", "开工")),
    ):
        answer = signed("record", event, "--project", "P", "--occurred-on", day, *fields)
        assert answer.code == 0, answer.err
    screen = signed("project", "show", "P").out
    for text in ("到企业洽谈", "邀请考察", "开工", "市场变化"):
        assert text in screen
    course = signed("project", "show", "P", "--as-of", "2024-05-31", "--format", "json").json
    assert [row["event"] for row in course["course"]][-1] == "FollowedUp"
    due = signed("deadlines", "--as-of", "2024-05-12", "--kind", "跟进到期", "--format", "json")
    assert [row["due_on"] for row in due.json] == ["2024-05-10"]
    answer = signed(
        "record", "暂缓", "--project", "P", "--occurred-on", "2024-06-05", "--reason", "再议"
    )
    assert (answer.code, again in answer.err) == (1, True)
    later = ("--occurred-on", "2024-06-09", "--milestone", "开工")
    answer = signed("record", "建设节点", "--project", "P", *later)
    assert (answer.code, "开工 (construction_started)" in answer.err) == (1, True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_project_that_is_not_there_yet_is_no_near_name_of_itself(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    for view in ("--as-of", "--known-at"):
        answer = cli("project", "show", "P", view, "2020-01-01")
        assert (answer.code, view in answer.err) == (1, True), answer.err
        assert "[unknown_project]" in answer.err
