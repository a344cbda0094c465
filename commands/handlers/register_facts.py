"""What the store says of the events of one project or resource, now and before corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from commands.handlers.register_rows import telling_field
from lifecycle.events import Event, FactCorrected, RecordedEvent
from lifecycle.events.codec import fields_of
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_course_events import InvestorChanged
from lifecycle.events.project_events import (
    AgreementAmended,
    AgreementSigned,
    InformationReported,
)
from lifecycle.events.resource_events import (
    ResourceAllotted,
    ResourceChanged,
    ResourceListed,
    ResourceReleased,
)

_CHANGES: Final[dict[type[Event], type[Event]]] = {
    AgreementSigned: AgreementAmended,
    InformationReported: InvestorChanged,
    ResourceListed: ResourceChanged,
}
"""What changes a fact's fields from its own day on (spec 7)."""


@cache
def _default_of(kind: type[Event], name: str) -> Any:
    declared = kind.model_fields[name]
    return None if declared.is_required() else declared.default


def field_value(event: Event, name: str) -> Any:
    """Return a field as a record holds it, its default where it was left out."""
    # A report has no field for its day, which follows from its moment.
    if name == "occurred_on":
        return event.on.isoformat()
    fields = fields_of(event)
    if name in fields:
        return fields[name]
    return _plain_default(event, name)


def is_default(event: Event, name: str) -> bool:
    """Return whether a field says nothing that an empty cell does not say."""
    if name == "occurred_on":
        return False
    stored = field_value(event, name)
    return bool(stored == _plain_default(event, name))


def _plain_default(event: Event, name: str) -> Any:
    default = _default_of(type(event), name)
    return _plain(default)


def _plain(value: Any) -> Any:
    # Events hold tuples where the records of a file hold lists.
    if isinstance(value, tuple):
        return list(value)
    return value


def tells_same(
    kind: type[Event],
    recorded: Event,
    fields: Mapping[str, Any],
) -> bool:
    """Return whether a recorded event is the one that a row's fields speak of."""
    name = telling_field(kind)
    if name is None:
        return True
    stored = field_value(recorded, name)
    in_row = fields.get(name)
    if name != "parcel":
        return bool(stored == in_row)
    # Parcels are typed with full-width letters and dashes of every kind.
    stored_parcel = folded_name(stored or "")
    return stored_parcel == folded_name(in_row or "")


