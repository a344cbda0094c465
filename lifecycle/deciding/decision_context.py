"""What a decision may ask of the rest of the ledger; passed in: deciding reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from lifecycle.events import RecordedEvent, Stream, StreamKind
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.project_events import InformationReported
from lifecycle.events.unit_events import UnitDissolved
from lifecycle.events.vocabulary import WordList
from lifecycle.rejections import Problem
from lifecycle.rulebook.declared_words import DeclaredWord


@dataclass(frozen=True, slots=True)
class ClaimHolder:
    """A project that holds what another claims: its code and its report."""

    code: str
    information: InformationReported


class DecisionContext(Protocol):
    """The rest of the ledger, as far as a decision looks at it."""

    @property
    def today(self) -> date:
        """The clock's day in Shanghai; of a migrated record the day of its record time."""

    @property
    def now(self) -> datetime:
        """The clock's moment."""

    @property
    def last_position(self) -> int:
        """The position of the last event of the ledger."""

    def record_time(self, position: int) -> datetime:
        """Return the moment at which the event at a position counts as recorded."""

    def is_unit(self, name: str) -> bool:
        """Return whether a unit of this name is registered."""

    def is_founded(self, stream: Stream) -> bool:
        """Return whether a project is reported, a unit registered or a resource listed."""

    def is_held(self, stream: Stream) -> bool:
        """Return whether a stream has any event, those that were voided included."""

    def unit_called(self, name: str) -> str | None:
        """Return the unit that has or had a name by a renaming."""

    def dissolution_of(self, name: str) -> UnitDissolved | None:
        """Return a unit's effective dissolution, whatever its day."""

    def effective_history(self, stream: Stream) -> Sequence[RecordedEvent]:
        """Return a stream's effective facts.

        While a correction is decided on, the facts are as it would leave them.
        """

    def facts_of_unit(self, name: str) -> Iterable[RecordedEvent]:
        """Return the effective facts in a unit's stream, and those elsewhere that name the unit."""

    def nearest_units(self, name: str) -> Sequence[str]:
        """Return the registered units whose names are most similar."""

    def holder(self, kind: str, value: str, other_than: str) -> ClaimHolder | None:
        """Return the first project that holds a claim, other than the one with this stream id."""

    def similar(self, information: InformationReported, stream_id: str) -> Sequence[ClaimHolder]:
        """Return other projects whose names are similar but not equal."""

    def moved_to(self, project: Stream) -> str | None:
        """Return the code to which a project was moved, None where it was not."""

    def is_project(self, code: str) -> bool:
        """Return whether a project of this code has been reported."""

    def alike(self, kind: StreamKind, name: str) -> str | None:
        """Return the project code or unit name held by another stream that folds to this one."""

    def other_unit_alike(self, name: str, unit: str) -> str | None:
        """Return a unit other than `unit` that has or had a name that folds to this one."""

    def only_alike(self, kind: StreamKind, name: str) -> str | None:
        """Return the one project or unit with a code or name that folds to this one.

        None among several.
        """

    def names_unit(self, name: str) -> str | None:
        """Return a stream whose events name a unit, other than the unit's own."""

    def carries_number(self, stream: Stream, number: str) -> bool:
        """Return whether a sheet of this number was voided because its project moves there."""

    def last_number(self, sign: str, year: int) -> int:
        """Return the counter of the last sheet of a sign and year, 0 where there is none."""

    def declared_words(self) -> tuple[DeclaredWord, ...]:
        """Return the words that the rulebooks declare whose adoptions are effective."""

    def fact_with_word(self, word_list: WordList, word: str) -> str | None:
        """Return the name of an effective fact that uses a declared word, `stream#version`."""

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """Return what is wrong with a rulebook that is to be adopted."""
