"""The standalone verifier's facts and measures by themselves, worked by hand.

Corrections of corrections, and what is counted of a project and of a unit.
"""

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
    county = World(tmp_path_factory.mktemp("facts")).given(*OF_A_POLICY, *MORE)
    yield county
    county.ledger.close()


def streams(world: World) -> dict[str, list[verifier.StoredEvent]]:
    """The stored events of a ledger, stream by stream."""
    by_stream: dict[str, list[verifier.StoredEvent]] = {}
    last = world.ledger.head().position
    with world.ledger.recorder.cursor(write=False) as cursor:
        for position, stream, version, topic, state in world.ledger.recorder.between(
            cursor,
            1,
            last,
        ):
            event = verifier.StoredEvent(position, stream, version, topic, bytes(state))
            by_stream.setdefault(stream, []).append(event)
    return by_stream


def kaihua(
    period: str = "year",
    book: Any = None,
) -> verifier.CheckedRulebook:
    """kaihua-2024, or another rulebook; with another period assessed."""
    data = json.loads(canonical((book or shipped("kaihua-2024")).rulebook))
    if period != "year":
        data["assessed"] = {"period": period}
    return verifier.CheckedRulebook(data)


def project(
    world: World,
    code: str = "A",
    day: date = END,
    book: Any = None,
    period: str = "year",
) -> verifier.AssessedProject:
    """A project of the ledger as the verifier judges it."""
    rulebook = kaihua(period, book)
    by_stream = streams(world)
    facts = verifier.effective(by_stream[f"project/{code}"], 99)
    return verifier.AssessedProject(
        code,
        [fact for fact in facts if fact.on <= day],
        rulebook,
        verifier.AssessedSpan(rulebook, day.year, day),
        verifier.units_of_day(by_stream, rulebook, day, 99),
    )


Occurrences = list[tuple[str, int | Fraction, str]]


def as_tuples(occurrences: list[verifier.Occurrence]) -> Occurrences:
    """(label, amount, when) of each."""
    return [(entry.label, entry.amount, entry.when) for entry in occurrences]


def counted(
    world: World,
    measure: str | dict[str, Any],
    code: str = "A",
    day: date = END,
    book: Any = None,
    period: str = "year",
) -> Occurrences:
    """What a measure counts of a project."""
    table = {"measure": measure} if isinstance(measure, str) else measure
    return as_tuples(verifier.measure_project(table, project(world, code, day, book, period)))


NODES: Occurrences = [
    ("information", 1, "2024-01-10"),
    ("consultation", 1, "2024-02-01"),
    ("signing", 1, "2024-03-10"),
    ("land", 1, "2024-07-01"),
    ("statistics", 1, "2024-08-01"),
    ("investment", 1, "2024-08-31"),
]
UNFULFILLED_IN_OCTOBER: Occurrences = [("unfulfilled", 1, "2024-10-01")]


@pytest.mark.parametrize(
    ("measure", "code", "expected"),
    [
        ("consultations_passed", "A", [("consultation", 1, "2024-02-01")]),
        ("nodes_reached", "A", NODES),
        ("funds_in_place", "A", [("funds", Fraction("1500.5"), "2024-09")]),
        ("funds_in_place", "L", [("funds", 6, "2024-07")]),
        ("checks_passed", "A", [("2024-Q1", 1, "2024-03-31"), ("2024-Q3", 1, "2024-09-30")]),
        ("checks_missed", "A", [("2024-Q2", 1, "2024-06-30")]),
        ("projects_signed", "A", [("AgreementSigned", 1, "2024-03-10")]),
        ("signed_investment", "A", [("AgreementSigned", 30000, "2024-03-10")]),
        (
            "fixed_assets",
            "A",
            [
                ("InvestmentReported", 1000, "2024-08"),
                ("InvestmentReported", Fraction("500.5"), "2024-09"),
            ],
        ),
        ("tax_paid", "L", [("TaxPaid", Fraction("2.5"), "2024-07")]),
        ("assessed_unfulfilled", "A", UNFULFILLED_IN_OCTOBER),
        ("assessed_unfulfilled", "L", []),
        ("assessed_unfulfilled_or_untaxed", "A", UNFULFILLED_IN_OCTOBER),
        ("assessed_unfulfilled_or_untaxed", "L", []),
    ],
)
def test_what_a_measure_counts_of_a_project_in_the_whole_year(
    world: World,
    measure: str,
    code: str,
    expected: Occurrences,
) -> None:
    assert counted(world, measure, code) == expected


