"""A rulebook's parameters by place.

What an office fills in, and how a document changes their basis (spec 6).

A parameter is a number or a band in a table that says its `basis`. The functions here work on the
data as the file has it, not on the typed rulebook, so that a draft that does not yet pass its
checks can be shown and filled in.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.rulebook_library import TomlData

_INTERVAL: Final = re.compile(r"[\[(]\s*-?[0-9.]*\s*,\s*-?[0-9.]*\s*[\])]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)

_QUOTIENT: Final = re.compile(r"-?[0-9]+/0*[1-9][0-9]*", re.ASCII)
_SAYS_WHENCE: Final = frozenset({"id", "chinese", "clause", "note", "document"})
"""Fields of texts, in which `2024/5` is a number of a document and no quotient."""

ParameterValue = int | Decimal | str
"""A whole number, a decimal, or a quotient or band as written."""


class Parameter(NamedTuple):
    """A number or a band of a rulebook, by its place such as `rules.award.points`.

    `chinese` is the name of the table that contains it; the other fields say what it rests on.
    """

    place: str
    chinese: str
    value: str
    clause: str
    basis: str
    note: str
    document: str


class ParameterEntry(NamedTuple):
    """A parameter as an office filled it in.

    Its place, its value, and the document that says so, if any.
    """

    place: str
    value: str
    document: str


class ParameterChange(NamedTuple):
    """A parameter that differs between two rulebooks.

    A value is None where that rulebook has no such parameter.
    """

    place: str
    chinese: str
    before: str | None
    after: str | None
    basis_before: str | None
    basis_after: str | None


class _Leaf(NamedTuple):
    """A parameter within the data.

    The container and key that hold it, and the table that says what it rests on.
    """

    place: str
    value: ParameterValue
    holder: Any
    key: str | int
    source: TomlData


# Listing ------------------------------------------------------------------------------------------


def rulebook_parameters(data: Mapping[str, Any]) -> list[Parameter]:
    """List every parameter in the order of the file."""
    return [_parameter(leaf) for leaf in _leaves(data, "", None)]


def _parameter(leaf: _Leaf) -> Parameter:
    source = leaf.source
    return Parameter(
        place=leaf.place,
        chinese=str(source.get("chinese", "")),
        value=_value_text(leaf.value),
        clause=str(source.get("clause", "")),
        basis=str(source.get("basis", "")),
        note=str(source.get("note", "")),
        document=str(source.get("document", "")),
    )


def _leaves(data: Any, place: str, source: TomlData | None) -> Iterator[_Leaf]:
    if isinstance(data, dict) and "basis" in data:
        source = data
    for key, value in _entries(data):
        inner = _inner_place(place, key, value)
        if isinstance(value, (dict, list)):
            yield from _leaves(value, inner, source)
        elif source is not None and key not in _SAYS_WHENCE and _is_parameter(value):
            yield _Leaf(
                inner,
                value,
                data,
                key,
                source,
            )


def _entries(data: Any) -> Iterable[tuple[str | int, Any]]:
    return data.items() if isinstance(data, dict) else enumerate(data)


def _inner_place(place: str, key: str | int, value: Any) -> str:
    # A table with an id is named by it: its number in the list changes when another table is put
    # before it.
    name = value["id"] if isinstance(value, dict) and "id" in value else key
    return f"{place}.{name}" if place else str(name)


def _is_parameter(value: Any) -> bool:
    if isinstance(value, str):
        return is_band(value) or _QUOTIENT.fullmatch(value) is not None
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_band(text: str) -> bool:
    """Whether a parameter's text is a band such as `[10000,50000)`."""
    return _INTERVAL.fullmatch(text) is not None


def _value_text(value: ParameterValue) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


# Filling in ---------------------------------------------------------------------------------------


