"""What the stored fields of each event look like, as rows by which the database checks them.

A clerk's psql needs no program of ours to append. Whatever the database took could never be taken
back, so one event that cannot be read would stop every reader for good (spec 4, "Roles").
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NamedTuple,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from lifecycle.events import BY_NAME, EventValue
from lifecycle.events.codec import CORRECTED_TIME, brings_record_time, topic
from lifecycle.events.field_types import (
    Amount,
    CleanText,
    Count,
    CreditCode,
    Day,
    DocumentSign,
    FilingCode,
    Moment,
    Month,
    Period,
    Points,
    Proportion,
    Sha256,
    Slug,
    Truth,
    Year,
)
from lifecycle.events.vocabulary import WORD, OpenWords


class DeclaredField(NamedTuple):
    """A row of `ledger_fields`: one field of an event, or of a value inside one."""

    shape: str
    """The event's topic, or the name of the value's class."""
    field: str
    is_required: bool
    json_type: str
    pattern: str | None = None
    """What the text must match; of a list, each entry's."""
    least: int = 0
    """Characters of a text, entries of a list."""
    most: int | None = None
    words: list[str] | None = None
    entries: str | None = None
    """Of a list of objects: their shape."""


# PostgreSQL's expressions know these escapes; none depends on the database's locale.
_CONTROL: Final = r"\u0001-\u001f\u007f-\u009f"
_SPACE: Final = r"\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CLEAN: Final = rf"^[^{_CONTROL}]*$"
_FILLED: Final = rf"^[^{_CONTROL}]*[^{_CONTROL}{_SPACE}][^{_CONTROL}]*$"

_MONTH_DAYS: Final = (
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8])"
)
# 1900 and 2100 are no leap years.
_LEAP_YEARS: Final = "(19|21)(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26])"
_DAY: Final = f"((19|20|21)[0-9]{{2}}-({_MONTH_DAYS})|({_LEAP_YEARS})-02-29)"
_TIME: Final = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{6})?[+]08:00"
_NUMBER: Final = "(0|[1-9][0-9]{0,17})([.][0-9]{0,5}[1-9])?"

# As values are stored: what people may type besides was made one way before.
_VALUES: Final[tuple[tuple[Any, str, str | None], ...]] = (
    (Year, "number", "^(19|20|21)[0-9]{2}$"),
    (Count, "number", "^[1-9][0-9]{0,8}$"),
    (Truth, "boolean", None),
    (Proportion, "string", "^(0([.][0-9]{0,5}[1-9])?|1)$"),
    (Amount, "string", f"^{_NUMBER}$"),
    (Points, "string", f"^(-?{_NUMBER})$"),
    (Day, "string", f"^{_DAY}$"),
    (Moment, "string", f"^{_DAY}{_TIME}$"),
    (Month, "string", "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"),
    (Period, "string", "^(19|20|21)[0-9]{2}(-H[12]|-Q[1-4]|-(0[1-9]|1[0-2]))?$"),
    (Sha256, "string", "^[0-9a-f]{64}$"),
    (FilingCode, "string", "^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$"),
    (CreditCode, "string", "^[0-9A-HJ-NP-RTUW-Y]{18}$"),
    (DocumentSign, "string", rf"^[^{_CONTROL}{_SPACE}〔〕0-9]{{1,20}}$"),
    (Slug, "string", "^[a-z0-9]+(-[a-z0-9]+)*$"),
)
_JSON_TYPES: Final[dict[Any, str]] = {str: "string", int: "number", bool: "boolean"}


@cache
def field_shapes() -> tuple[DeclaredField, ...]:
    """Return the shapes of all events in their present form, and of the values inside them."""
    return (*_event_shapes(), *_inner_shapes())


def _event_shapes() -> Iterator[DeclaredField]:
    for kind in BY_NAME.values():
        shape = topic(kind)
        yield from _stamp_shapes(shape)
        for row in _value_shapes(kind, shape):
            is_renamed = row.field == "recorded_at" and brings_record_time(kind)
            yield row._replace(field=CORRECTED_TIME) if is_renamed else row


def _inner_shapes() -> Iterator[DeclaredField]:
    for value in EventValue.__subclasses__():
        if not value.__subclasses__():
            yield from _value_shapes(value, value.__name__)


def _stamp_shapes(shape: str) -> Iterator[DeclaredField]:
    moment = f"^{_DAY}{_TIME}$"
    yield DeclaredField(shape, "recorded_at", is_required=True, json_type="string", pattern=moment)
    yield DeclaredField(shape, "migrated_at", is_required=False, json_type="string", pattern=moment)
    yield DeclaredField(shape, "recorded_by", is_required=True, json_type="string", pattern=_FILLED)
    for name in ("on_behalf_of", "imported_by"):
        yield DeclaredField(shape, name, is_required=False, json_type="string", pattern=_FILLED)


def _value_shapes(kind: type[EventValue], shape: str) -> Iterator[DeclaredField]:
    hints = get_type_hints(kind, include_extras=True)
    for name, declared in kind.model_fields.items():
        row = DeclaredField(shape, name, declared.is_required(), "")
        for mark in declared.metadata:
            least = getattr(mark, "min_length", None) or row.least
            row = row._replace(least=least, most=getattr(mark, "max_length", row.most))
        yield _shaped(row, hints[name])


def _shaped(row: DeclaredField, hint: Any) -> DeclaredField:
    """Return the row with what a type says of its values."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _annotated(row, hint)
    if origin in (Union, UnionType):
        (member,) = (member for member in get_args(hint) if member is not NoneType)
        return _shaped(row, member)
    if origin is Literal:
        return row._replace(json_type="string", words=list(get_args(hint)))
    if origin in (tuple, list):
        return _list_shape(row, get_args(hint)[0])
    if origin is dict:
        return row._replace(json_type="object")
    return row._replace(json_type=_JSON_TYPES[hint])


def _annotated(row: DeclaredField, hint: Any) -> DeclaredField:
    for alias, json_type, pattern in _VALUES:
        if _has_marks(hint, alias):
            return row._replace(json_type=json_type, pattern=pattern)
    for mark in hint.__metadata__:
        if isinstance(mark, OpenWords):
            # Which words are declared the program asks; the database, that they can be read.
            return row._replace(json_type="string", pattern=WORD)
        if isinstance(mark, CleanText):
            pattern = _FILLED if mark.least else _CLEAN
            return row._replace(json_type="string", pattern=pattern, most=mark.most)
    return _shaped(row, hint.__origin__)


def _has_marks(hint: Any, alias: Any) -> bool:
    """Return whether a field's type is an alias of ours, perhaps with more marks."""
    if hint.__origin__ != alias.__origin__:
        return False
    return all(any(mark is wanted for mark in hint.__metadata__) for wanted in alias.__metadata__)


def _list_shape(row: DeclaredField, entry: Any) -> DeclaredField:
    if isinstance(entry, type) and issubclass(entry, EventValue):
        return row._replace(json_type="array", entries=entry.__name__)
    scalar = _shaped(row, entry)
    return scalar._replace(json_type="array", least=row.least, most=row.most)
