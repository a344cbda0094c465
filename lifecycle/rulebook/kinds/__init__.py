"""The kinds of rule: a closed set of typed shapes (spec 6), one module each.

A kind's module has its fields, its own checks, the points of what it counts and their range:
whoever changes a formula sees its bounds beside it. `commands/words/kinds` has a module for each
kind with its words. Kinds are collected from their modules: a module alone makes its kind known.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args

from pydantic import ValidationInfo
from pydantic_core import CoreSchema, core_schema

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


class _ReadByKind:
    """Annotates the union of all kinds: a rule is read by the class of its `kind`.

    pydantic would build the validators of all kinds for a rulebook that has four of them.
    """

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        choices: dict[Any, CoreSchema] = {_name_of(kind): _late_schema(kind) for kind in KINDS}
        return core_schema.tagged_union_schema(
            choices, discriminator="kind", serialization=core_schema.simple_ser_schema("any")
        )


def _name_of(kind: type[NamedRule]) -> str:
    """The `kind` of a class's rules in a rulebook's file."""
    name: str = get_args(kind.model_fields["kind"].annotation)[0]
    return name


def _late_schema(kind: type[NamedRule]) -> CoreSchema:
    """A schema that asks the class itself, whose validator is built with its first rule."""

    def read(rule: Any, info: ValidationInfo) -> NamedRule:
        return kind.model_validate(rule, context=info.context)

    return core_schema.with_info_plain_validator_function(read)


if TYPE_CHECKING:
    # No type checker can follow what is collected: what all kinds have is in their base.
    Rule = NamedRule
else:
    Rule = Annotated[Union[KINDS], _ReadByKind()]  # noqa: UP007 (of a tuple)
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
