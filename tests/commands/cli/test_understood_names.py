"""A typed code or unit name that only looks like one that is held is understood as it, and said."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Cli
from tests.given import OUTPOST

UNIT, TYPED_UNIT = "A-1招商组", "ａ－1招商组"
CODE, TYPED_CODE = "KH-2024-001", "kh–2024–001"


@pytest.fixture
def store(cli: Cli) -> Cli:
    """The given store with a unit and a project whose names have variants."""
    unit = ("--unit", UNIT, "--sequence", "专班", "--category", "area_group")
    assert cli("record", "UnitRegistered", *unit, "--occurred-on", "2024-01-01").code == 0
    fields = {
        "project": CODE,
        "reporting-unit": TYPED_UNIT,
        "reported-at": "2024-01-10 09:00",
        "name": "硅橡胶项目",
        "investor": "某公司",
        "sector": "industrial",
        "kind": "new",
        "planned-investment": "3000",
        "planned-fixed-assets": "2000",
        "outside-ratio": "0.3",
    }
    options = [text for name, value in fields.items() for text in (f"--{name}", value)]
    answer = cli("record", "InformationReported", *options)
    assert answer.code == 0
    assert f"{TYPED_UNIT} is understood as {UNIT} [understood_as]" in answer.err
    return cli


@pytest.mark.parametrize(
    "command",
    [
        ("explain", TYPED_UNIT, "--year", "2024"),
        ("explain", TYPED_CODE, "--year", "2024"),
        ("score", TYPED_UNIT, "--year", "2024"),
        ("board", "2024-03", "--unit", TYPED_UNIT),
        ("project", "show", TYPED_CODE),
        ("project", "history", TYPED_CODE),
        ("project", "list", "--unit", TYPED_UNIT),
        ("deadlines", "--unit", TYPED_UNIT, "--as-of", "2024-06-30"),
        ("deadlines", "--project", TYPED_CODE, "--as-of", "2024-06-30"),
        ("sheets", "list", "--unit", TYPED_UNIT),
        ("sheets", "due", "--project", TYPED_CODE, "--as-of", "2024-06-30"),
        ("sheets", "issue", "--project", TYPED_CODE, "--dry-run"),
        ("today", "--unit", TYPED_UNIT, "--as-of", "2024-06-30"),
    ],
)
def test_a_command_understands_what_is_typed(store: Cli, command: tuple[str, ...]) -> None:
    answer = store(*command)
    assert answer.code == 0
    assert "is understood as" in answer.err
    held = [text.replace(TYPED_UNIT, UNIT).replace(TYPED_CODE, CODE) for text in command]
    assert answer.out == store(*held).out


def test_a_correction_finds_the_event_of_what_is_meant(store: Cli) -> None:
    words = ("--reason", "误录", "--approved-by", "余敏")
    answer = store("correct", TYPED_CODE, "1", "name=硅橡胶二期项目", *words)
    assert (answer.code, f"recorded {CODE}#2" in answer.out) == (0, True)


def test_what_is_held_is_not_remarked_on(store: Cli) -> None:
    for command in (("score", UNIT, "--year", "2024"), ("explain", OUTPOST, "--year", "2024")):
        assert store(*command).err == ""
