"""Hypothesis strategies.

Random lawful histories as import records, and interesting axes (Y, D, K) to look from.

Each candidate is judged by `lawful` before it is appended, so every prefix of a history is lawful
too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from .book import STARTS, Book, Fields
from .draw_corrections import correction, void
from .draw_projects import follow_up, project_fields, task
from .draw_units import UNIT_KINDS, UNITS, county_fields, registration, unit_fields
from .effective import (
    COUNTY,
    MONTHLY,
    Event,
    Record,
    Stream,
    effective,
    moment,
    records_of,
    stream_of,
)
from .recognition import facts, period_end

NODES = ("ConsultationHeld", "AgreementSigned", "LandAcquired", "ProjectFiled", "StatisticsEntered")
CAREER = (
    "ConsultationHeld",
    "ScheduleSet",
    *NODES[1:],
    "InvestmentReported",
    "TaxPaid",
    "InvestmentReported",
    "TaxPaid",
)
LIFE = (
    "ScheduleSet",
    "AgreementAmended",
    "ProjectTransferred",
    "PerformanceAssessed",
    "ViolationFound",
    "ReviewHeld",
    "RecognitionDenied",
    "ProjectTerminated",
    "ViolationCleared",
    "LandAcquired",
    "AgreementAmended",
    "ProjectFiled",
    "FollowedUp",
    "InvestorChanged",
    "ProjectPaused",
    "MilestoneReached",
    "InvestorChanged",
    "ProjectResumed",
    "FollowedUp",
)
WHILE_OPEN = (
    "TaskCleared",
    "SupervisionIssued",
    "WarningIssued",
    "ExposurePublished",
    "TaskCleared",
)
STEPS = (
    "node",
    "correct",
    "unit",
    "figure",
    "sheet",
    "correct",
    "life",
    "unit",
    "schedule",
    "correct",
    "node",
    "correct",
    "unit",
    "figure",
    "sheet",
    "node",
    "life",
    "unit",
    "figure",
    "sheet",
    "correct",
    "mistake",
    "project",
    "register",
    "county",
    "unit_change",
)


@st.composite
def histories(
    draw: st.DrawFn,
    min_steps: int = 4,
    max_steps: int = 45,
    steps: Sequence[str] = STEPS,
) -> list[dict[str, Any]]:
    """A lawful history: 2 to 7 units, 1 to 7 projects, and further steps, most of which record.

    `steps` weighs what happens: a test about sheets may ask for
    `("node", "schedule", "sheet", "correct")`.
    """
    book = Book(draw, draw(st.sampled_from(STARTS)))
    for _ in range(draw(st.integers(2, 4))):
        register(book)
    for _ in range(draw(st.integers(1, 3))):
        report(book)
    for _ in range(draw(st.integers(min_steps, max_steps))):
        take(book, book.pick(steps))
    return book.records


def take(
    book: Book,
    step: str,
) -> None:
    """One step; it records nothing where the draw turns out unlawful."""
    if step == "register":
        register(book)
    elif step == "project":
        report(book)
    elif step == "county":
        kind = book.pick(("TargetSet", "MeetingHeld"))
        record(book, COUNTY, kind, county_fields(book, kind), book.day())
    elif step == "unit":
        unit_step(book)
    elif step == "unit_change":
        unit_change_step(book)
    elif step == "correct":
        correct_step(book)
    elif step == "mistake":
        mistake_step(book)
    else:
        standing = [name for name in book.names("project") if book.events(("project", name))]
        if standing:
            project_step(book, ("project", book.pick(standing)), step)


def unit_change_step(book: Book) -> None:
    """A unit is renamed, regrouped or dissolved."""
    kind = book.pick(("UnitDissolved", "UnitRegrouped", "UnitRenamed", "UnitDissolved"))
    stream = ("unit", book.pick(book.names("unit")))
    fields = unit_fields(book, kind, "")
    # Facts of that day or later keep a unit from being dissolved: mostly today is late enough.
    day = book.today if kind == "UnitDissolved" and not book.chance(3) else book.day(stream)
    record(book, stream, kind, fields, day)


def record(
    book: Book,
    stream: Stream,
    kind: str,
    fields: Fields,
    day: date,
) -> None:
    """Record an event of a day; a monthly fact takes its date from its month, or leaves it out."""
    drawn: Fields = {"event": kind}
    if stream != COUNTY:
        drawn[stream[0]] = stream[1]
    when: str | None = day.isoformat()
    if kind in MONTHLY:
        when = book.day_in_month(fields["month"])
    if kind == "InformationReported":
        when = None
    if when is not None:
        drawn["occurred_on"] = when
    book.add({**drawn, **book.envelope(), **fields})


def register(book: Book) -> None:
    """Register the next unit of the list, if any is left."""
    left = [name for name in UNITS if name not in book.names("unit")]
    if left:
        record(book, ("unit", left[0]), "UnitRegistered", registration(book), book.day())


def report(book: Book) -> None:
    """Report a new project, and let it come as far as a draw says.

    Without a career few would ever earn a point.
    """
    stream = ("project", f"KH-2024-{len(book.names('project')) + 1:03d}")
    if len(book.names("project")) == len(UNITS):
        return
    record(
        book,
        stream,
        "InformationReported",
        project_fields(book, "InformationReported", book.today),
        book.today,
    )
    for kind in CAREER[: book.pick((len(CAREER), 3, 6, 0))]:
        days = [event.occurred_on for event in book.events(stream)]
        # A unit that is dissolved reports nothing.
        if not days:
            return
        day = book.later(max(days))
        record(book, stream, kind, project_fields(book, kind, day), day)


def mistake_step(book: Book) -> None:
    """A report that was a mistake is voided, or made anew in the stream of one that was."""
    stream = ("project", book.pick(book.names("project")))
    events = book.events(stream)
    if not events:
        fields = project_fields(book, "InformationReported", book.today)
        record(book, stream, "InformationReported", fields, book.today)
    moved: Fields = {}
    if book.chance(2):
        moved = {"moved_to": f"KH-2024-9{len(book.names('project')):02d}"}
    events.sort(key=lambda event: event.version)
    for event in reversed(events):
        target = records_of(book.records, stream)[event.version - 1]
        if not book.add({**void(book, target), **moved}):
            return
    if moved:
        for event in events:
            stamps = ("recorded_at", "recorded_by", "project")
            fields = {name: event.fields[name] for name in event.fields if name not in stamps}
            marked = {"project": moved["moved_to"], "key": f"moved:{event.name}"}
            if not book.add({**fields, **marked}):
                return


def unit_step(book: Book) -> None:
    """Something happens to a unit."""
    stream = ("unit", book.pick(book.names("unit")))
    kind = book.pick(UNIT_KINDS)
    day = book.day(stream)
    record(book, stream, kind, unit_fields(book, kind, day.isoformat()[:7]), day)


def correct_step(book: Book) -> None:
    """A correction in one of the streams, most often of a project."""
    streams = [("project", name) for name in book.names("project")]
    if book.chance(3):
        streams = [("unit", name) for name in book.names("unit")]
        if any(stream_of(earlier) == COUNTY for earlier in book.records):
            streams.append(COUNTY)
    fields = correction(book, book.pick(streams))
    if fields is not None:
        book.add(fields)


def project_step(
    book: Book,
    stream: Stream,
    step: str,
) -> None:
    """A node, a figure, a plan, a sheet or something else in a project's life."""
    events = book.events(stream)
    kinds = {event.kind for event in events}
    day = book.day(stream)
    if step == "sheet":
        sheet_step(book, stream, events)
        return
    if step == "node":
        passed = any(event.fields.get("outcome") == "passed" for event in events)
        left = [kind for kind in NODES if kind not in kinds]
        if not passed and "ConsultationHeld" in kinds:  # held, but not passed yet
            left.insert(0, "ConsultationHeld")
        kind = next_node(book, left)
    elif step == "figure":
        kind = figure_kind(book, events, kinds)
    elif step == "schedule":
        kind = "ScheduleSet"
    else:
        kind = book.pick(LIFE)
    if kind == "ProjectTerminated" and book.chance(2):
        day = book.today  # most other days would leave events behind the end
    record(book, stream, kind, project_fields(book, kind, day), day)