@pytest.mark.parametrize(
    ("measure", "code", "period", "day", "expected"),
    [
        ("nodes_reached", "A", "quarter", date(2024, 8, 31), NODES[3:]),
        ("funds_in_place", "A", "year", date(2024, 7, 31), []),
        (
            "funds_in_place",
            "A",
            "month",
            date(2024, 9, 30),
            [("funds", Fraction("500.5"), "2024-09")],
        ),
        ("funds_in_place", "L", "month", date(2024, 8, 31), []),
        ("assessed_unfulfilled", "A", "month", END, []),
        ("assessed_unfulfilled", "A", "year", date(2024, 9, 30), []),
        ("assessed_unfulfilled_or_untaxed", "A", "month", END, []),
        (
            "assessed_unfulfilled_or_untaxed",
            "A",
            "year",
            date(2024, 9, 30),
            [("unfulfilled", 1, "2024-09-01")],
        ),
    ],
)
def test_what_a_measure_counts_by_a_day_in_the_period_assessed(
    world: World,
    measure: str,
    code: str,
    period: str,
    day: date,
    expected: Occurrences,
) -> None:
    assert counted(world, measure, code, day, period=period) == expected


@pytest.mark.parametrize(
    ("to_stage", "code", "period", "day", "expected"),
    [
        ("land", "A", "year", END, [("days", 151, "2024-07-01")]),
        ("land", "A", "month", date(2024, 7, 31), [("days", 151, "2024-07-01")]),
        ("land", "A", "month", date(2024, 8, 31), []),
        ("land", "A", "year", date(2024, 6, 30), []),
        ("land", "L", "year", END, []),
        ("filing", "A", "year", END, []),
    ],
)
def test_days_between_two_nodes_count_when_the_second_is_reached(
    world: World,
    to_stage: str,
    code: str,
    period: str,
    day: date,
    expected: Occurrences,
) -> None:
    between = {
        "measure": "days_between",
        "from_stage": "consultation",
        "to_stage": to_stage,
    }

    assert counted(world, between, code, day, period=period) == expected


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
    ("rule", "earned", "counted"),
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
    earned: tuple[tuple[int, str], ...],
    counted: tuple[int, ...],
) -> None:
    points = [
        (
            Fraction(number),
            verifier.CreditedOccurrence(verifier.Occurrence("x", verifier.ONE, when)),
        )
        for number, when in earned
    ]

    limited = verifier.within_limits(rule, points)

    assert tuple(number for number, _ in limited) == counted


def test_what_a_project_has_invested_of_what_it_is_to_invest(world: World) -> None:
    assert [
        project(world, day=day).invested_share()
        for day in (END, date(2024, 8, 31), date(2024, 7, 31))
    ] == [Fraction(3001, 60000), Fraction(1, 30), 0]
    assert project(world, "L").invested_share() == 0
    free = project(world)
    free.investment = Fraction(0)
    assert free.invested_share() == 0


@pytest.mark.parametrize(
    ("rows", "product", "highest"),
    [
        (slice(0, 3), 6, 3),
        (slice(0, 1), 2, 2),
        (slice(2, 3), 1, 1),
    ],
)
def test_a_table_of_factors_takes_the_highest_or_the_product_of_the_rows_that_fit(
    world: World,
    rows: slice,
    product: int,
    highest: int,
) -> None:
    table = [
        {"factor": "2", "where": [{"sector": ["industrial"]}]},
        {"factor": "3", "where": [{"sector": ["service"]}, {"sector": ["industrial"]}]},
        {"factor": "7", "where": [{"sector": ["service"]}]},
    ][rows]

    assert project(world).factor({"combine": "product", "rows": table}) == product
    assert project(world).factor({"combine": "highest", "rows": table}) == highest


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
    county = World(tmp_path).given(
        *UNITS,
        reported("S"),
        of("ScheduleSet", "2024-03-01", "S", milestones=first),
        of("ScheduleSet", "2024-06-30", "S", milestones=second, reason="改"),
    )
    plans = [
        {stage: f"{due:%m-%d}" for stage, due in project(county, "S").plan(day).items()}
        for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 6, 29), date(2024, 6, 30))
    ]
    county.ledger.close()
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
    history = [
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
    ]
    if ended is not None:
        history.append(of("ProjectTerminated", ended, "S", reason="撤资"))
    county = World(tmp_path).given(*history)
    scheduled = project(county, "S", day)
    county.ledger.close()
    scheduled.book.checked_every = every

    year_checks = scheduled.checks()

    assert " ".join(f"{check.name} {check.ends:%m-%d}" for check in year_checks) == checks
    assert all(check.on_schedule for check in year_checks)


