"""Where a map takes a value from: a column, a constant, or a pattern of codes (spec 5)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from commands.words.register_words import MapUnit
from lifecycle.rejections import msg

MADE_NUMBER: Final = re.compile(r"\{n(?::(?P<width>0?[1-9]))?\}", re.ASCII)
_MADE_PLACE: Final = re.compile(r"\{[^{}]*\}|[{}]")


def _constant(value: object) -> object:
    """Return a TOML value as a record holds it; numbers come as the text that was written."""
    return value.isoformat() if isinstance(value, date) else value


MapConstant = Annotated[
    str | int | bool | tuple[str, ...],
    BeforeValidator(_constant),
]


class MapPart(BaseModel):
    """A table of a map, in which a name that means nothing is rejected."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class FieldMapping(MapPart):
    """Where a field's value comes from: a column, or the same value in every row."""

    column: str | None = Field(default=None, min_length=1)
    value: MapConstant | None = None
    unit: MapUnit | None = None
    words: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_source(self) -> FieldMapping:
        if (self.column is None) == (self.value is None):
            raise PydanticCustomError("source", msg("give exactly one of column and value"))
        if self.column is None and (self.unit is not None or self.words):
            raise PydanticCustomError("source", msg("unit and words are for a column"))
        return self


class CodeMapping(MapPart):
    """The code of a project or resource: a column, or a pattern by which codes are made."""

    column: str | None = Field(default=None, min_length=1)
    make: str | None = None
    year: str | int | None = None

    @model_validator(mode="after")
    def _one_source(self) -> CodeMapping:
        if (self.column is None) == (self.make is None):
            raise PydanticCustomError("source", msg("give exactly one of column and make"))
        if self.make is not None:
            self._check_pattern(self.make)
        return self

    def _check_pattern(self, pattern: str) -> None:
        places = _MADE_PLACE.findall(pattern)
        numbers = [place for place in places if MADE_NUMBER.fullmatch(place)]
        others = [place for place in places if place not in numbers and place != "{year}"]
        if len(numbers) != 1 or others:
            raise PydanticCustomError(
                "pattern",
                msg(
                    "must contain {{n}} or {{n:03}} once, may contain {{year}}, and no other place"
                ),
            )
        if ("{year}" in places) != (self.year is not None):
            raise PydanticCustomError(
                "pattern", msg("year names the column, or the year, that {{year}} stands for")
            )


class SubjectMapping(MapPart):
    """How a row's project or resource is known."""

    code: CodeMapping
