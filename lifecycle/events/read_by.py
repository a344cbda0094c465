"""How a type's values are read and written, said once for all fields of the type.

For its own `BeforeValidator` and `AfterValidator` pydantic looks again, in each of the nine hundred
fields of a rulebook, at what the function takes and how the type below it is built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import AfterValidator, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Annotates a type with the function that reads its values, and one that writes them as text.

    `read` takes any value and returns one of the type; it raises a validation error, as pydantic's
    own validators do. As with those, two that read by the same function are equal.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any], str] | None = None

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=_written_by(self.write)
        )


@dataclass(frozen=True, slots=True)
class ReadInContext:
    """The same, by a function that also takes what the value stands in: a rulebook's own words."""

    read: Callable[[Any, ValidationInfo], Any]

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)


def _written_by(
    write: Callable[[Any], str] | None,
) -> core_schema.PlainSerializerFunctionSerSchema | None:
    if write is None:
        return None
    return core_schema.plain_serializer_function_ser_schema(
        write, return_schema=core_schema.str_schema()
    )


@dataclass(frozen=True, slots=True)
class CheckedText(AfterValidator):
    """A validator of what is text already; it returns the text as it is to be stored."""

    func: Callable[[str], str]

    def __get_pydantic_core_schema__(
        self,
        source_type: object,
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.func, core_schema.str_schema())
