"""What a region's notice says besides: which members it counts, and projects counted twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from commands.reports.content import DocumentColumn, DocumentTable, Notice, Section, TableRow
from commands.reports.document_members import DocumentMember, DocumentMembers, is_official
from commands.words import member_words, report_words
from lifecycle.ledger.stored_tree import StoredTree
from projections.facts.member_projects import MemberProjects
from projections.views.counted_twice import CountedTwice, counted_twice

# As many digits of a root as the foot prints.
_ROOT_DIGITS: Final = 16


def with_members(
    notice: Notice,
    projects: MemberProjects,
    day: date,
    members: DocumentMembers,
) -> Notice:
    """Return a notice that says first which members it counts, and in an annex of what state.

    A result that is not official says so in its title.
    """
    title = notice.title
    if not is_official(members):
        title = (*title, member_words.UNOFFICIAL)
    # A region's policy seldom has all that a county's has.
    annexes = [annex for annex in notice.annexes if not _has_only_empty_tables(annex)]
    annexes.append(_state_section(projects, members))
    conflicts = counted_twice(projects, day)
    if conflicts:
        annexes.append(_conflict_section(conflicts))
    sections = (_members_section(members), *notice.sections)
    return replace(notice, title=title, sections=sections, annexes=tuple(annexes))


def _has_only_empty_tables(section: Section) -> bool:
    return bool(section.tables) and not any(table.rows for table in section.tables)


def _members_section(members: DocumentMembers) -> Section:
    counted = sum(member.position is not None for member in members)
    sentences = [member_words.members_sentence(len(members), counted)]
    absent = [member for member in members if member.position is None]
    if absent:
        reasons = [
            (member.unit, member_words.why_absent(member.verdict, member.left_out))
            for member in absent
        ]
        sentences.append(member_words.absent_sentence(reasons))
    if not is_official(members):
        sentences.append(member_words.UNOFFICIAL_SENTENCE)
    return Section(member_words.MEMBERS_HEADING, tuple(sentences))


def _why_absent(member: DocumentMember) -> str:
    return member_words.why_absent(member.verdict, member.left_out)


def _state_section(projects: MemberProjects, members: DocumentMembers) -> Section:
    """Each member's events as far as they count, with the root of their tree."""
    roots = dict(_roots(projects))
    rows: list[TableRow] = []
    for member in members:
        is_counted = member.position is not None
        counted_text = (
            member_words.IS_COUNTED
            if is_counted
            else member_words.why_absent(member.verdict, member.left_out)
        )
        rows.append((member.unit, counted_text, member.position, roots.get(member.unit, "")))
    columns = (
        DocumentColumn(report_words.UNIT, width=6),
        DocumentColumn(member_words.COUNTED, width=8),
        DocumentColumn(member_words.POSITION, "count", 5),
        DocumentColumn(member_words.ROOT, width=10),
    )
    table = DocumentTable(member_words.MEMBERS_TABLE, columns, tuple(rows))
    return Section(member_words.MEMBERS_ANNEX, (), (table,))


def _roots(projects: MemberProjects) -> Iterator[tuple[str, str]]:
    for member in projects.members:
        recorder = member.ledger.recorder
        with recorder.cursor(write=False) as cursor:
            root = StoredTree(recorder, cursor).root(member.position)
        yield member.unit, root.hex()[:_ROOT_DIGITS]


def _conflict_section(conflicts: Sequence[CountedTwice]) -> Section:
    rows: list[TableRow] = []
    for number, conflict in enumerate(conflicts, start=1):
        for report in conflict.reports:
            row = (
                number,
                report.project,
                report.name,
                report.investor,
                report.reported_on.isoformat(),
                f"{report.recorded_at:%Y-%m-%d %H:%M}",
            )
            rows.append(row)
    columns = (
        DocumentColumn(member_words.CONFLICT, "count", 2),
        DocumentColumn(member_words.PROJECT, width=8),
        DocumentColumn(member_words.NAME, width=9),
        DocumentColumn(member_words.INVESTOR, width=9),
        DocumentColumn(member_words.REPORTED_ON, width=5),
        DocumentColumn(member_words.RECORDED_AT, width=7),
    )
    heading = member_words.CONFLICTS_HEADING
    table = DocumentTable(heading, columns, tuple(rows))
    return Section(heading, (member_words.CONFLICTS_SENTENCE,), (table,))