def test_a_tax_of_nothing_is_no_tax(tmp_path: Path) -> None:
    county = World(tmp_path).given(
        *OF_A_POLICY, *MORE, of("TaxPaid", None, "A", month="2024-08", amount="0")
    )
    assert counted(county, "assessed_unfulfilled_or_untaxed", day=date(2024, 9, 30)) == [
        ("unfulfilled", Fraction(1), "2024-09-01")
    ]
    county.ledger.close()


def test_a_tax_does_not_make_an_unfulfilled_agreement_fulfilled(tmp_path: Path) -> None:
    county = World(tmp_path).given(
        *OF_A_POLICY, *MORE, of("TaxPaid", None, "A", month="2024-08", amount="5")
    )
    assert counted(county, "assessed_unfulfilled_or_untaxed", "A") == UNFULFILLED_IN_OCTOBER
    county.ledger.close()


@pytest.mark.parametrize(
    ("assessed", "day", "first", "covered"),
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
    covered: str,
) -> None:
    span = verifier.AssessedSpan(kaihua(assessed), 2024, day)
    assert not span.covers(first - timedelta(days=1))
    assert span.covers(first)
    assert span.covers(day)
    periods = (
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
    assert " ".join(period for period in periods if span.holds(period)) == covered


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
    county = World(tmp_path_factory.mktemp("early")).given(*early)
    limited_measure = ({"funds_in_place", "nodes_reached"} - {name}).pop()
    assert counted(county, name, "L", book=without(name)) != []
    assert counted(county, limited_measure, "L", book=without(name)) == []
    county.ledger.close()


def test_a_sector_that_the_table_leaves_out_has_no_funds(world: World) -> None:
    book = parse(
        shipped("kaihua-2024").content.replace(
            '[[funds]]\nsector = ["industrial", ', "[[funds]]\nsector = ["
        )
    )
    assert counted(world, "funds_in_place", book=book) == []


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("activities_led_by_head", [("推介", 1, "2024-03-01")]),
        ("activities_held", [("推介", 1, "2024-03-01")]),
        ("routine_points", [("routine", -3, "2024-03")]),
        ("cadres_seconded", [("江", 1, "2024-03-01")]),
        ("black_listings", [("black", 1, "2024-03")]),
        ("landing_failures", [("not_first_time", 1, "2024-03-01")]),
        ("red_listings", []),
        ("awards_won", []),
        ("major_projects_supported", []),
    ],
)
def test_what_a_measure_counts_of_a_unit(
    world: World,
    measure: str,
    expected: Occurrences,
) -> None:
    book = kaihua()
    unit = verifier.units_of_day(streams(world), book, END, 99)[TOWN]
    span = verifier.AssessedSpan(book, 2024, END)

    assert as_tuples(verifier.measure_unit({"measure": measure}, unit, span)) == expected


def test_an_activity_of_the_first_shape_is_read_in_todays() -> None:
    fields = {"occurred_on": "2024-03-01", "topic": "推介会", "led_by_head": True}
    event = verifier.StoredEvent(
        1, f"unit/{TOWN}", 1, "ActivityHeld/1", json.dumps(fields).encode()
    )

    ((fact,), (renamed,)) = (
        verifier.effective([event], 1),
        verifier.effective([event, corrected(2, 1, {"activity": "招商会"})], 2),
    )

    assert fact.fields == {"occurred_on": "2024-03-01", "activity": "推介会", "led_by_head": True}
    assert renamed.fields == fact.fields | {"activity": "招商会"}


def test_only_an_activity_of_the_first_shape_is_renamed_where_it_has_a_topic() -> None:
    fields = {"occurred_on": "2024-03-01", "activity": "推介会", "led_by_head": True}
    activity = verifier.StoredEvent(
        1, f"unit/{TOWN}", 1, "ActivityHeld/1", json.dumps(fields).encode()
    )
    award = stored(2, "AwardWon", occurred_on="2024-03-02", topic="推介会")

    facts = verifier.effective([activity, award], 2)

    assert [fact.fields for fact in facts] == [fields, award.fields]


