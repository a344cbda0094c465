"""What a meeting decided becomes a task with the meeting as its mandate, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Answer, Cli

DECIDED = ("--task", "三十日内完成签约", "--due-on", "2024-07-31", "--occurred-on", "2024-06-17")
ON_MEETING = ("--meeting", "2024-06-14")


@pytest.fixture
def met(cli: Cli) -> Cli:
    """A store in which one meeting is recorded."""
    assert held(cli, "2024-06-14", "月会商").code == 0
    return cli


def held(cli: Cli, day: str, kind: str) -> Answer:
    return cli("record", "召开会议", "--meeting", kind, "--occurred-on", day, "--yes")


def test_a_decision_becomes_a_numbered_task_of_the_credited_unit(met: Cli) -> None:
    answer = met("sheets", "assign", "P", *DECIDED, *ON_MEETING)
    assert (answer.code, "开招办交〔2024〕1号" in answer.out) == (0, True), answer.err
    second = met("sheets", "assign", "P", *DECIDED, *ON_MEETING, "--unit", "马金镇")
    assert "开招办交〔2024〕2号" in second.out
    rows = met("sheets", "list", "--as-of", "2024-06-30", "--format", "json").json
    assert [(row["number"], row["responsible_unit"]) for row in rows] == [
        ("开招办交〔2024〕1号", "华埠镇"),
        ("开招办交〔2024〕2号", "马金镇"),
    ]
    history = met("project", "history", "P", "--format", "json")
    assert history.out.count("2024年6月14日会商会议") == 2


def test_the_minutes_of_the_meeting_name_the_task(met: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "minutes"
    assert met("sheets", "assign", "P", *DECIDED, *ON_MEETING).code == 0
    day = ("--as-of", "2024-06-30", "--format", "pdf", "--to", folder)
    assert met("report", "minutes", "2024-06-14", *day).code == 0
    assert met("audit", "document", next(folder.iterdir())).code == 0


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (("--meeting", "2024-06-13"), "no_meeting"),
        # A meeting after the day of the assignment cannot have decided it.
        (("--meeting", "2024-06-20"), "no_meeting"),
        (("--meeting", "2024-06-14", "--due-on", "2024-06-17"), "[due_on]"),
    ],
)
def test_an_assignment_without_its_meeting_is_rejected(
    met: Cli, options: tuple[str, ...], rule: str
) -> None:
    held(met, "2024-06-20", "即时协调")
    events = met.events
    answer = met("sheets", "assign", "P", *DECIDED, *options)
    assert answer.code == 1
    assert rule in answer.err
    assert met.events == events


def test_of_two_meetings_of_a_day_the_mandate_names_one(met: Cli) -> None:
    held(met, "2024-06-14", "即时协调")
    answer = met("sheets", "assign", "P", *DECIDED, *ON_MEETING)
    assert "[several_meetings]" in answer.err
    assert "2024年6月14日协调会议" in answer.err
    named = ("--mandate", "2024年6月14日协调会议")
    assert met("sheets", "assign", "P", *DECIDED, *named).code == 0


def test_either_a_meeting_or_a_mandate_is_named(met: Cli) -> None:
    for options in ((), (*ON_MEETING, "--mandate", "纪要〔2024〕3号")):
        answer = met("sheets", "assign", "P", *DECIDED, *options)
        assert answer.code == 2
        assert "--mandate" in answer.err
