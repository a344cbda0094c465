"""Lists that must agree: each measure has one reading, of events and fields that exist."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Final

import pytest

from lifecycle.events import BY_NAME
from lifecycle.rulebook.measures import LIMIT_MEASURES, MEASURES
from projections.scoring.measure_values import JUDGED_MEASURES

WITH_PARAMETERS: Final = {
    "nodes_reached",
    "days_between",
    "indicator",
    "project_figure",
    *LIMIT_MEASURES,
}


def test_each_measure_is_read_by_its_row_or_by_one_function() -> None:
    by_row = {name for name, measure in MEASURES.items() if measure.counts is not None}
    assert by_row.isdisjoint(JUDGED_MEASURES)
    assert by_row | JUDGED_MEASURES.keys() | WITH_PARAMETERS == set(MEASURES)


def test_each_function_of_a_measure_bears_its_name() -> None:
    public = set()
    for name in ("measure_values", "funds_measure"):
        module = import_module(f"projections.scoring.{name}")
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not function_name.startswith("_"):
                public.add(function_name)
    # One is of units; one function counts due days for all measures of time limits.
    elsewhere = {"indicator", *LIMIT_MEASURES}
    assert public - {"project_measure"} == {*JUDGED_MEASURES, *WITH_PARAMETERS} - elsewhere


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
