"""What a kind of rule tells the checks of a rulebook: its bands, its reach, the rules it names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.kinds.bracket_rule import Bracket
from lifecycle.rulebook.kinds.credit_rule import Credit
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.escalating_rule import Escalating
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from lifecycle.rulebook.kinds.per_amount_rule import PerAmount
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.kinds.rank_rule import Rank
from lifecycle.rulebook.kinds.ratio_rule import Ratio
from lifecycle.rulebook.kinds.rule_base import ItemRule, RuleBase
from lifecycle.rulebook.kinds.stepped_rule import Stepped
from lifecycle.rulebook.measures import MEASURES
from tests.lifecycle.rulebook.kinds.rule_examples import (
    AWARDS,
    REPORTED_TARGET,
    SOURCE,
    VISITS,
    ends_of,
    items_of,
    points_of,
    rule_of,
)

SIGNED: dict[str, Any] = {"measure": "nodes_reached"}
OVER_TARGET: dict[str, Any] = {**VISITS, **REPORTED_TARGET}


def tables_of(rule: RuleBase) -> list[tuple[str, list[str], bool, bool]]:
    tables: list[BandTable] = list(rule.band_tables())
    return [
        (table.place, [band.text for band in table.bands], table.covers_all, table.whole_numbers)
        for table in tables
    ]


@pytest.mark.parametrize(("kind", "covers_all"), [(PerItem, False), (Deduct, True)])
def test_bands_of_scale_and_of_investment_are_tables_of_their_own(
    kind: type[ItemRule], covers_all: bool
) -> None:
    bands = [
        {"scale": "[0,100)", "points": 1},
        {"investment": "[0,500]", "points": 2},
        {"scale": "[100,)", "points": 3},
    ]
    rule = rule_of(kind, **SIGNED, bands=bands)

    (by_scale, by_investment) = tables_of(rule)
    assert by_scale == ("rules.r.bands", ["[0,100)", "[100,)"], covers_all, False)
    assert by_investment == ("rules.r.bands", ["[0,500]"], covers_all, False)


def test_a_rule_without_bands_has_no_table() -> None:
    assert tables_of(rule_of(PerItem, points=1)) == []


@pytest.mark.parametrize(
    ("rule", "place", "bands", "whole_numbers"),
    [
        (
            rule_of(Escalating, applies_to="all", bands=[{"count": "[1,2]", "points": 1}]),
            "rules.r.bands",
            ["[1,2]"],
            True,
        ),
        (
            rule_of(Rank, first="greatest", ties="share", bands=[{"place": "[1,3]", "points": 1}]),
            "rules.r.bands",
            ["[1,3]"],
            True,
        ),
        (
            rule_of(Bracket, bands=[{"value": "[0,5)", "points": 1}]),
            "rules.r.bands",
            ["[0,5)"],
            True,
        ),
        (
            rule_of(Bracket, **OVER_TARGET, bands=[{"value": "[0,1)", "points": 1}]),
            "rules.r.bands",
            ["[0,1)"],
            False,
        ),
        (
            rule_of(Stepped, **OVER_TARGET, base=1, segments=[{"percent": "[0,100]", "step": 1}]),
            "rules.r.segments",
            ["[0,100]"],
            False,
        ),
    ],
    ids=["escalating", "rank", "bracket of a count", "bracket over a target", "stepped"],
)
def test_a_table_has_its_place_its_bands_and_whether_they_hold_whole_numbers(
    rule: RuleBase, place: str, bands: list[str], whole_numbers: bool
) -> None:
    ((own_place, own_bands, _covers_all, is_whole),) = tables_of(rule)

    assert (own_place, own_bands, is_whole) == (place, bands, whole_numbers)


@pytest.mark.parametrize(
    ("compared", "whole_numbers", "counts_from_one"),
    [
        ({}, True, True),
        ({"as": "place_change", "when_missing": 0}, True, False),
        ({"as": "to_last_year", "when_zero": 0, "when_missing": 0}, False, False),
    ],
    ids=["a count", "a change of places", "a quotient"],
)
def test_bands_of_a_comparison_hold_places_or_quotients_from_below_one(
    compared: dict[str, Any],
    *,
    whole_numbers: bool,
    counts_from_one: bool,
) -> None:
    (table,) = rule_of(Bracket, bands=[{"value": "[0,5)", "points": 1}], **compared).band_tables()

    assert table.whole_numbers is whole_numbers
    assert table.counts_from_one is counts_from_one


@pytest.mark.parametrize(
    ("fields", "reads_one_stream"),
    [
        ({}, True),
        ({"start": 5}, False),
        ({"start": 5, "floor": 0}, False),
        ({"floor": -5}, False),
        ({"floor": -5} | AWARDS, True),
    ],
)
def test_a_deduction_looks_at_all_projects_where_a_start_or_a_floor_needs_them(
    fields: dict[str, Any], *, reads_one_stream: bool
) -> None:
    rule = rule_of(Deduct, **{**SIGNED, "points": -1, **fields})

    assert rule.reads_one_stream is reads_one_stream


@pytest.mark.parametrize(
    ("fields", "least", "greatest"),
    [
        ({"weight": 10}, 0, None),
        ({"weight": 10, "floor": 2, "cap": 12}, 2, 12),
        ({"weight": -10, "floor": -3}, -3, 0),
        ({"weight": -10}, None, 0),
    ],
)
def test_a_ratio_reaches_as_far_as_floor_and_cap_let_it(
    fields: dict[str, Any], least: int | None, greatest: int | None
) -> None:
    assert ends_of(rule_of(Ratio, **OVER_TARGET, **fields)) == (least, greatest)


@pytest.mark.parametrize(
    ("measure", "bands", "limits", "least", "greatest"),
    [
        # Outside all bands a value has no points.
        ("awards_won", [("[1,2]", 5, None)], {}, 0, 5),
        ("awards_won", [("[1,2]", -5, None), ("[3,)", 7, None)], {}, -5, 7),
        ("awards_won", [("[1,3]", 5, 2)], {}, 0, 11),
        ("awards_won", [("[1,3]", 5, -2)], {}, -1, 3),
        ("awards_won", [("[1,)", 5, 2)], {}, 0, None),
        ("awards_won", [("[1,)", 5, -2)], {}, None, 3),
        ("awards_won", [("[1,)", 5, 2)], {"floor": 1, "cap": 9}, 1, 9),
        # No count lies below 0, points of routine work may.
        ("awards_won", [("(,3]", 5, 2)], {}, 0, 11),
        ("routine_points", [("(,3]", 5, 2)], {}, None, 11),
        ("routine_points", [("(,3]", 5, -2)], {}, -1, None),
        ("routine_points", [("(,)", 5, 2)], {}, None, None),
        ("routine_points", [("[1,3]", 5, 2), ("(,0]", 1, -1)], {}, 0, None),
    ],
)
def test_a_bracket_reaches_what_the_ends_of_its_bands_give(
    measure: str,
    bands: list[tuple[str, int, int | None]],
    limits: dict[str, int],
    least: int | None,
    greatest: int | None,
) -> None:
    rows = []
    for value, points, slope in bands:
        row: dict[str, Any] = {"value": value, "points": points}
        if slope is not None:
            row["slope"] = slope
        rows.append(row)

    assert ends_of(rule_of(Bracket, measure=measure, bands=rows, **limits)) == (least, greatest)


def test_a_label_that_a_measure_does_not_have_is_named_with_the_nearest() -> None:
    rule = rule_of(PerItem, **SIGNED, points_by={"signing": 1, "sining": 2})

    (finding,) = rule.own_findings({})
    assert (finding.rule, finding.field) == ("unknown_name", "rules.r.points_by")
    assert finding.values["name"] == "sining"
    assert "signing" in str(finding.values["nearest"])
    assert finding.values["allowed"] == sorted(MEASURES["nodes_reached"].labels)
    assert str(finding).startswith("rules.r.points_by: unknown name sining; most similar: ")


def test_a_compared_value_has_no_labels_that_could_have_points() -> None:
    compared = {"as": "to_last_year", "when_zero": 0, "when_missing": 0}
    rule = rule_of(PerItem, **SIGNED, points_by={"signing": 1}, **compared)

    (finding,) = rule.own_findings({})
    assert (finding.rule, finding.field, finding.values) == (
        "labels_compared",
        "rules.r.points_by",
        {},
    )
    assert list(rule_of(PerItem, **SIGNED, points=1, **compared).own_findings({})) == []


def test_the_stages_that_a_rule_names_are_the_labels_it_may_give_points() -> None:
    rule = rule_of(PerItem, **SIGNED, stages=["signing"], points_by={"signing": 1, "land": 2})

    (finding,) = [each for each in rule.own_findings({}) if each.rule == "unknown_name"]
    assert (finding.values["name"], finding.values["allowed"]) == ("land", ["signing"])


@pytest.mark.parametrize(
    ("segments", "limits", "least", "greatest"),
    [
        # Below 100 % each point of completion loses a step, above it wins one.
        ([("[0,100]", 1), ("(100,130]", 2)], {}, 5 - 100, 5 + 60),
        ([("[0,100]", 1), ("(100,130]", 2)], {"least": -10, "most": 8}, 5 - 10, 5 + 8),
        ([("[80,100]", Decimal("0.5")), ("(100,)", Decimal("0.1"))], {}, 5 - 10, None),
        ([("[80,100]", Decimal("0.5")), ("(100,)", Decimal("0.1"))], {"most": 3}, 5 - 10, 5 + 3),
        # A step that only costs, without an end, raises nothing.
        ([("(100,)", Decimal("-0.1"))], {}, 5, 5),
        ([("[60,140]", 1)], {}, 5 - 40, 5 + 40),
        # Nor does a step of nothing; what is won at least is won wherever the segments end.
        ([("(100,)", 0)], {}, 5, 5),
        ([("[90,110]", Decimal("0.1"))], {"least": 2}, 5 + 2, 5 + 2),
    ],
)
def test_steps_reach_down_to_nothing_and_up_to_where_the_segments_end(
    segments: list[tuple[str, Any]],
    limits: dict[str, Any],
    least: int,
    greatest: int | None,
) -> None:
    rows = [{"percent": percent, "step": step} for percent, step in segments]
    rule = rule_of(Stepped, **OVER_TARGET, base=5, segments=rows, **limits)

    assert ends_of(rule) == (least, greatest)


@pytest.mark.parametrize(
    ("fields", "least", "greatest"),
    [
        ({"points": 2}, 0, None),
        ({"points": -2}, None, 0),
        ({"points": 2, "limit": 6}, 0, 6),
        ({"points": 2, "limit": 6, "limit_per": "quarter"}, 0, 24),
        ({"points": 2, "limit": 6, "limit_per": "half_year"}, 0, 12),
        ({"points": 2, "limit": 6, "limit_per": "month"}, 0, 72),
        ({"points": -2, "limit": 6}, None, 0),
    ],
)
def test_items_reach_as_often_as_the_limit_counts_in_a_year(
    fields: dict[str, Any], least: int | None, greatest: int | None
) -> None:
    assert ends_of(rule_of(PerItem, **fields)) == (least, greatest)


def test_labels_and_bands_reach_what_the_greatest_of_them_gives() -> None:
    by_label = rule_of(PerItem, **SIGNED, points_by={"signing": 3, "land": -1}, limit=4)
    by_band = rule_of(PerItem, **SIGNED, bands=[{"scale": "[0,)", "points": -3}])

    assert ends_of(by_label) == (None, 4)
    assert ends_of(by_band) == (None, 0)


@pytest.mark.parametrize(
    ("fields", "is_unreachable"),
    [
        ({"points": 1, "limit": 0}, True),
        ({"points": 1, "limit": -1}, True),
        ({"points": 1, "limit": Decimal("0.5")}, False),
        ({"points": 1}, False),
    ],
)
def test_a_limit_that_leaves_no_points_is_found(
    fields: dict[str, Any], is_unreachable: bool
) -> None:
    problem = rule_of(PerItem, **fields).unreachable()

    if not is_unreachable:
        assert problem is None
        return
    assert problem is not None
    assert (problem.rule, problem.field, problem.values) == ("unreachable", "rules.r.limit", {})
    assert str(problem).endswith("no history can earn points: the limit is not above zero")


def test_rules_that_a_rule_names_stand_under_the_field_that_names_them() -> None:
    fields = {"kind": "exclusive", "rules": ["a", "b"], "per": "unit"}
    exclusive = Exclusive.model_validate({**SOURCE, **fields})

    assert exclusive.named_rules() == {"rules": ("a", "b")}


@pytest.mark.parametrize(
    "rule",
    [
        rule_of(PerItem, **SIGNED, points=2, at_most_per_project=3),
        rule_of(
            Escalating,
            **SIGNED,
            applies_to="all",
            bands=[{"count": "[1,)", "points": 2}],
            at_most_per_project=3,
        ),
        rule_of(PerAmount, **SIGNED, per=1, points=2, at_most_per_project=3),
        rule_of(Credit, **SIGNED, points=2, to="equally", at_most_per_project=3),
    ],
    ids=["per_item", "escalating", "per_amount", "credit"],
)
def test_the_items_of_one_project_earn_no_more_than_its_limit(rule: ItemRule) -> None:
    of_projects = [
        item._replace(project=project)
        for project, item in zip("PPQP", items_of(1, 1, 1, 1), strict=True)
    ]

    # The second of P crosses the limit and is cut; its third has no line.
    assert points_of(rule.points_of_items(of_projects)) == [2, 1, 2]


def test_the_items_of_one_project_cost_no_more_than_its_limit() -> None:
    rule = rule_of(PerItem, **SIGNED, points=-2, at_most_per_project=3)
    of_project = [item._replace(project="P") for item in items_of(1, 1, 1)]

    assert points_of(rule.points_of_items(of_project)) == [-2, -1]