def next_node(
    book: Book,
    left: list[str],
) -> str:
    """The next node, or any of those left; where none is, something else."""
    if left and not book.chance(3):
        return left[0]
    return book.pick(left or ["ScheduleSet", *LIFE])


def figure_kind(
    book: Book,
    events: Sequence[Event],
    kinds: set[str],
) -> str:
    """Tax for a service project or before statistics entry, else mostly investment."""
    entered = "StatisticsEntered" in kinds
    by_tax = events[0].fields.get("sector") == "service" or not entered
    if by_tax and not (entered and book.chance(4)):
        return "TaxPaid"
    return "InvestmentReported"


def sheet_step(
    book: Book,
    stream: Stream,
    events: Sequence[Event],
) -> None:
    """A task, or what follows on one; mostly not before the sheets that are there."""
    sheets = [event for event in events if {"about", "number"} & set(event.fields)]
    latest = max((event.occurred_on for event in sheets), default=book.day())
    days = (latest, latest + timedelta(days=9), book.today)
    day = book.pick([each for each in days if each <= book.today])
    states: dict[Any, str] = {}
    for event in events:
        if is_turn(event):
            task_number = event.fields.get("about", event.fields.get("number"))
            states[task_number] = event.kind
    if not states or book.chance(3):
        record(book, stream, "TaskAssigned", task(book, day), day)
        return
    about = book.pick(list(states))
    kind = "TaskReopened"
    if states[about] != "TaskCleared":
        kind = book.pick(WHILE_OPEN)
    record(book, stream, kind, follow_up(book, str(about), kind, day), day)


