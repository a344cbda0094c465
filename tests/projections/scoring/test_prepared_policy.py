"""A rulebook made ready: targets, factors, periods and checks, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers

import pytest

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook import parse, shipped
from projections.scoring.prepared_policy import Policy, ProjectFactor, weaker_basis
from tests.projections.scoring.test_lines import FOLDER
from tests.projections.scoring.test_project_filters import Project, report

KAIHUA = shipped("kaihua-2024")
OF_PROJECTS = (FOLDER / "of-projects.toml").read_text(encoding="utf-8")


def kaihua_with(old: str, new: str) -> Policy:
    assert old in KAIHUA.content
    return Policy(parse(KAIHUA.content.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("first", "second", "weaker"),
    [
        ("policy", "policy", "policy"),
        ("policy", "interpretation", "interpretation"),
        ("assumption", "interpretation", "assumption"),
        ("policy", "assumption", "assumption"),
    ],
)
def test_points_rest_on_the_weaker_basis(first: str, second: str, weaker: str) -> None:
    assert weaker_basis(first, second) == weaker_basis(second, first) == weaker


# County targets -----------------------------------------------------------------------------------


def test_a_county_target_has_its_least_contract_in_millionths() -> None:
    policy = Policy(KAIHUA)
    assert [target.target for target in policy.targets] == list(KAIHUA.rulebook.targets)
    assert {target.target.indicator: target.least for target in policy.targets} == {
        "funds_in_place": 0,
        "signed_10000": 10_000 * MICRO,
        "signed_100000": 100_000 * MICRO,
        "signed_200000": 200_000 * MICRO,
        "signed_500000": 500_000 * MICRO,
    }


def test_a_least_contract_between_two_millionths_is_rounded_up() -> None:
    policy = kaihua_with("contract_at_least = 10000\n", "contract_at_least = 10000.0000001\n")
    assert policy.targets[1].least == 10_000 * MICRO + 1


def test_a_county_target_counts_projects_of_its_sectors_that_are_what_it_needs() -> None:
    funds, signed, *_larger = Policy(KAIHUA).targets
    service = Project(report(sector="service"))
    assert funds.fits is not None  # sectors without service; recognised and eligible
    assert signed.fits is not None  # not excluded
    assert funds.fits(Project())
    assert not funds.fits(service)
    assert not funds.fits(Project(recognised=False))
    assert not funds.fits(Project(eligible=False))
    assert signed.fits(service)
    assert signed.fits(Project(recognised=False, eligible=False))
    assert not signed.fits(Project(excluded=("denied",)))


# Factors ------------------------------------------------------------------------------------------

ROWS = """[
  { where = [{ scale = "[2000,)" }, { sector = ["industrial"] }], factor = 1.5, clause = "二1" },
  { where = [{ sector = ["industrial"] }], factor = 1.2 },
  { where = [{ scale = "[5000,)" }], factor = 2 },
]"""
LARGE, SMALL = 5000 * MICRO, 1999 * MICRO


def policy_of(combine: str) -> Policy:
    """A table `size` of rules: 1.5 for larger or industrial, 1.2 for industrial, 2 for large."""
    head, _, rest = OF_PROJECTS.partition('combine = "highest"')
    before_rows, _, after = rest.partition("rows = [")
    table_end = after.index("\n")
    return Policy(
        parse(f'{head}combine = "{combine}"{before_rows}rows = {ROWS}{after[table_end:]}')
    )


@pytest.mark.parametrize(
    ("sector", "scale", "factor", "clause"),
    [
        ("industrial", LARGE, 2, "二"),
        ("industrial", SMALL, F(3, 2), "二1"),
        ("service", 2000 * MICRO, F(3, 2), "二1"),
        ("service", SMALL, 1, "二"),
    ],
)
def test_the_highest_factor_counts(sector: str, scale: int, factor: F | int, clause: str) -> None:
    project = Project(report(sector=sector), scale=scale)
    expected = ProjectFactor(F(factor), clause, "assumption")
    assert policy_of("highest").factor("size", project) == expected


@pytest.mark.parametrize(
    ("sector", "scale", "factor"),
    [
        ("industrial", LARGE, F(18, 5)),  # 1.5 × 1.2 × 2: the first row once, though both apply
        ("industrial", SMALL, F(9, 5)),  # 1.5 × 1.2
        ("service", LARGE, 3),  # 1.5 × 2
        ("service", SMALL, 1),
    ],
)
def test_factors_multiply_where_the_table_says_so(sector: str, scale: int, factor: F | int) -> None:
    project = Project(report(sector=sector), scale=scale)
    expected = ProjectFactor(F(factor), "二", "assumption")  # the table's clause, not a row's
    assert policy_of("product").factor("size", project) == expected


def test_a_row_without_a_condition_takes_every_project() -> None:
    rows = '{ where = [{ scale = "(,2000)" }], factor = 1 }]'
    assert rows in OF_PROJECTS
    policy = Policy(parse(OF_PROJECTS.replace(rows, "{ where = [{}], factor = 1.75 }]")))
    for scale in (SMALL, LARGE):
        assert policy.factor("size", Project(scale=scale)).value == F(7, 4)


def test_each_table_has_its_own_factor() -> None:
    policy = Policy(parse(OF_PROJECTS))
    project = Project(scale=2000 * MICRO)
    assert policy.factor("size", project) == ProjectFactor(F(3, 2), "二", "assumption")
    assert policy.factor("large", project) == ProjectFactor(F(1), "三", "policy")
    larger = replace(project, scale=LARGE)
    assert policy.factor("large", larger) == ProjectFactor(F(3, 2), "三", "policy")


# Periods, checks, recognition, credit -------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "months"),
    [(9999, 12), (10_000, 24), (50_000, 24), (50_001, 36)],
)
def test_the_assessment_period_is_longer_for_larger_projects(scale: int, months: int) -> None:
    policy = Policy(KAIHUA)
    assert policy.months(scale * MICRO) == months
    assert policy.counts_from == "signing"
    assert policy.limited == {"nodes_reached", "funds_in_place"}


def test_the_tables_of_projects() -> None:
    policy = Policy(KAIHUA)
    assert policy.by_tax == {"service"}
    assert policy.transferred_from == {"outpost_group"}
    assert policy.recognised_by == "consultation"
    assert policy.checked_every == "quarter"
    assert policy.modules == tuple(module.id for module in KAIHUA.rulebook.modules)


def test_tables_that_are_left_out_limit_nothing() -> None:
    policy = Policy(parse(OF_PROJECTS))
    assert policy.counts_from is None
    assert policy.recognised_by is None
    limits = (policy.limited, policy.by_tax)
    assert [len(names) for names in limits] == [0, 0]
    assert (len(policy.targets), len(policy.eligibility)) == (0, 0)
    with pytest.raises(LookupError, match=r"^7$"):
        policy.months(7)


@pytest.mark.parametrize(
    ("table", "every"),
    [
        ("", "quarter"),
        (
            'schedule_checks = { every = "half_year", clause = "四", basis = "policy" }\n',
            "half_year",
        ),
    ],
)
def test_schedules_are_checked_each_quarter_unless_the_policy_says_otherwise(
    table: str, every: str
) -> None:
    assert Policy(parse(table + OF_PROJECTS)).checked_every == every


def test_a_condition_of_eligibility_is_in_millionths_or_a_fact() -> None:
    policy = Policy(KAIHUA)
    assert [row.row for row in policy.eligibility] == list(KAIHUA.rulebook.eligibility)
    upgrade = policy.eligibility[0]
    assert [(need.measure, least) for need, least in upgrade.needs] == [
        ("meets_city_standard", None),
        ("scale", 10_000 * MICRO),
    ]
    assert upgrade.fits is not None
    assert not upgrade.fits(Project())
    assert upgrade.fits(Project(report(kind="technical_upgrade", meets_city_standard=True)))


def test_a_condition_between_two_millionths_is_rounded_up() -> None:
    old = '{ measure = "scale", at_least = 10000 }'
    policy = kaihua_with(old, '{ measure = "scale", at_least = 10000.0000001 }')
    assert policy.eligibility[0].needs[1][1] == 10_000 * MICRO + 1