def test_an_activity_of_the_first_shape_has_no_label_of_its_own() -> None:
    event = verifier.StoredEvent(9, f"unit/{TOWN}", 9, "ActivityHeld/1", b"{}")
    fields = {"occurred_on": "2024-03-01", "topic": "推介会", "led_by_head": True}
    fact = verifier.EffectiveFact(event, fields)

    (activity,) = verifier.UNIT_MEASURES["activities_held"]([fact])

    assert activity.label == "activity"


@pytest.mark.parametrize(
    ("year", "day", "position", "targets"),
    [
        (2024, date(2024, 3, 1), 1, {("x", "goal"): 5}),
        (2024, date(2024, 3, 2), 1, {("x", "goal"): 5}),
        (2024, date(2024, 2, 29), 1, {}),
        (2023, END, 1, {}),
        (2024, END, 0, {}),
    ],
)
def test_a_target_is_set_by_its_day(
    year: int,
    day: date,
    position: int,
    targets: dict[tuple[str, str], int],
) -> None:
    fields = {
        "occurred_on": "2024-03-01",
        "year": 2024,
        "indicator": "goal",
        "amount": "5",
        "for_unit": "x",
    }
    state = json.dumps(fields).encode()
    county = [verifier.StoredEvent(1, "county", 1, "TargetSet/1", state)]

    span = verifier.AssessedSpan(kaihua(), year, day)
    set_by_day = verifier.targets_set(county, span, position)
    assert {subject: fact.number("amount") for subject, fact in set_by_day.items()} == targets


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("land", [("funds", Fraction("1500.5"), "2024-09")]), ("filing", [])],
)
def test_funds_wait_for_the_node_that_they_need(
    world: World,
    stage: str,
    expected: Occurrences,
) -> None:
    invested = project(world)
    row = {
        "sector": ["industrial"],
        "source": "fixed_assets",
        "share": "1",
        "needs": stage,
    }
    invested.book.data = {**invested.book.data, "funds": [row]}

    assert as_tuples(verifier.funds_in_place(invested)) == expected


def test_a_figure_counts_while_its_month_begins_within_the_period(world: World) -> None:
    invested = project(world)
    august, september = invested.all("InvestmentReported")

    invested.period_end = date(2024, 8, 1)
    assert invested.earns(august)
    assert not invested.earns(september)

    invested.period_end = date(2024, 7, 31)
    assert not invested.earns(august)


@pytest.mark.parametrize("explains", [False, True])
def test_what_lines_show_is_kept_where_lines_are_asked_for(world: World, *, explains: bool) -> None:
    asked = {"explains": True} if explains else {}
    year = verifier.score_year(streams(world), kaihua(), 2024, END, 99, **asked)
    entries = [row.entry for row in year.rows if row.entry is not None]
    assert {entry.occurrence.shown is not None for entry in entries} == {explains}
    assert {entry.occurrence.versions is not None for entry in entries} == {explains}
    assert {bool(entry.events) for entry in entries} == {explains}


def test_a_void_event_may_be_one_that_cannot_be_read() -> None:
    garbage = verifier.StoredEvent(1, "unit/u", 1, "AwardWon/1", b"{")
    assert verifier.effective([garbage, corrected(2, 1, None)], 2) == []


def test_a_correction_of_nothing_cannot_be_read() -> None:
    award = stored(1, "AwardWon", occurred_on="2024-01-01", title="x", person="p")
    of_nothing = stored(2, "FactCorrected", occurred_on="2024-09-01", replacement=None)

    with pytest.raises(verifier.VerificationError, match="x#2 cannot be read"):
        verifier.effective([award, of_nothing], 2)
    assert len(verifier.effective([award, of_nothing], 1)) == 1


def test_last_year_is_counted_in_the_same_working_days_by_the_same_day() -> None:
    book = kaihua("quarter")
    span = verifier.AssessedSpan(book, 2024, date(2024, 5, 31))
    before = span.of_last_year(book)
    assert before.working_days is span.working_days
    assert (before.first, before.day) == (date(2023, 4, 1), date(2023, 5, 31))
    assert before.facts_by == span.day


def test_working_days_are_not_counted_into_a_year_without_arrangement() -> None:
    days = verifier.WorkingDays()
    last = date(max(days.years), 12, 31)

    assert days.after(last - timedelta(days=40), 3) is not None
    assert days.after(last, 1) is None
