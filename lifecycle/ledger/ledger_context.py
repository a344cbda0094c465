"""What decisions ask of the ledger, answered from streams' histories and an index over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle import rulebook
from lifecycle.deciding.claims import (
    UNIT_FIELDS,
    Claim,
    identity,
    is_same_investor,
    normalised_name,
    word_claim,
)
from lifecycle.deciding.corrections import moved_to
from lifecycle.deciding.decision_context import ClaimHolder
from lifecycle.deciding.near_names import are_near
from lifecycle.deciding.word_uses import word_uses
from lifecycle.events import COUNTY, FactCorrected, RecordedEvent, Stream, StreamKind
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported
from lifecycle.events.unit_events import UnitDissolved
from lifecycle.events.vocabulary import WordList
from lifecycle.late_module import LateModule
from lifecycle.ledger.ledger_states import LedgerStates, carried_sheet
from lifecycle.ledger.recorders.name_index import code_claim
from lifecycle.rejections import Problem
from lifecycle.rulebook.declared_words import DeclaredWord, words_declared_in

if TYPE_CHECKING:
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import Indel
else:
    # Only a name like another's or an unknown one is compared.
    fuzz = LateModule("rapidfuzz.fuzz")
    process = LateModule("rapidfuzz.process")
    Indel = LateModule("rapidfuzz.distance.Indel")

_MOST_ANSWERS: Final = 3


class _SimilarProject(NamedTuple):
    """A project with a near name. Projects sort by what tells most: the investor, the name."""

    has_other_investor: bool
    unlikeness: float
    code: str
    holder: ClaimHolder


def _likeness_of(project: _SimilarProject) -> tuple[bool, float, str]:
    return project.has_other_investor, project.unlikeness, project.code


class LedgerContext(LedgerStates):
    """The `DecisionContext` of a unit of work or a replay: it answers by the events so far."""

    # Units --------------------------------------------------------------------------------------

    def registered_units(self) -> set[str]:
        """Return the names with which units are registered, which stay their identities."""
        if self._unit_names is None:
            unit_ids = {stream_id for _name, stream_id in self._index.pairs("unit")}
            self._unit_names = {Stream.of(unit_id).name for unit_id in unit_ids}
        return self._unit_names

    def is_unit(self, name: str) -> bool:
        """Return whether a unit of this name is registered, by the unit's own history."""
        return self.is_founded(Stream.named("unit", name))

    def sequence_of(self, unit: str) -> str | None:
        """Return the sequence in which a unit is registered, None where it is not registered."""
        registration = self._founding_state(Stream.named("unit", unit)).registration
        return None if registration is None else registration.sequence

    def unit_called(self, name: str) -> str | None:
        """Return the unit that has or had a name by a renaming."""
        claim = Claim("unit", name)
        for unit_id in self._index.holders(claim):
            unit = Stream.of(unit_id)
            if unit.name != name and claim in self._founding_state(unit).claims:
                return unit.name
        return None

    def dissolution_of(self, name: str) -> UnitDissolved | None:
        """Return a unit's effective dissolution, whatever its day."""
        unit = Stream.named("unit", name)
        corrected = self._corrected.get(unit.id)
        # While a correction is decided on, the stream stands as the correction would leave it.
        if corrected is not None:
            return corrected.last_of(UnitDissolved)
        return self._founding_state(unit).dissolution

    def facts_of_unit(self, name: str) -> Iterator[RecordedEvent]:
        """Yield the effective facts in a unit's stream, and those elsewhere that name the unit."""
        unit = Stream("unit", name)
        yield from self.effective_history(unit)
        for stream_id in self._index.holders(Claim("names", name)):
            stream = Stream.of(stream_id)
            for fact in self.effective_history(stream):
                field = UNIT_FIELDS.get(type(fact.event))
                if field is not None and getattr(fact.event, field) == name:
                    yield fact

    def names_unit(self, name: str) -> str | None:
        """Return a stream whose facts name this unit."""
        claim = Claim("names", name)
        for stream_id in self._index.holders(claim):
            if claim in self._state(Stream.of(stream_id)).claims:
                return stream_id
        return None

    def nearest_units(self, name: str) -> Sequence[str]:
        """Return the registered units whose names are nearest, nearest first."""
        names = sorted(self.registered_units())
        matches = process.extract(name, names, scorer=fuzz.WRatio, limit=_MOST_ANSWERS)
        # A row that no registration confirms would be proposed to whoever it just failed.
        return [match[0] for match in matches if self.is_unit(match[0])]

    # Projects and resources ---------------------------------------------------------------------

    def moved_to(self, project: Stream) -> str | None:
        """Return the code to which a project was moved, None where it was not."""
        return moved_to(self._history(project))

    def is_project(self, code: str) -> bool:
        """Return whether a project of this code has been reported."""
        return self.is_founded(Stream.named("project", code))

    def holder(
        self,
        kind: str,
        value: str,
        other_than: str,
    ) -> ClaimHolder | None:
        """Return the first project, other than this stream, that holds the claim."""
        claim = Claim(kind, value)
        for stream_id in self._index.holders(claim):
            # A row that the stream's own history does not confirm locks nobody out.
            if stream_id != other_than and claim in self._state(Stream.of(stream_id)).claims:
                return self.named_project(stream_id)
        return None

    def named_project(self, stream_id: str) -> ClaimHolder | None:
        """Return a project's code and report by its stream id; None where the report is void."""
        stream = Stream.of(stream_id)
        information = self._state(stream).information
        if information is None:
            return None
        return ClaimHolder(stream.name, information)

    def similar(self, information: InformationReported, stream_id: str) -> Sequence[ClaimHolder]:
        """Return other projects whose names are similar but not equal, most similar first."""
        name = normalised_name(information.name)
        own_identity = identity(information)
        similar: list[_SimilarProject] = []
        for near_id in self._index.near(name):
            holder = None if near_id == stream_id else self.named_project(near_id)
            if holder is None:
                continue
            other_name = normalised_name(holder.information.name)
            # An equal identity is a rule's business, not a warning's.
            if other_name == name and identity(holder.information) == own_identity:
                continue
            if are_near(name, other_name):
                likeness = Indel.normalized_similarity(name, other_name)
                is_same = is_same_investor(information, holder.information)
                similar.append(_SimilarProject(not is_same, -likeness, holder.code, holder))
        similar.sort(key=_likeness_of)
        return [entry.holder for entry in similar[:_MOST_ANSWERS]]

    def names_of_projects(self) -> dict[str, str]:
        """Return each project's normalised name by stream id, from its claim to an identity."""
        if self._project_names is None:
            self._project_names = {}
            for identity_value, stream_id in self._index.pairs("identity"):
                _investor, _tab, name = identity_value.partition("\t")
                self._project_names[stream_id] = name
        return self._project_names

    def listed_resources(self) -> list[str]:
        """Return the codes of the listed resources, sorted."""
        return sorted(
            {Stream.of(stream_id).name for _code, stream_id in self._index.pairs("resource")}
        )

    # Names that fold to one another -------------------------------------------------------------

    def alike(self, kind: StreamKind, name: str) -> str | None:
        """Return another project or unit with a code or name that folds to this one."""
        return min(self._held_alike(kind, name) - {name}, default=None)

    def other_unit_alike(self, name: str, unit: str) -> str | None:
        """Return a unit other than `unit` that has or had a name that folds to this one."""
        return min(self._held_alike("unit", name) - {unit}, default=None)

    def only_alike(self, kind: StreamKind, name: str) -> str | None:
        """Return the one project or unit with a code or name that folds to this one.

        None among several.
        """
        held_names = self._held_alike(kind, name)
        return min(held_names) if len(held_names) == 1 else None

    def _held_alike(self, kind: StreamKind, name: str) -> set[str]:
        """Return the projects with a code, or units that have or had a name, that folds to this."""
        if kind == "project":
            claim = code_claim(Stream(kind, name).id)
            return {Stream.of(stream_id).name for stream_id in self._index.holders(claim)}
        if kind == "resource":
            listed = Claim("resource", folded_name(name))
            return {Stream.of(stream_id).name for stream_id in self._index.holders(listed)}
        if self._folded_units is None:
            self._folded_units = defaultdict(set)
            for unit_name, stream_id in self._index.pairs("unit"):
                self._folded_units[folded_name(unit_name)].add(Stream.of(stream_id).name)
        return self._folded_units.get(folded_name(name), set())

    # Sheets and rulebooks -----------------------------------------------------------------------

    def carries_number(self, stream: Stream, number: str) -> bool:
        """Return whether a sheet of this number was voided because its project moves here."""
        for stream_id in self._index.holders(carried_sheet(stream.name, number)):
            if self._left_with_number(Stream.of(stream_id), stream.name, number):
                facts = self.effective_history(stream)
                return not any(getattr(fact.event, "number", "") == number for fact in facts)
        return False

    def _left_with_number(self, stream: Stream, destination: str, number: str) -> bool:
        """Return whether the stream's own history says that the sheet left it."""
        corrected = self._corrected_stream(stream)
        for recorded in self._history(stream):
            event = recorded.event
            if not isinstance(event, FactCorrected) or event.moved_to != destination:
                continue
            sheet = corrected.recorded(event.corrects)
            is_left = sheet is not None and getattr(sheet.event, "number", "") == number
            if is_left and corrected.is_void(event.corrects):
                return True
        return False

    def last_number(self, sign: str, year: int) -> int:
        """Return the counter of the last sheet of this sign and year, 0 where there is none."""
        return self._index.last_number(sign, year)

    def declared_words(self) -> tuple[DeclaredWord, ...]:
        """Return the words that the rulebooks declare whose adoptions are effective."""
        version = self._state(COUNTY).version
        # A correction of the county's stream is decided on as it would leave the stream.
        if COUNTY.id in self._corrected or self._words_at != version:
            words: list[DeclaredWord] = []
            for fact in self.effective_history(COUNTY):
                if isinstance(fact.event, RulebookAdopted):
                    words.extend(words_declared_in(fact.event.content))
            self._words, self._words_at = tuple(dict.fromkeys(words)), version
        return self._words

    def fact_with_word(self, word_list: WordList, word: str) -> str | None:
        """Return the name of the first effective fact that uses a declared word."""
        for stream_id in self._index.holders(word_claim(word_list, word)):
            for fact in self.effective_history(Stream.of(stream_id)):
                for use in word_uses(fact.event):
                    if (use.word_list, use.word) == (word_list, word):
                        return fact.ref
        return None

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """Return what is wrong with a rulebook that is to be adopted."""
        return rulebook.adoption_problem(event)