def fill_in_parameters(
    data: Mapping[str, Any],
    entries: Sequence[ParameterEntry],
) -> tuple[TomlData, list[Problem]]:
    """Return the data with the entries' values, and a problem for each entry that cannot be taken.

    A document turns the basis of what it covers into policy.
    """
    result = copy.deepcopy(dict(data))
    leaves = {leaf.place: leaf for leaf in _leaves(result, "", None)}
    problems: list[Problem] = []
    for entry in entries:
        leaf = leaves.get(entry.place)
        if leaf is None:
            problem: Problem | None = _unknown_parameter(entry)
        else:
            problem = _fill_in(leaf, entry)
        if problem is not None:
            problems.append(problem)
    documents = {entry.place: entry.document for entry in entries if entry.document}
    _cite_documents(leaves.values(), documents)
    return result, problems


def _unknown_parameter(entry: ParameterEntry) -> Problem:
    template = msg("the rulebook does not have this parameter")
    return Problem(
        "unknown_parameter",
        template,
        {},
        entry.place,
    )


def _fill_in(leaf: _Leaf, entry: ParameterEntry) -> Problem | None:
    value = _read_value(entry.value, leaf.value)
    if value is None:
        if _is_band_value(leaf.value):
            form = msg("must be a band such as [10000,50000]")
        else:
            form = msg("must be a number such as 0.5 and nothing else")
        return Problem(
            "form",
            form,
            {},
            entry.place,
        )
    # An equal value keeps its notation in the file.
    if _value_text(value) != _value_text(leaf.value):
        leaf.holder[leaf.key] = value
    return None


def _read_value(text: str, before: ParameterValue) -> ParameterValue | None:
    """Read a band where a band stood, else a number or a quotient; None where it is neither."""
    if _is_band_value(before):
        return text if is_band(text) else None
    if _QUOTIENT.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _is_band_value(value: ParameterValue) -> bool:
    return isinstance(value, str) and is_band(value)


def _cite_documents(
    leaves: Iterable[_Leaf],
    documents: Mapping[str, str],
) -> None:
    """Turn a table whose every parameter has a document into policy.

    Its note goes: it said why the table was not policy.
    """
    sources: dict[int, TomlData] = {}
    cited: dict[int, list[str | None]] = {}
    for leaf in leaves:
        sources[id(leaf.source)] = leaf.source
        cited.setdefault(id(leaf.source), []).append(documents.get(leaf.place))
    for key, source in sources.items():
        names = [document for document in cited[key] if document is not None]
        if len(names) == len(cited[key]):
            source["basis"] = "policy"
            source["document"] = "；".join(dict.fromkeys(names))
            source.pop("note", None)


# Comparing ----------------------------------------------------------------------------------------


def parameter_changes(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> list[ParameterChange]:
    """List every parameter that differs in value, basis or document."""
    old_parameters = {parameter.place: parameter for parameter in rulebook_parameters(old)}
    new_parameters = {parameter.place: parameter for parameter in rulebook_parameters(new)}
    changes = []
    for place in dict.fromkeys([*old_parameters, *new_parameters]):
        before = old_parameters.get(place)
        after = new_parameters.get(place)
        if _says(before) != _says(after):
            changes.append(_change(place, before, after))
    return changes


def _says(parameter: Parameter | None) -> tuple[object, str, str] | None:
    """What a parameter says; a number as such, so that 0.5 and 0.50 are equal."""
    if parameter is None:
        return None
    value = parameter.value
    number = Decimal(value) if _NUMBER.fullmatch(value) else value
    return number, parameter.basis, parameter.document


def _change(
    place: str,
    before: Parameter | None,
    after: Parameter | None,
) -> ParameterChange:
    named = after or before
    chinese = ""
    if named is not None:
        chinese = named.chinese
    return ParameterChange(
        place=place,
        chinese=chinese,
        before=_value_of(before),
        after=_value_of(after),
        basis_before=_basis_of(before),
        basis_after=_basis_of(after),
    )


def _value_of(parameter: Parameter | None) -> str | None:
    if parameter is None:
        return None
    return parameter.value


def _basis_of(parameter: Parameter | None) -> str | None:
    if parameter is None:
        return None
    return parameter.basis
