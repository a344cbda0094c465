"""`today` and `board` fit their terminal in both languages and list what is due."""

from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from commands.cli.shared import table_output
from commands.demo.county_records import records
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.given import OTHER, OUTPOST, TOWN, reported
from tests.ledgers import fill
from tests.reference.deadlines import deadlines
from tests.reference.recognition import excluded, facts, terminated
from tests.reference.sheets import sheets_due

DAY = "2024-06-12"


@pytest.fixture(params=[80, 140])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of columns of the terminal."""
    columns: int = request.param
    monkeypatch.setattr(table_output, "_terminal_width", lambda: columns)
    return columns


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_screens_fit(
    county: Cli, width: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    for arguments in (("today", "--as-of", DAY), ("board", "2024-06", "--unit", "林山乡")):
        answer = county(*arguments)
        assert (answer.code, answer.err) == (0, "")
        lines = answer.out.splitlines()
        assert max(cell_len(line) for line in lines) <= width
        assert len(lines) <= 52
        assert ("应发单据" in answer.out or "办理中任务" in answer.out) == (language == "zh_CN")
        assert "开招办交〔2024〕15号" in answer.out  # never broken


def test_the_morning_says_what_the_reference_says(county: Cli) -> None:
    day = date.fromisoformat(DAY)
    screen = county("today", "--as-of", DAY, "--format", "json").json
    assert screen["sheets_due"] == sheets_due(records(), day)
    urgent = [
        row
        for row in deadlines(records(), day)
        if row["level"] in ("red", "orange") and row["kind"] != "look_back"
    ]
    assert sorted(
        (row["kind"], row["project"], row["due_on"]) for row in screen["deadlines"]
    ) == sorted((row["kind"], row["project"], row["due_on"]) for row in urgent)
    known = facts(records(), day)
    waiting = {
        code
        for code, project in known.projects.items()
        if not excluded(project)
        and not terminated(project)
        and [event.fields["outcome"] for event in project.all("ConsultationHeld")][-1:]
        in ([], ["deferred"])
    }
    assert {row["project"] for row in screen["waiting"]} == waiting
    recorded = [
        record for record in records() if "2024-06-11" <= str(record["recorded_at"])[:10] <= DAY
    ]
    assert screen["entered"]["count"] == len(recorded)
    before, after = (
        county("score", "--as-of", day_, "--known-at", known_at, "--format", "json").json["units"]
        for day_, known_at in (("2024-06-10", "2024-06-10"), (DAY, "2026-01-01"))
    )
    ranks = {row["unit"]: row["rank"] for row in before}
    assert {(row["unit"], row["rank_before"], row["rank"]) for row in screen["moved"]} == {
        (row["unit"], ranks[row["unit"]], row["rank"])
        for row in after
        if ranks[row["unit"]] != row["rank"]
    }


def test_levels_that_changed_today_come_first(county: Cli) -> None:
    rows = county("today", "--as-of", "2024-06-13", "--format", "json").json["deadlines"]
    new = [row["new"] for row in rows]
    assert new == sorted(new, reverse=True)
    earlier = {
        (row["kind"], row["project"], row["about"]): row["level"]
        for row in county("today", "--as-of", DAY, "--format", "json").json["deadlines"]
    }
    assert all(
        row["new"] == (earlier.get((row["kind"], row["project"], row["about"])) != row["level"])
        for row in rows
    )


def test_a_unit_s_morning_and_board(county: Cli) -> None:
    screen = county("today", "--as-of", DAY, "--unit", "林山乡", "--format", "json").json
    assert {
        row["unit"]
        for name in ("sheets_due", "deadlines", "waiting", "look_backs")
        for row in screen[name]
    } == {"林山乡"}
    board = county("board", "2024-06", "--unit", "林山乡", "--format", "json").json
    score = next(
        row
        for row in county("score", "--as-of", "2024-06-30", "--format", "json").json["units"]
        if row["unit"] == "林山乡"
    )
    assert {name: board["score"][name] for name in score} == score
    targets = [
        row
        for row in county("targets", "--as-of", "2024-06-30", "--format", "json").json
        if row["unit"] == "林山乡"
    ]
    assert board["targets"] == targets
    assert [row["number"] for row in board["tasks"]] == [
        row["number"]
        for row in county("sheets", "list", "--as-of", "2024-06-30", "--format", "json").json
        if row["responsible_unit"] == "林山乡" and row["status"] != "cleared"
    ]
    assert county("board", "2024-06", "--unit", "林山乡", "--format", "csv").out.startswith(
        "project,name,sector,scale,funds_in_place"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [(("board", "--unit", "无"), 1, "林山乡"), (("board",), 2, "--unit")],
)
def test_an_invalid_screen_request_is_rejected(
    county: Cli, arguments: tuple[str, ...], code: int, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = county(*arguments, *(("2024-06",) if code == 1 else ()))
    assert (answer.code, word in answer.err) == (code, True)


def test_a_unit_s_morning_counts_its_own_entries(cli: Cli) -> None:
    def entered(*options: str) -> list[str]:
        streams: list[str] = cli("today", *options, "--format", "json").json["entered"]["streams"]
        return sorted(streams)

    with Ledger.open(cli.url) as ledger:
        fill(ledger, [reported("P-2", reporting_unit=OTHER)], keep=False)
    assert entered() == sorted([TOWN, OTHER, OUTPOST, "P", "P-2"])
    assert entered("--unit", "马金") == sorted([OTHER, "P-2"])
    assert entered("--unit", OUTPOST) == [OUTPOST]
