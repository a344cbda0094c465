"""Every kind of rule has a module of its name, says its points and how many it can reach."""

from __future__ import annotations

import inspect
import json
import sys
from pkgutil import iter_modules
from typing import get_args

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import kinds as rule_kinds, parse, shipped
from lifecycle.rulebook.kinds import KINDS, NamedRule, RuleOnResults


def test_each_kind_has_one_module() -> None:
    modules = {module.name for module in iter_modules(rule_kinds.__path__)}
    assert len({name for name in modules if name.endswith("_rule")}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_is_defined_in_the_module_of_its_name(kind: type[NamedRule]) -> None:
    name = get_args(kind.model_fields["kind"].annotation)[0]
    module = kind.__module__.rpartition(".")[2]
    assert module.removesuffix("_rule") == name


@pytest.mark.parametrize("kind", ["unit_coefficient", "none", "", 3])
def test_a_rule_of_no_kind_is_told_every_kind(kind: str | int) -> None:
    text = shipped("hongya-2023").content
    with pytest.raises(Rejected) as rejection:
        parse(text.replace('kind = "per_item"', f"kind = {json.dumps(kind)}", 1))
    names = [get_args(each.model_fields["kind"].annotation)[0] for each in KINDS]
    assert str(rejection.value.problems[0]) == f"rules.0: must be one of {names}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_that_counts_items_values_or_sequences_says_their_points(
    kind: type[NamedRule],
) -> None:
    assert not inspect.isabstract(kind)


def test_no_two_kinds_share_a_place_in_their_order() -> None:
    places = [sys.modules[kind.__module__].ORDER for kind in KINDS]
    assert places == sorted(set(places))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_says_how_many_points_it_can_reach(kind: type[NamedRule]) -> None:
    has_no_points_of_its_own = issubclass(kind, RuleOnResults)
    assert ("reach" in vars(kind)) is not has_no_points_of_its_own
