"""The standalone verifier's facts and measures by themselves, worked by hand: corrections of corrections, and what is counted of a project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import canonical, parse, shipped
from projections.audit.verifier import verify_bundle as verifier
from tests.given import TOWN, UNITS, World, of, reported
from tests.projections.scoring.test_lines import OF_A_POLICY
from tests.projections.scoring.test_measures import MORE, without

END = date(2024, 12, 31)


def stored(
    version: int,
    kind: str,
    **fields: Any,
) -> verifier.StoredEvent:
    return verifier.StoredEvent(
        version, "unit/x", version, f"{kind}/1", json.dumps(fields).encode()
    )


def corrected(
    version: int,
    corrects: int,
    replacement: dict[str, Any] | None,
) -> verifier.StoredEvent:
    return stored(
        version,
        "FactCorrected",
        occurred_on="2024-09-01",
        corrects=corrects,
        replacement=replacement,
    )


STREAM = [
    stored(1, "AwardWon", occurred_on="2024-01-01", title="x", person="p"),
    stored(2, "AwardWon", occurred_on="2024-02-01", title="b", person="p"),
    corrected(3, 1, {"title": "y", "note": "n"}),
    corrected(4, 1, {"title": "z"}),
    corrected(5, 4, None),
    corrected(6, 5, None),
    corrected(7, 3, None),
    corrected(8, 7, None),
    corrected(9, 2, {"occurred_on": "2023-12-31", "person": None}),
    corrected(10, 1, None),
    corrected(11, 10, None),
    corrected(12, 2, None),
]


@pytest.mark.parametrize(
    ("position", "titles"),
    [
        (1, "x"),
        (2, "xb"),
        (3, "yb"),
        (4, "zb"),
        (5, "yb"),
        (6, "zb"),
        (7, "zb"),
        (8, "zb"),
        (9, "bz"),
        (10, "b"),
        (11, "bz"),
        (12, "z"),
        (0, ""),
    ],
)
def test_what_corrections_leave_at_each_position(
    position: int,
    titles: str,
) -> None:
    facts = verifier.effective(STREAM, position)
    assert "".join(fact.fields["title"] for fact in facts) == titles
    assert {fact.kind for fact in facts} <= {"AwardWon"}


def test_a_replacement_lies_over_the_one_before_and_null_takes_a_field_away() -> None:
    late, first = verifier.effective(STREAM, 9)
    assert (late.on, late.version, late.position, late.fields) == (
        date(2023, 12, 31),
        2,
        2,
        {"occurred_on": "2023-12-31", "title": "b"},
    )
    assert (first.on, first.fields) == (
        date(2024, 1, 1),
        {"occurred_on": "2024-01-01", "title": "z", "person": "p", "note": "n"},
    )
    assert verifier.effective(STREAM, 5)[0].fields["title"] == "y"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("facts")).given(*OF_A_POLICY, *MORE)
    yield made
    made.ledger.close()


def streams(world: World) -> dict[str, list[verifier.StoredEvent]]:
    found: dict[str, list[verifier.StoredEvent]] = {}
    with world.ledger.recorder.cursor(write=False) as cursor:
        for position, stream, version, topic, state in world.ledger.recorder.between(
            cursor, 1, world.ledger.head().position
        ):
            found.setdefault(stream, []).append(
                verifier.StoredEvent(position, stream, version, topic, bytes(state))
            )
    return found


def project(
    world: World,
    code: str = "A",
    day: date = END,
    book: Any = None,
    period: str = "year",
) -> verifier.AssessedProject:
    data = json.loads(canonical((book or shipped("kaihua-2024")).rulebook))
    made = verifier.CheckedRulebook(
        data | ({} if period == "year" else {"assessed": {"period": period}})
    )
    span = verifier.AssessedSpan(made, day.year, day)
    facts = [
        fact for fact in verifier.effective(streams(world)[f"project/{code}"], 99) if fact.on <= day
    ]
    return verifier.AssessedProject(
        code, facts, made, span, verifier.registered_units(streams(world), made, day.year, day, 99)
    )


def counted(
    world: World,
    plain: dict[str, Any],
    code: str = "A",
    day: date = END,
    book: Any = None,
    period: str = "year",
) -> list[tuple[str, Fraction, str]]:
    return [
        (item.label, item.amount, item.when)
        for item in verifier.measure_project(plain, project(world, code, day, book, period))
    ]


def one(
    measure: str,
    **more: Any,
) -> dict[str, Any]:
    return {"measure": measure, **more}


def test_what_is_counted_of_a_project(world: World) -> None:
    assert counted(world, one("consultations_passed")) == [
        ("consultation", Fraction(1), "2024-02-01")
    ]
    stages = [
        ("information", "2024-01-10"),
        ("consultation", "2024-02-01"),
        ("signing", "2024-03-10"),
        ("land", "2024-07-01"),
        ("statistics", "2024-08-01"),
        ("investment", "2024-08-31"),
    ]
    assert counted(world, one("nodes_reached")) == [
        (stage, Fraction(1), on) for stage, on in stages
    ]
    assert counted(world, one("nodes_reached"), period="quarter", day=date(2024, 8, 31)) == [
        (stage, Fraction(1), on) for stage, on in stages[3:]
    ]
    assert counted(world, one("funds_in_place")) == [("funds", Fraction("1500.5"), "2024-09")]
    assert counted(world, one("funds_in_place"), period="month", day=date(2024, 9, 30)) == [
        ("funds", Fraction("500.5"), "2024-09")
    ]
    assert counted(world, one("funds_in_place"), "L") == [("funds", Fraction(6), "2024-07")]
    assert (
        counted(world, one("funds_in_place"), "L", period="month", day=date(2024, 8, 31))
        == counted(world, one("funds_in_place"), day=date(2024, 7, 31))
        == []
    )
    assert counted(world, one("checks_passed")) == [
        ("2024-Q1", Fraction(1), "2024-03-31"),
        ("2024-Q3", Fraction(1), "2024-09-30"),
    ]
    assert counted(world, one("checks_missed")) == [("2024-Q2", Fraction(1), "2024-06-30")]
    assert counted(world, one("projects_signed")) == [
        ("AgreementSigned", Fraction(1), "2024-03-10")
    ]
    assert counted(world, one("signed_investment")) == [
        ("AgreementSigned", Fraction(30000), "2024-03-10")
    ]
    assert counted(world, one("fixed_assets")) == [
        ("InvestmentReported", Fraction(1000), "2024-08"),
        ("InvestmentReported", Fraction("500.5"), "2024-09"),
    ]
    assert counted(world, one("tax_paid"), "L") == [("TaxPaid", Fraction("2.5"), "2024-07")]


def test_assessments_and_days_between_nodes(world: World) -> None:
    for measure in ("assessed_unfulfilled", "assessed_unfulfilled_or_untaxed"):
        assert counted(world, one(measure)) == [("unfulfilled", Fraction(1), "2024-10-01")]
        assert (
            counted(world, one(measure), "L") == counted(world, one(measure), period="month") == []
        )
    assert counted(world, one("assessed_unfulfilled_or_untaxed"), day=date(2024, 9, 30)) == [
        ("unfulfilled", Fraction(1), "2024-09-01")
    ]
    assert counted(world, one("assessed_unfulfilled"), day=date(2024, 9, 30)) == []
    between = one("days_between", from_stage="consultation", to_stage="land")
    assert (
        counted(world, between)
        == counted(world, between, period="month", day=date(2024, 7, 31))
        == [("days", Fraction(151), "2024-07-01")]
    )
    assert (
        counted(world, between, "L")
        == counted(world, between, day=date(2024, 6, 30))
        == counted(world, between, period="month", day=date(2024, 8, 31))
        == []
    )
    assert counted(world, one("days_between", from_stage="land", to_stage="filing")) == []


@pytest.mark.parametrize(
    ("stage", "period", "day", "lies"),
    [
        ("land", "year", END, True),
        ("land", "year", date(2024, 6, 30), False),
        ("land", "year", date(2025, 7, 1), False),
        ("land", "quarter", date(2024, 7, 1), True),
        ("land", "quarter", date(2024, 9, 30), True),
        ("land", "quarter", date(2024, 10, 1), False),
        ("land", "month", date(2024, 7, 31), True),
        ("land", "month", date(2024, 8, 1), False),
        ("signing", "quarter", date(2024, 3, 31), True),
        ("signing", "quarter", date(2024, 6, 30), False),
        ("signing", "year", date(2024, 3, 10), True),
        ("filing", "year", END, False),
        ("consultation", "quarter", date(2024, 3, 1), True),
        ("consultation", "month", date(2024, 3, 1), False),
        ("land", "month", date(2025, 7, 1), False),
    ],
)
def test_a_node_reached_in_a_period(
    world: World,
    stage: str,
    period: str,
    day: date,
    *,
    lies: bool,
) -> None:
    assert project(world, day=day).fits({"reached": {"stage": stage, "period": period}}) is lies


@pytest.mark.parametrize(
    ("where", "day", "fits"),
    [
        ({"consulted_in_year": True}, END, True),
        ({"consulted_in_year": False}, END, False),
        ({"consulted_in_year": True}, date(2024, 1, 31), False),
        ({"consulted_in_year": False}, date(2025, 7, 1), True),
        ({"consulted_in_year": True}, date(2025, 7, 1), False),
        ({"site": ["new_land"]}, END, True),
        ({"site": ["idle_land"]}, END, False),
        ({"category": ["township"]}, END, True),
        ({"category": ["department"]}, END, False),
        ({"sequence": ["乡镇"]}, END, True),
        ({"sequence": ["部门"]}, END, False),
        ({"except_sequence": ["乡镇"]}, END, False),
        ({"except_sequence": ["部门"]}, END, True),
    ],
)
def test_a_filter_asks_of_a_project_and_of_its_unit(
    world: World,
    where: dict[str, Any],
    day: date,
    *,
    fits: bool,
) -> None:
    asked = project(world, day=day)
    asked.fields.pop("site", None)  # its default holds where the report says nothing
    assert asked.fits(where) is fits


@pytest.mark.parametrize(
    ("rule", "given", "counted"),
    [
        (
            {"kind": "per_item", "limit": "3"},
            ((2, "2024-01"), (2, "2024-07-01"), (2, "2025-01")),
            (2, 1, 0),
        ),
        (
            {"kind": "per_item", "limit": "3", "limit_per": "year"},
            ((2, "2024-01"), (2, "2024-07-01")),
            (2, 1),
        ),
        (
            {"kind": "per_item", "limit": "3", "limit_per": "month"},
            ((2, "2024-01"), (2, "2024-01-31"), (2, "2024-02")),
            (2, 1, 2),
        ),
        (
            {"kind": "per_item", "limit": "3", "limit_per": "quarter"},
            ((2, "2024-01"), (2, "2024-03-31"), (2, "2024-04")),
            (2, 1, 2),
        ),
        ({"kind": "deduct", "start": "10", "floor": "0"}, ((-4, ""), (-7, "")), (10, -4, -6)),
        ({"kind": "deduct", "start": "10"}, ((-4, ""), (-7, "")), (10, -4, -7)),
        ({"kind": "deduct", "floor": "-5"}, ((-4, ""), (-4, "")), (-4, -1)),
        ({"kind": "deduct"}, ((-4, ""), (-4, "")), (-4, -4)),
    ],
)
def test_a_limit_fills_up_and_a_start_is_used_up(
    rule: dict[str, Any],
    given: tuple[tuple[int, str], ...],
    counted: tuple[int, ...],
) -> None:
    found = verifier.within_limits(
        rule,
        [
            (
                Fraction(points),
                verifier.CreditedOccurrence(verifier.Occurrence("x", verifier.ONE, when)),
            )
            for points, when in given
        ],
    )
    assert tuple(points for points, _one in found) == counted


def test_what_a_project_has_invested_of_what_it_is_to_invest(world: World) -> None:
    assert [
        project(world, day=day).invested_share()
        for day in (END, date(2024, 8, 31), date(2024, 7, 31))
    ] == [Fraction(3001, 60000), Fraction(1, 30), 0]
    assert project(world, "L").invested_share() == 0
    free = project(world)
    free.investment = Fraction(0)
    assert free.invested_share() == 0


def test_a_table_of_factors_takes_the_highest_or_the_product(world: World) -> None:
    rows = [
        {"factor": factor, "where": [{"sector": [sector]} for sector in sectors]}
        for factor, *sectors in (
            ("2", "industrial"),
            ("3", "service", "industrial"),
            ("7", "service"),
        )
    ]
    found = [
        project(world).factor({"combine": combine, "rows": some})
        for combine in ("product", "highest")
        for some in (rows, rows[:1], rows[2:])
    ]
    assert found == [6, 2, 1, 3, 2, 1]


def test_a_plan_holds_from_its_day_and_what_was_due_by_then_keeps_its_date(tmp_path: Path) -> None:
    first = [
        {"stage": "signing", "due_on": "2024-06-29"},
        {"stage": "land", "due_on": "2024-06-30"},
        {"stage": "filing", "due_on": "2024-07-01"},
    ]
    second = [
        {"stage": "land", "due_on": "2024-09-01"},
        {"stage": "statistics", "due_on": "2024-10-01"},
    ]
    made = World(tmp_path).given(
        *UNITS,
        reported("S"),
        of("ScheduleSet", "2024-03-01", "S", milestones=first),
        of("ScheduleSet", "2024-06-30", "S", milestones=second, reason="改"),
    )
    plans = [
        {stage: f"{due:%m-%d}" for stage, due in project(made, "S").plan(day).items()}
        for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 6, 29), date(2024, 6, 30))
    ]
    made.ledger.close()
    old = {"signing": "06-29", "land": "06-30", "filing": "07-01"}
    assert plans == [{}, old, old, {"signing": "06-29", "land": "06-30", "statistics": "10-01"}]


@pytest.mark.parametrize(
    ("consulted", "ended", "day", "every", "checks"),
    [
        ("2024-02-10", None, END, "quarter", "2024-Q1 03-31 2024-Q2 06-30"),
        ("2024-02-10", None, date(2024, 5, 31), "quarter", "2024-Q1 03-31"),
        ("2024-02-10", None, date(2024, 6, 30), "quarter", "2024-Q1 03-31 2024-Q2 06-30"),
        ("2024-02-10", "2024-06-30", END, "quarter", "2024-Q1 03-31"),
        ("2024-02-10", "2024-07-01", END, "quarter", "2024-Q1 03-31 2024-Q2 06-30"),
        ("2024-05-10", None, END, "quarter", "2024-Q2 06-30"),
        ("2024-06-30", None, END, "quarter", "2024-Q2 06-30"),
        ("2024-07-01", None, END, "quarter", ""),
        ("2023-12-31", None, END, "quarter", ""),
        ("2024-02-10", None, END, "month", "2024-02 02-29 2024-04 04-30 2024-06 06-30"),
        ("2024-02-10", None, END, "half_year", "2024-H1 06-30"),
    ],
)
def test_a_project_is_checked_at_the_end_of_each_period_with_something_to_look_at(
    tmp_path: Path,
    consulted: str,
    ended: str | None,
    day: date,
    every: str,
    checks: str,
) -> None:
    plan = [
        {"stage": "signing", "due_on": "2024-02-20"},
        {"stage": "land", "due_on": "2024-04-01"},
        {"stage": "filing", "due_on": "2024-06-15"},
    ]
    told = [
        *UNITS,
        reported("S"),
        of("ConsultationHeld", consulted, "S", outcome="passed"),
        of("ScheduleSet", "2024-02-11", "S", milestones=plan),
        of(
            "AgreementSigned",
            "2024-02-15",
            "S",
            contract_investment="20000",
            contract_fixed_assets="10000",
        ),
        of("LandAcquired", "2024-03-31", "S", area_mu="10", transfer_fee="100"),
        of("ProjectFiled", "2024-06-30", "S", project_code="2101-330824-04-01-000001"),
        *([] if ended is None else [of("ProjectTerminated", ended, "S", reason="撤资")]),
    ]
    made = World(tmp_path).given(*told)
    looked = project(made, "S", day)
    looked.book.checked_every = every
    found = looked.checks()
    made.ledger.close()
    assert " ".join(f"{name} {on:%m-%d}" for name, on, _passed in found) == checks
    assert all(passed for _name, _on, passed in found)


def test_a_tax_of_nothing_is_no_tax(tmp_path: Path) -> None:
    made = World(tmp_path).given(
        *OF_A_POLICY, *MORE, of("TaxPaid", None, "A", month="2024-08", amount="0")
    )
    assert counted(made, one("assessed_unfulfilled_or_untaxed"), day=date(2024, 9, 30)) == [
        ("unfulfilled", Fraction(1), "2024-09-01")
    ]
    made.ledger.close()


@pytest.mark.parametrize(
    ("assessed", "day", "first", "held"),
    [
        (
            "year",
            END,
            date(2024, 1, 1),
            "2024 2024-Q1 2024-Q2 2024-Q4 2024-01 2024-04 2024-06 2024-12",
        ),
        ("quarter", date(2024, 4, 1), date(2024, 4, 1), "2024-Q2 2024-04"),
        ("quarter", date(2024, 6, 30), date(2024, 4, 1), "2024-Q2 2024-04 2024-06"),
        ("month", date(2024, 12, 1), date(2024, 12, 1), "2024-12"),
    ],
)
def test_what_lies_in_what_is_assessed(
    assessed: str,
    day: date,
    first: date,
    held: str,
) -> None:
    data = json.loads(canonical(shipped("kaihua-2024").rulebook))
    span = verifier.AssessedSpan(
        verifier.CheckedRulebook(data | {"assessed": {"period": assessed}}), 2024, day
    )
    assert [span.covers(one) for one in (first - timedelta(days=1), first, day)] == [
        False,
        True,
        True,
    ]
    told = (
        "2023",
        "2024",
        "2024-Q1",
        "2024-Q2",
        "2024-Q4",
        "2024-01",
        "2024-04",
        "2024-06",
        "2024-12",
        "2025-01",
    )
    assert " ".join(period for period in told if span.holds(period)) == held


@pytest.mark.parametrize("name", ["funds_in_place", "nodes_reached"])
def test_a_measure_that_the_period_does_not_limit_looks_at_no_period(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
) -> None:
    early = [dict(record) for record in (*OF_A_POLICY, *MORE)]
    for record in early:
        if record.get("project") == "L" and record["event"] == "InformationReported":
            record["reported_at"] = "2023-01-10T09:00:00+08:00"
        if record.get("project") == "L" and record["event"] == "AgreementSigned":
            record["occurred_on"] = "2023-06-30"
    made = World(tmp_path_factory.mktemp("early")).given(*early)
    other = ({"funds_in_place", "nodes_reached"} - {name}).pop()
    assert counted(made, one(name), "L", book=without(name)) != []
    assert counted(made, one(other), "L", book=without(name)) == []
    made.ledger.close()


def test_a_sector_that_the_table_leaves_out_has_no_funds(world: World) -> None:
    book = parse(
        shipped("kaihua-2024").content.replace(
            '[[funds]]\nsector = ["industrial", ', "[[funds]]\nsector = ["
        )
    )
    assert counted(world, one("funds_in_place"), book=book) == []


def test_what_is_counted_of_a_unit(world: World) -> None:
    made = verifier.CheckedRulebook(json.loads(canonical(shipped("kaihua-2024").rulebook)))
    unit = verifier.registered_units(streams(world), made, 2024, END, 99)[TOWN]

    def told(measure: str) -> list[tuple[str, Fraction, str]]:
        return [
            (item.label, item.amount, item.when)
            for item in verifier.measure_unit(
                {"measure": measure}, unit, verifier.AssessedSpan(made, 2024, END)
            )
        ]

    assert (
        told("activities_led_by_head")
        == told("activities_held")
        == [("推介", Fraction(1), "2024-03-01")]
    )
    assert told("routine_points") == [("routine", Fraction(-3), "2024-03")]
    assert told("cadres_seconded") == [("江", Fraction(1), "2024-03-01")]
    assert told("black_listings") == [("black", Fraction(1), "2024-03")]
    assert told("landing_failures") == [("not_first_time", Fraction(1), "2024-03-01")]
    earlier = verifier.EffectiveFact(
        verifier.StoredEvent(9, f"unit/{TOWN}", 9, "ActivityHeld/1", b"{}"),
        {"occurred_on": "2024-03-01", "topic": "推介会", "led_by_head": True},
    )
    assert [item.label for item in verifier.UNIT_MEASURES["activities_held"]([earlier])] == [
        "activity"
    ]  # its first shape named it otherwise
    assert told("red_listings") == told("awards_won") == told("major_projects_supported") == []


def test_a_target_is_set_by_its_day() -> None:
    county = [
        verifier.StoredEvent(
            1,
            "county",
            1,
            "TargetSet/1",
            json.dumps(
                {
                    "occurred_on": "2024-03-01",
                    "year": 2024,
                    "indicator": "goal",
                    "amount": "5",
                    "for_unit": "x",
                }
            ).encode(),
        )
    ]
    found = [verifier.targets_set(county, 2024, date(2024, 3, day), 1) for day in (1, 2)] + [
        verifier.targets_set(county, 2024, date(2024, 2, 29), 1),
        verifier.targets_set(county, 2023, END, 1),
        verifier.targets_set(county, 2024, END, 0),
    ]
    assert found == [{("x", "goal"): 5}, {("x", "goal"): 5}, {}, {}, {}]


def test_funds_wait_for_the_node_that_they_need(world: World) -> None:
    for stage, found in (("land", [("funds", Fraction("1500.5"), "2024-09")]), ("filing", [])):
        looked = project(world)
        looked.book.data = looked.book.data | {
            "funds": [
                {"sector": ["industrial"], "source": "fixed_assets", "share": "1", "needs": stage}
            ]
        }
        assert [
            (item.label, item.amount, item.when)
            for item in verifier.measure_project(one("funds_in_place"), looked)
        ] == found


def test_a_figure_counts_while_its_month_begins_within_the_period(world: World) -> None:
    looked = project(world)
    for end, earns in ((date(2024, 8, 1), True), (date(2024, 7, 31), False)):
        looked.period_end = end
        assert [looked.earns(fact) for fact in looked.all("InvestmentReported")] == [earns, False]
