"""Values of projects by code, of which a few are exchanged while all others are shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

V = TypeVar("V")

# So many are looked up in two places before all are put in one again.
_MOST_EXCHANGED: Final = 100


class ValuesByCode(Mapping[str, V]):
    """Values by code, in the order of the codes; they do not change once they are made."""

    __slots__ = ("_exchanged", "_values")

    def __init__(self, values: Mapping[str, V]) -> None:
        self._values: dict[str, V] = dict(sorted(values.items()))
        self._exchanged: dict[str, V] = {}

    def __getitem__(self, code: str) -> V:
        if code in self._exchanged:
            return self._exchanged[code]
        return self._values[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def exchanged(self, values: Mapping[str, V | None]) -> ValuesByCode[V]:
        """Return the values with these in place of those that there were.

        None stands for a code that has none any more.
        """
        exchanged = dict(self._exchanged)
        # Most events are of projects that are there and stay there. To copy all others for them
        # would take longer than anything else about a page.
        keeps_codes = True
        for code, value in values.items():
            keeps_codes = keeps_codes and (value is not None) == (code in self._values)
            if value is not None:
                exchanged[code] = value
        if keeps_codes and len(exchanged) <= _MOST_EXCHANGED:
            layered: ValuesByCode[V] = ValuesByCode({})
            layered._values = self._values
            layered._exchanged = exchanged
            return layered
        whole = {**self._values, **exchanged}
        for code, value in values.items():
            if value is None:
                whole.pop(code, None)
        return ValuesByCode(whole)


def changed_values(
    before: Mapping[str, tuple[V, ...]],
    values: Mapping[str, Iterable[V] | None],
) -> dict[str, tuple[V, ...]]:
    """Return what projects give now, of those that gave something else before.

    A project that gives nothing, as `None` says too, may be missing in `before`.
    """
    changed: dict[str, tuple[V, ...]] = {}
    for code, values_of_project in values.items():
        now = tuple(values_of_project or ())
        if now != before.get(code, ()):
            changed[code] = now
    return changed
