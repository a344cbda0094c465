"""Projects of a region that two members report: named with both reports, decided by nobody here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from lifecycle.deciding.claims import is_same_investor, normalised_name
from lifecycle.events import Stream
from lifecycle.events.project_course_events import InvestorChanged
from lifecycle.events.project_events import InformationReported
from lifecycle.part_engine import PartEngine
from projections.facts.ledger_parts import LedgerPart, OpenLedger
from projections.facts.member_projects import (
    MemberLedger,
    MemberProjects,
    facts_of_member,
    facts_of_part,
    member_code,
)
from projections.facts.narrow_events import narrow
from projections.facts.project_facts import ProjectFacts

_REPORT: Final = narrow(InformationReported)
_CHANGE: Final = narrow(InvestorChanged)


class MemberReport(NamedTuple):
    """A member's report of a project, and when it was recorded."""

    unit: str
    project: str
    name: str
    investor: str
    reported_on: date
    recorded_at: datetime
    event: str

    def as_json(self) -> dict[str, Any]:
        """One of `projects` of a conflict in JSON."""
        return {
            **self._asdict(),
            "reported_on": self.reported_on.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
        }


class CountedTwice(NamedTuple):
    """Reports of several members that look like one project.

    `same_identity` says that investor and name agree, `project_codes` which national codes do.
    """

    same_identity: bool
    project_codes: tuple[str, ...]
    reports: tuple[MemberReport, ...]

    def touches(
        self,
        unit: str,
    ) -> bool:
        """Whether one of the reports is a unit's."""
        return any(report.unit == unit for report in self.reports)

    def concerns(
        self,
        project: str,
    ) -> bool:
        """Whether one of the reports is that of a project."""
        return any(report.project == project for report in self.reports)

    def as_json(self) -> dict[str, Any]:
        """One row of `region conflicts --format json`."""
        return {
            "same_identity": self.same_identity,
            "project_codes": list(self.project_codes),
            "projects": [report.as_json() for report in self.reports],
        }


@dataclass(slots=True)
class _Group:
    """The codes of projects that look like one, and by what."""

    projects: set[str] = field(default_factory=set)
    same_identity: bool = False
    project_codes: set[str] = field(default_factory=set)


class _Investor(NamedTuple):
    investor: str
    investor_code: str | None


class _LiveProject(NamedTuple):
    """A project that counts for its member, as far as others may be the same."""

    project: str
    unit: str
    version: int
    name: str
    investor: str
    reported_on: date
    investors: tuple[_Investor, ...]
    filing_codes: tuple[str, ...]


def counted_twice(
    projects: MemberProjects,
    day: date,
    engine: PartEngine | None = None,
) -> list[CountedTwice]:
    """Return what two members report by a day, unless one of them has recorded its end.

    The members' projects are read by the engine, if one is given.
    """
    candidates = {live.project: live for live in _live_projects(projects, day, engine)}
    groups = _groups(list(candidates.values()))
    members = {member.unit: member for member in projects.members}
    rows = []
    for group in groups:
        of_group = [candidates[project] for project in group.projects]
        if len({candidate.unit for candidate in of_group}) > 1:
            rows.append(_row(group, of_group, members))
    rows.sort(key=_first_project)
    return rows


def _live_projects(
    projects: MemberProjects,
    day: date,
    engine: PartEngine | None,
) -> Iterator[_LiveProject]:
    shared = None if engine is None else projects.parts_for(engine)
    if engine is None or shared is None:
        for member in projects.members:
            yield from _live_among(member.unit, facts_of_member(member, day))
        return
    for of_part in engine.outcomes(live_projects_of_part, (day, shared.open_ledger), shared.parts):
        yield from of_part


def live_projects_of_part(
    common: tuple[date, OpenLedger],
    part: LedgerPart,
) -> list[_LiveProject]:
    """Return the projects of a part, in any process, that others may report too."""
    day, open_ledger = common
    assert part.unit is not None  # each is a member's
    with open_ledger(part.place) as ledger:
        return list(_live_among(part.unit, facts_of_part(ledger, part, day)))


def _live_among(
    unit: str,
    projects: Iterable[ProjectFacts],
) -> Iterator[_LiveProject]:
    for facts in projects:
        if not _has_ended(facts):
            yield _candidate(unit, facts)


