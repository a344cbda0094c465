"""The projects of a region: those of its members' ledgers, each credited to its member (spec 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from projections.facts.folded_projects import folded_projects
from projections.facts.ledger_parts import (
    LedgerPart,
    LedgerPlace,
    OpenLedger,
    SharedParts,
    folded_part,
    opened_for_parts,
    opened_store,
    parts_of_ledger,
    place_here,
)
from projections.facts.narrow_events import with_values
from projections.facts.project_facts import ProjectFacts

CODE_SIGN: Final = "/"
"""Stands between a member's name and a project's code: `开化县/KH-2024-017`."""


class MemberLedger(NamedTuple):
    """A member's ledger, the last of its positions that counts, and where others may open it."""

    unit: str
    ledger: Ledger
    position: int
    place: LedgerPlace | None = None


@dataclass(frozen=True, slots=True)
class MemberProjects:
    """The projects of the members that count, member by member."""

    members: tuple[MemberLedger, ...]
    open_remotely: OpenLedger = opened_store
    """Opens a member's ledger on another machine."""

    def project_facts(
        self,
        day: date,
        codes: Sequence[str] | None = None,
    ) -> Iterator[ProjectFacts]:
        """Yield every project that is there by a day, or those of the codes."""
        for member in self.members:
            if codes is None:
                yield from facts_of_member(member, day)
                continue
            own_codes = _codes_of(member.unit, codes)
            if own_codes:
                yield from _named_projects(member, day, own_codes)

    def parts_for(
        self,
        engine: PartEngine,
    ) -> SharedParts | None:
        """Return the projects of all members cut into parts; None where others cannot open one."""
        parts: list[LedgerPart] = []
        for member in self.members:
            place = member.place if engine.is_remote else place_here(member.ledger)
            if place is None:
                return None
            parts += parts_of_ledger(
                member.ledger,
                place,
                member.position,
                engine.events_of_part,
                member.unit,
            )
        open_ledger = self.open_remotely if engine.is_remote else opened_for_parts()
        return SharedParts(open_ledger, parts)

    def units_with_projects(
        self,
        day: date,
        names: set[str],
    ) -> set[str]:
        """Return those of the members' names whose ledgers have a project by a day."""
        units: set[str] = set()
        for member in self.members:
            if member.unit in names and any(facts_of_member(member, day)):
                units.add(member.unit)
        return units


def member_code(
    unit: str,
    code: str,
) -> str:
    """Return how a region calls a member's project."""
    return f"{unit}{CODE_SIGN}{code}"


def facts_of_member(
    member: MemberLedger,
    day: date,
) -> Iterator[ProjectFacts]:
    """Yield every project of a member that is there by a day."""
    with member.ledger.rows_of_kind("project", member.position) as rows:
        for facts in folded_projects(rows, day):
            yield as_credited_to(member.unit, facts)


def facts_of_part(
    ledger: Ledger,
    part: LedgerPart,
    day: date,
) -> Iterator[ProjectFacts]:
    """Yield every project of a part that is there by a day, as the member's if it is one's."""
    for facts in folded_part(ledger, part, day):
        yield facts if part.unit is None else as_credited_to(part.unit, facts)


def _named_projects(
    member: MemberLedger,
    day: date,
    codes: Sequence[str],
) -> Iterator[ProjectFacts]:
    streams = [Stream("project", code).id for code in codes]
    with member.ledger.rows_of_streams(streams, member.position) as rows:
        for facts in folded_projects(rows, day):
            yield as_credited_to(member.unit, facts)


def _codes_of(
    unit: str,
    codes: Sequence[str],
) -> list[str]:
    start = member_code(unit, "")
    return [code.removeprefix(start) for code in codes if code.startswith(start)]


def as_credited_to(
    unit: str,
    facts: ProjectFacts,
) -> ProjectFacts:
    """Return a project's facts as a region sees them: the member's, whoever of it has the credit.

    Who reported it within the county, and to whom it passed there, is the county's own matter.
    """
    # The events behind the facts stay as they are: by them projects of two members are compared.
    facts.code = member_code(unit, facts.code)
    facts.information = with_values(facts.information, {"reporting_unit": unit})
    facts.transfers = [transfer._replace(to_unit=None) for transfer in facts.transfers]
    return facts
