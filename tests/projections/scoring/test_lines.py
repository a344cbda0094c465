"""The inputs of each score line, computed by hand for every kind of rule."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import LoadedRulebook, Rulebook, parse, shipped
from lifecycle.rulebook.kinds.bracket_rule import BandPoints
from projections.facts.unit_facts import UnitFacts
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.gate_conditions import ClosedGate
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.score_json import inputs_json, line_json
from projections.scoring.score_line import MissingTarget, MissingYear, ValueInputs
from projections.scoring.unit_scores import unit_score
from projections.scoring.unit_values import ConditionResult, CountedNumber, PeriodRun
from tests.given import OTHER, OUTPOST, TOWN, UNITS, of, reported, unit
from tests.ledgers import fill, new_ledger
from tests.projections.scoring.arithmetic import evaluated_expression

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


END = date(2024, 12, 31)


def book_of(name: str) -> LoadedRulebook:
    """Return the rulebook of a file beside the cases, or else the shipped one."""
    case_file = FOLDER / f"{name}.toml"
    return parse(case_file.read_text(encoding="utf-8")) if case_file.exists() else shipped(name)


def all_lines(folder: Path, records: Records, book: LoadedRulebook) -> Result:
    """Every line of the year under a rulebook."""
    with new_ledger(folder) as ledger:
        fill(ledger, records, keep=False)
        return evaluate(
            ledger,
            View(2024, END, ledger.head().position, book),
            keep=lambda _line: True,
        )


def cases(name: str) -> list[dict[str, Any]]:
    """The lines computed by hand, in the order in which they come."""
    text = (FOLDER / f"{name}.lines.toml").read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = tomllib.loads(text)["line"]
    return lines


def expected_line(case: dict[str, Any], book: Rulebook) -> dict[str, Any]:
    """Return a case as a line's JSON; clause, module and basis default to the rule's."""
    sources: dict[str, Any] = {rule.id: rule for rule in book.rules}
    for module in book.modules:
        sources |= {f"{module.id}.cap": module, f"{module.id}.floor": module}
    source = sources[case["rule"]]
    return {
        "module": getattr(source, "module", case["rule"].partition(".")[0]),
        "clause": source.clause,
        "basis": source.basis,
        "project": None,
        **{name: value for name, value in case.items() if name != "reached"},
    }


def without_nulls(line: dict[str, Any]) -> dict[str, Any]:
    """Drop inputs that are null, which TOML cannot express."""
    inputs = {name: value for name, value in line["inputs"].items() if value is not None}
    return {**line, "inputs": inputs}


POLICIES = {"of-projects": OF_PROJECTS, "kaihua-2024": OF_A_POLICY, "every-kind": OF_EVERY_KIND}


@pytest.mark.parametrize("name", POLICIES)
def test_a_line_lists_its_inputs(name: str, tmp_path: Path) -> None:
    book = book_of(name)
    lines = all_lines(tmp_path, POLICIES[name], book).lines
    expected = [expected_line(case, book.rulebook) for case in cases(name)]
    assert [without_nulls(line_json(line, 10)) for line in lines] == expected


@pytest.mark.parametrize(
    "case",
    [case for name in POLICIES for case in cases(name)],
    ids=lambda case: f"{case['rule']} of {case.get('project', case['unit'])}: {case['reached']}",
)
def test_the_points_of_a_case_are_reached_as_it_shows(case: dict[str, Any]) -> None:
    assert evaluated_expression(case["reached"]) == Fraction(case["points"])


def test_null_marks_a_value_outside_all_bands_and_a_unit_without_a_place(
    tmp_path: Path,
) -> None:
    lines = all_lines(tmp_path, OF_EVERY_KIND, book_of("every-kind")).lines
    ranked = [line_json(line, 10)["inputs"] for line in lines if line.rule == "rank"]
    assert [inputs["place"] for inputs in ranked] == [2, 1, None, None, 1]
    outside = ValueInputs(
        CountedNumber("visits", Fraction(21)), BandPoints(None, Fraction(0), None), None
    )
    assert inputs_json(outside, 10) == {
        "what": "visits",
        "actual": "21",
        "band": None,
        "points": "0",
    }


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


def test_a_closed_gate_removes_all_points_of_a_unit_and_gives_the_reason(tmp_path: Path) -> None:
    shut = """