def _has_ended(facts: ProjectFacts) -> bool:
    """Whether the member has denied the project recognition, or given it to another county."""
    if facts.denied is not None:
        return True
    return any(transfer.to_zone is not None for transfer in facts.transfers)


def _candidate(
    unit: str,
    facts: ProjectFacts,
) -> _LiveProject:
    # A project is known by every investor that it had, as within a county.
    investors = []
    for _on, _version, event in facts.facts:
        if isinstance(event, (_REPORT, _CHANGE)):
            investors.append(_Investor(event.investor, event.investor_code))
    information = facts.information
    return _LiveProject(
        facts.code,
        unit,
        facts.information_version,
        information.name,
        information.investor,
        information.on,
        tuple(investors),
        tuple(facts.filing_codes),
    )


def _first_project(row: CountedTwice) -> str:
    return min(report.project for report in row.reports)


# Which look alike ---------------------------------------------------------------------------------


def _groups(candidates: Sequence[_LiveProject]) -> list[_Group]:
    """Return the groups of projects that look like one, each project in one group at most."""
    groups: dict[str, _Group] = {}
    for first, second in _pairs_of_one_identity(candidates):
        _joined(groups, first, second).same_identity = True
    for code, first, second in _pairs_of_one_filing(candidates):
        _joined(groups, first, second).project_codes.add(code)
    return list({id(group): group for group in groups.values()}.values())


def _joined(
    groups: dict[str, _Group],
    first: _LiveProject,
    second: _LiveProject,
) -> _Group:
    """Return the group of both projects, after joining those that they were in."""
    group = groups.get(first.project) or _Group({first.project})
    joining = groups.get(second.project) or _Group({second.project})
    if group is not joining:
        group.projects |= joining.projects
        group.same_identity = group.same_identity or joining.same_identity
        group.project_codes |= joining.project_codes
    for project in group.projects:
        groups[project] = group
    return group


def _pairs_of_one_identity(
    candidates: Iterable[_LiveProject],
) -> Iterator[tuple[_LiveProject, _LiveProject]]:
    by_name: dict[str, list[_LiveProject]] = {}
    for candidate in candidates:
        # Nearly every name is borne once, so that few are compared.
        same_name = by_name.setdefault(normalised_name(candidate.name), [])
        for earlier in same_name:
            if earlier.unit != candidate.unit and _share_investor(earlier, candidate):
                yield earlier, candidate
        same_name.append(candidate)


def _share_investor(
    first: _LiveProject,
    second: _LiveProject,
) -> bool:
    for investor in first.investors:
        if any(is_same_investor(investor, of_second) for of_second in second.investors):
            return True
    return False


def _pairs_of_one_filing(
    candidates: Iterable[_LiveProject],
) -> Iterator[tuple[str, _LiveProject, _LiveProject]]:
    by_code: dict[str, list[_LiveProject]] = {}
    for candidate in candidates:
        # One project may be filed in several parts.
        for code in candidate.filing_codes:
            same_code = by_code.setdefault(code, [])
            for earlier in same_code:
                if earlier.unit != candidate.unit:
                    yield code, earlier, candidate
            same_code.append(candidate)


# As rows ------------------------------------------------------------------------------------------


def _row(
    group: _Group,
    candidates: Iterable[_LiveProject],
    members: dict[str, MemberLedger],
) -> CountedTwice:
    reports = [_report(candidate, members[candidate.unit]) for candidate in candidates]
    # Who recorded first stands first; the program draws no conclusion from it.
    reports.sort(key=lambda report: (report.recorded_at, report.project))
    codes = tuple(sorted(group.project_codes))
    return CountedTwice(group.same_identity, codes, tuple(reports))


def _report(
    candidate: _LiveProject,
    member: MemberLedger,
) -> MemberReport:
    code = candidate.project.removeprefix(member_code(candidate.unit, ""))
    history = member.ledger.history(Stream("project", code), member.position)
    recorded = next(entry for entry in history if entry.version == candidate.version)
    return MemberReport(
        candidate.unit,
        candidate.project,
        candidate.name,
        candidate.investor,
        candidate.reported_on,
        member.ledger.record_times().moment_of(recorded),
        f"{candidate.project}#{candidate.version}",
    )
