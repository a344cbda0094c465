"""What each line of points rests on, worked by hand for every kind of rule."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import parse, shipped
from projections.scoring.evaluation import View, evaluate
from projections.scoring.kinds.gate_effect import ClosedGate
from projections.scoring.score_json import line_json
from projections.scoring.unit_values import ConditionResult, CountedNumber, PeriodRun
from tests.given import OTHER, OUTPOST, TOWN, UNITS, of, reported, unit
from tests.ledgers import fill, new_ledger

BUREAU, IDLE = "县经信局", "池淮镇"
FOLDER = Path(__file__).parent / "lines"
Records = list[dict[str, Any]]


def of_unit(event: str, on: str, **fields: Any) -> dict[str, Any]:
    return {"event": event, "unit": TOWN, "occurred_on": on, **fields}


def visits(whose: str, month: str, actual: str, **fields: Any) -> dict[str, Any]:
    return {
        "event": "IndicatorReported",
        "unit": whose,
        "occurred_on": f"{month}-28",
        "indicator": "visits",
        "period": month,
        "actual": actual,
        **fields,
    }


FIRST = of_unit("LandingServiceFailed", "2024-03-01", failure="not_first_time")
PLAN = [{"stage": "signing", "due_on": "2024-03-20"}, {"stage": "land", "due_on": "2024-05-20"}]
OF_A_POLICY: Records = [
    *UNITS,
    reported("A", planned_fixed_assets="20000", investor_traits=["listed"]),
    of("ConsultationHeld", "2024-02-01", "A", outcome="passed"),
    of("ScheduleSet", "2024-02-02", "A", milestones=PLAN),
    of(
        "AgreementSigned",
        "2024-03-10",
        "A",
        contract_investment="30000",
        contract_fixed_assets="20000",
    ),
    of("LandAcquired", "2024-07-01", "A", area_mu="10", transfer_fee="100"),
    of("StatisticsEntered", "2024-08-01", "A"),
    of("InvestmentReported", None, "A", month="2024-08", fixed_assets="1000"),
    of("InvestmentReported", None, "A", month="2024-09", fixed_assets="500.5"),
    of_unit("ActivityHeld", "2024-03-01", activity="推介", led_by_head=True),
    {"event": "RoutineAssessed", "unit": TOWN, "month": "2024-03", "item": "台账", "points": "-3"},
    of_unit("CadreSeconded", "2024-03-01", person="江", group="area_group"),
    of_unit("CadreSeconded", "2024-04-01", person="江", group="area_group"),
    {"event": "UnitListed", "unit": TOWN, "month": "2024-03", "board": "black", "reason": "末位"},
    FIRST,
]
OF_EVERY_KIND: Records = [
    *UNITS,
    unit(BUREAU, category="department", sequence="部门"),
    unit(IDLE),
    visits(BUREAU, "2024-05", "1"),
    visits(TOWN, "2024-02", "6", target="10", shared_by=2),
    visits(TOWN, "2024-03", "4", target="2"),
    visits(OTHER, "2024-03", "14"),
    of_unit("AwardWon", "2024-03-01", title="招商能手", person="江"),
    of_unit("AwardWon", "2024-04-01", title="招商能手", person="江"),
    FIRST,
    {**FIRST, "occurred_on": "2024-04-01"},
    of_unit("ActivityHeld", "2024-03-01", activity="推介", led_by_head=False),
    {
        "event": "TargetSet",
        "occurred_on": "2024-01-05",
        "year": 2024,
        "indicator": "goal",
        "amount": "5",
        "for_unit": TOWN,
    },
]

SIGNED = {
    "P": ("2024-02-20", "3000", "2000"),
    "Q": ("2024-03-20", "9000", "5000"),
    "R": ("2024-05-20", "2000", "1999"),
}
OF_PROJECTS: Records = [
    *UNITS,
    reported("P"),
    reported("Q", reporting_unit=OUTPOST),
    reported("R"),
    *(
        of(
            "AgreementSigned",
            on,
            code,
            contract_investment=investment,
            contract_fixed_assets=assets,
        )
        for code, (on, investment, assets) in SIGNED.items()
    ),
    *(of("ConsultationHeld", "2024-06-01", code, outcome="passed") for code in "PR"),
    of("ProjectTransferred", "2024-07-01", "Q", to_unit=TOWN),
    of("StatisticsEntered", "2024-08-01", "P"),
    of("InvestmentReported", None, "P", month="2024-08", fixed_assets="1000"),
]


@pytest.mark.parametrize(
    ("name", "records"),
    [("of-projects", OF_PROJECTS), ("kaihua-2024", OF_A_POLICY), ("every-kind", OF_EVERY_KIND)],
)
def test_a_line_says_what_it_was_worked_out_from(
    name: str, records: Records, tmp_path: Path
) -> None:
    own = FOLDER / f"{name}.toml"
    book = parse(own.read_text(encoding="utf-8")) if own.exists() else shipped(name)
    with new_ledger(tmp_path) as ledger:
        fill(ledger, records, keep=False)
        lines = evaluate(
            ledger,
            View(2024, date(2024, 12, 31), ledger.head().position, book),
            keep=lambda _: True,
        ).lines
    told = [
        json.loads(line)
        for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [line_json(line, 10) for line in lines] == told


BOUNDS = {
    "at_least = 7": True,
    "at_least = 8": False,
    "at_most = 7": True,
    "at_most = 6": False,
    "above = 6": True,
    "above = 7": False,
    "below = 8": True,
    "below = 7": False,
    "above = 6, below = 8": True,
    "at_least = 7, below = 7": False,
}


def test_conditions_hold_within_each_of_their_bounds(tmp_path: Path) -> None:
    rules = [
        f"""
