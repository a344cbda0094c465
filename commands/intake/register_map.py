"""The map of a county's own ledger: which column gives which field of which event (spec 5).

In the code such a workbook, with a row for each project, is a register: the ledger is the store.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from commands.handlers.register_rows import day_field
from commands.words.messages import shortened
from commands.words.problem_text import TYPED_AT, typed_at
from commands.words.register_words import DEFAULT_UNIT, MapUnit
from lifecycle.events import BY_NAME, Event, FactCorrected
from lifecycle.events.field_errors import problems_of
from lifecycle.events.project_events import InformationReported
from lifecycle.events.sheet_events import Sheet, TaskReopened
from lifecycle.regular_file import open_regular
from lifecycle.rejections import Problem, Rejected, StoreError, msg

MAP_FORMAT: Final = "lifecycle-map/1"
MAX_MAP_BYTES: Final = 1 << 20
"""Many times what a map of all columns and words of a workbook takes."""
MADE_NUMBER: Final = re.compile(r"\{n(?::(?P<width>0?[1-9]))?\}", re.ASCII)
_MADE_PLACE: Final = re.compile(r"\{[^{}]*\}|[{}]")
_MOST_HEADING_ROWS: Final = 5
MAPPED_EVENTS: Final[dict[str, type[Event]]] = {
    name: kind
    for name, kind in BY_NAME.items()
    if "project" in kind.streams and not issubclass(kind, (FactCorrected, Sheet, TaskReopened))
}
"""The events that a row may yield: what happens to a project, but sheets and corrections."""


def _constant(value: object) -> object:
    """Return a TOML value as a record holds it; numbers come as the text that was written."""
    return value.isoformat() if isinstance(value, date) else value


MapConstant = Annotated[
    str | int | bool | tuple[str, ...],
    BeforeValidator(_constant),
]


class _MapPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class FieldMapping(_MapPart):
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


class CodeMapping(_MapPart):
    """A project's code: a column, or a pattern by which codes are made."""

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


class ProjectMapping(_MapPart):
    """How a row's project is known."""

    code: CodeMapping


class EventMapping(BaseModel):
    """An event that a row yields, and where each of its fields comes from."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, FieldMapping] = Field(init=False)

    event: Literal[tuple(MAPPED_EVENTS)]  # type: ignore[valid-type]

    @property
    def kind(self) -> type[Event]:
        """The event's class."""
        return MAPPED_EVENTS[self.event]

    @property
    def fields(self) -> dict[str, FieldMapping]:
        """The sources of the event's fields by their names."""
        return self.__pydantic_extra__

    @model_validator(mode="after")
    def _known_fields(self) -> EventMapping:
        allowed = [name for name in self.kind.model_fields if name not in ("key", "evidence")]
        for name in self.fields:
            if name not in allowed:
                nearest = process.extractOne(name, allowed, scorer=fuzz.WRatio)[0]
                values = {"name": name, "nearest": nearest, "allowed": allowed}
                raise PydanticCustomError("unknown_field", "{name}", values)
        # Without its report a row is still known by investor and name.
        day = day_field(self.kind)
        if self.kind is not InformationReported and day not in self.fields:
            raise PydanticCustomError("day_missing", "{day}", {"day": day})
        return self


MonthNumber = Annotated[int, Field(ge=1, le=12)]


class MonthsMapping(_MapPart):
    """Monthly figures: a column for each month, or one column whose month is an option."""

    event: Literal["InvestmentReported", "TaxPaid"]
    field: Literal["fixed_assets", "self_held", "self_held_state_share", "amount"]
    year: Annotated[int, Field(ge=1900, le=2199)] | None = None
    cumulative: Literal["no", "year", "all"] = "no"
    columns: dict[str, MonthNumber] = {}
    column: str | None = Field(default=None, min_length=1)

    @property
    def kind(self) -> type[Event]:
        """The event's class."""
        return MAPPED_EVENTS[self.event]

    @model_validator(mode="after")
    def _complete(self) -> MonthsMapping:
        required = "fixed_assets" if self.event == "InvestmentReported" else "amount"
        if self.field != required:
            raise PydanticCustomError(
                "months_field", msg("must be fixed_assets (InvestmentReported) or amount (TaxPaid)")
            )
        if (self.column is None) == (not self.columns):
            raise PydanticCustomError("source", msg("give exactly one of column and columns"))
        if self.columns and self.year is None:
            raise PydanticCustomError("source", msg("columns need the year of their months"))
        if len(set(self.columns.values())) < len(self.columns):
            raise PydanticCustomError("source", msg("each month may have one column only"))
        return self


