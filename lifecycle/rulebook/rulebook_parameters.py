"""A rulebook's parameters, each by its place: what an office fills in, and what a changed one makes of its basis (spec 6)."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lifecycle.rejections import Problem, msg

Data = dict[str, Any]
_INTERVAL: Final = re.compile(r"[\[(]\s*-?[0-9.]*\s*,\s*-?[0-9.]*\s*[\])]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


class Parameter(NamedTuple):
    """A number or a band: its place such as `rules.award.points`, what it belongs to, its value, and what it rests on."""

    place: str
    chinese: str
    value: str
    clause: str
    basis: str
    note: str
    document: str


class ParameterEntry(NamedTuple):
    """A parameter as filled in: its place, its value, and the document that says so, if any."""

    place: str
    value: str
    document: str


def rulebook_parameters(data: Mapping[str, Any]) -> list[Parameter]:
    """Every parameter, in the order of the file."""
    return [
        _parameter(place, value, source) for place, value, _holder, _key, source in _leaves(data)
    ]


def _parameter(place: str, value: Any, source: Mapping[str, Any]) -> Parameter:
    named = [
        str(source.get(name, "")) for name in ("chinese", "clause", "basis", "note", "document")
    ]
    return Parameter(place, named[0], _written(value), *named[1:])


Leaf = tuple[str, Any, Any, Any, Data]


def _leaves(data: Any, place: str = "", source: Data | None = None) -> Iterator[Leaf]:
    """(place, value, its holder, its key there, the part that says what it rests on)."""
    source = data if isinstance(data, dict) and "basis" in data else source
    entries: Sequence[tuple[Any, Any]] = (
        list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    )
    for key, value in entries:
        name = value["id"] if isinstance(value, dict) and "id" in value else key
        inner = f"{place}.{name}" if place else str(name)
        if isinstance(value, (dict, list)):
            yield from _leaves(value, inner, source)
        elif source is not None and _is_parameter(value):
            yield inner, value, data, key, source


def _is_parameter(value: Any) -> bool:
    if isinstance(value, str):
        return _INTERVAL.fullmatch(value) is not None
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _written(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def fill_in_parameters(
    data: Mapping[str, Any], filled: Sequence[ParameterEntry]
) -> tuple[Data, list[Problem]]:
    """The data with the values filled in; documents turn what they rest on into policy. And what could not be taken."""
    result = copy.deepcopy(dict(data))
    leaves = {leaf[0]: leaf for leaf in _leaves(result)}
    problems: list[Problem] = []
    for one in filled:
        leaf = leaves.get(one.place)
        if leaf is None:
            problems.append(
                Problem(
                    "unknown_parameter", msg("the rulebook has no such parameter"), {}, one.place
                )
            )
            continue
        _place, before, holder, key, _source = leaf
        read = _read(one.value, before)
        if read is None:
            form = (
                msg("must be a band such as [10000,50000]")
                if isinstance(before, str)
                else msg("must be a number such as 0.5, without anything else")
            )
            problems.append(Problem("form", form, {}, one.place))
            continue
        if _written(read) != _written(before):
            holder[key] = read
    _documented(list(leaves.values()), {one.place: one.document for one in filled if one.document})
    return result, problems


def _documented(leaves: Sequence[Leaf], documents: Mapping[str, str]) -> None:
    """A part all of whose parameters bear a document is policy now; its note, which said why it was not, goes."""
    parts: dict[int, tuple[Data, list[str | None]]] = {}
    for place, _value, _holder, _key, source in leaves:
        parts.setdefault(id(source), (source, []))[1].append(documents.get(place))
    for source, told in parts.values():
        if all(told):
            source.update(
                basis="policy", document="；".join(dict.fromkeys(one for one in told if one))
            )
            source.pop("note", None)


def _read(text: str, before: Any) -> Any:
    if isinstance(before, str):
        return text if _INTERVAL.fullmatch(text) else None
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


class ParameterChange(NamedTuple):
    """A parameter that differs between two rulebooks: its values, None where one has no such, and its basis before and after."""

    place: str
    chinese: str
    before: str | None
    after: str | None
    basis_before: str | None
    basis_after: str | None


def parameter_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ParameterChange]:
    """Every parameter that differs in value, basis or document."""
    before, after = ({one.place: one for one in rulebook_parameters(data)} for data in (old, new))
    found = []
    for place in dict.fromkeys([*before, *after]):
        one, two = before.get(place), after.get(place)
        if (
            one is None
            or two is None
            or (_same(one.value), one.basis, one.document)
            != (_same(two.value), two.basis, two.document)
        ):
            chinese = (two or one or Parameter(*[""] * 7)).chinese
            found.append(
                ParameterChange(
                    place,
                    chinese,
                    one and one.value,
                    two and two.value,
                    one and one.basis,
                    two and two.basis,
                )
            )
    return found


def _same(value: str) -> object:
    return Decimal(value) if _NUMBER.fullmatch(value) else value
