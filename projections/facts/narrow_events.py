"""Events as projections read them: decoded from the stored bytes without the fields no fold reads.

Replaying 200,000 events with pydantic takes more than twice as long as with msgspec, and reading
every field takes half as long again as reading those that count. So each event has a second,
narrow type. It is derived from the event's declaration: its fields, less those marked `NotFolded`,
with the types in which they are stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from inspect import getattr_static
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from lifecycle.events import Event, EventValue
from lifecycle.events.codec import UnreadableValueError
from lifecycle.events.field_types import Unfolded
from lifecycle.events.vocabulary import WORD, OpenWords
from lifecycle.rejections import msg

E = TypeVar("E", bound=Event)

DatedEvent = tuple[date, int, Event]
"""A narrow event in the order that counts: the day of its effect, its version in the stream."""


_STORED_NUMBER: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,6})?", re.ASCII)
_STORED_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_ALL: Final = 1_000_000
"""The largest share, in millionths."""
NO_NUMBER: Final = msg(
    "the store holds “{text}” where a number belongs: it was changed outside lifecycle; "
    "`lifecycle audit verify` names the event"
)


NO_MONTH: Final = msg(
    "the store holds “{text}” where a month belongs: it was changed outside lifecycle; "
    "`lifecycle audit verify` names the event"
)
_LONGEST_SHOWN: Final = 40


# Decoding does not look into texts, which would slow down every replay. Here each is looked at
# once; `Ledger` names the event that holds it.
@lru_cache(maxsize=8_192)
def micro(number: str) -> int:
    """Return a stored number from 0 on in millionths. Raises `UnreadableValueError` for others."""
    if _STORED_NUMBER.fullmatch(number) is None:
        raise UnreadableValueError(NO_NUMBER, text=number[:_LONGEST_SHOWN])
    whole, _, places = number.partition(".")
    return int(whole + places.ljust(6, "0"))


def number_text(number: str) -> str:
    """Return a stored number from 0 on as it was written. Raises as `micro` does."""
    micro(number)
    return number


def signed_micro(number: str) -> int:
    """Return a stored number that may be negative, in millionths, as `micro` does."""
    if number.startswith("-"):
        return -micro(number[1:])
    return micro(number)


def share_micro(number: str) -> int:
    """Return a stored share, from 0 to 1, in millionths, as `micro` does."""
    share = micro(number)
    if share > _ALL:
        raise UnreadableValueError(NO_NUMBER, text=number[:_LONGEST_SHOWN])
    return share


@lru_cache(maxsize=8_192)
def stored_month(month: str) -> str:
    """Return a stored month, such as 2024-05. Raises `UnreadableValueError` for what is none."""
    if _STORED_MONTH.fullmatch(month) is None:
        raise UnreadableValueError(NO_MONTH, text=month[:_LONGEST_SHOWN])
    return month


@cache
def narrow(kind: type[E]) -> type[E]:
    """Return the narrow type of an event, into which projections decode it.

    To the type checker it is the event's own class, so that the declaration checks the folds as
    well. It has the folded fields and `on`, nothing else: reading a field marked `NotFolded` from
    a narrow event raises `AttributeError`.
    """
    # A property that was declared for the event works on its narrow type too.
    on = getattr_static(kind, "on")
    return cast("type[E]", _struct(kind, {"on": on}))


def _struct(declared: type[EventValue], namespace: dict[str, Any]) -> type[msgspec.Struct]:
    """Derive a struct from the folded fields of an event, or of a value inside an event."""
    fields: list[Any] = []
    for name, field in declared.model_fields.items():
        if any(isinstance(mark, Unfolded) for mark in field.metadata):
            continue
        stored_type = _unconstrained(field.annotation, *field.metadata)
        if field.is_required():
            fields.append((name, stored_type))
        else:
            fields.append((name, stored_type, field.default))
    return msgspec.defstruct(
        declared.__name__,
        fields,
        module=__name__,
        namespace=namespace,
        frozen=True,
        # No event refers to another: without cycles, the collector need not look at them.
        gc=False,
        kw_only=True,
    )


def _stored_type(annotation: Any) -> Any:
    """Return the type of a declared field as folds read it."""
    if origin := get_origin(annotation):
        return _STORED_TYPES[origin](*get_args(annotation))
    if issubclass(annotation, EventValue):
        return _struct(annotation, {})
    return annotation


def _unconstrained(annotation: Any, *constraints: Any) -> Any:
    # A word that looks like none was put there past the rules: no rulebook could declare it.
    if any(isinstance(mark, OpenWords) for mark in constraints):
        return Annotated[str, msgspec.Meta(pattern=WORD)]
    return _stored_type(annotation)


def _vocabulary(*words: str) -> Any:
    # A word of no vocabulary would count as any other: rules ask for the words they know.
    return Literal[words]


def _union(*members: Any) -> Any:
    stored: Any = NoneType
    for member in members:
        if member is not NoneType:
            stored |= _stored_type(member)
    return stored


def _sequence(entry: Any, _ellipsis: Any) -> Any:
    return GenericAlias(tuple, (_stored_type(entry), ...))


def _json_object(*_types: Any) -> Any:
    return dict[str, Any]


_STORED_TYPES: Final[dict[Any, Callable[..., Any]]] = {
    Annotated: _unconstrained,
    Literal: _vocabulary,
    Union: _union,
    UnionType: _union,
    tuple: _sequence,
    dict: _json_object,
}
"""How a generic type is read, by its origin: the function takes the type's arguments."""


def with_values(event: E, values: Mapping[str, object]) -> E:
    """Return a narrow event with other values in some of its fields."""
    return cast("E", msgspec.structs.replace(cast("msgspec.Struct", event), **values))


def events_of(kind: type[E], events: Iterable[DatedEvent]) -> Iterator[tuple[date, int, E]]:
    """Yield the events of one kind, each with its day and version, in their order."""
    narrow_kind = narrow(kind)
    for on, version, event in events:
        if isinstance(event, narrow_kind):
            yield on, version, event
