"""The kinds of rule: a closed set of typed shapes (spec 6), one module each.

A kind's module has its fields, its own checks, the points of what it counts and their range:
whoever changes a formula sees its bounds beside it. `commands/words/kinds` has a module for each
kind with its words. Kinds are collected from their modules, which are named as they are: a module
alone makes its kind known, and is loaded by the first rule of the kind.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

from pydantic import ValidationInfo
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from lifecycle.rulebook.kinds.rule_base import (
    ItemRule,
    NamedRule,
    RuleBase,
    RuleOnResults,
    SequenceRule,
    ValueRule,
)

_SUFFIX: Final = "_rule"
_MODULES: Final = frozenset(
    module.name for module in iter_modules(__path__) if module.name.endswith(_SUFFIX)
)


def _kind_in(module_name: str) -> type[NamedRule]:
    """The one rule that a kind's module defines; its other classes are the rule's parts."""
    module = _module(module_name)
    for member in vars(module).values():
        if not isinstance(member, type) or not issubclass(member, NamedRule):
            continue
        # The base that the rule extends is imported there, and is defined elsewhere.
        if member.__module__ == module.__name__:
            return member
    raise TypeError(f"{module.__name__} defines no kind of rule")


def _module(module_name: str) -> ModuleType:
    return import_module(f"{__name__}.{module_name}")


@cache
def _every_kind() -> tuple[type[NamedRule], ...]:
    """The kinds in the order of their modules' `ORDER`, in which messages list them."""
    names = sorted(_MODULES, key=lambda name: _module(name).ORDER)
    return tuple(_kind_in(name) for name in names)


def __getattr__(name: str) -> object:
    """Return `KINDS`, the class of every kind: no rulebook needs more than a third of them."""
    if name != "KINDS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _every_kind()


class _ReadByKind:
    """Annotates what holds a rule of any kind: a rule is read by the class of its `kind`.

    pydantic would build all classes and their validators for a rulebook that has four of them.
    """

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _read_rule, serialization=core_schema.simple_ser_schema("any")
        )


def _read_rule(rule: Any, info: ValidationInfo) -> NamedRule:
    kind_name = rule.get("kind") if isinstance(rule, dict) else None
    reader = _reader_of(_kinds_named(kind_name) or _every_kind())
    read: NamedRule = reader.validate_python(rule, context=info.context)
    return read


def _kinds_named(kind_name: object) -> tuple[type[NamedRule], ...]:
    """The kind of this name; none where no module is named as it."""
    module_name = f"{kind_name}{_SUFFIX}"
    return (_kind_in(module_name),) if module_name in _MODULES else ()


@cache
def _reader_of(kinds: tuple[type[NamedRule], ...]) -> SchemaValidator:
    choices: dict[Any, CoreSchema] = {_name_of(kind): _late_schema(kind) for kind in kinds}
    return SchemaValidator(core_schema.tagged_union_schema(choices, discriminator="kind"))


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
    KINDS: tuple[type[NamedRule], ...]
    # No type checker can follow what is collected: what all kinds have is in their base.
    Rule = NamedRule
else:
    Rule = Annotated[NamedRule, _ReadByKind()]
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
