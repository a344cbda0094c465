"""Where a project stands: what asks for a decision comes before what merely waits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lifecycle.rulebook import shipped
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.views.project_standing import ProjectStanding, project_standings
from tests.given import UNITS, World, of, reported


def standings_on(world: World, day: str) -> dict[str, ProjectStanding]:
    on = date.fromisoformat(day)
    view = View(on.year, on, world.ledger.head().position, shipped("kaihua-2024"))
    rows = project_standings(judged_at(world.ledger, view), on)
    return {row.project.facts.code: row for row in rows}


def world_of_five(tmp_path: Path) -> World:
    milestones = [{"stage": "signing", "due_on": "2024-05-20"}]
    signed = {"contract_investment": "3000", "contract_fixed_assets": "2000"}
    return World(tmp_path).given(
        *UNITS,
        *(reported(code) for code in "ABCDE"),
        of("ScheduleSet", "2024-01-20", "A", milestones=milestones),
        of("ProjectPaused", "2024-02-15", "B", reason="市场"),
        of("AgreementSigned", "2024-03-01", "C", **signed),
        of("StatisticsEntered", "2024-05-01", "C"),
        of("InvestmentReported", "2024-05-31", "C", month="2024-05", fixed_assets="2500"),
        of("ProjectTerminated", "2024-04-01", "D", reason="投资方撤回"),
    )


def test_each_project_has_the_standing_that_its_deadlines_leave_it(tmp_path: Path) -> None:
    rows = standings_on(world_of_five(tmp_path), "2024-06-30")
    assert {code: row.standing for code, row in rows.items()} == {
        "A": "overdue",
        "B": "paused",
        "C": "complete",
        "E": "stalled",
    }
    delay = rows["A"].delay
    assert delay is not None
    assert (delay.kind, delay.about, delay.due_on) == ("milestone", "signing", date(2024, 5, 20))
    assert rows["C"].stage == "investment"


def test_on_its_due_day_a_project_is_still_on_track(tmp_path: Path) -> None:
    world = world_of_five(tmp_path)
    assert standings_on(world, "2024-02-10")["A"].standing == "on_track"
    assert standings_on(world, "2024-05-20")["A"].delay is None
    assert standings_on(world, "2024-05-21")["A"].standing == "overdue"
    # A terminated project leaves the picture on the day it ends, not before.
    assert "D" in standings_on(world, "2024-03-31")
    assert "D" not in standings_on(world, "2024-04-01")
