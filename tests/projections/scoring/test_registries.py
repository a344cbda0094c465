"""Lists that must agree: a kind of rule has two modules, a measure one reading."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, get_args

import pytest

from lifecycle.events import BY_NAME
from lifecycle.rulebook import kinds as rule_kinds
from lifecycle.rulebook.kinds import (
    KINDS,
    ItemRule,
    NamedRule,
    RuleOnResults,
    SequenceRule,
    ValueRule,
)
from lifecycle.rulebook.measures import MEASURES
from projections.scoring import kinds as evaluations
from projections.scoring.kinds import POINTS_BY_KIND
from projections.scoring.measure_values import JUDGED_MEASURES

COMMON: Final = {"rule_base", "point_range", "item_points", "value_points", "kind_evaluation"}
WITH_PARAMETERS: Final = {"days_between", "indicator"}


def modules_of(package: object) -> set[str]:
    """The modules of a package that are of a single kind."""
    paths = package.__path__  # type: ignore[attr-defined]
    return {module.name for module in iter_modules(paths)} - COMMON


def test_each_kind_has_a_module_of_its_shape_and_one_of_its_evaluation() -> None:
    shapes = {name.removesuffix("_rule") for name in modules_of(rule_kinds)}
    evaluated = {
        name.removesuffix("_points").removesuffix("_effect") for name in modules_of(evaluations)
    }
    assert shapes == evaluated
    assert len(shapes) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_is_defined_in_the_module_of_its_name(kind: type[NamedRule]) -> None:
    name = get_args(kind.model_fields["kind"].annotation)[0]
    module = kind.__module__.rpartition(".")[2]
    assert module.removesuffix("_rule").removeprefix("unit_") == name


def test_each_kind_of_items_values_or_sequences_is_evaluated() -> None:
    bases = (ItemRule, ValueRule, SequenceRule)
    assert {kind for kind in KINDS if issubclass(kind, bases)} == set(POINTS_BY_KIND)


def test_no_two_kinds_share_a_place_in_their_order() -> None:
    places = [sys.modules[kind.__module__].ORDER for kind in KINDS]
    assert places == sorted(set(places))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_says_how_many_points_it_can_reach(kind: type[NamedRule]) -> None:
    has_no_points_of_its_own = issubclass(kind, RuleOnResults)
    assert ("reach" in vars(kind)) is not has_no_points_of_its_own


def test_each_measure_is_read_by_its_row_or_by_one_function() -> None:
    by_row = {name for name, measure in MEASURES.items() if measure.counts is not None}
    assert by_row.isdisjoint(JUDGED_MEASURES)
    assert by_row | JUDGED_MEASURES.keys() | WITH_PARAMETERS == set(MEASURES)


def test_each_function_of_a_measure_bears_its_name() -> None:
    module = import_module("projections.scoring.measure_values")
    public = {
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public - {"project_measure"} == {*JUDGED_MEASURES, "days_between"}


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_names_existing_events_and_fields(name: str) -> None:
    measure = MEASURES[name]
    assert set(measure.events) <= set(BY_NAME)
    if measure.counts is None:
        return
    assert measure.events == (measure.counts.event,)
    event = BY_NAME[measure.counts.event]
    fields = {*event.model_fields, "on"}
    assert set(measure.counts.shown.values()) <= fields
