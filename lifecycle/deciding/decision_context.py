"""What a decision may ask of the rest of the ledger; passed in, so that deciding stays pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.project_events import InformationReported
from lifecycle.rejections import Problem


@dataclass(frozen=True, slots=True)
class ClaimHolder:
    """A project that holds what another claims: its code and its report."""

    code: str
    information: InformationReported


class DecisionContext(Protocol):
    """What a decision may ask of the rest of the ledger; passed in, so that deciding stays pure."""

    @property
    def today(self) -> date:
        """The Shanghai day of the record time."""

    def is_unit(self, name: str) -> bool:
        """Whether a unit of this name is registered."""

    def nearest_units(self, name: str) -> Sequence[str]:
        """The registered units whose names are nearest."""

    def holder(self, kind: str, value: str, other_than: str) -> ClaimHolder | None:
        """The first other project that holds the claim."""

    def similar(self, information: InformationReported, code: str) -> Sequence[ClaimHolder]:
        """Other projects whose names are similar, not equal."""

    def is_project(self, code: str) -> bool:
        """Whether a project of this code has been reported."""

    def names_unit(self, name: str) -> str | None:
        """A stream whose facts name this unit, other than the unit's own."""

    def last_number(self, sign: str, year: int) -> int:
        """The counter of the last sheet of this sign and year, 0 without any."""

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """What is wrong with a rulebook that is to be adopted."""
