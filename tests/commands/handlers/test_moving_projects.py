"""A project moves to another code in one commit, with all that it holds (spec 7)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commands.handlers.moving_projects import Move, move_project
from lifecycle.events import Stream
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected
from lifecycle.rulebook import canonical, shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.sheet_view import task_rows
from tests.agreement.test_policies_agreement import recomputed
from tests.given import OTHER, REPORTED, TOWN, World, correction, of, reported, unit
from tests.ledgers import CLERK

TASK = "开招办交〔2024〕1号"
LIFE = (
    of("ConsultationHeld", "2024-02-01", outcome="passed", key="K"),
    of(
        "TaskAssigned",
        "2024-02-05",
        number=TASK,
        task="办理用地手续",
        responsible_unit=OTHER,
        due_on="2024-04-01",
    ),
    of("ProjectPaused", "2024-02-10", reason="市场"),
    of("ProjectResumed", "2024-02-20", reason="重谈"),
    of("AgreementSigned", "2024-03-01", contract_investment="3000", contract_fixed_assets="2500"),
    of("StatisticsEntered", "2024-03-05"),
    of("InvestmentReported", None, month="2024-03", fixed_assets="500"),
    correction(8, {"fixed_assets": "700"}),
)
MOVE = Move("P", "KH-2024-001", "编号录错", "余敏")


def supported(code: str, on: str) -> dict[str, object]:
    return {
        "event": "MajorProjectSupported",
        "unit": TOWN,
        "occurred_on": on,
        "about_project": code,
    }


def view_of(world: World, position: int | None = None) -> View:
    last = world.ledger.head().position if position is None else position
    return View(2024, date(2024, 12, 31), last, shipped("kaihua-2024"))


def scores(world: World) -> object:
    return score_json(evaluate(world.ledger, view_of(world)))["units"]


@pytest.fixture
def world(tmp_path: Path, store_url: str) -> World:
    return World(tmp_path, store_url).given(*REPORTED, *LIFE)


def test_a_moved_project_is_what_it_was_under_another_code(world: World) -> None:
    before = scores(world)
    entries = move_project(world.ledger, MOVE, CLERK)
    assert [entry.ref for entry in entries] == [f"KH-2024-001#{v}" for v in range(1, 9)]
    assert scores(world) == before
    assert world.rules(of("ReviewHeld", "2024-04-01", findings="正常")) == ["no_information"]
    (task,) = task_rows(world.ledger, view_of(world))
    assert (task.project, task.task.number) == ("KH-2024-001", TASK)
    # The next sheet of the county has the next number.
    following = LIFE[1] | {"project": "KH-2024-001", "number": "开招办交〔2024〕2号"}
    world.given(following)
    assert verify(world.ledger).differences == []
    assert world.rules(reported("Q", name="项目P", investor="投资方P")) == ["identity_claimed"]
    old = world.ledger.history(Stream("project", "P"))
    assert {getattr(each.event, "moved_to", None) for each in old[9:]} == {"KH-2024-001"}
    keys = [each.event.key for each in world.ledger.history(Stream("project", "KH-2024-001"))]
    assert keys[:2] == ["moved:P#1", "moved:P#2:K"]
    world.ledger.close()


def test_a_move_that_a_rule_rejects_stores_nothing(world: World) -> None:
    world.given(reported("Q"))
    head = world.ledger.head()
    for move in (MOVE._replace(new="Q"), MOVE._replace(new="P"), MOVE._replace(old="没有")):
        with pytest.raises(Rejected):
            move_project(world.ledger, move, CLERK)
    assert world.ledger.head() == head
    world.ledger.close()


def test_names_of_the_old_code_are_read_as_the_new(world: World) -> None:
    world.given(
        supported("P", "2024-05-01"),
        supported("KH-2024-001", "2024-06-01"),
        supported("KH-2024-002", "2024-07-01"),
    )
    town = next(row for row in scores(world) if row["unit"] == TOWN)  # type: ignore[attr-defined]
    assert town["modules"]["bonus"] == "15"
    move_project(world.ledger, MOVE, CLERK)
    first = world.ledger.head().position
    again = MOVE._replace(old="KH-2024-001", new="KH-2024-002")
    move_project(world.ledger, again, CLERK)
    book = canonical(shipped("kaihua-2024").rulebook)
    for position, bonus in ((first, "10"), (None, "5")):
        result = score_json(evaluate(world.ledger, view_of(world, position)))["units"]
        town = next(row for row in result if row["unit"] == TOWN)
        assert town["modules"]["bonus"] == bonus
    assert scores(world) == recomputed(world.ledger, book, date(2024, 12, 31))
    assert verify(world.ledger).differences == []
    world.ledger.close()


def test_a_sheet_number_is_carried_by_a_move_alone(world: World) -> None:
    repeated = LIFE[1] | {"project": "Q"}
    world.given(reported("Q"))
    assert world.rules(repeated) == ["number_order"]
    world.given(correction(3, None))
    assert world.rules(repeated) == ["number_order"]
    assert world.rules(correction(2, {"outcome": "deferred"}, moved_to="Q")) == ["moved_to"]
    assert world.rules(correction(2, None, moved_to="P")) == ["moved_to"]
    voided = {
        "event": "FactCorrected",
        "unit": OTHER,
        "occurred_on": "2024-06-01",
        "corrects": 1,
        "replacement": None,
        "moved_to": "Q",
        "reason": "误录",
        "approved_by": "余敏",
    }
    assert world.rules(voided) == ["moved_to"]
    assert unit()["unit"] == TOWN
    world.ledger.close()


def test_a_number_is_carried_from_one_transaction_to_the_next(world: World) -> None:
    task = LIFE[1]
    world.given(reported("Q"), LIFE[1] | {"project": "Q", "number": "开招办交〔2024〕2号"})
    assert world.rules(task | {"project": "Q"}) == ["number_order"]
    world.given(correction(3, None, moved_to="Q"))
    assert world.rules(task | {"project": "Q"}) == ["number_order"]
    world.given(task | {"project": "Q", "key": "moved:P#3"})
    # It is carried once, and the county's counter stays where it was.
    assert world.rules(task | {"project": "Q", "key": "moved:P#3:再"}) == ["number_order"]
    world.given(LIFE[1] | {"project": "Q", "number": "开招办交〔2024〕3号"})
    assert verify(world.ledger).differences == []
    world.ledger.close()


def test_whoever_moves_a_moved_project_is_told_its_code(world: World) -> None:
    move_project(world.ledger, MOVE, CLERK)
    with pytest.raises(Rejected) as error:
        move_project(world.ledger, MOVE._replace(new="KH-2024-002"), CLERK)
    problem = error.value.problems[0]
    assert (problem.rule, problem.values["new_code"]) == ("unknown_project", MOVE.new)
