"""The standalone verifier's rules on whole histories, worked by hand.

What excludes, multiplies, stops or grades, and a month's board.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from projections.audit.verifier import verify_bundle as verifier
from tests.given import OTHER, TOWN, JsonRecord, of, reported, unit
from tests.projections.audit.test_verifier_boards import BOARDS

END = date(2024, 12, 31)
BUREAU = "工信局"
UNITS = [unit(), unit(OTHER), unit(BUREAU, sequence="部门", category="department")]
MINIMAL: dict[str, Any] = {
    "id": "t",
    "rounding": {"json": 4},
    "modules": [{"id": "m", "basis": "policy"}, {"id": "n", "basis": "policy"}],
    "ranking": {"within": "sequence"},
}


def streams(*history: JsonRecord) -> dict[str, list[verifier.StoredEvent]]:
    """Records as they lie in a ledger."""
    by_stream: dict[str, list[verifier.StoredEvent]] = defaultdict(list)
    for position, record in enumerate((*UNITS, *history), 1):
        fields = {
            name: value
            for name, value in record.items()
            if name not in ("event", "unit", "project")
        }
        stream = (
            f"project/{record['project']}"
            if "project" in record
            else f"unit/{record['unit']}"
            if "unit" in record
            else "county"
        )
        topic = f"{record['event']}/{2 if record['event'] == 'ActivityHeld' else 1}"
        by_stream[stream].append(
            verifier.StoredEvent(
                position, stream, len(by_stream[stream]) + 1, topic, json.dumps(fields).encode()
            )
        )
    return dict(by_stream)


def book(
    *rules: dict[str, Any],
    **tables: Any,
) -> verifier.CheckedRulebook:
    """A rulebook of these rules and next to nothing else."""
    named = {"chinese": "规则", "module": "m", "clause": "一", "basis": "policy"}
    return verifier.CheckedRulebook(
        {
            **MINIMAL,
            **tables,
            "rules": [
                {"id": f"r{number}", **named, **_counting(rule)}
                for number, rule in enumerate(rules)
            ],
        }
    )


def _counting(rule: dict[str, Any]) -> dict[str, Any]:
    return {"needs": [], **rule} if "measure" in rule else rule


def scored(
    rules: list[dict[str, Any]],
    *history: JsonRecord,
    day: date = END,
    **tables: Any,
) -> dict[str, dict[str, Any]]:
    """Every unit's row."""
    return {
        row["unit"]: row
        for row in verifier.scores(streams(*history), book(*rules, **tables), day.year, day, 99)
    }


def totals(
    rules: list[dict[str, Any]],
    *history: JsonRecord,
    day: date = END,
    **tables: Any,
) -> list[str]:
    """The totals of the two townships and the department."""
    rows = scored(rules, *history, day=day, **tables)
    return [rows[name]["total"] for name in (TOWN, OTHER, BUREAU)]


def award(
    on: str,
    name: str = TOWN,
) -> JsonRecord:
    return {
        "event": "AwardWon",
        "unit": name,
        "occurred_on": on,
        "title": "best_hunter",
        "person": "江",
    }


def figure(
    actual: str,
    name: str = TOWN,
    **more: Any,
) -> JsonRecord:
    return {
        "event": "IndicatorReported",
        "unit": name,
        "occurred_on": "2024-07-01",
        "indicator": "税收",
        "period": "2024-Q2",
        "actual": actual,
        **more,
    }


def passed(
    project: str,
    on: str = "2024-02-01",
) -> JsonRecord:
    return of("ConsultationHeld", on, project, outcome="passed")


AWARDS = {"kind": "per_item", "measure": "awards_won", "points": "1"}
NODES = {"kind": "per_item", "measure": "nodes_reached", "points": "1"}


def any_of(**condition: Any) -> list[dict[str, Any]]:
    return [{"all": [{"needs": [], **condition}]}]


def any_of_result(result: dict[str, Any], **bounds: str) -> list[dict[str, Any]]:
    return [{"all": [{"result": result, **bounds}]}]


# What a rulebook leaves out -----------------------------------------------------------------------


def test_tables_that_a_rulebook_leaves_out_hold_nothing_back() -> None:
    rule = {**NODES, "needs": ["recognised", "eligible", "not_excluded"]}
    row = scored([rule], reported(), passed("P"))[TOWN]
    assert (row["total"], row["modules"], row["groups"]) == ("2", {"m": "2", "n": "0"}, {})
    assert not {"grade", "outcomes"} & set(row)


def test_a_project_is_recognised_once_it_reached_what_the_rulebook_asks_for() -> None:
    rule = {**NODES, "needs": ["recognised"]}
    for history, points in (
        ([reported()], "0"),
        ([reported(), passed("P")], "2"),
        ([reported(), passed("P"), of("RecognitionDenied", "2024-03-01", reason="不符")], "0"),
    ):
        assert totals(
            [rule], *history, recognition={"needs": "consultation"}, exclusions=[{"fact": "denied"}]
        ) == [points, "0", "0"]


def test_the_last_change_of_the_investor_that_gives_a_ratio_counts() -> None:
    rule = {**NODES, "needs": ["eligible"]}
    row = {"where": {}, "needs": [{"measure": "outside_ratio", "at_least": "0.3"}]}
    history = [reported(outside_ratio="0.3"), passed("P")]
    for on, change, points in (
        ("2024-03-01", {"outside_ratio": "0.2999"}, "0"),
        ("2024-04-01", {}, "0"),
        ("2024-05-01", {"outside_ratio": "0.5"}, "2"),
        ("2024-06-01", {}, "2"),
    ):
        history.append(of("InvestorChanged", on, investor="另一家", **change))
        assert totals([rule], *history, eligibility=[row]) == [points, "0", "0"]


