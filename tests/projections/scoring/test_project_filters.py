"""Filters of a rulebook as tests of a project or a unit, each field by itself, at its ends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events.project_events import InformationReported
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.parts import Filter
from projections.facts.unit_facts import UnitFacts
from projections.scoring.project_filters import project_test, unit_matches
from tests.given import TOWN, reported

TOWNSHIP = UnitFacts(TOWN, TOWN, "乡镇", "township", 1)
BUREAU = UnitFacts("县经信局", "县经信局", "部门", "department", 2)


def report(**fields: Any) -> InformationReported:
    event = read_record(reported(**fields)).event
    assert isinstance(event, InformationReported)
    return event


@dataclass
class Project:
    """A project as filters look at it; `reached` names nodes with the periods they lie in."""

    information: InformationReported = field(default_factory=report)
    scale: int = 2000 * MICRO
    investment: int = 3000 * MICRO
    invested_share: F = F(1, 2)
    credited: UnitFacts | None = field(default_factory=lambda: TOWNSHIP)
    excluded: Collection[object] = ()
    recognised: bool = True
    eligible: bool = True
    reached: tuple[tuple[str, str], ...] = ()

    def figure(self, name: str) -> F | None:
        return {"capital": F(50)}.get(name)

    def reached_in(self, stage: str, period: str) -> bool:
        return (stage, period) in self.reached


def takes(where: dict[str, Any], project: Project) -> bool:
    test = project_test(Filter.model_validate(where))
    assert test is not None
    return test(project)


@pytest.mark.parametrize(
    ("where", "fields", "taken"),
    [
        ({"sector": ["service", "industrial"]}, {}, True),
        ({"sector": ["service"]}, {}, False),
        ({"kind": ["new"]}, {}, True),
        ({"kind": ["technical_upgrade"]}, {}, False),
        ({"site": ["standard_factory"]}, {"site": "standard_factory"}, True),
        ({"site": ["standard_factory"]}, {}, False),
        ({"traits": ["foreign"]}, {"investor_traits": ["listed", "foreign"]}, True),
        ({"traits": ["foreign", "listed"]}, {"investor_traits": ["listed"]}, True),
        ({"traits": ["foreign"]}, {"investor_traits": ["listed"]}, False),
        ({"traits": ["foreign"]}, {}, False),
        ({"chains": ["cards"]}, {"chains": ["cards"]}, True),
        ({"chains": ["cards"]}, {}, False),
        ({"information_years": [2023, 2024]}, {"reported_at": "2022-12-31T09:00:00+08:00"}, False),
        ({"information_years": [2023, 2024]}, {"reported_at": "2023-01-01T09:00:00+08:00"}, True),
        ({"information_years": [2023, 2024]}, {"reported_at": "2024-12-31T09:00:00+08:00"}, True),
        ({"information_years": [2023, 2024]}, {"reported_at": "2025-01-01T09:00:00+08:00"}, False),
    ],
)
def test_a_filter_of_what_was_reported(
    where: dict[str, Any], fields: dict[str, Any], *, taken: bool
) -> None:
    assert takes(where, Project(report(**fields))) is taken


@pytest.mark.parametrize(
    ("band", "last_outside", "first_inside"),
    [
        ("[2000,)", 2000 * MICRO - 1, 2000 * MICRO),
        ("(2000,)", 2000 * MICRO, 2000 * MICRO + 1),
        ("(,2000]", 2000 * MICRO + 1, 2000 * MICRO),
        ("(,2000)", 2000 * MICRO, 2000 * MICRO - 1),
        ("[0,2000)", -1, 0),
        # Bounds between two millionths: half of one, and one and a half.
        ("[0.0000005,)", 0, 1),
        ("(0.0000005,)", 0, 1),
        ("(,0.0000015]", 2, 1),
        ("(,0.0000015)", 2, 1),
    ],
)
def test_a_band_of_an_amount_has_its_ends_to_the_millionth(
    band: str, last_outside: int, first_inside: int
) -> None:
    for amount, inside in ((last_outside, False), (first_inside, True)):
        assert takes({"scale": band}, Project(scale=amount, investment=-7)) is inside
        assert takes({"investment": band}, Project(scale=-7, investment=amount)) is inside


@pytest.mark.parametrize(("share", "taken"), [(F(49, 100), False), (F(1, 2), True), (F(2), True)])
def test_a_share_is_compared_as_a_fraction(share: F, *, taken: bool) -> None:
    assert takes({"invested_share": "[0.5,)"}, Project(invested_share=share)) is taken


def test_a_node_reached_in_a_period() -> None:
    consulted = Project(reached=(("consultation", "year"),))
    assert takes({"consulted_in_year": True}, consulted)
    assert not takes({"consulted_in_year": False}, consulted)
    assert not takes({"consulted_in_year": True}, Project())
    assert takes({"consulted_in_year": False}, Project())
    signed_in_quarter = {"reached": {"stage": "signing", "period": "quarter"}}
    assert takes(signed_in_quarter, Project(reached=(("signing", "quarter"),)))
    assert not takes(signed_in_quarter, Project(reached=(("signing", "year"),)))
    assert not takes(signed_in_quarter, Project(reached=(("land", "quarter"),)))


@pytest.mark.parametrize(
    ("where", "of_township", "of_bureau"),
    [
        ({"category": ["township"]}, True, False),
        ({"sequence": ["部门"]}, False, True),
        ({"except_sequence": ["部门"]}, True, False),
        ({"category": ["township"], "sequence": ["部门"]}, False, False),
        ({"category": ["township"], "except_sequence": ["乡镇"]}, False, False),
        ({"category": ["township", "department"], "sequence": ["乡镇"]}, True, False),
    ],
)
def test_a_filter_of_units_takes_units_and_the_projects_credited_to_them(
    where: dict[str, Any], *, of_township: bool, of_bureau: bool
) -> None:
    units = {TOWNSHIP.name: (TOWNSHIP, of_township), BUREAU.name: (BUREAU, of_bureau)}
    for unit, taken in units.values():
        assert unit_matches(Filter.model_validate(where), unit) is taken
        assert takes(where, Project(credited=unit)) is taken
    # A unit whose registration was voided is of no category and of no sequence.
    assert not takes(where, Project(credited=None))


def test_without_a_filter_all_are_taken() -> None:
    assert unit_matches(None, TOWNSHIP)
    assert project_test(None) is None
    assert project_test(Filter()) is None


@pytest.mark.parametrize(
    ("need", "lacking"),
    [
        ("recognised", Project(recognised=False)),
        ("eligible", Project(eligible=False)),
        ("not_excluded", Project(excluded=("violation",))),
    ],
)
def test_a_need_is_tested_besides_the_filter(need: str, lacking: Project) -> None:
    alone = project_test(None, [need])
    service_only = project_test(Filter.model_validate({"sector": ["service"]}), [need])
    assert alone is not None
    assert service_only is not None
    assert alone(Project())
    assert not alone(lacking)
    assert not service_only(Project())  # meets the need, but industrial


def test_every_field_and_every_need_has_to_hold() -> None:
    where = Filter.model_validate({"sector": ["industrial"], "kind": ["new"], "scale": "[2000,)"})
    test = project_test(where, ["recognised"])
    assert test is not None
    assert test(Project())
    for lacking in (
        Project(report(sector="service")),
        Project(report(kind="technical_upgrade", meets_city_standard=True)),
        Project(scale=1),
        Project(recognised=False),
    ):
        assert not test(lacking)
