"""The projects or resources of a store: by code, else by what a row tells of them (spec 5).

A project is known by investor and name, a resource by name and location.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from commands.handlers.register_subjects import RegisterSubject
from lifecycle.deciding.claims import normalised_name
from lifecycle.deciding.corrections import corrected_history
from lifecycle.events import BY_NAME, FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import fields_of, recorded_or_unreadable
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported, ProjectFiled
from lifecycle.events.resource_events import ResourceListed, ResourceWithdrawn
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger

_IDENTITY_FIELDS: Final = ("name", "investor", "investor_code", "location")


def _naming_events(counterpart: str) -> frozenset[str]:
    """Return the names of the events that say who invests in what, or what lies where."""
    naming = {ProjectFiled.__name__, ResourceWithdrawn.__name__, FactCorrected.__name__}
    for name, kind in BY_NAME.items():
        if counterpart in kind.model_fields:
            naming.add(name)
    return frozenset(naming)


class Identity(NamedTuple):
    """What a row is known by: a name, with its investor (by name or credit code) or location."""

    counterpart: str
    name: str


@dataclass(slots=True)
class KnownEntry:
    """A project or resource: its code and founding event, and every identity it has or had."""

    code: str
    founding: InformationReported | ResourceListed | None = None
    """None where the report or the listing is void."""
    is_withdrawn: bool = False
    """A resource that is no longer offered, which no workbook needs to have."""
    present: set[Identity] = field(default_factory=set)
    former: set[Identity] = field(default_factory=set)
    moved_to: str | None = None
    """The code under which a moved project goes on."""
    signs: set[tuple[str, str]] = field(default_factory=set)
    """Names, investors or locations, filing codes: by which another row may be the same."""


class RegisterDirectory:
    """The projects or resources of the store, to find the one that a row means."""

    def __init__(self, entries: Iterable[KnownEntry]) -> None:
        self.entries: dict[str, KnownEntry] = {}
        self._folded: defaultdict[str, list[str]] = defaultdict(list)
        self._present: defaultdict[Identity, set[str]] = defaultdict(set)
        self._former: defaultdict[Identity, set[str]] = defaultdict(set)
        for entry in entries:
            self._add(entry)

    @classmethod
    def of(cls, ledger: Ledger, subject: RegisterSubject) -> RegisterDirectory:
        """Read those of a store, former names and void reports included."""
        with ledger.rows_of_kind(subject.kind) as rows:
            return cls(_known_entries(rows, subject))

    def _add(self, entry: KnownEntry) -> None:
        code = entry.code
        self.entries[code] = entry
        # A code whose report is void means no project, however it is typed.
        if entry.founding is not None:
            look = folded_name(code)
            self._folded[look].append(code)
        for identity in entry.present:
            self._present[identity].add(code)
        for identity in entry.former:
            self._former[identity].add(code)

    def by_code(self, code: str) -> str | None:
        """Return the held code that a code means: by the whole, else by its look.

        A moved project is found under the code that it has now.
        """
        # A project that moved and moved back would be walked round for ever.
        visited: set[str] = set()
        entry = self.entries.get(code)
        while entry is not None and entry.code not in visited:
            visited.add(entry.code)
            if entry.founding is not None:
                return entry.code
            entry = self.entries.get(entry.moved_to or "")
        look = folded_name(code)
        alike = self._folded.get(look, [])
        if len(alike) != 1:
            return None
        return alike[0]

    def by_identities(self, identities: Iterable[Identity]) -> set[str]:
        """Return the codes of those that have an identity, else of those that had it."""
        row_identities = list(identities)
        for holders in (self._present, self._former):
            codes: set[str] = set()
            for identity in row_identities:
                codes |= holders.get(identity, set())
            if codes:
                return codes
        return set()


def identities_of(
    name: str,
    counterpart: str | None,
    investor_code: str | None = None,
) -> set[Identity]:
    """Return the identities that a name has with an investor or location, or a credit code."""
    counterparts: set[str] = set()
    if investor_code:
        counterparts.add(investor_code)
    if counterpart:
        counterparts.add(normalised_name(counterpart))
    own_name = normalised_name(name)
    return {Identity(entry, own_name) for entry in counterparts}


def signs_of(
    name: str | None = None,
    counterpart: str | None = None,
    investor_code: str | None = None,
    filing_code: str | None = None,
) -> set[tuple[str, str]]:
    """Return what two rows that are perhaps the same may share."""
    signs: set[tuple[str, str]] = set()
    if name:
        signs.add(("name", normalised_name(name)))
    if counterpart:
        signs.add(("counterpart", normalised_name(counterpart)))
    if investor_code:
        signs.add(("counterpart", investor_code))
    if filing_code:
        signs.add(("filing", filing_code))
    return signs


# Reading the store --------------------------------------------------------------------------------


def _known_entries(rows: Iterable[StoredRow], subject: RegisterSubject) -> Iterator[KnownEntry]:
    naming_events = _naming_events(subject.counterpart)
    # A topic is the event's name with its version.
    naming = (row for row in rows if row[3].partition("/")[0] in naming_events)
    for stream_id, stream_rows in groupby(naming, key=itemgetter(1)):
        history = [recorded_or_unreadable(*row) for row in stream_rows]
        stream = Stream.of(stream_id)
        yield _known_entry(stream.name, history)


def _known_entry(code: str, history: list[RecordedEvent]) -> KnownEntry:
    entry = KnownEntry(code)
    effective = _no_values()
    for fact in corrected_history(history).facts:
        if isinstance(fact.event, InformationReported | ResourceListed):
            entry.founding = fact.event
        elif isinstance(fact.event, ResourceWithdrawn):
            entry.is_withdrawn = True
        _collect(effective, fields_of(fact.event))
    entry.present = _combined(effective)
    ever = _no_values()
    for recorded in history:
        event = recorded.event
        if isinstance(event, FactCorrected):
            # An older register still has the name that a correction was itself corrected from.
            _collect(ever, event.replacement or {})
            entry.moved_to = event.moved_to or entry.moved_to
            continue
        _collect(ever, fields_of(event))
        if isinstance(event, ProjectFiled):
            entry.signs.add(("filing", event.project_code))
    entry.former = _combined(ever) - entry.present
    entry.signs |= _signs_of_values(ever)
    return entry


def _no_values() -> dict[str, set[str]]:
    return {name: set() for name in _IDENTITY_FIELDS}


def _signs_of_values(values: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    signs: set[tuple[str, str]] = set()
    for name in values["name"]:
        signs |= signs_of(name=name)
    for counterpart in values["investor"] | values["location"]:
        signs |= signs_of(counterpart=counterpart)
    for investor_code in values["investor_code"]:
        signs |= signs_of(investor_code=investor_code)
    return signs


def _collect(values: dict[str, set[str]], fields: Mapping[str, object]) -> None:
    for name in _IDENTITY_FIELDS:
        value = fields.get(name)
        if isinstance(value, str):
            values[name].add(value)


def _combined(values: Mapping[str, set[str]]) -> set[Identity]:
    identities: set[Identity] = set()
    for name in values["name"]:
        for counterpart in values["investor"] | values["location"]:
            identities |= identities_of(name, counterpart)
        for investor_code in values["investor_code"]:
            identities |= identities_of(name, None, investor_code)
    return identities
