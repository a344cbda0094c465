"""Which project each row of a register is: by code, else by investor and name (spec 5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from lifecycle.deciding.claims import normalised_name
from lifecycle.deciding.corrections import corrected_history
from lifecycle.events import BY_NAME, FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import fields_of, recorded_or_unreadable
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported, ProjectFiled
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger

_IDENTITY_FIELDS: Final = ("name", "investor", "investor_code")


def _naming_events() -> frozenset[str]:
    """Return the names of the events that say who invests in which project."""
    naming = {ProjectFiled.__name__, FactCorrected.__name__}
    for name, kind in BY_NAME.items():
        if "investor" in kind.model_fields:
            naming.add(name)
    return frozenset(naming)


_NAMING_EVENTS: Final = _naming_events()


class Identity(NamedTuple):
    """What makes a row a project: an investor, by name or credit code, and the project's name."""

    investor: str
    name: str


@dataclass(slots=True)
class KnownProject:
    """A project of the store: its code and report, and every identity it has or had."""

    code: str
    information: InformationReported | None = None
    """None where the report is void."""
    present: set[Identity] = field(default_factory=set)
    former: set[Identity] = field(default_factory=set)
    moved_to: str | None = None
    """The code under which a moved project goes on."""
    signs: set[tuple[str, str]] = field(default_factory=set)
    """Investors, names and filing codes, by which another row may perhaps be the same."""


class ProjectDirectory:
    """The projects of the store, to find the one that a row means."""

    def __init__(self, projects: Iterable[KnownProject]) -> None:
        self.projects: dict[str, KnownProject] = {}
        self._folded: defaultdict[str, list[str]] = defaultdict(list)
        self._present: defaultdict[Identity, set[str]] = defaultdict(set)
        self._former: defaultdict[Identity, set[str]] = defaultdict(set)
        for project in projects:
            self._add(project)

    @classmethod
    def of(cls, ledger: Ledger) -> ProjectDirectory:
        """Read the projects of a store, former names and void reports included."""
        with ledger.rows_of_kind("project") as rows:
            return cls(_known_projects(rows))

    def _add(self, project: KnownProject) -> None:
        code = project.code
        self.projects[code] = project
        # A code whose report is void means no project, however it is typed.
        if project.information is not None:
            look = folded_name(code)
            self._folded[look].append(code)
        for identity in project.present:
            self._present[identity].add(code)
        for identity in project.former:
            self._former[identity].add(code)

    def by_code(self, code: str) -> str | None:
        """Return the code of the project that a code means: by the whole, else by its look.

        A moved project is found under the code that it has now.
        """
        # A project that moved and moved back would be walked round for ever.
        visited: set[str] = set()
        project = self.projects.get(code)
        while project is not None and project.code not in visited:
            visited.add(project.code)
            if project.information is not None:
                return project.code
            project = self.projects.get(project.moved_to or "")
        look = folded_name(code)
        alike = self._folded.get(look, [])
        if len(alike) != 1:
            return None
        return alike[0]

    def by_identities(self, identities: Iterable[Identity]) -> set[str]:
        """Return the codes of the projects that have an identity, else of those that had it."""
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
    investor: str | None,
    investor_code: str | None,
) -> set[Identity]:
    """Return the identities that a name has with an investor: by credit code and by name."""
    investors: set[str] = set()
    if investor_code:
        investors.add(investor_code)
    if investor:
        investors.add(normalised_name(investor))
    project_name = normalised_name(name)
    return {Identity(entry, project_name) for entry in investors}


def signs_of(
    name: str | None,
    investor: str | None,
    investor_code: str | None,
    filing_code: str | None,
) -> set[tuple[str, str]]:
    """Return what two rows that are perhaps one project may share."""
    signs: set[tuple[str, str]] = set()
    if name:
        signs.add(("name", normalised_name(name)))
    if investor:
        signs.add(("investor", normalised_name(investor)))
    if investor_code:
        signs.add(("investor", investor_code))
    if filing_code:
        signs.add(("filing", filing_code))
    return signs


# Reading the store --------------------------------------------------------------------------------


