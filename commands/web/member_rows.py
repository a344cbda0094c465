"""Rows about a region's members: what verifying each showed, and projects reported twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from commands.handlers.region_look import MemberLook, MemberVerdict, RegionLook
from commands.web.accounts import Reader
from commands.web.audit_page import PublicationTexts, publication_texts
from commands.web.key_figures import KeyFigure
from commands.web.region_view import RegionView
from commands.words import member_words
from commands.words.date_text import chinese_moment
from commands.words.problem_text import problem_text
from lifecycle.events.county_events import Publication, PublishedMember
from projections.audit.publications import PublicationCheck, publication_records
from projections.views.counted_twice import CountedTwice, MemberReport

# As many as a notice prints; a whole root would widen the table beyond a phone.
_ROOT_DIGITS: Final = 16


class MemberTexts(NamedTuple):
    """A member, the verdict on its ledger, and how much of it counts.

    `is_good` says that nothing about the ledger is wrong; `reason` is empty where nothing is to be
    said.
    """

    unit: str
    is_open: bool
    is_good: bool
    verdict: str
    counted: str
    position: str
    signed: str
    signed_at: str
    root: str
    reason: str


def member_rows(region: RegionView, reader: Reader) -> list[MemberTexts]:
    """Every member in the region's order."""
    return [_member_texts(region.look, member, reader) for member in region.look.members]


def _member_texts(look: RegionLook, member: MemberLook, reader: Reader) -> MemberTexts:
    tree = member.tree
    return MemberTexts(
        unit=member.unit,
        is_open=reader.sees(member.unit),
        is_good=member.verdict is MemberVerdict.VERIFIED,
        verdict=member_words.VERDICTS[member.verdict.value].chinese,
        counted=_counted_text(look, member),
        position="" if member.position is None else str(member.position),
        signed="" if tree is None else str(tree.checkpoint.size),
        signed_at="" if tree is None else chinese_moment(tree.recorded_at),
        root="" if tree is None else tree.checkpoint.root.hex()[:_ROOT_DIGITS],
        reason=_reason_text(look, member, reader),
    )


def _reason_text(look: RegionLook, member: MemberLook, reader: Reader) -> str:
    """Why a member does not count, or not all of it; empty where nothing is to be said.

    It may name files and events of the member: another member's account is told the person's
    decision alone.
    """
    if member.unit in look.left_out.units or reader.sees(member.unit):
        return "" if member.reason is None else problem_text(member.reason)
    return ""


def _counted_text(look: RegionLook, member: MemberLook) -> str:
    if member.counted:
        return member_words.IS_COUNTED
    if member.unit in look.left_out.units:
        return member_words.LEFT_OUT
    return member_words.IS_UNCOUNTED


# On the first page


def members_figure(region: RegionView) -> KeyFigure:
    """How many members count, and why the others do not."""
    look = region.look
    absent = []
    for member in look.members:
        if not member.counted:
            reason = why_uncounted(look, member)
            absent.append(member_words.absent_member(member.unit, reason))
    return KeyFigure(
        name=member_words.MEMBERS_FIGURE,
        figure=member_words.share_counted(look.counted, len(look.members)),
        verdict=member_words.OFFICIAL if look.is_official else member_words.NOT_OFFICIAL,
        is_late=not look.is_official,
        details=absent,
        path="/members",
    )


def why_uncounted(look: RegionLook, member: MemberLook) -> str:
    """Why a member does not count: a person's reason, else the verdict on its ledger."""
    left_out = look.left_out.reason if member.unit in look.left_out.units else ""
    return member_words.why_absent(member.verdict.value, left_out)


def conflicts_figure(region: RegionView) -> KeyFigure:
    """How many groups of projects two members report."""
    count = len(region.conflicts)
    return KeyFigure(
        name=member_words.CONFLICTS_FIGURE,
        figure=member_words.conflict_count(count),
        verdict=member_words.TO_BE_DECIDED if count else member_words.NO_CONFLICTS,
        is_late=count > 0,
        details=[],
        path="/conflicts",
    )


# Projects that two members report


class ReportTexts(NamedTuple):
    """A member's report of a project that another one reports too; rows of one group share it."""

    group: int
    agreement: str
    is_open: bool
    unit: str
    project: str
    name: str
    investor: str
    reported_on: str
    recorded_at: str


def report_rows(conflicts: Iterable[CountedTwice], reader: Reader) -> list[ReportTexts]:
    """A row for each report; a member's own account sees of other members only who, and when."""
    rows: list[ReportTexts] = []
    for conflict in conflicts:
        if not any(reader.sees(report.unit) for report in conflict.reports):
            continue
        agreement = member_words.agreement(
            conflict.project_codes, is_same_identity=conflict.same_identity
        )
        group = 1 if not rows else rows[-1].group + 1
        for report in conflict.reports:
            rows.append(_report_texts(group, agreement, report, reader))
    return rows


def _report_texts(
    group: int,
    agreement: str,
    report: MemberReport,
    reader: Reader,
) -> ReportTexts:
    is_open = reader.sees(report.unit)
    return ReportTexts(
        group=group,
        agreement=agreement,
        is_open=is_open,
        unit=report.unit,
        project=report.project if is_open else "",
        name=report.name if is_open else "",
        investor=report.investor if is_open else "",
        reported_on=report.reported_on.isoformat(),
        recorded_at=chinese_moment(report.recorded_at),
    )


# Publications


class RegionPublication(NamedTuple):
    """A publication in words, with the members that it counted and those that it did not."""

    publication: PublicationTexts
    counted: str
    absent: list[str]


def publication_rows(region: RegionView) -> list[RegionPublication]:
    """Every publication, the last one first."""
    rows = []
    for record in reversed(publication_records(region.ledger)):
        texts = publication_texts(PublicationCheck(record))
        rows.append(_region_publication(record.event, texts))
    return rows


def _region_publication(event: Publication, texts: PublicationTexts) -> RegionPublication:
    members = event.members
    if members is None:  # published without the members, by `lifecycle publish`
        return RegionPublication(texts, "", [])
    counted = sum(member.counted for member in members)
    absent = [_absent_text(member) for member in members if not member.counted]
    return RegionPublication(texts, member_words.share_counted(counted, len(members)), absent)


def _absent_text(member: PublishedMember) -> str:
    reason = member_words.why_absent(member.verdict, member.left_out or "")
    return member_words.absent_member(member.unit, reason)