class RegisterMap(_MapPart):
    """A whole map."""

    format: Literal["lifecycle-map/1"]
    sheet: str | None = None
    headings: Annotated[tuple[int, ...], Field(min_length=1, max_length=_MOST_HEADING_ROWS)] = (1,)
    skip: tuple[str, ...] = ()
    unit: MapUnit = DEFAULT_UNIT
    project: ProjectMapping
    event: tuple[EventMapping, ...] = ()
    months: tuple[MonthsMapping, ...] = ()

    @model_validator(mode="after")
    def _rows_are_known(self) -> RegisterMap:
        first = self.headings[0]
        if first < 1 or self.headings != tuple(range(first, first + len(self.headings))):
            raise PydanticCustomError(
                "heading_rows", msg("headings must be neighbouring rows in order, such as [2, 3]")
            )
        if not (self.event or self.months):
            raise PydanticCustomError("map_empty", msg("the map names no event and no months"))
        report = self.report
        has_identity = report is not None and {"name", "investor"} <= report.fields.keys()
        if self.project.code.make is not None and not has_identity:
            raise PydanticCustomError(
                "identity_missing",
                msg(
                    "codes are made for projects that are known by investor and name: an "
                    "[[event]] InformationReported must give both"
                ),
            )
        return self

    @property
    def report(self) -> EventMapping | None:
        """What gives the project's information, and with it the identity of a row."""
        for source in self.event:
            if source.kind is InformationReported:
                return source
        return None

    @property
    def needs_month(self) -> bool:
        """Whether the month of a column is told by an option."""
        return any(source.column is not None for source in self.months)


_DAY_MISSING: Final = msg("an event needs the column of its day: {day}")
_OWN_MESSAGES: Final = {"day_missing": _DAY_MISSING}


def read_register_map(path: Path) -> RegisterMap:
    """Read a map file.

    Raises `StoreError` where it is no TOML, `Rejected` with the place of everything wrong in it.
    """
    with open_regular(path) as file:
        content = file.read(MAX_MAP_BYTES + 1)
    if len(content) > MAX_MAP_BYTES:
        template = msg("{path} is too large to be read: {measure}; at most {most} are allowed")
        raise StoreError(template, path=path, measure=f"{len(content)} B", most=MAX_MAP_BYTES)
    try:
        text = content.decode("utf-8-sig")
        # Numbers stay the text that was written: 0.1 has no binary form.
        values: dict[str, Any] = tomllib.loads(text.replace("\r\n", "\n"), parse_float=str)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        template = msg("{path} cannot be read as a map: {why}")
        raise StoreError(template, path=path, why=error) from error
    return register_map(values, path.name)


def register_map(values: dict[str, Any], name: str) -> RegisterMap:
    """Check a map's values. Raises `Rejected` with every place that is wrong."""
    try:
        return RegisterMap.model_validate(values)
    except ValidationError as error:
        problems = [_placed(problem, name, values) for problem in problems_of(error, None)]
        raise Rejected(problems) from error


_PLACED: Final = msg("{file}, {place}: {why}")


def _placed(problem: Problem, name: str, map_values: Mapping[str, Any]) -> Problem:
    """Name the place in the map by its path, lists counted from 1: `event 2.occurred_on`."""
    template = _OWN_MESSAGES.get(problem.rule, problem.template)
    cause = Problem(problem.rule, template, problem.values)
    parts: list[str] = []
    for part in (problem.field or "").split("."):
        if part.isdigit() and parts:
            parts[-1] = f"{parts[-1]} {int(part) + 1}"
        elif part:
            parts.append(part)
    place: object = ".".join(parts) or "map"
    typed = typed_at(problem.field, map_values)
    if typed:
        place = Problem("place", TYPED_AT, {"place": place, "typed": shortened(typed)})
    # The values stay: how a rule's values are worded depends on the rule.
    values = {**problem.values, "file": name, "place": place, "why": cause}
    return Problem(problem.rule, _PLACED, values)