def test_the_last_change_of_the_investor_that_gives_traits_counts() -> None:
    listed = {**NODES, "where": {"traits": ["listed"]}}
    foreign = {**NODES, "where": {"traits": ["foreign"]}, "module": "n"}
    history = [reported(investor_traits=["listed"]), passed("P")]
    for on, change, points in (
        ("2024-03-01", {}, {"m": "2", "n": "0"}),
        ("2024-04-01", {"investor_traits": ["foreign"]}, {"m": "0", "n": "2"}),
        ("2024-05-01", {"outside_ratio": "0.5"}, {"m": "0", "n": "2"}),
        ("2024-06-01", {"investor_traits": []}, {"m": "0", "n": "0"}),
    ):
        history.append(of("InvestorChanged", on, investor="另一家", **change))
        assert scored([listed, foreign], *history)[TOWN]["modules"] == points


def test_a_comparison_with_nothing_gives_nothing_unless_it_says_what() -> None:
    mean = {
        "kind": "ratio",
        "measure": "indicator",
        "indicator": "税收",
        "as": "to_mean",
        "weight": "10",
    }
    assert totals([mean]) == ["0", "0", "0"]
    assert totals([{**mean, "when_zero": "0.5"}]) == ["5", "5", "5"]


def test_a_comparison_bears_the_label_of_what_is_compared() -> None:
    shares = {
        "kind": "per_item",
        "measure": "indicator",
        "indicator": "税收",
        "as": "share_of_sequence",
        "points_by": {"税收": "2"},
    }
    assert totals([shares], figure("6"), figure("2", OTHER)) == ["1.5", "0.5", "0"]


def test_last_year_is_counted_where_a_rule_compares_with_it() -> None:
    compared = {"kind": "ratio", "weight": "1", "as": "to_last_year", **AWARDS, "needs": []}
    year = verifier.score_year(streams(), book(AWARDS), 2024, END, 99)
    with pytest.raises(verifier.VerificationError, match="last year was not counted"):
        year.comparison("r0", compared, TOWN)


def test_a_regrouped_unit_keeps_its_category_unless_it_gets_another() -> None:
    regrouped = {"event": "UnitRegrouped", "unit": TOWN, "sequence": "乡镇"}
    history = [award("2024-02-01"), regrouped | {"occurred_on": "2024-06-01"}]
    rules = [
        {**AWARDS, "where": {"category": ["township"]}},
        {**AWARDS, "where": {"category": ["department"]}, "points": "3"},
    ]
    assert totals(rules, *history) == ["1", "0", "0"]
    other = regrouped | {"occurred_on": "2024-07-01", "category": "department"}
    assert totals(rules, *history, other) == ["3", "0", "0"]


def test_a_renamed_unit_is_shown_by_its_new_name() -> None:
    renamed = {"event": "UnitRenamed", "unit": TOWN, "occurred_on": "2024-06-01", "name": "新镇"}
    row = scored([AWARDS], renamed)[TOWN]
    assert (row["unit"], row["name"]) == (TOWN, "新镇")


BY_QUARTER: dict[str, Any] = {"id": "q", "basis": "policy", "assessed": "quarter", "floor": "1"}


def test_modules_beside_one_assessed_by_period_keep_their_limits_and_factors() -> None:
    first, second = MINIMAL["modules"]
    modules = [{**first, "cap": "2"}, {**second, "floor": "5"}, BY_QUARTER]
    taken = {"result": {"module": "q"}, "each": "quarter", "take": "sum", "share": "1"}
    rules: list[dict[str, Any]] = [
        AWARDS,
        {"kind": "composite", "module": "n", "weight": "1", "out_of": "1", "parts": [taken]},
        {
            "kind": "coefficient",
            "modules": ["m"],
            "rows": [{"where": [{"category": ["township"]}], "factor": "1.5"}],
        },
    ]
    row = scored(rules, *[award("2024-02-01")] * 3, modules=modules)[TOWN]
    # 3 within the cap of 2, times 1.5; a floor of 1 in each quarter, raised to 5; none in the year.
    assert row["modules"] == {"m": "3", "n": "5", "q": "0"}


UNKNOWN = "this verifier does not know"
OF_RULE, OF_LIMIT = "rulebook t, rule r0", "rulebook t, limit t"
FACTORS = {"kind": "coefficient", "rules": ["r0"]}


def limit(**fields: Any) -> dict[str, Any]:
    """A rulebook's time limit, which needs nothing else to be looked at."""
    return {"limits": [{"id": "t", **fields}]}


def word(vocabulary: str, **fields: Any) -> dict[str, Any]:
    """A word that a rulebook declares."""
    return {"vocabulary": {vocabulary: [{"name": "x", **fields}]}}


def test_of_time_limits_with_one_id_the_first_counts() -> None:
    days = [{**TO_SIGNING, "days": days} for days in (300, 30)]
    missed = {"kind": "per_item", "measure": "limits_missed", "time_limit": "t", "points": "1"}
    history = [reported(), passed("P")]
    assert totals([missed], *history, day=date(2024, 6, 30), limits=days) == ["0", "0", "0"]


def test_a_time_limit_may_need_nothing_of_a_project() -> None:
    assert list(book(AWARDS, **limit()).limits) == ["t"]


PART = {"result": {"module": "q"}, "each": "quarter", "take": "sum", "share": "1"}


