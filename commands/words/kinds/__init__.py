"""The words of each kind of rule, one module each: its term, its points in words, its formula.

The modules are collected from the package: a kind's module alone makes its words known. They load
with the first rule that is worded, so that a command that words none does not import the kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from commands.words.terms import PolicyTerm

if TYPE_CHECKING:
    from commands.words.rule_phrases import RulebookNames

_SUFFIX: Final = "_kind_words"


class Formula(NamedTuple):
    """The formula of lines whose points have a shape, with the numbers put in.

    `text` takes the shape, and after it what was counted: an item's `ItemFacts`, a unit's
    `CountedNumber`; nothing for a line on other lines, and for a composite.
    """

    shape: type
    text: Callable[..., str]


class KindWords(NamedTuple):
    """A kind of rule in words; `formula` is None where its lines have the shape of another's.

    `fields` are the terms of the fields that no other kind and no other table has.
    `further_formulas` are those of lines that have other shapes.
    """

    kind: str
    term: PolicyTerm
    points: Callable[[Any, RulebookNames], str]
    fields: Mapping[str, PolicyTerm] = MappingProxyType({})
    formula: Formula | None = None
    further_formulas: tuple[Formula, ...] = ()


@cache
def kind_words() -> Mapping[str, KindWords]:
    """Kind of rule → its words."""
    words: dict[str, KindWords] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        if module.name.endswith(_SUFFIX):
            of_kind: KindWords = import_module(module.name).WORDS
            words[of_kind.kind] = of_kind
    return words


@cache
def rule_kind_terms() -> Mapping[str, PolicyTerm]:
    """Kind of rule → its term."""
    return {kind: words.term for kind, words in kind_words().items()}


@cache
def formulas_by_shape() -> Mapping[type, Callable[..., str]]:
    """Shape of points → the text of its formula."""
    texts: dict[type, Callable[..., str]] = {}
    for words in kind_words().values():
        for formula in (words.formula, *words.further_formulas):
            if formula is not None:
                texts[formula.shape] = formula.text
    return texts