[[rules]]
id = "all"
chinese = "all"
module = "m"
kind = "gate"
clause = "款all"
basis = "policy"
gates = "total"
any_of = [
  { all = [{ measure = "indicator", indicator = "visits", at_least = 14 }] },
  { all = [
    { measure = "indicator", indicator = "visits", each = "month", in_a_row = 2, at_least = 3 },
  ] },
]
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
    stopped = [
        (line.module, line.points, line.clause, line.basis, line.inputs, line.events)
        for line in result.lines
        if line.unit == BUREAU
    ]
    conditions = (
        ConditionResult(CountedNumber("visits", Fraction(1)), Fraction(1), holds=False),
        ConditionResult(PeriodRun("visits", 0), Fraction(0), holds=False),
    )
    assert stopped == [
        (
            "m",
            -had,
            "款all",
            "policy",
            ClosedGate("total", conditions),
            (f"{BUREAU}#2",),
        )
    ]


STOPPED = """
[[rules]]
id = "busy"
chinese = "busy"
module = "m"
kind = "gate"
clause = "款busy"
basis = "policy"
gates = "module"
any_of = [{ all = [{ measure = "indicator", indicator = "visits", at_least = 8 }] }]

[[rules]]
id = "elsewhere"
chinese = "elsewhere"
module = "m"
kind = "gate"
clause = "款elsewhere"
basis = "policy"
gates = "rule"
rule = "monthly"
any_of = [{ all = [{ measure = "indicator", indicator = "visits", at_least = 8 }] }]
"""


def test_a_gate_line_names_the_module_of_the_points_and_the_events_of_the_gate(
    tmp_path: Path,
) -> None:
    book = parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8") + STOPPED)
    lines = [line for line in all_lines(tmp_path, OF_EVERY_KIND, book).lines if line.unit == TOWN]
    visits_reported = (f"{TOWN}#2", f"{TOWN}#3")  # 3 and 4: 7 of 8
    (elsewhere,) = [line for line in lines if line.rule == "elsewhere"]
    # Both months reach 2 visits, a point each: in module n, though the gate stands in m.
    assert elsewhere.points == -2
    assert (elsewhere.module, elsewhere.events) == ("n", visits_reported)
    (busy,) = [line for line in lines if line.rule == "busy"]
    assert (busy.module, busy.events) == ("m", visits_reported)
    assert sum(line.points for line in lines if line.module == "m") == 0


def test_a_composite_is_rounded_to_the_rule_s_own_places(tmp_path: Path) -> None:
    third = """
[[rules]]
id = "third"
chinese = "third"
module = "m"
kind = "composite"
clause = "款third"
basis = "policy"
weight = 1
out_of = 3
places = 1
parts = [{ measure = "indicator", indicator = "visits", share = 1, take = "sum" }]
"""
    book = parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8") + third)
    lines = all_lines(tmp_path, OF_EVERY_KIND, book).lines
    (line,) = [line for line in lines if (line.rule, line.unit) == ("third", TOWN)]
    assert line.points == Fraction("2.3")  # 7 ÷ 3
    assert isinstance(line.inputs, ValueInputs)
    assert line.inputs.places == 1


@pytest.mark.parametrize(
    ("limits", "totals"),
    [
        ("floor = 10, cap = 50", [50, 50, 10]),
        ("floor = 10", [90, 70, 10]),
        ("cap = 50", [50, 50, -4]),
    ],
)
def test_a_total_lies_within_its_floor_and_cap(limits: str, totals: list[int]) -> None:
    table = f'total = {{ {limits}, clause = "四", basis = "policy" }}\n'
    policy = prepared(parse(table + (FOLDER / "every-kind.toml").read_text(encoding="utf-8")))
    for points, total in zip((90, 70, -4), totals, strict=True):
        tally = PointTally(policy)
        tally.add_sums({"m": Fraction(points)}, {})
        town = UnitFacts(TOWN, TOWN, "乡镇", "township", 1)
        assert unit_score(town, tally, policy).total == total


def test_points_carry_the_weakest_basis_of_their_parts(tmp_path: Path) -> None:
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
rows = [
  { factor = 1.5, where = [{ sequence = ["乡镇"] }] },
  { factor = 2, where = [{ category = ["township"] }] },
]

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


def test_a_unit_without_last_year_is_said_to_lack_it_though_its_target_was_reported(
    tmp_path: Path,
) -> None:
    grown = """
[[rules]]
id = "grown"
chinese = "grown"
module = "m"
kind = "ratio"
clause = "款grown"
basis = "policy"
measure = "indicator"
indicator = "visits"
weight = 10
target = { source = "reported" }
as = "to_last_year"
when_zero = 0
when_missing = 3
"""
    book = parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8") + grown)
    lines = all_lines(tmp_path, OF_EVERY_KIND, book).lines
    lacking = {line.unit: line.inputs for line in lines if line.rule == "grown"}
    assert lacking[TOWN] == MissingYear("visits", 2023)
    assert lacking[OTHER] == MissingTarget("visits", "visits")