class RecordedFacts:
    """The effective facts of a stream by their kinds, and what was said before corrections.

    `read_history` returns the whole history; it is asked for only where a cell differs.
    """

    def __init__(
        self,
        effective: Sequence[RecordedEvent],
        read_history: Callable[[], Sequence[RecordedEvent]],
    ) -> None:
        self.kinds = {type(fact.event) for fact in effective}
        self._read_history = read_history
        self._facts: defaultdict[type[Event], list[RecordedEvent]] = defaultdict(list)
        self._effective_versions = {fact.version for fact in effective}
        self._former: dict[int, list[Mapping[str, Any]]] | None = None
        self._void: list[RecordedEvent] = []
        for fact in effective:
            self._facts[type(fact.event)].append(fact)

    def of_kind(self, kind: type[Event]) -> Sequence[RecordedEvent]:
        """Return the effective events of a kind in the order of versions."""
        return self._facts[kind]

    def same(self, kind: type[Event], fields: Mapping[str, Any]) -> RecordedEvent | None:
        """Return the effective event that a row's fields speak of."""
        for fact in self._facts[kind]:
            if tells_same(kind, fact.event, fields) and not self._is_given_back(fact, fields):
                return fact
        return None

    def standing_allotments(self) -> list[RecordedEvent]:
        """Return the allotments of a resource that no project gave back."""
        released = {str(field_value(fact.event, "project")) for fact in self._releases}
        standing = []
        for fact in self._facts[ResourceAllotted]:
            if str(field_value(fact.event, "project")) not in released:
                standing.append(fact)
        return standing

    @property
    def _releases(self) -> list[RecordedEvent]:
        return self._facts[ResourceReleased]

    def _is_given_back(self, fact: RecordedEvent, fields: Mapping[str, Any]) -> bool:
        """Return whether an allotment ended before the day of a row, which is of another."""
        day = fields.get("occurred_on")
        if not isinstance(fact.event, ResourceAllotted) or day is None:
            return False
        since = fact.event.on.isoformat()
        for release in self._releases:
            if field_value(release.event, "project") == fact.event.project:
                released_on = release.event.on.isoformat()
                if since < day and since <= released_on <= day:
                    return True
        return False

    def is_said_by_change(
        self,
        fact: RecordedEvent,
        name: str,
        value: Any,
    ) -> bool:
        """Return whether a later change says this of the fact: a supplement, a new investor."""
        change = _CHANGES.get(type(fact.event))
        if change is None or name not in change.model_fields:
            return False
        for later in self._facts[change]:
            changed = field_value(later.event, name)
            if _says(changed, value):
                return True
        return False

    def was_said(
        self,
        fact: RecordedEvent,
        name: str,
        value: Any,
        *,
        of_day: bool,
    ) -> bool:
        """Return whether a field of a fact had this value before a correction."""
        self._read_former()
        assert self._former is not None
        for fields in self._former.get(fact.version, ()):
            if name in fields and _says(fields[name], value, of_day=of_day):
                return True
        return False

    def was_void(self, kind: type[Event], values: Mapping[str, Any]) -> bool:
        """Return whether an event that says all of this was recorded and voided."""
        self._read_former()
        assert self._former is not None
        for recorded in self._void:
            event = recorded.event
            if type(event) is not kind:
                continue
            wordings = self._former.get(recorded.version, ())
            if all(_was_among(wordings, event, name, value) for name, value in values.items()):
                return True
        return False

    def _read_former(self) -> None:
        if self._former is not None:
            return
        self._former = {}
        for recorded in self._read_history():
            event = recorded.event
            # What a correction said may itself be corrected later: it is a former wording too.
            if isinstance(event, FactCorrected):
                wordings = self._former.get(event.corrects)
                if wordings is not None and event.replacement is not None:
                    wordings.append(event.replacement)
                continue
            stored = fields_of(event)
            day = event.on.isoformat()
            stored.setdefault("occurred_on", day)
            self._former[recorded.version] = [stored]
            if recorded.version not in self._effective_versions:
                self._void.append(recorded)

    def months_before(
        self,
        kind: type[Event],
        field: str,
        month: str,
        year: str | None,
    ) -> tuple[str | None, Decimal]:
        """Return the last month with a figure before a month, and the sum up to it.

        Only figures of `year` count where one is given.
        """
        last: str | None = None
        total = Decimal(0)
        for fact in self._facts[kind]:
            reported = str(field_value(fact.event, "month"))
            if reported >= month:
                continue
            # A figure cumulated since January leaves out the years before.
            if year is not None and reported[:4] != year:
                continue
            figure = field_value(fact.event, field)
            total += Decimal(figure)
            # A project's months may be recorded in any order.
            if last is None or reported > last:
                last = reported
        return last, total


def _was_among(
    wordings: Sequence[Mapping[str, Any]],
    event: Event,
    name: str,
    value: Any,
) -> bool:
    for fields in wordings:
        if name in fields and _says(fields[name], value):
            return True
    # What was left out was said by its default.
    default = _plain_default(event, name)
    return _says(default, value)


def _says(
    stored: Any,
    value: Any,
    *,
    of_day: bool = False,
) -> bool:
    """Return whether a stored value is a cell's; of a moment only the day where no time is."""
    if of_day:
        return str(stored)[:10] == str(value)[:10]
    stored_value = _plain(stored)
    # Lists are kept as sets, in an order that is not the workbook's.
    if isinstance(stored_value, list) and isinstance(value, list):
        return all(entry in value for entry in stored_value) and all(
            entry in stored_value for entry in value
        )
    return bool(stored_value == value)


def same_value(
    event: Event,
    name: str,
    value: Any,
    *,
    of_day: bool,
) -> bool:
    """Return whether an event's field has this value."""
    return _says(field_value(event, name), value, of_day=of_day)


def month_is_over(month: str, today: date) -> bool:
    """Return whether a month's last day has passed."""
    return month < f"{today:%Y-%m}"
