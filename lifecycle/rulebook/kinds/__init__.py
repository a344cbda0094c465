"""The kinds of rule: a closed set of typed shapes (spec 6), one module each.

A kind's module has its fields, its own checks, the points of what it counts and their range:
whoever changes a formula sees its bounds beside it. `commands/words/kinds` has a module for each
kind with its words. Kinds are collected from their modules: a module alone makes its kind known.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Final, Union

from pydantic import Field

from lifecycle.rulebook.kinds.rule_base import (
    ItemRule,
    NamedRule,
    RuleBase,
    RuleOnResults,
    SequenceRule,
    ValueRule,
)

_SUFFIX: Final = "_rule"


def _kind_of(module: ModuleType) -> type[NamedRule]:
    """The one rule that a kind's module defines; its other classes are the rule's parts."""
    for member in vars(module).values():
        if not isinstance(member, type) or not issubclass(member, NamedRule):
            continue
        # The base that the rule extends is imported there, and is defined elsewhere.
        if member.__module__ == module.__name__:
            return member
    raise TypeError(f"{module.__name__} defines no kind of rule")


def _collected() -> tuple[type[NamedRule], ...]:
    """The kinds in the order of their modules' `ORDER`, in which messages list them."""
    names = [module.name for module in iter_modules(__path__, f"{__name__}.")]
    modules = [import_module(name) for name in names if name.endswith(_SUFFIX)]
    modules.sort(key=lambda module: module.ORDER)
    return tuple(_kind_of(module) for module in modules)


KINDS: Final = _collected()
"""The class of every kind."""

if TYPE_CHECKING:
    # No type checker can follow what is collected: what all kinds have is in their base.
    Rule = NamedRule
else:
    Rule = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007 (of a tuple)
"""A rule of any kind."""

__all__ = [
    "KINDS",
    "ItemRule",
    "NamedRule",
    "Rule",
    "RuleBase",
    "RuleOnResults",
    "SequenceRule",
    "ValueRule",
]
