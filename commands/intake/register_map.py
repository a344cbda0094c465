"""The map of a county's own ledger: which column gives which field of which event (spec 5).

In the code such a workbook, with a row for each project or each resource, is a register: the
ledger is the store.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from commands.handlers.register_rows import day_field
from commands.handlers.register_subjects import (
    FOUNDING_EVENTS,
    PROJECTS,
    RESOURCES,
    RegisterSubject,
    subject_of,
)
from commands.intake.register_map_sources import (
    CodeMapping,
    FieldMapping,
    MapPart,
    SubjectMapping,
)
from commands.words.messages import shortened
from commands.words.problem_text import TYPED_AT, typed_at
from commands.words.register_words import DEFAULT_UNIT, MapUnit
from lifecycle.events import BY_NAME, Event, FactCorrected
from lifecycle.events.field_errors import problems_of
from lifecycle.events.sheet_events import Sheet, TaskReopened
from lifecycle.regular_file import open_regular
from lifecycle.rejections import Problem, Rejected, StoreError, msg

MAP_FORMAT: Final = "lifecycle-map/1"
MAX_MAP_BYTES: Final = 1 << 20
"""Many times what a map of all columns and words of a workbook takes."""
_MOST_HEADING_ROWS: Final = 5
_SUBJECT_STREAMS: Final = frozenset(("project", "resource"))
MAPPED_EVENTS: Final[dict[str, type[Event]]] = {
    name: kind
    for name, kind in BY_NAME.items()
    if not _SUBJECT_STREAMS.isdisjoint(kind.streams)
    and not issubclass(kind, (FactCorrected, Sheet, TaskReopened))
}
"""The events that a row may yield: what happens to a project or a resource, but no sheets."""


_NO_PROJECT_IDENTITY: Final = msg(
    "codes are made for projects that are known by investor and name: an [[event]] "
    "InformationReported must give both"
)
_NO_RESOURCE_IDENTITY: Final = msg(
    "codes are made for resources that are known by name and location: an [[event]] "
    "ResourceListed must give both"
)


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
        # Without its founding event a row is still known by what that says.
        day = day_field(self.kind)
        if self.kind not in FOUNDING_EVENTS and day not in self.fields:
            raise PydanticCustomError("day_missing", "{day}", {"day": day})
        return self


MonthNumber = Annotated[int, Field(ge=1, le=12)]


class MonthsMapping(MapPart):
    """Monthly figures: a column for each month, or one column whose month is an option."""

    event: Literal["InvestmentReported", "TaxPaid"]
    field: Literal["fixed_assets", "self_held", "self_held_state_share", "amount"]
    year: Annotated[int, Field(ge=1900, le=2199)] | None = None
    cumulative: Literal["no", "year", "all"] = "no"
    unit: MapUnit | None = None
    words: dict[str, str] = Field(default={})
    columns: dict[str, MonthNumber] = Field(default={})
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


class RegisterMap(MapPart):
    """A whole map."""

    format: Literal["lifecycle-map/1"]
    sheet: str | None = None
    headings: Annotated[tuple[int, ...], Field(min_length=1, max_length=_MOST_HEADING_ROWS)] = (1,)
    skip: tuple[str, ...] = ()
    unit: MapUnit = DEFAULT_UNIT
    project: SubjectMapping | None = None
    resource: SubjectMapping | None = None
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
        if (self.project is None) == (self.resource is None):
            raise PydanticCustomError("source", msg("give exactly one of [project] and [resource]"))
        self._check_events()
        self._check_identity()
        return self

    def _check_events(self) -> None:
        """Reject what does not happen to what the rows are."""
        sources: list[EventMapping | MonthsMapping] = [*self.event, *self.months]
        for source in sources:
            if subject_of(source.kind) is not self.subject:
                values = {"event": source.event, "subject": self.subject.kind}
                raise PydanticCustomError("event_elsewhere", "{event}", values)

    def _check_identity(self) -> None:
        if self.code.make is None:
            return
        founding = self.founding
        fields = set() if founding is None else founding.fields.keys()
        if not {"name", self.subject.counterpart} <= fields:
            is_resource = self.subject is RESOURCES
            template = _NO_RESOURCE_IDENTITY if is_resource else _NO_PROJECT_IDENTITY
            raise PydanticCustomError("identity_missing", template)

    @property
    def subject(self) -> RegisterSubject:
        """What the rows are."""
        return PROJECTS if self.resource is None else RESOURCES

    @property
    def code(self) -> CodeMapping:
        """Where the code of a row comes from."""
        subject = self.project or self.resource
        # A map with neither is rejected when it is read.
        assert subject is not None
        return subject.code

    @property
    def founding(self) -> EventMapping | None:
        """What gives the report or the listing, and with it the identity of a row."""
        for source in self.event:
            if source.kind is self.subject.founding:
                return source
        return None

    @property
    def needs_month(self) -> bool:
        """Whether the month of a column is told by an option."""
        return any(source.column is not None for source in self.months)


_DAY_MISSING: Final = msg("an event needs the column of its day: {day}")
_ELSEWHERE: Final = msg("{event} is no event of a {subject}, which the rows of this map are")
_OWN_MESSAGES: Final = {"day_missing": _DAY_MISSING, "event_elsewhere": _ELSEWHERE}


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