def _known_projects(rows: Iterable[StoredRow]) -> Iterator[KnownProject]:
    # A topic is the event's name with its version.
    naming = (row for row in rows if row[3].partition("/")[0] in _NAMING_EVENTS)
    for stream_id, stream_rows in groupby(naming, key=itemgetter(1)):
        history = [recorded_or_unreadable(*row) for row in stream_rows]
        stream = Stream.of(stream_id)
        yield _known_project(stream.name, history)


def _known_project(code: str, history: list[RecordedEvent]) -> KnownProject:
    project = KnownProject(code)
    effective = _no_values()
    for fact in corrected_history(history).facts:
        if isinstance(fact.event, InformationReported):
            project.information = fact.event
        _collect(effective, fields_of(fact.event))
    project.present = _combined(effective)
    ever = _no_values()
    for recorded in history:
        event = recorded.event
        if isinstance(event, FactCorrected):
            # An older register still has the name that a correction was itself corrected from.
            _collect(ever, event.replacement or {})
            project.moved_to = event.moved_to or project.moved_to
            continue
        _collect(ever, fields_of(event))
        if isinstance(event, ProjectFiled):
            project.signs.add(("filing", event.project_code))
    project.former = _combined(ever) - project.present
    project.signs |= _signs_of_values(ever)
    return project


def _no_values() -> dict[str, set[str]]:
    return {name: set() for name in _IDENTITY_FIELDS}


def _signs_of_values(values: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    signs: set[tuple[str, str]] = set()
    for name in values["name"]:
        signs |= signs_of(name, None, None, None)
    for investor in values["investor"]:
        signs |= signs_of(None, investor, None, None)
    for investor_code in values["investor_code"]:
        signs |= signs_of(None, None, investor_code, None)
    return signs


def _collect(values: dict[str, set[str]], fields: Mapping[str, object]) -> None:
    for name in _IDENTITY_FIELDS:
        value = fields.get(name)
        if isinstance(value, str):
            values[name].add(value)


def _combined(values: Mapping[str, set[str]]) -> set[Identity]:
    identities: set[Identity] = set()
    for name in values["name"]:
        for investor in values["investor"]:
            identities |= identities_of(name, investor, None)
        for investor_code in values["investor_code"]:
            identities |= identities_of(name, None, investor_code)
    return identities


# Making codes -------------------------------------------------------------------------------------

_NUMBER_PLACE: Final = re.compile(r"\{n(?::(0?)([1-9]))?\}", re.ASCII)


class CodeMaker:
    """Makes codes by a pattern: the next number that no code of the county has."""

    def __init__(self, pattern: str, held_codes: Iterable[str]) -> None:
        self._pattern = pattern
        self._held = {folded_name(code) for code in held_codes}
        self._last: dict[str, int] = {}

    def next_code(self, year: str) -> str:
        """Return a code of a year that is free, and take it."""
        number = self._last.get(year)
        if number is None:
            number = self._highest(year)
        self._last[year] = number + 1
        return self._code(year, number + 1)

    def _highest(self, year: str) -> int:
        before, after = self._parts(year)
        beginning = re.escape(folded_name(before))
        end = re.escape(folded_name(after))
        numbered = re.compile(beginning + r"([0-9]+)" + end)
        highest = 0
        for code in self._held:
            match = numbered.fullmatch(code)
            if match is None:
                continue
            number = int(match[1])
            highest = max(highest, number)
        return highest

    def _parts(self, year: str) -> tuple[str, str]:
        place = self._number_place()
        before = self._pattern[: place.start()]
        after = self._pattern[place.end() :]
        return before.replace("{year}", year), after.replace("{year}", year)

    def _code(self, year: str, number: int) -> str:
        place = self._number_place()
        fill = place[1] or ""
        width = place[2] or ""
        digits = format(number, f"{fill}{width}")
        before, after = self._parts(year)
        return f"{before}{digits}{after}"

    def _number_place(self) -> re.Match[str]:
        place = _NUMBER_PLACE.search(self._pattern)
        # Maps with a pattern without {n} are rejected when they are read.
        assert place is not None
        return place