@pytest.mark.parametrize(
    ("rule", "tables", "complaint"),
    [
        (
            {"kind": "per_item", "measure": "limits_missed", "time_limit": "x", "points": "1"},
            {},
            f"rulebook t, rule r0, limits: {UNKNOWN} 'x'",
        ),
        (AWARDS, limit(x=1), f"{OF_LIMIT}: {UNKNOWN} 'x'"),
        (AWARDS, limit(**{"from": "x"}), f"{OF_LIMIT}, stages: {UNKNOWN} 'x'"),
        (AWARDS, limit(to="x"), f"{OF_LIMIT}, stages: {UNKNOWN} 'x'"),
        (AWARDS, limit(until="x"), f"{OF_LIMIT}, stages: {UNKNOWN} 'x'"),
        (AWARDS, limit(where={"x": 1}), f"{OF_LIMIT}: {UNKNOWN} 'x'"),
        (AWARDS, limit(needs=["x"]), f"{OF_LIMIT}: {UNKNOWN} 'x'"),
        ({**FACTORS, "rows": [{"x": 1}]}, {}, f"{OF_RULE}: {UNKNOWN} 'x'"),
        ({**FACTORS, "rows": [{"where": [{"x": 1}]}]}, {}, f"{OF_RULE}: {UNKNOWN} 'x'"),
        ({**AWARDS, "target": {"x": 1}}, {}, f"{OF_RULE}: {UNKNOWN} 'x'"),
        ({**AWARDS, "target": {"source": "x"}}, {}, f"{OF_RULE}, source: {UNKNOWN} 'x'"),
        (
            {
                "kind": "outcome",
                "outcome": "o",
                "any_of": [{"all": [{"result": {"total": True}, "where": {"x": 1}}]}],
            },
            {},
            f"{OF_RULE}: {UNKNOWN} 'x'",
        ),
        (
            {
                "kind": "outcome",
                "outcome": "o",
                "any_of": [{"all": [{"result": {"total": True}, "place": "x"}]}],
            },
            {},
            f"{OF_RULE}, place: {UNKNOWN} 'x'",
        ),
        ({**AWARDS, "measure": "x"}, {}, f"{OF_RULE}: {UNKNOWN} 'x'"),
        ({**AWARDS, "needs": ["x"]}, {}, f"{OF_RULE}: {UNKNOWN} 'x'"),
        ({**AWARDS, "where": {"x": 1}}, {}, f"{OF_RULE}: {UNKNOWN} 'x'"),
        ({**AWARDS, "stages": ["x"]}, {}, f"{OF_RULE}, stages: {UNKNOWN} 'x'"),
        ({**AWARDS, "from_stage": "x"}, {}, f"{OF_RULE}, stages: {UNKNOWN} 'x'"),
        ({**AWARDS, "to_stage": "x"}, {}, f"{OF_RULE}, stages: {UNKNOWN} 'x'"),
        ({**AWARDS, "each": "x"}, {}, f"{OF_RULE}, each: {UNKNOWN} 'x'"),
        ({**AWARDS, "when_missing": 1}, {}, "when_missing is not text"),
        (AWARDS, word("traits", take="sum"), f"rulebook t, vocabulary traits: {UNKNOWN} 'take'"),
        (AWARDS, word("figures", take="x"), f"rulebook t, take: {UNKNOWN} 'x'"),
        (AWARDS, {"vocabulary": {"x": []}}, f"rulebook t, vocabulary: {UNKNOWN} 'x'"),
        (AWARDS, {"modules": [{"id": "m", "assessed": 1}]}, "assessed is not text"),
        (
            {"kind": "composite", "module": "q", "weight": "1", "out_of": "1", "parts": [PART]},
            {"modules": [BY_QUARTER]},
            f"rulebook t, rule r0: {UNKNOWN} 'q'",
        ),
    ],
)
def test_what_is_unknown_is_named_with_its_place(
    rule: dict[str, Any], tables: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(verifier.VerificationError) as failure:
        book(rule, **tables)
    assert str(failure.value) == complaint


IN_QUARTER, OF_YEAR = {**AWARDS, "module": "q"}, {**AWARDS, "module": "m"}
FACTOR: dict[str, Any] = {"kind": "coefficient", "rows": []}
GATE: dict[str, Any] = {"kind": "gate", "gates": "module"}
OUTCOME: dict[str, Any] = {"kind": "outcome", "outcome": "o", "any_of": []}
EXCLUSIVE: dict[str, Any] = {"kind": "exclusive", "per": "unit"}


@pytest.mark.parametrize(
    "rule",
    [
        {**GATE, "module": "q", "any_of": any_of_result({"modules": ["q"]})},
        {**GATE, "module": "q", "any_of": any_of_result({"rule": "r1"})},
        {**GATE, "module": "m", "any_of": any_of_result({"modules": ["n"]})},
        {**GATE, "module": "m", "any_of": any_of_result({"group": "q"})},
        {**GATE, "module": "m", "any_of": any_of_result({"total": True})},
        {**GATE, "gates": "rule", "module": "q", "rule": "r1", "any_of": []},
        {**FACTOR, "module": "q", "modules": ["q"]},
        {**FACTOR, "module": "q", "rules": ["r1"]},
        {**FACTOR, "module": "m", "modules": ["n"]},
        {**FACTOR, "module": "m", "total": True},
        {**EXCLUSIVE, "module": "q", "rules": ["r1"]},
        {**EXCLUSIVE, "module": "m", "rules": ["r2"]},
        {**OUTCOME, "module": "m"},
    ],
)
def test_a_module_assessed_by_period_may_look_at_itself(rule: dict[str, Any]) -> None:
    modules = [*MINIMAL["modules"], BY_QUARTER, {**BY_QUARTER, "id": "p"}]
    group = {"id": "q", "basis": "policy", "modules": ["q", "m"]}
    known = book(rule, IN_QUARTER, OF_YEAR, modules=modules, groups=[group])
    assert [module["id"] for module in known.data["modules"]] == ["m", "n", "q", "p"]


@pytest.mark.parametrize(
    "rule",
    [
        {**GATE, "module": "q", "any_of": any_of_result({"modules": ["q", "m"]})},
        {**GATE, "module": "q", "any_of": any_of_result({"modules": ["p"]})},
        {**GATE, "module": "q", "any_of": any_of_result({"rule": "r2"})},
        {**GATE, "module": "q", "any_of": any_of_result({"group": "q"})},
        {**GATE, "module": "q", "any_of": any_of_result({"total": True})},
        {**GATE, "module": "m", "any_of": any_of_result({"modules": ["n", "q"]})},
        {**GATE, "module": "m", "any_of": any_of_result({"rule": "r1"})},
        {**GATE, "gates": "rule", "module": "m", "rule": "r1", "any_of": []},
        {**GATE, "gates": "total", "module": "q", "any_of": []},
        {**FACTOR, "module": "q", "modules": ["m"]},
        {**FACTOR, "module": "q", "total": True},
        {**FACTOR, "module": "m", "modules": ["q"]},
        {**FACTOR, "module": "m", "rules": ["r1"]},
        {**EXCLUSIVE, "module": "q", "rules": ["r2"]},
        {**EXCLUSIVE, "module": "m", "rules": ["r2", "r1"]},
        {**OUTCOME, "module": "q"},
        {**OUTCOME, "module": "m", "any_of": any_of_result({"modules": ["q"]})},
    ],
)
def test_no_rule_looks_into_a_module_assessed_by_period_or_out_of_it(rule: dict[str, Any]) -> None:
    modules = [*MINIMAL["modules"], BY_QUARTER, {**BY_QUARTER, "id": "p"}]
    group = {"id": "q", "basis": "policy", "modules": ["q", "m"]}
    with pytest.raises(verifier.VerificationError) as failure:
        book(rule, IN_QUARTER, OF_YEAR, modules=modules, groups=[group])
    assert str(failure.value) == (
        "rulebook t, rule r0: the results of a module assessed by period stay apart from all others"
    )


def test_a_result_is_read_once_all_that_change_it_have_acted_in_their_order() -> None:
    rules: list[dict[str, Any]] = [
        {**AWARDS, "module": "n"},
        {**AWARDS, "points": "5"},
        {**AWARDS, "points": "2"},
        {
            "kind": "coefficient",
            "rules": ["r0"],
            "rows": [{"any_of": any_of_result({"rule": "r1"}, at_least="5"), "factor": "10"}],
        },
        {
            "kind": "coefficient",
            "rules": ["r2"],
            "rows": [{"where": [{"category": ["township"]}], "factor": "3"}],
        },
        {"kind": "exclusive", "rules": ["r1", "r2"], "per": "unit"},
    ]
    # 2 × 3 is more than 5, of which nothing is left then: so 1 is not multiplied by 10.
    assert totals(rules, award("2024-02-01")) == ["7", "0", "0"]


def test_a_factor_of_the_total_reads_the_modules_that_it_is_the_sum_of() -> None:
    rows = [{"any_of": any_of_result({"modules": ["m"]}, at_least="3"), "factor": "2"}]
    factor = {"kind": "coefficient", "total": True, "rows": rows}
    assert totals([AWARDS, factor], *[award("2024-02-01")] * 3) == ["6", "0", "0"]
    assert totals([AWARDS, factor], *[award("2024-02-01")] * 2) == ["2", "0", "0"]


def test_how_many_of_the_best_periods_count_is_a_count() -> None:
    modules = [*MINIMAL["modules"], {"id": "q", "basis": "policy", "assessed": "quarter"}]
    part = {"result": {"module": "q"}, "each": "quarter", "take": "best", "share": "1"}
    composite: dict[str, Any] = {"kind": "composite", "weight": "1", "out_of": "1"}
    awards: dict[str, Any] = {**AWARDS, "module": "q"}
    history = [award("2024-02-01"), *[award("2024-05-01")] * 2, *[award("2024-08-01")] * 3]

    rules: list[dict[str, Any]] = [awards, {**composite, "parts": [{**part, "best": 2}]}]
    assert totals(rules, *history, modules=modules) == ["5", "0", "0"]
    rules = [awards, {**composite, "parts": [{**part, "best": "2"}]}]
    with pytest.raises(verifier.VerificationError, match=r"^best is not a count$"):
        totals(rules, *history, modules=modules)


def test_a_group_without_a_cap_counts_whole() -> None:
    row = scored(
        [AWARDS, {**AWARDS, "module": "n", "points": "3"}],
        award("2024-02-01"),
        groups=[
            {"id": "g", "basis": "policy", "modules": ["n"]},
            {"id": "h", "basis": "policy", "modules": ["m"], "cap": "0.5"},
        ],
    )[TOWN]
    assert (row["total"], row["groups"]) == (
        "3.5",
        {
            "g": {"raw": "3", "counted": "3", "cap": None},
            "h": {"raw": "1", "counted": "0.5", "cap": "0.5"},
        },
    )


def test_a_target_of_nothing_gives_nothing_unless_it_says_what() -> None:
    ratio = {
        "kind": "ratio",
        "measure": "indicator",
        "indicator": "税收",
        "weight": "10",
        "target": {"source": "reported"},
    }
    assert totals([ratio], figure("5", target="4"), figure("5", OTHER)) == ["12.5", "0", "0"]
    assert totals([{**ratio, "when_zero": "1"}], figure("5", target="4"), figure("5", OTHER)) == [
        "12.5",
        "10",
        "10",
    ]


def test_a_project_s_target_of_nothing_gives_nothing_unless_it_says_what() -> None:
    ratio = {
        "kind": "ratio",
        "measure": "land_area",
        "each": "project",
        "weight": "10",
        "target": {"fixed": "0"},
    }
    history = [reported(), of("LandAcquired", "2024-03-01", area_mu="10", transfer_fee="300")]
    assert totals([ratio], *history) == ["0", "0", "0"]
    assert totals([{**ratio, "when_zero": "0.5"}], *history) == ["5", "0", "0"]


def test_a_figure_is_shared_by_as_many_as_it_says() -> None:
    summed = {"kind": "ratio", "measure": "indicator", "indicator": "税收", "weight": "1"}
    assert totals(
        [summed], figure("6"), figure("6", OTHER, shared_by=2), figure("6", BUREAU, shared_by=1)
    ) == ["6", "3", "6"]
    by_name = {
        "kind": "per_item",
        "measure": "indicator",
        "indicator": "税收",
        "points_by": {"税收": "2"},
    }
    assert totals([by_name], figure("6")) == ["12", "0", "0"]


TO_SIGNING = {"id": "t", "from": "consultation", "to": "signing", "days": 30, "needs": []}
OUTPUT = {"name": "产值", "chinese": "产值", "take": "sum"}


@pytest.mark.parametrize(
    ("counted", "label", "points"),
    [
        ({"measure": "project_figure", "figure": "产值"}, "产值", "6"),
        ({"measure": "limits_missed", "time_limit": "t"}, "t", "2"),
        ({"measure": "parcels_acquired"}, "land", "2"),
        ({"measure": "land_area", "each": "project", "reaching": "10"}, "land_area", "2"),
        (
            {
                "measure": "days_between",
                "from_stage": "consultation",
                "to_stage": "signing",
                "unreached": "as_of",
            },
            "days",
            "668",  # 334 days from 1 February to 31 December
        ),
    ],
)
def test_points_by_label_know_what_is_counted_of_projects(
    counted: dict[str, Any], label: str, points: str
) -> None:
    parcel = of("LandAcquired", "2024-03-01", area_mu="10", transfer_fee="300")
    figures = of("ProjectFigureReported", "2024-06-30", figure="产值", period="2024-06", actual="3")
    rule = {"kind": "per_item", **counted, "points_by": {label: "2", "别的": "9"}}
    assert totals(
        [rule],
        *[reported(), passed("P"), figures, parcel],
        limits=[TO_SIGNING],
        vocabulary={"figures": [OUTPUT]},
    ) == [points, "0", "0"]


# Grades, outcomes, conditions ---------------------------------------------------------------------

GRADES = [
    {"total": "[8,)", "chinese": "优"},
    {"total": "[4,8)", "chinese": "良"},
    {"total": "[2,4)", "chinese": "中"},
]


@pytest.mark.parametrize(
    ("count", "outcomes", "grade"),
    [
        (8, [], "优"),
        (4, [], "良"),
        (4, [1], "优"),
        (4, [-1], "中"),
        (2, [1, None], "良"),
        (2, [None], "中"),
        (2, [1, 5], "优"),
        (2, [-3], "中"),
        (1, [], None),
        (1, [1], None),
    ],
)
def test_a_grade_moves_by_the_steps_of_the_outcomes(
    count: int,
    outcomes: list[int | None],
    grade: str | None,
) -> None:
    rules = [
        {
            "kind": "outcome",
            "outcome": f"o{steps}",
            **({} if steps is None else {"steps": steps}),
            "any_of": any_of(measure="awards_won", above="0"),
        }
        for steps in outcomes
    ]
    never = {
        "kind": "outcome",
        "outcome": "never",
        "steps": 9,
        "any_of": any_of(measure="awards_won", above=str(count)),
    }
    row = scored([AWARDS, *rules, never], *[award("2024-02-01")] * count, grades=GRADES)[TOWN]
    assert row["grade"] == grade
    assert [outcome["outcome"] for outcome in row["outcomes"]] == [
        rule["outcome"] for rule in rules
    ]


@pytest.mark.parametrize(
    ("on", "in_a_row", "holds"),
    [
        ((), 1, False),
        (("03-01",), 1, True),
        (("03-01",), 2, False),
        (("03-01", "04-30", "06-01"), 2, True),
        (("03-01", "05-01", "07-01"), 2, False),
    ],
)
def test_a_run_of_months_is_as_long_as_its_longest(
    on: tuple[str, ...],
    in_a_row: int,
    holds: bool,
) -> None:
    rule = {
        "kind": "outcome",
        "outcome": "o",
        "any_of": any_of(measure="awards_won", each="month", at_least="1", in_a_row=in_a_row),
    }
    row = scored([AWARDS, rule], *[award(f"2024-{day}") for day in on])[TOWN]
    assert [outcome["outcome"] for outcome in row["outcomes"]] == ["o"] * holds


def test_what_is_reached_in_each_month_is_limited_in_each_quarter() -> None:
    rule = {**AWARDS, "each": "month", "reaching": "2", "limit": "2", "limit_per": "quarter"}
    months = ("01", "01", "02", "02", "03", "03", "04", "06", "06", "06")
    assert totals([rule], *[award(f"2024-{month}-01") for month in months]) == ["3", "0", "0"]


GATES: dict[str, dict[str, Any]] = {
    "rule": {"kind": "gate", "gates": "rule", "rule": "r0"},
    "module": {"kind": "gate", "gates": "module", "module": "m"},
    "total": {"kind": "gate", "gates": "total"},
}


def gate(gates: str, at_least: str) -> dict[str, Any]:
    """A gate that opens at so many awards."""
    return {**GATES[gates], "any_of": any_of(measure="awards_won", at_least=at_least)}


@pytest.mark.parametrize(
    ("gates", "at_least", "modules", "total"),
    [
        ("rule", "2", {"m": "2", "n": "20"}, "22"),
        ("rule", "3", {"m": "0", "n": "20"}, "20"),
        ("module", "2", {"m": "2", "n": "20"}, "22"),
        ("module", "3", {"m": "0", "n": "20"}, "20"),
        ("total", "2", {"m": "2", "n": "20"}, "22"),
        ("total", "3", {"m": "0", "n": "0"}, "0"),
    ],
)
def test_a_closed_gate_shuts_a_rule_a_module_or_all(
    gates: str,
    at_least: str,
    modules: dict[str, str],
    total: str,
) -> None:
    ungated = {**AWARDS, "points": "10", "module": "n"}
    history = [award("2024-02-01"), award("2024-03-01")]

    row = scored([AWARDS, ungated, gate(gates, at_least)], *history)[TOWN]

    assert row["modules"] == modules
    assert row["total"] == total
    assert row["basis"]["policy"] == "22"  # what a gate takes back rests on no basis


@pytest.mark.parametrize("order", [("rule", "module"), ("module", "rule")])
def test_each_gate_of_several_is_looked_at(order: tuple[str, str]) -> None:
    opened, closed = order
    rules = [AWARDS, gate(opened, "1"), gate(closed, "9")]

    assert totals(rules, award("2024-02-01")) == ["0", "0", "0"]


@pytest.mark.parametrize(
    ("bound", "holds"),
    [
        ({"at_least": "2"}, True),
        ({"at_least": "3"}, False),
        ({"at_most": "2"}, True),
        ({"at_most": "1"}, False),
        ({"above": "1"}, True),
        ({"above": "2"}, False),
        ({"below": "3"}, True),
        ({"below": "2"}, False),
        ({"above": "1", "below": "2"}, False),
    ],
)
def test_a_condition_holds_within_each_of_its_bounds(
    bound: dict[str, str],
    holds: bool,
) -> None:
    rule = {"kind": "outcome", "outcome": "o", "any_of": any_of(measure="awards_won", **bound)}
    row = scored([AWARDS, rule], award("2024-02-01"), award("2024-03-01"))[TOWN]
    assert [outcome["outcome"] for outcome in row["outcomes"]] == ["o"] * holds


def test_a_run_of_months_of_what_never_was_is_none() -> None:
    rule = {
        "kind": "outcome",
        "outcome": "o",
        "any_of": any_of(measure="projects_signed", each="month", at_least="1", in_a_row=1),
    }
    assert scored([AWARDS, rule], award("2024-02-01"))[TOWN]["outcomes"] == []


# Who is credited, and what holds for some units only ----------------------------------------------


def test_credit_is_the_first_reporter_s_also_when_the_project_goes_to_another() -> None:
    rules = [
        {"kind": "credit", "measure": "consultations_passed", "points": "1"},
        {
            "kind": "credit",
            "measure": "consultations_passed",
            "points": "0.25",
            "to": "first_reporter",
        },
    ]
    history = [
        reported(reporting_unit=BUREAU),
        passed("P"),
        of("ProjectTransferred", "2024-03-01", to_unit=OTHER),
    ]
    assert totals(rules, *history, credit={"transferred_from": ["department"]}) == [
        "0",
        "1",
        "0.25",
    ]
    assert totals(rules, *history) == ["0", "0", "1.25"]


def test_a_unit_that_is_not_registered_takes_its_own_credit_along_and_no_other() -> None:
    rules = [
        {"kind": "credit", "measure": "consultations_passed", "points": "1"},
        {
            "kind": "credit",
            "measure": "consultations_passed",
            "points": "0.25",
            "to": "first_reporter",
        },
    ]
    history = [
        reported(reporting_unit=BUREAU),
        passed("P"),
        of("ProjectTransferred", "2024-03-01", to_unit="未登记"),
    ]

    assert totals(rules, *history, credit={"transferred_from": ["department"]}) == [
        "0",
        "0",
        "0.25",
    ]


def test_awards_count_by_their_title() -> None:
    by_title = {
        "kind": "per_item",
        "measure": "awards_won",
        "points_by": {"best_hunter": "2", "another": "9"},
    }

    assert totals([by_title], award("2024-02-01")) == ["2", "0", "0"]


def test_red_listings_count_the_red_board_alone() -> None:
    listed = {"event": "UnitListed", "unit": TOWN, "reason": "位次"}
    rule = {"kind": "per_item", "measure": "red_listings", "points": "1"}
    history = [
        {**listed, "occurred_on": "2024-03-28", "month": "2024-03", "board": "red"},
        {**listed, "occurred_on": "2024-04-28", "month": "2024-04", "board": "black"},
        {**listed, "occurred_on": "2024-05-28", "month": "2024-05", "board": "black"},
    ]

    assert totals([rule], *history) == ["1", "0", "0"]


def test_a_project_s_fact_counts_from_its_own_day() -> None:
    history = [reported(), passed("P", "2024-02-01")]

    assert totals([NODES], *history, day=date(2024, 1, 31)) == ["1", "0", "0"]
    assert totals([NODES], *history, day=date(2024, 2, 1)) == ["2", "0", "0"]


@pytest.mark.parametrize(
    ("way", "reported_target", "points"),
    [
        ("short_of", "8", "3"),
        ("short_of", "5", "0"),
        ("beyond", "4", "1"),
        ("beyond", "6", "0"),
    ],
)
def test_what_is_short_of_a_reported_target_or_beyond_it_counts(
    way: str,
    reported_target: str,
    points: str,
) -> None:
    rule = {
        "kind": "per_item",
        "measure": "indicator",
        "indicator": "税收",
        "points": "1",
        way: {"source": "reported"},
    }

    assert totals([rule], figure("5", target=reported_target)) == [points, "0", "0"]


def test_each_parcel_brings_funds() -> None:
    rule = {"kind": "per_amount", "measure": "funds_in_place", "per": "100", "points": "1"}
    funds = [{"sector": ["industrial"], "source": "land_fee", "share": "1"}]
    history = [
        reported(),
        of("LandAcquired", "2024-03-01", area_mu="10", transfer_fee="300"),
        of("LandAcquired", "2024-04-01", area_mu="10", transfer_fee="500", parcel="B"),
        of("LandAcquired", "2023-04-01", area_mu="10", transfer_fee="700", parcel="C"),
    ]

    assert totals([rule], *history, funds=funds) == ["8", "0", "0"]


def test_a_part_that_looks_at_some_units_gives_the_others_nothing() -> None:
    townships = {"where": {"sequence": ["乡镇"]}, "share": "1", "take": "sum", "needs": []}
    short = {"measure": "awards_won", "short_of": {"fixed": "5"}, **townships}
    done = {
        "measure": "indicator",
        "indicator": "税收",
        "target": {"source": "reported"},
        "when_zero": "0.25",
        **townships,
    }
    for part, expected in ((short, ["4", "5", "0"]), (done, ["0.5", "0.75", "0.25"])):
        rule = {"kind": "composite", "weight": "1", "out_of": "1", "parts": [part]}
        history = [
            award("2024-02-01"),
            figure("3", target="6"),
            figure("3", OTHER, target="4"),
            figure("3", BUREAU, target="5"),
        ]
        assert totals([rule], *history) == expected


# What excludes and what multiplies ----------------------------------------------------------------


def test_of_rules_that_exclude_each_other_a_project_keeps_its_own_highest() -> None:
    large = {
        "kind": "per_item",
        "measure": "consultations_passed",
        "bands": [{"scale": "[0,5000)", "points": "1.5"}, {"scale": "[5000,)", "points": "5"}],
    }
    history = [
        reported("P"),
        passed("P"),
        reported("Q", planned_fixed_assets="5000", planned_investment="6000"),
        passed("Q"),
    ]
    exclusive = {"kind": "exclusive", "rules": ["r0", "r1"], "per": "project"}

    assert totals([NODES, large], *history) == ["10.5", "0", "0"]
    # 2 nodes of P, 5 for the size of Q.
    assert totals([NODES, large, exclusive], *history) == ["7", "0", "0"]


@pytest.mark.parametrize("per_project_first", [True, False])
def test_a_unit_keeps_the_highest_of_what_its_projects_kept(
    per_project_first: bool,
) -> None:
    large = {
        "kind": "per_item",
        "measure": "consultations_passed",
        "bands": [{"scale": "[0,5000)", "points": "1.5"}, {"scale": "[5000,)", "points": "5"}],
    }
    signed = {"kind": "per_item", "measure": "projects_signed", "points": "10"}
    exclusives: list[dict[str, Any]] = [
        {"kind": "exclusive", "rules": ["r0", "r1"], "per": "project"},
        {"kind": "exclusive", "rules": ["r0", "r2"], "per": "unit"},
    ]
    if not per_project_first:
        exclusives.reverse()
    history = [
        reported("P"),
        passed("P"),
        reported("Q", planned_fixed_assets="5000", planned_investment="6000"),
        passed("Q"),
        of(
            "AgreementSigned",
            "2024-03-01",
            "P",
            contract_investment="3000",
            contract_fixed_assets="2000",
        ),
    ]

    # P keeps 3 nodes, Q 5 for its size; then 10 for signing takes the place of the nodes.
    assert totals([NODES, large, signed, *exclusives], *history) == ["15", "0", "0"]


@pytest.mark.parametrize("factor", [None, "2"])
def test_of_rules_that_exclude_each_other_one_without_points_never_stands_before_one_with_some(
    factor: str | None,
) -> None:
    half, none = (
        {**AWARDS, "points": "0.5"},
        {"kind": "per_item", "measure": "cadres_seconded", "points": "1"},
    )
    coefficients = (
        []
        if factor is None
        else [
            {
                "kind": "coefficient",
                "rules": ["r0", "r1"],
                "combine": "highest",
                "rows": [{"factor": factor, "where": [{"category": ["township"]}]}],
            }
        ]
    )
    exclusive = {"kind": "exclusive", "rules": ["r0", "r1"], "per": "unit"}
    assert totals([half, none, *coefficients, exclusive], award("2024-02-01")) == [
        "0.5" if factor is None else "1",
        "0",
        "0",
    ]


@pytest.mark.parametrize(
    ("combine", "points"), [("highest", ["3", "3", "1.5"]), ("product", ["6", "6", "1.5"])]
)
def test_a_unit_s_factors_are_its_highest_or_their_product(
    combine: str,
    points: list[str],
) -> None:
    rows = [
        {"factor": "2", "where": [{"sequence": ["乡镇"]}]},
        {"factor": "3", "where": [{"category": ["township"]}, {"category": ["area_group"]}]},
        {"factor": "1.5", "where": [{"sequence": ["部门"]}]},
    ]
    coefficient = {
        "kind": "coefficient",
        "rules": ["r0"],
        "combine": combine,
        "rows": rows,
        "basis": "policy",
    }
    history = [award("2024-02-01"), award("2024-02-01", OTHER), award("2024-02-01", BUREAU)]
    rows_by_unit = scored([{**AWARDS, "basis": "interpretation"}, coefficient], *history)
    assert [rows_by_unit[name]["total"] for name in (TOWN, OTHER, BUREAU)] == points
    assert rows_by_unit[BUREAU]["basis"] == {
        "policy": "0",
        "interpretation": "1.5",
        "assumption": "0",
    }  # the factor's share rests on the weaker of both


def test_places_are_taken_within_each_sequence() -> None:
    rule = {"kind": "relative", "measure": "awards_won", "weight": "10", "when_none": "0"}
    history = [
        *[award("2024-02-01")] * 4,
        award("2024-02-01", OTHER),
        *[award("2024-02-01", BUREAU)] * 2,
    ]
    assert totals([rule], *history) == ["10", "2.5", "10"]


def test_further_ones_are_multiplied_by_their_project_s_coefficient() -> None:
    size = {
        "id": "size",
        "combine": "highest",
        "basis": "interpretation",
        "rows": [{"factor": "3", "where": [{"scale": "[5000,)"}]}],
    }
    rule = {
        "kind": "escalating",
        "measure": "consultations_passed",
        "coefficient": "size",
        "bands": [{"count": "(,1]", "points": "1"}, {"count": "(1,)", "points": "2"}],
    }
    history = [
        reported("P"),
        passed("P"),
        reported("Q", planned_fixed_assets="5000", planned_investment="6000"),
        passed("Q"),
    ]
    assert totals([{**rule, "applies_to": "all"}], *history, coefficients=[size]) == ["8", "0", "0"]
    row = scored([{**rule, "applies_to": "further"}], *history, coefficients=[size])[TOWN]
    assert (row["total"], row["basis"]) == (
        "7",
        {"policy": "0", "interpretation": "7", "assumption": "0"},
    )  # the weakest of rule and table


def test_bands_of_investment_look_at_the_investment() -> None:
    rule = {
        "kind": "per_item",
        "measure": "consultations_passed",
        "bands": [
            {"investment": "[0,2500)", "points": "1"},
            {"investment": "[2500,)", "points": "2"},
        ],
    }
    assert totals([rule], reported(), passed("P")) == ["2", "0", "0"]
    signed = of("AgreementSigned", contract_investment="2000", contract_fixed_assets="1500")
    history = [reported(), passed("P"), signed]
    assert totals([rule], *history) == ["1", "0", "0"]
    # Of the supplements, the last one that names the investment says how much it is.
    for field, points in (("contract_investment", "2"), ("contract_fixed_assets", "1")):
        amendments = [of("AgreementAmended", "2024-04-01", **{field: "2600"})]
        assert totals([rule], *history, *amendments) == [points, "0", "0"]


def test_what_is_of_no_project_has_no_size() -> None:
    entry = verifier.CreditedOccurrence(verifier.Occurrence("x", verifier.ONE, ""))
    assert entry.scale == entry.investment == 0
    assert (entry.factor, entry.project, entry.basis) == (verifier.ONE, None, "policy")


# A month's board ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "before"),
    [("2024-01", [None, None]), ("2024-02", [2, 1]), ("2024-03", [2, 1])],
)
def test_a_board_compares_with_the_last_day_of_the_month_before(
    month: str,
    before: list[int | None],
) -> None:
    days = (
        ("2023-12-31", "2024-02-01", "2024-02-02", "2024-03-01"),
        ("2024-01-31", "2024-02-29", "2024-02-29"),
    )
    history = [award(day, name) for name, on in zip((TOWN, OTHER), days, strict=True) for day in on]
    board = verifier.board(streams(*history), book(AWARDS), month, 99)
    ranks = {row["unit"]: row["rank_before"] for row in board["units"]}
    assert [ranks[TOWN], ranks[OTHER]] == before
    assert (board["candidates"], board["listed"], board["interviews"], board["as_of"]) == (
        [],
        [],
        [],
        verifier.last_day(month),
    )