[[rules]]
id = "{bounds}"
chinese = "outcome"
module = "m"
kind = "outcome"
clause = "款"
basis = "policy"
outcome = "列名"
any_of = [{{ all = [{{ measure = "indicator", indicator = "visits", {bounds} }}] }}]
"""
        for bounds in BOUNDS
    ]
    book = parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8") + "".join(rules))
    with new_ledger(tmp_path) as ledger:
        fill(ledger, OF_EVERY_KIND, keep=False)
        scores = evaluate(
            ledger, View(2024, date(2024, 12, 31), ledger.head().position, book)
        ).scores
    (town,) = [score for score in scores if score.unit == TOWN]  # 3 and 4 visits
    assert town.outcomes == ["words", *(bounds for bounds, holds in BOUNDS.items() if holds)]


def test_a_gate_that_is_shut_stops_all_that_a_unit_has_and_says_why(tmp_path: Path) -> None:
    shut = """
[[rules]]
id = "all"
chinese = "all"
module = "m"
kind = "gate"
clause = "款all"
basis = "policy"
gates = "total"
any_of = [{ all = [{ measure = "indicator", indicator = "visits", at_least = 14 }] }, { all = [{ measure = "indicator", indicator = "visits", each = "month", in_a_row = 2, at_least = 3 }] }]
"""
    book = (FOLDER / "every-kind.toml").read_text(encoding="utf-8")
    with new_ledger(tmp_path) as ledger:
        fill(ledger, OF_EVERY_KIND, keep=False)
        freely, result = (
            evaluate(
                ledger,
                View(2024, date(2024, 12, 31), ledger.head().position, parse(text)),
                keep=lambda line: line.rule == "all",
            )
            for text in (book, book + shut)
        )
    had = next(score.modules["m"] for score in freely.scores if score.unit == BUREAU)
    assert had > 0
    assert [score.unit for score in result.scores if score.total] == [TOWN, OTHER]
    told = [
        (line.module, line.points, line.clause, line.basis, line.inputs, line.events)
        for line in result.lines
        if line.unit == BUREAU
    ]
    conditions = (
        ConditionResult(CountedNumber("visits", Fraction(1)), Fraction(1), holds=False),
        ConditionResult(PeriodRun("visits", 0), Fraction(0), holds=False),
    )
    assert told == [
        (
            "m",
            -had,
            "款all",
            "policy",
            ClosedGate("total", conditions),
            (f"{BUREAU}#2",),
        )
    ]


def test_points_rest_on_the_weakest_of_what_made_them(tmp_path: Path) -> None:
    more = """
[[exclusions]]
fact = "denied"
chinese = "不予认定"
clause = "九"
basis = "policy"

[[rules]]
id = "sized"
chinese = "sized"
module = "m"
kind = "per_item"
clause = "款sized"
basis = "policy"
measure = "consultations_passed"
points = 2
coefficient = "size"

[[rules]]
id = "doubled"
chinese = "doubled"
module = "m"
kind = "coefficient"
clause = "款doubled"
basis = "interpretation"
note = "一种读法"
rules = ["held", "assumed"]
combine = "highest"
rows = [{ factor = 1.5, where = [{ sequence = ["乡镇"] }] }, { factor = 2, where = [{ category = ["township"] }] }]

[[rules]]
id = "held"
chinese = "held"
module = "m"
kind = "per_item"
clause = "款held"
basis = "policy"
measure = "activities_held"
points = 1

[[rules]]
id = "assumed"
chinese = "assumed"
module = "m"
kind = "per_item"
clause = "款assumed"
basis = "assumption"
note = "例值"
measure = "activities_led_by_head"
points = 1

[[rules]]
id = "needed"
chinese = "needed"
module = "m"
kind = "per_item"
clause = "款needed"
basis = "policy"
measure = "projects_signed"
points = 1
limit = 5
needs = ["not_excluded"]
"""
    book = parse((FOLDER / "of-projects.toml").read_text(encoding="utf-8") + more)
    rules = {"sized", "doubled", "held", "assumed", "needed"}
    denied = of("RecognitionDenied", "2024-06-01", "R", reason="不符")
    with new_ledger(tmp_path) as ledger:
        fill(
            ledger,
            [
                *OF_PROJECTS,
                denied,
                of_unit("ActivityHeld", "2024-03-01", activity="推介", led_by_head=True),
            ],
            keep=False,
        )
        lines = evaluate(
            ledger,
            View(2024, date(2024, 12, 31), ledger.head().position, book),
            keep=lambda line: line.rule in rules and line.unit == TOWN,
        ).lines
    assert sorted((line.rule, str(line.points), line.basis) for line in lines) == [
        ("assumed", "1", "assumption"),
        ("doubled", "1", "assumption"),
        ("doubled", "1", "interpretation"),
        ("held", "1", "policy"),
        ("needed", "1", "policy"),
        ("needed", "1", "policy"),
        ("sized", "2", "assumption"),
        ("sized", "3", "assumption"),
    ]