def is_turn(event: Event) -> bool:
    """Whether an event opens or closes a task."""
    return event.kind in {"TaskAssigned", "TaskCleared", "TaskReopened"}


MICROSECOND = timedelta(microseconds=1)
YEARS = (2024, 2024, 2024, 2024, 2024, 2024, 2024, 2023, 2025, 2022, 2021)


@st.composite
def axes(
    draw: st.DrawFn,
    records: Sequence[Record],
) -> tuple[int, date | None, datetime | None]:
    """(year, as_of, known_at) where something turns.

    Beside the days, and at the moments, that the history holds.
    """
    year = draw(st.sampled_from(YEARS))
    ends = [date(year, 12, 31), date(year, 9, 30), date(year, 6, 30), date(year, 3, 31), None]
    near: list[date] = []
    for day in turning_days(records):
        near += [day, day + timedelta(days=1), day - timedelta(days=1)]
    # Days outside the year tell little: a later one is its last day, and by an earlier one nothing
    # has happened yet.
    inside = [day for day in dict.fromkeys(near) if day.year == year] or near[:1]
    as_of = draw(st.sampled_from(ends) | st.sampled_from(inside) | st.sampled_from(near))
    if draw(st.integers(0, 2)) < 2:
        return year, as_of, None
    around: list[datetime] = []
    for record in records:
        recorded_at = moment(record["recorded_at"])
        around += [recorded_at, recorded_at - MICROSECOND, recorded_at + MICROSECOND]
    return year, as_of, draw(st.sampled_from(around[::-1]))


def turning_days(records: Sequence[Record]) -> list[date]:
    """Every date in the records, of their events, and at the end of an assessment period."""
    named = {date.fromisoformat(text) for text in dates_in(list(records))}
    dated = {event.occurred_on for event in effective(records)}
    last = max(named | dated)
    ends = {period_end(project) for project in facts(records, last).projects.values()}
    return sorted(named | dated | {end for end in ends if end is not None})


def dates_in(value: Any) -> list[str]:
    """All ISO dates in a JSON value."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return [value]
    children: Iterable[Any] = ()
    if isinstance(value, Mapping):
        children = value.values()
    elif isinstance(value, list):
        children = value
    dates: list[str] = []
    for child in children:
        dates += dates_in(child)
    return dates