PLAN = [
    {"stage": "signing", "due_on": "2024-03-01"},
    {"stage": "land", "due_on": "2024-05-01"},
    {"stage": "filing", "due_on": "2024-09-01"},
]


@pytest.mark.parametrize(
    ("limits", "missed"),
    [
        ({}, ["2024-Q1", "2024-Q2"]),
        ({"floor": "-2"}, []),
        ({"floor": "-2.5"}, ["2024-Q1", "2024-Q2"]),
        ({"measure": "nodes_reached"}, []),
    ],
)
def test_checks_that_cost_points_one_after_another_are_a_reason_for_the_black_board(
    limits: dict[str, Any],
    missed: list[str],
) -> None:
    rule = {"kind": "deduct", "measure": "checks_missed", "points": "-2", **limits}
    history = [reported("PX"), passed("PX"), of("ScheduleSet", "2024-02-02", "PX", milestones=PLAN)]
    rules = {
        **BOARDS,
        "last": {**BOARDS["last"], "of_at_least": 9},
        "missed_checks": {**BOARDS["missed_checks"], "consecutive": 2},
    }
    board = verifier.board(streams(*history), book(rule, boards=rules), "2024-06", 99)
    black = [
        reason
        for candidate in board["candidates"]
        if candidate["board"] == "black"
        for reason in candidate["reasons"]
    ]
    last = "-0.5" if "floor" in limits else "-2"
    assert [check for reason in black for check in reason["checks"]] == [
        {"check": check, "project": "PX", "points": "-2" if check == "2024-Q1" else last}
        for check in missed
    ]


def test_a_unit_is_called_in_after_so_many_black_months_one_after_another() -> None:
    black = [
        {
            "event": "UnitListed",
            "unit": TOWN,
            "occurred_on": f"{month}-28",
            "month": month,
            "board": "black",
            "reason": "末位",
        }
        for month in ("2023-10", "2023-12", "2024-01", "2024-02", "2024-03")
    ]
    red = {**black[0], "month": "2023-11", "board": "red"}
    rules = {**BOARDS, "interview": {**BOARDS["interview"], "consecutive_months": 3}}
    interviews = [
        verifier.board(streams(red, *black), book(AWARDS, boards=rules), month, 99)["interviews"]
        for month in ("2024-01", "2024-02", "2024-03", "2024-04")
    ]
    run = ["2023-12", "2024-01", "2024-02", "2024-03"]
    assert interviews == [
        [],
        [{"unit": TOWN, "name": TOWN, "months": run[:3]}],
        [{"unit": TOWN, "name": TOWN, "months": run}],
        [],
    ]
