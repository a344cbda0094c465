"""How far a kind of rule reaches, what it acts on, and what is wrong with its shape."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.rulebook.kinds import NamedRule
from lifecycle.rulebook.kinds.bracket_rule import Bracket
from lifecycle.rulebook.kinds.coefficient_rule import UnitCoefficient
from lifecycle.rulebook.kinds.composite_rule import Composite
from lifecycle.rulebook.kinds.credit_rule import Credit
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.kinds.per_amount_rule import PerAmount
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.kinds.point_range import UNLIMITED, PointRange
from lifecycle.rulebook.kinds.rule_base import ItemRule
from lifecycle.rulebook.result_conditions import ResultObject
from tests.lifecycle.rulebook.kinds.rule_examples import (
    AWARDS,
    REPORTED_TARGET,
    SOURCE,
    ends_of,
    rule_of,
)

VISITS_PART: dict[str, Any] = {
    "measure": "indicator",
    "indicator": "visits",
    "share": 1,
    "take": "sum",
}
LEAST_TOTAL = [{"all": [{"result": {"total": True}, "at_least": 60}]}]
TWICE = {"kind": "coefficient", "rows": [{"where": [{"sequence": ["乡镇"]}], "factor": 2}]}
BANDS = [{"scale": "[0,)", "points": -1}]


def named(model: type[NamedRule], **fields: Any) -> Any:
    """A rule of a kind that counts nothing itself."""
    return model.model_validate({**SOURCE, **fields})


@pytest.mark.parametrize(
    ("parts", "fields", "least", "greatest"),
    [
        ([VISITS_PART], {}, 0, None),
        ([VISITS_PART], {"floor": 2, "cap": 9}, 2, 9),
        ([VISITS_PART | {"measure": "routine_points"}], {}, None, None),
        ([VISITS_PART | REPORTED_TARGET], {}, 0, None),
        ([VISITS_PART | REPORTED_TARGET | {"when_zero": -1}], {}, None, None),
        ([VISITS_PART, VISITS_PART | REPORTED_TARGET | {"when_missing": -1}], {}, None, None),
    ],
)
def test_a_composite_reaches_below_zero_where_a_part_may(
    parts: list[dict[str, Any]],
    fields: dict[str, int],
    least: int | None,
    greatest: int | None,
) -> None:
    own_parts = [
        {name: value for name, value in part.items() if name in _fields_of(part)} for part in parts
    ]
    rule = rule_of(Composite, weight=10, out_of=100, parts=own_parts, **fields)

    assert ends_of(rule) == (least, greatest)


@pytest.mark.parametrize(
    ("module", "least", "greatest"),
    [
        ((0, 5), 0, 10),
        ((-2, 5), -4, 10),
        ((None, 5), None, 10),
        ((0, None), 0, None),
    ],
)
def test_a_composite_of_a_module_by_quarter_reaches_what_its_quarters_may_give(
    module: tuple[int | None, int | None], least: int | None, greatest: int | None
) -> None:
    quarters = {"result": {"module": "q"}, "each": "quarter", "take": "sum", "share": 1}
    rule = rule_of(Composite, weight=50, out_of=100, parts=[quarters])
    ends = [None if end is None else Fraction(end) for end in module]

    reach = rule.reach_of_periods({"q": PointRange(*ends), "other": UNLIMITED})

    assert (reach.least, reach.greatest) == (least, greatest)
    assert ends_of(rule) == (None, None)


def _fields_of(part: dict[str, Any]) -> set[str]:
    """The fields that a part may have: only an indicator has a name."""
    return set(part) if part["measure"] == "indicator" else set(part) - {"indicator"}


@pytest.mark.parametrize(
    ("fields", "least", "greatest"),
    [
        ({"points": -1}, None, 0),
        ({"points": -1, "start": 5}, None, 5),
        ({"points": -1, "start": 5, "floor": 0}, 0, 5),
        ({"points": -1, "floor": -4}, -4, 0),
    ],
)
def test_deductions_reach_from_the_floor_to_the_start(
    fields: dict[str, int], least: int | None, greatest: int
) -> None:
    assert ends_of(rule_of(Deduct, **fields)) == (least, greatest)


@pytest.mark.parametrize(
    ("rule", "acted_on"),
    [
        (named(Exclusive, kind="exclusive", rules=["a", "b"], per="unit"), [(0, "a"), (0, "b")]),
        (named(Gate, kind="gate", gates="rule", rule="a", any_of=LEAST_TOTAL), [(0, "a")]),
        (named(Gate, kind="gate", gates="module", any_of=LEAST_TOTAL), [(1, "m")]),
        (named(Gate, kind="gate", gates="total", any_of=LEAST_TOTAL), [(3, "total")]),
        (named(UnitCoefficient, rules=["a", "b"], **TWICE), [(0, "a"), (0, "b")]),
        (named(UnitCoefficient, modules=["m", "n"], **TWICE), [(1, "m"), (1, "n")]),
        (named(UnitCoefficient, total=True, **TWICE), [(3, "total")]),
    ],
)
def test_a_rule_on_results_says_what_it_acts_on(rule: Any, acted_on: list[tuple[int, str]]) -> None:
    assert rule.acts_on() == [ResultObject(level, name) for level, name in acted_on]


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (named(UnitCoefficient, rules=["a", "b"], **TWICE), {"rules": ("a", "b")}),
        (named(UnitCoefficient, modules=["m"], **TWICE), {}),
    ],
)
def test_a_coefficient_names_the_rules_that_it_multiplies(
    rule: UnitCoefficient, names: dict[str, tuple[str, ...]]
) -> None:
    assert rule.named_rules() == names


@pytest.mark.parametrize(
    "rule",
    [
        named(Gate, kind="gate", gates="total", any_of=LEAST_TOTAL),
        named(Outcome, kind="outcome", outcome="降等", any_of=LEAST_TOTAL),
    ],
)
def test_a_condition_on_results_is_placed_in_its_rule(rule: Gate | Outcome) -> None:
    ((place, condition),) = rule.conditions_on_results()

    assert place == "r.any_of.0.0"
    assert condition.result.total is True


@pytest.mark.parametrize(
    ("combine", "greatest", "least"),
    [("highest", Fraction(3), Fraction(1, 2)), ("product", Fraction(9, 2), Fraction(1, 4))],
)
def test_products_reach_beyond_each_single_factor(
    combine: str, greatest: Fraction, least: Fraction
) -> None:
    rows = [
        {"where": [{"sequence": ["乡镇"]}], "factor": factor}
        for factor in (3, Decimal("1.5"), Decimal("0.5"), Decimal("0.5"), 1)
    ]
    rule = named(UnitCoefficient, kind="coefficient", total=True, combine=combine, rows=rows)

    assert (max(rule.factors()), min(rule.factors())) == (greatest, least)


COEFFICIENT = {"coefficient": "industry"}


@pytest.mark.parametrize(
    ("rule", "finding", "place"),
    [
        (
            rule_of(PerAmount, **AWARDS, per=1, points=1, **COEFFICIENT),
            "coefficient_of_units",
            "rules.r.coefficient",
        ),
        (
            rule_of(
                PerAmount,
                measure="fixed_assets",
                per=1,
                points=1,
                whole_steps=True,
                **COEFFICIENT,
            ),
            "coefficient_of_units",
            "rules.r.coefficient",
        ),
        (
            rule_of(Credit, **AWARDS, points=1, to="equally", **COEFFICIENT),
            "coefficient_of_units",
            "rules.r.coefficient",
        ),
        (
            rule_of(Deduct, **AWARDS, points=-1, at_most_per_project=3),
            "bound_of_units",
            "rules.r.at_most_per_project",
        ),
        (rule_of(Deduct, **AWARDS, bands=BANDS), "bands_of_units", "rules.r.bands"),
        (
            rule_of(PerItem, **AWARDS, points=1, **COEFFICIENT),
            "coefficient_of_units",
            "rules.r.coefficient",
        ),
    ],
)
def test_what_only_projects_have_is_found_in_rules_of_units(
    rule: ItemRule, finding: str, place: str
) -> None:
    problems = [(each.rule, each.field) for each in rule.own_findings({})]

    assert problems == [(finding, place)]
    assert all(each.values == {} for each in rule.own_findings({}))


def test_a_band_with_a_slope_of_less_than_one_is_open_where_it_leads() -> None:
    bands = [{"value": "[0,)", "points": 0, "slope": Decimal("0.5")}]
    rule = rule_of(Bracket, measure="routine_points", bands=bands)

    assert ends_of(rule) == (0, None)
