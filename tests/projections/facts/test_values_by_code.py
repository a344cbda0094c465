"""Values by code, of which a few are exchanged, are those of a table that is made whole."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, strategies as st

from projections.facts.values_by_code import ValuesByCode, changed_values
from projections.views.project_labels import ProjectLabel, ProjectLabels

CODES = st.integers(0, 20).map("KH-{:02}".format)
EXCHANGES = st.lists(st.dictionaries(CODES, st.none() | st.integers(0, 3), max_size=6), max_size=5)


@given(first=st.dictionaries(CODES, st.integers(0, 3)), exchanges=EXCHANGES)
def test_exchanged_values_are_those_made_whole(
    first: Mapping[str, int], exchanges: list[dict[str, int | None]]
) -> None:
    values = ValuesByCode(first)
    whole: dict[str, int | None] = dict(first)
    for exchange in exchanges:
        before = dict(values)
        later = values.exchanged(exchange)
        assert dict(values) == before
        whole |= exchange
        there = {code: value for code, value in whole.items() if value is not None}
        assert list(later.items()) == sorted(there.items())
        assert len(later) == len(there)
        values = later


def test_many_exchanges_of_a_few_values_are_all_kept() -> None:
    values = ValuesByCode({str(code): 0 for code in range(500)})
    for code in range(250):
        values = values.exchanged({str(code): code})
    assert all(values[str(code)] == (code if code < 250 else 0) for code in range(500))


def test_only_what_is_not_as_before_has_changed() -> None:
    before = {"A": (1, 2), "B": (3,), "C": (4,)}
    values = {"A": [1, 2], "B": None, "C": iter([5]), "D": (), "E": None, "F": [6]}
    assert changed_values(before, values) == {"B": (), "C": (5,), "F": (6,)}


def test_labels_are_the_very_same_while_projects_are_called_the_same() -> None:
    label = ProjectLabel("竹制品", "华埠镇", "县商务局")
    labels = ProjectLabels().exchanged({"A": label, "B": label})
    assert labels.exchanged({"A": label, "C": None}) is labels
    without = labels.exchanged({"A": None})
    assert dict(without.by_code) == {"B": label}
    assert dict(labels.by_code) == {"A": label, "B": label}
