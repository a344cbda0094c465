"""Time limits and cadences of projects, as a table of a rulebook (spec 6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.calendar import add_months
from lifecycle.rejections import msg
from lifecycle.rulebook.deadline_policy import UrgencyDays
from lifecycle.rulebook.measures import PROJECT_EVENTS
from lifecycle.rulebook.nearest_names import nearest
from lifecycle.rulebook.open_words import Stage
from lifecycle.rulebook.parts import Filter, Need, Sourced
from lifecycle.working_days import WorkingCalendar, WorkingDay

LimitUnit = Literal["days", "months", "working_days"]
LIMIT_UNITS: Final[tuple[LimitUnit, ...]] = ("days", "months", "working_days")
ANY_EVENT: Final = "any"
_Length = Annotated[int, Field(ge=1, le=3660)]


def _to_names(value: Any) -> Any:
    """One name, such as `"any"`, is a list of one."""
    return (value,) if isinstance(value, str) else value


EventNames = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(_to_names)]
"""The events by which a cadence begins anew, or `any` alone."""


class LimitLength(NamedTuple):
    """How long a limit is: a number of days, months or working days."""

    number: int
    unit: LimitUnit


def _unknown_event(name: str) -> PydanticCustomError:
    known = [*PROJECT_EVENTS, ANY_EVENT]
    return PydanticCustomError(
        "limit_event",
        msg(
            "{name} is no event of projects; most similar: {nearest}; "
            'allowed: names of events, or ["any"] alone'
        ),
        {"name": name, "nearest": nearest(name, known)},
    )


def _form_error(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("limit_form", sentence)


class TimeLimit(Sourced):
    """A time limit from a node to another, or a cadence that comes round until a node.

    A cadence (`every = true`) begins anew with each event that `by` names. The length is given in
    one of `days`, `months` and `working_days`; the day that it runs from does not count.
    """

    id: Annotated[str, Field(min_length=1)]
    chinese: Annotated[str, Field(min_length=1)]
    from_stage: Annotated[Stage, Field(alias="from")]
    to_stage: Annotated[Stage | None, Field(alias="to")] = None
    every: Literal[True] | None = None
    by: EventNames | None = None
    until: Stage | None = None
    days: _Length | None = None
    months: _Length | None = None
    working_days: _Length | None = None
    where: Filter | None = None
    needs: tuple[Need, ...] = ()
    levels: UrgencyDays | None = None

    @model_validator(mode="after")
    def _ends_once_or_recurs(self) -> "TimeLimit":
        ends_once = self.to_stage is not None
        is_cadence = self.every is not None
        if ends_once == is_cadence:
            raise _form_error(msg("give either to, or every = true with by (a cadence)"))
        names_events = self.by is not None
        names_end = self.until is not None
        if is_cadence != names_events or (names_end and not is_cadence):
            raise _form_error(msg("a cadence needs by and may have until; a limit has neither"))
        if self.from_stage in (self.to_stage, self.until):
            raise _form_error(msg("a limit may not end where it begins"))
        return self

    @model_validator(mode="after")
    def _has_one_length(self) -> "TimeLimit":
        lengths = [unit for unit in LIMIT_UNITS if getattr(self, unit) is not None]
        if len(lengths) != 1:
            raise PydanticCustomError(
                "limit_length", msg("give exactly one of {names}"), {"names": list(LIMIT_UNITS)}
            )
        return self

    @model_validator(mode="after")
    def _names_events(self) -> "TimeLimit":
        # Every event begins it anew: a name beside that would say nothing.
        if self.by == (ANY_EVENT,):
            return self
        for name in self.by or ():
            if name not in PROJECT_EVENTS:
                raise _unknown_event(name)
        return self

    @property
    def length(self) -> LimitLength:
        """How long the limit is."""
        for unit in LIMIT_UNITS:
            number = getattr(self, unit)
            if number is not None:
                return LimitLength(number, unit)
        raise LookupError(self.id)  # validation lets no limit be without a length

    def due_after(self, day: date, calendar: WorkingCalendar) -> WorkingDay:
        """The day that the limit ends on, if it runs from a day; estimated by unknown holidays."""
        return next(self.due_days_after(day, calendar))

    def due_days_after(self, day: date, calendar: WorkingCalendar) -> Iterator[WorkingDay]:
        """The days that it falls due on, again and again, if it runs from a day: without end."""
        number, unit = self.length
        due = WorkingDay(day, estimated=False)
        for times in count(1):
            if unit == "working_days":
                following = calendar.after(due.day, number)
                # Whatever an uncertain day is counted from becomes uncertain too.
                due = WorkingDay(following.day, due.estimated or following.estimated)
            elif unit == "months":
                # From the first day: months added one after the other would drift (考(七)).
                due = WorkingDay(add_months(day, times * number), estimated=False)
            else:
                due = WorkingDay(day + timedelta(days=times * number), estimated=False)
            yield due
