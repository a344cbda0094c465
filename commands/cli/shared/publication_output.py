"""Print what a publication rests on, and whether it is official."""

from __future__ import annotations

from typing import Any

import click

from commands.words.member_words import VERDICTS
from commands.words.messages import _, say
from lifecycle.rejections import msg


def print_standing(row: dict[str, Any]) -> None:
    """Print a publication's rulebook, and whether it is official; if not, why.

    `row` is a row of `audit publications --format json`.
    """
    adopted = _("adopted") if row["adopted"] else _("not adopted")
    in_force = _("in force") if row["in_force"] else _("not in force")
    template = msg("  rulebook {id} {digest}, {adopted}, {in_force}")
    text = say(
        template,
        id=row["rulebook"],
        digest=row["rulebook_digest"],
        adopted=adopted,
        in_force=in_force,
    )
    click.echo(text)
    if "members" in row:
        _print_members(row["members"])
    if row["official"]:
        click.echo(_("  official"))
    else:
        _print_reason(row)
    if row["supersedes"]:
        click.echo(say(msg("  supersedes {ref}"), ref=row["supersedes"]))


def _print_members(members: list[dict[str, Any]]) -> None:
    """Print how many members a region's publication counts, and why the others are absent."""
    counted = sum(member["counted"] for member in members)
    template = msg("  counts {counted} of {count} members")
    click.echo(say(template, counted=counted, count=len(members)))
    for member in members:
        if member["counted"]:
            continue
        verdict = str(VERDICTS.get(member["verdict"], member["verdict"]))
        if member["left_out"] is None:
            template = msg("  not counted: {unit} ({verdict})")
        else:
            template = msg("  left out: {unit} ({verdict}); reason given: {reason}")
        click.echo(say(template, unit=member["unit"], verdict=verdict, reason=member["left_out"]))


def _print_reason(row: dict[str, Any]) -> None:
    left_out = row["tree_size"] - row["position"]
    if left_out:
        template = msg("  leaves out the last {count} events recorded before it")
        click.echo(say(template, count=left_out))
    if row["unofficial"] is None:
        click.echo(_("  NOT OFFICIAL: it supersedes nothing"))
    else:
        template = msg("  NOT OFFICIAL: it supersedes nothing; reason given: {reason}")
        click.echo(say(template, reason=row["unofficial"]))
