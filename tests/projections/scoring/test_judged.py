"""How a project is judged, at the edges of periods, conditions, credit; tallies and grades."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.task_ladder import Task
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook import LoadedRulebook, parse, shipped
from lifecycle.rulebook.kinds import RuleBase
from lifecycle.rulebook.kinds.deduct_rule import FullStart
from projections.scoring.evaluation import evaluate
from projections.scoring.funds_measure import funds_in_place
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.judged_history import judged_at, judged_projects
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.plots_of_projects import plots_at
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.stream_lines import counts_project, project_lines
from projections.scoring.units_of_view import units_at
from tests.given import OTHER, OUTPOST, TOWN, UNITS, World, of, reported
from tests.ledgers import fill, new_ledger
from tests.projections.scoring.test_lines import END, FOLDER, OF_EVERY_KIND, book_of
from tests.projections.scoring.test_measures import judged

SIGNED = {"contract_investment": "3000", "contract_fixed_assets": "2000"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    local_world = World(tmp_path)
    yield local_world
    local_world.ledger.close()


@pytest.mark.parametrize(("month", "earns"), [("2024-03", True), ("2024-04", False)])
def test_a_figure_lies_in_the_period_by_the_first_day_of_its_month(
    world: World, month: str, earns: bool
) -> None:
    early = {"reported_at": "2023-01-10T09:00:00+08:00"}
    world.given(
        *UNITS,
        reported("A", **early),
        of("AgreementSigned", "2023-03-01", "A", **SIGNED),
        of("StatisticsEntered", "2023-04-01", "A"),
        of("InvestmentReported", None, "A", month=month, fixed_assets="1"),
    )
    project = judged(world, "A")
    node = project.node("investment")
    assert (project.period_end, project.last_month) == (date(2024, 3, 1), "2024-03")
    assert node is not None
    assert (
        project.in_period(node) is earns
    )  # although the last day of its month lies beyond the end either way
    assert [project.day_in_period(day) for day in (date(2024, 3, 1), date(2024, 3, 2))] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"planned_fixed_assets": "1999.999999"}, [("scale", 1_999_999_999)]),
        ({"outside_ratio": "0.29"}, [("outside_ratio", 290_000)]),
        ({}, []),
        (
            {"planned_fixed_assets": "1", "outside_ratio": "0"},
            [("outside_ratio", 0), ("scale", MICRO)],
        ),
        (
            {"kind": "technical_upgrade", "planned_fixed_assets": "10000"},
            [("meets_city_standard", None)],
        ),
        ({"sector": "real_estate"}, [("land_acquired", None)]),
        ({"sector": "other"}, [("statistics_entered", None)]),
        ({"sector": "service"}, [("tax_in_year", 0)]),
    ],
)
def test_a_project_s_unmet_conditions_are_named(
    world: World, fields: dict[str, Any], lacks: list[tuple[str, int | None]]
) -> None:
    world.given(*UNITS, reported("A", **fields))
    unmet = judged(world, "A").unmet
    measures = [
        (condition.need.measure, condition.actual)
        for condition in unmet
        if condition.need is not None
    ]
    assert sorted(measures) == lacks
    for condition in unmet:
        assert condition.row is not None
        assert condition.need in condition.row.needs


def test_the_unit_credited_is_a_unit_as_registered(world: World) -> None:
    world.given(
        *UNITS,
        reported("A"),
        reported("B", reporting_unit=OUTPOST),
        of("ProjectTransferred", "2024-07-01", "B", to_unit=TOWN),
        reported("C", reporting_unit=OUTPOST),
    )
    for code, unit, category in (
        ("A", TOWN, "township"),
        ("B", TOWN, "township"),
        ("C", OUTPOST, "outpost_group"),
    ):
        project = judged(world, code)
        assert project.credited is not None
        assert (project.unit, project.credited.name, project.credited.category) == (
            unit,
            unit,
            category,
        )


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        ("2024-05-31", ["year", "quarter", "month"]),
        ("2024-06-01", ["year", "quarter"]),
        ("2024-07-01", ["year"]),
    ],
)
def test_a_node_lies_in_the_year_or_in_the_day_s_quarter_or_month(
    world: World, day: str, periods: list[str]
) -> None:
    world.given(
        *UNITS,
        reported("A"),
        of("AgreementSigned", "2024-05-01", "A", **SIGNED),
        reported("Q"),
        of("AgreementSigned", "2024-04-01", "Q", **SIGNED),
    )
    project = judged(world, "A", day=date.fromisoformat(day))
    assert [
        period for period in ("year", "quarter", "month") if project.reached_in("signing", period)
    ] == periods
    assert not any(project.reached_in("land", period) for period in ("year", "quarter", "month"))
    assert not judged(world, "A", year=2025, day=date(2025, 5, 31)).reached_in("signing", "year")
    assert judged(world, "Q", day=date(2024, 6, 30)).reached_in("signing", "quarter")


def of_the_axes(judged: JudgedProject) -> dict[str, Any]:
    names = ("axes", "figures", "taxes", "tax_in_year", "unmet", "eligible", "checks")
    values = {name: getattr(judged, name) for name in names}
    return values | {"funds": list(funds_in_place(judged))}


def test_the_same_facts_are_judged_for_another_year_without_being_folded_again(
    world: World,
) -> None:
    plan = of(
        "ScheduleSet", "2023-02-02", "A", milestones=[{"stage": "signing", "due_on": "2023-03-31"}]
    )
    world.given(
        *UNITS,
        reported("A", sector="service", reported_at="2023-01-10T09:00:00+08:00"),
        of("ConsultationHeld", "2023-02-01", "A", outcome="passed"),
        plan,
        of("StatisticsEntered", "2023-04-01", "A"),
        of("InvestmentReported", None, "A", month="2023-05", fixed_assets="7"),
        of("TaxPaid", None, "A", month="2023-06", amount="15"),
    )
    this, before = judged(world, "A"), judged(world, "A", year=2023, day=date(2023, 12, 31))
    assert of_the_axes(this.at(before.axes)) == of_the_axes(
        before
    )  # nothing has been evaluated yet
    values, values_before = of_the_axes(this), of_the_axes(before)
    for name, value in values.items():
        assert value != values_before[name], name
    excluded, again = this.excluded, this.at(before.axes)
    assert of_the_axes(again) == values_before
    assert again.excluded is excluded  # evaluated once, for both
    assert (again.facts, again.unit) == (this.facts, TOWN)
    assert of_the_axes(this) == values


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({}, {"performance"}),
        ({"sector": "service"}, {"performance_service"}),
        ({"reported_at": "2023-05-01T09:00:00+08:00"}, {"performance", "unfulfilled"}),
    ],
)
def test_project_rules_apply_to_projects_that_pass_their_filters(
    world: World, fields: dict[str, Any], rules: set[str]
) -> None:
    world.given(*UNITS, reported("A", **fields))
    project = judged(world, "A")
    of_any = {"information", "progress", "on_schedule", "behind_schedule"}
    assert {
        rule.id
        for rule in project.policy.rules
        if isinstance(rule, RuleBase) and counts_project(rule, project)
    } == of_any | rules


def test_every_project_is_seen_as_it_was_judged(world: World) -> None:
    world.given(
        *UNITS, reported("A"), reported("B"), reported("C", reported_at="2024-07-01T09:00:00+08:00")
    )
    axes, seen = ScoringAxes(2024, date(2024, 6, 30)), list[JudgedProject]()
    evaluate(
        world.ledger,
        View(2024, axes.as_of, world.ledger.head().position, shipped("kaihua-2024")),
        seen=seen.append,
    )
    assert [(judged.facts.code, judged.axes) for judged in seen] == [("A", axes), ("B", axes)]


@pytest.mark.parametrize(
    ("codes", "position", "judged_codes"),
    [
        (None, None, ["A", "B"]),  # C is reported after the day
        (["B", "C"], None, ["B"]),
        ([], None, []),
        (None, 4, ["A"]),  # B is known from the fifth position on
        (["A", "B"], 4, ["A"]),
        (None, 3, []),
    ],
)
def test_projects_are_judged_by_a_day_and_position_all_or_by_code(
    world: World, codes: list[str] | None, position: int | None, judged_codes: list[str]
) -> None:
    assert len(UNITS) == 3
    world.given(
        *UNITS, reported("A"), reported("B"), reported("C", reported_at="2024-07-01T09:00:00+08:00")
    )
    day, book = date(2024, 6, 30), shipped("kaihua-2024")
    view = View(2024, day, position or world.ledger.head().position, book)
    projects = judged_at(world.ledger, view, codes)
    assert [project.facts.code for project in projects] == judged_codes
    for project in projects:
        assert project.axes == ScoringAxes(2024, day)
        assert project.policy is prepared(book)
        assert project.credited is not None
        assert project.credited.name == TOWN


def test_a_project_code_may_contain_a_slash(world: World) -> None:
    world.given(*UNITS, reported("2024/7"))
    assert judged(world, "2024/7").facts.code == "2024/7"


def test_a_tally_moves_by_what_changed() -> None:
    def line(module: str, points: int, basis: str) -> ScoreLine:
        return ScoreLine(
            "r", module, Fraction(points), "考(八)", basis, TOWN, None, FullStart(Fraction(0)), ()
        )

    policy = prepared(shipped("kaihua-2024"))
    tally, change = PointTally(policy), PointTally(policy)
    tally.add(line("bonus", 10, "policy"))
    tally.add(line("deduction", -2, "policy"))
    change.add(line("bonus", -3, "interpretation"))
    change.add(line("progress", 2, "assumption"), based=False)
    change.remove("bonus", "policy", Fraction(-2))
    tally.shift(change)
    assert {
        module: tally.module_points(module)
        for module in policy.modules
        if tally.module_points(module)
    } == {
        "bonus": 9,
        "deduction": -2,
        "progress": 2,
    }
    assert tally.basis_points() == {"policy": 10, "interpretation": 3, "assumption": 0}


@pytest.mark.parametrize(
    ("steps", "grade"),
    [("steps=-1", "差"), ("", "良"), ("steps=1", "优"), ("steps=9", "优"), ("steps=-9", "差")],
)
def test_an_outcome_moves_the_grade_by_its_steps(tmp_path: Path, steps: str, grade: str) -> None:
    book = parse(
        (FOLDER / "every-kind.toml").read_text(encoding="utf-8").replace("steps=-1", steps)
    )
    with new_ledger(tmp_path) as ledger:
        fill(ledger, OF_EVERY_KIND, keep=False)
        scores = {
            score.unit: score
            for score in evaluate(
                ledger, View(2024, date(2024, 12, 31), ledger.head().position, book)
            ).scores
        }
    assert (scores[TOWN].grade, scores[TOWN].outcomes) == (grade, ["words"])


DISSOLVED = {"event": "UnitDissolved", "unit": OTHER, "occurred_on": "2024-08-01"}


@pytest.mark.parametrize(("succession", "responsible"), [({"successor": TOWN}, TOWN), ({}, OTHER)])
def test_a_task_is_its_unit_s_or_its_successor_s(
    world: World, succession: dict[str, str], responsible: str
) -> None:
    world.given(*UNITS, reported("A"), DISSOLVED | succession)
    task = Task("1", "办理", OTHER, END, None)

    assert judged(world, "A").responsible_unit(task) == responsible


def test_who_reported_first_is_credited_though_the_project_is_nobody_s(world: World) -> None:
    world.given(
        *UNITS,
        reported("A", reporting_unit=OUTPOST),
        of("AgreementSigned", "2024-03-01", "A", **SIGNED),
        of("ProjectTransferred", "2024-07-01", "A", to_unit=OTHER),
        DISSOLVED,
    )
    signed = 'module = "m"\nclause = "款"\nbasis = "policy"\nmeasure = "projects_signed"\n'
    rules = (
        f'[[rules]]\nid = "signed"\nchinese = "签约"\n{signed}kind = "per_item"\npoints = 5\n'
        f'[[rules]]\nid = "first"\nchinese = "首报"\n{signed}kind = "credit"\npoints = 3\n'
        'to = "first_reporter"\n'
    )
    book = parse(book_of("of-projects").content + rules)
    project = judged(world, "A", book=book)
    gathered = GatheredItems(prepared(book), project.units, project.axes, {})

    gathered.add_project(project)

    assert project.unit is None
    assert list(gathered.items_by_place) == [("reporters/0", OUTPOST)]
    (first,) = [line for line in project_lines(project) if line.rule in ("signed", "first")]
    assert (first.rule, first.unit) == ("first", OUTPOST)
    assert first.points == 3


PLOT = {"event": "ResourceListed", "resource": "ZY-1", "occurred_on": "2024-02-01"}
LISTED = PLOT | {"kind": "plot", "name": "地块", "location": "园区", "area_mu": "50"}
ALLOTTED = {"event": "ResourceAllotted", "resource": "ZY-1", "occurred_on": "2024-03-01"}
WATCHED = '[deadlines.idle_plot]\ndays = 31\nclause = "意8"\nbasis = "assumption"\nnote = "假定"\n'


def test_projects_are_judged_with_their_plots_where_the_rulebook_watches_them(world: World) -> None:
    world.given(
        *UNITS, reported("A"), reported("B"), LISTED, ALLOTTED | {"project": "A", "area_mu": "10"}
    )
    kaihua = shipped("kaihua-2024")
    watching = parse(kaihua.content.replace("[deadlines.stalled]", f"{WATCHED}[deadlines.stalled]"))

    def plots(book: LoadedRulebook) -> dict[str, list[tuple[str, date]]]:
        view = View(2024, END, world.ledger.head().position, book)
        projects = judged_at(world.ledger, view)
        with world.ledger.rows_of_kind("project", view.position) as rows:
            taken = plots_at(world.ledger, view)
            units = units_at(world.ledger, view)
            again = judged_projects(rows, prepared(book), view.axes, units, taken)
            assert [each.plots for each in again] == [each.plots for each in projects]
        return {
            each.facts.code: [(plot.resource, plot.on) for plot in each.plots] for each in projects
        }

    assert plots(kaihua) == {"A": [], "B": []}
    assert plots(watching) == {"A": [("ZY-1", date(2024, 3, 1))], "B": []}


def test_sums_of_an_earlier_tally_are_added_by_module_and_by_basis() -> None:
    tally = PointTally(prepared(shipped("kaihua-2024")))

    tally.add_sums({"information": Fraction(1, 3)}, {"policy": Fraction(2)})
    tally.add_sums({"information": Fraction(-1)}, {"policy": Fraction(1, 2)})

    assert tally.module_points("information") == Fraction(-2, 3)
    assert tally.basis_points() == {
        "policy": Fraction(5, 2),
        "interpretation": 0,
        "assumption": 0,
    }


@pytest.mark.parametrize(
    ("day", "is_covered"),
    [
        ("2022-12-31", False),
        ("2023-01-01", True),
        ("2023-06-30", True),
        ("2023-07-01", False),
        ("2024-06-30", False),
    ],
)
def test_last_year_is_assessed_up_to_the_same_day(day: str, *, is_covered: bool) -> None:
    axes = ScoringAxes(2024, date(2024, 6, 30)).of_last_year()

    assert axes.covers(date.fromisoformat(day)) is is_covered
