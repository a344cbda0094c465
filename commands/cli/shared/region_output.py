"""How a region's results say which members they count, and which projects are counted twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import click

from commands.cli.shared.output_columns import OutputColumn, text_or_blank
from commands.cli.shared.print_message import print_message
from commands.cli.shared.table_output import print_table
from commands.handlers.region_look import NOT_COUNTED, MemberLook, RegionLook
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.member_words import VERDICTS
from commands.words.messages import _, joined, labelled, say
from commands.words.problem_text import problem_text
from commands.words.record_time_words import time_correction_text
from lifecycle.rejections import msg
from projections.views.counted_twice import CountedTwice

_SHOWN: Final = 10
"""Conflicts that are printed beside a result; `region conflicts` has them all."""


def region_json(
    look: RegionLook,
    conflicts: Sequence[CountedTwice],
) -> dict[str, Any]:
    """Return what stands at the top of a region's results in JSON."""
    top: dict[str, Any] = {
        "members": [member_json(member) for member in look.members],
        "official": look.is_official,
        "conflicts": [conflict.as_json() for conflict in conflicts],
    }
    # As for a county's own: only where there are any.
    corrections = _time_correction_rows(look)
    if corrections:
        top["member_time_corrections"] = corrections
    return top


def _time_correction_rows(look: RegionLook) -> list[dict[str, Any]]:
    rows = []
    for member in look.members:
        if member.counted:
            rows += [{"unit": member.unit, **row.as_json()} for row in member.time_corrections]
    return rows


def member_json(member: MemberLook) -> dict[str, Any]:
    """Return a member's row: what was verified, and what of it counts."""
    checkpoint = None if member.tree is None else member.tree.checkpoint
    return {
        "unit": member.unit,
        "position": member.position,
        "tree_size": None if checkpoint is None else checkpoint.size,
        "root": None if checkpoint is None else checkpoint.root.hex(),
        "verdict": member.verdict.value,
        "counted": member.counted,
        "reason": None if member.reason is None else problem_text(member.reason),
    }


def print_members(look: RegionLook) -> None:
    """Print every member with the verdict on its ledger."""
    rows = [member_json(member) for member in look.members]
    columns = [
        OutputColumn(
            "unit",
            FIELDS["unit"],
            show=text_or_blank,
            whole=True,
        ),
        OutputColumn(
            "verdict",
            headings.VERDICT,
            show=_verdict_text,
            whole=True,
        ),
        OutputColumn(
            "position",
            headings.COUNTED_UP_TO,
            number=True,
            show=text_or_blank,
        ),
        OutputColumn(
            "tree_size",
            headings.SIGNED_EVENTS,
            number=True,
            show=text_or_blank,
        ),
        OutputColumn("reason", headings.WHY_PROPOSED, show=text_or_blank),
    ]
    print_table(rows, columns)
    print_standing(look)


def _verdict_text(verdict: str) -> str:
    return str(VERDICTS[verdict])


def print_standing(look: RegionLook) -> None:
    """Print how many members the result counts, and whether it is official."""
    click.echo(_standing_text(look))


def _standing_text(look: RegionLook) -> str:
    standing = msg("{counted} of {count} members count: official")
    if not look.counted:
        standing = msg("none of the {count} members counts: not official")
    elif not look.is_official:
        standing = msg(
            "{counted} of {count} members count: not official (leave the others out by name with "
            "--without and --reason)"
        )
    return say(standing, counted=look.counted, count=len(look.members))


def print_absent_members(look: RegionLook) -> None:
    """Print how many members count, and why each of the others does not."""
    print_standing(look)
    for text in _reason_texts(look):
        click.echo(text)


def warn_of_absent_members(look: RegionLook) -> None:
    """Say the same beside a file of rows, which has no place for it, unless all count."""
    if look.counted == len(look.members):
        return
    print_message(_standing_text(look))
    for text in _reason_texts(look):
        print_message(text)


def _reason_texts(look: RegionLook) -> Iterator[str]:
    for member in look.members:
        if member.reason is not None:
            template = NOT_COUNTED
            if member.counted:
                template = msg("{unit}: {reason}")
            yield say(template, unit=member.unit, reason=problem_text(member.reason))
        if member.counted:
            for row in member.time_corrections:
                text = time_correction_text(row)
                corrected = say(msg("record times corrected: {text}"), text=text)
                yield labelled(member.unit, corrected)


def print_conflicts(conflicts: Sequence[CountedTwice]) -> None:
    """Print the projects that two members report; to be decided by the region."""
    for conflict in conflicts[:_SHOWN]:
        template = msg("reported by several members: {text}")
        click.echo(say(template, text=_conflict_text(conflict)))
    if len(conflicts) > _SHOWN:
        template = msg(
            "reported by several members: {count} more; `lifecycle region conflicts` lists all"
        )
        click.echo(say(template, count=len(conflicts) - _SHOWN))


def _conflict_text(conflict: CountedTwice) -> str:
    reports = []
    for report in conflict.reports:
        template = msg("{project} “{name}” of {investor}, recorded {recorded_at}")
        reports.append(
            say(
                template,
                project=report.project,
                name=report.name,
                investor=report.investor,
                recorded_at=report.recorded_at,
            )
        )
    return joined(reports)


def print_conflict_table(conflicts: Sequence[CountedTwice]) -> None:
    """Print each conflict as a table of its reports."""
    columns = [
        OutputColumn(
            "project",
            FIELDS["project"],
            show=str,
            whole=True,
        ),
        OutputColumn("name", FIELDS["name"], show=str),
        OutputColumn("investor", FIELDS["investor"], show=str),
        OutputColumn(
            "reported_on",
            headings.REPORTED_ON,
            show=str,
            whole=True,
        ),
        OutputColumn(
            "recorded_at",
            FIELDS["recorded_at"],
            show=str,
            whole=True,
        ),
        OutputColumn(
            "event",
            headings.EVENT_REFERENCE,
            show=str,
            whole=True,
        ),
    ]
    for conflict in conflicts:
        rows = []
        for report in conflict.reports:
            recorded_at = report.recorded_at.isoformat(sep=" ", timespec="minutes")
            rows.append({**report.as_json(), "recorded_at": recorded_at})
        print_table(rows, columns, _agreement(conflict))
    if not conflicts:
        click.echo(_("no project is reported by two members"))


def _agreement(conflict: CountedTwice) -> str:
    """Return what two reports have in common."""
    parts = []
    if conflict.same_identity:
        parts.append(_("same investor and project name"))
    for code in conflict.project_codes:
        parts.append(say(msg("same national project code {code}"), code=code))
    return joined(parts)
