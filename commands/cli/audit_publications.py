"""`audit publications`: recompute every publication and name the numbers that differ."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.publication_output import print_standing
from commands.cli.shared.region_members_option import open_with_members, region_file_option
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.words.messages import _, say, shown
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import EventName, msg
from projections.audit.publication_changes import changes_since
from projections.audit.publications import (
    PublicationRecord,
    check_publication,
    publication_records,
    publication_rulebook,
)
from projections.audit.published_members import MemberLedgers

_TITLE_FIELDS: Final = ("publication", "event", "year", "as_of", "position")
_PLACES: Final = 10


@click.command("publications")
@click.option(
    "--against-today",
    is_flag=True,
    help=_(
        "Show how today's knowledge differs, project by project, with the events that cause it."
    ),
)
@region_file_option
@table_or_json_option
def command(*, against_today: bool, region_file: Path | None, form: str) -> None:
    """Check every publication; exit 1 if any differs or cannot be recomputed."""
    rows = []
    with open_with_members(region_file) as (ledger, members):
        publications = publication_records(ledger)
        for publication in publications:
            row = _publication_row(ledger, publication, members, against_today=against_today)
            rows.append(row)
    if form == "json":
        print_json(rows)
    else:
        if not rows:
            print_message(_("nothing has been published yet"))
        for publication, row in zip(publications, rows, strict=True):
            _print_publication(row)
            if against_today and row["changes"] is not None:
                _print_changes(row["changes"], _rule_names(publication))
    # A publication that cannot be recomputed here proves nothing, so it fails like one that
    # differs.
    if any(_is_failure(row) for row in rows):
        raise click.exceptions.Exit(1)


def _is_failure(row: dict[str, Any]) -> bool:
    return bool(row["differing"] or row["missing"] or row.get("absent_members"))


def _publication_row(
    ledger: Ledger,
    publication: PublicationRecord,
    members: MemberLedgers,
    *,
    against_today: bool,
) -> dict[str, Any]:
    row: dict[str, Any] = check_publication(ledger, publication, members).as_json()
    if against_today:
        # Today's knowledge is compared on request only: it evaluates the year a second time.
        changes = changes_since(ledger, publication, members)
        row["changes"] = [change.as_json(_PLACES) for change in changes]
        # Without its members nobody knows whether anything changed.
        if row.get("absent_members"):
            row["changes"] = None
    return row


def _print_publication(row: dict[str, Any]) -> None:
    title = msg("{publication} {event} {year}, as of {as_of}, known at position {position}")
    values = {name: row[name] for name in _TITLE_FIELDS}
    values["event"] = EventName(row["event"])
    click.echo(say(title, **values))
    print_standing(row)
    if row["missing"]:
        template = msg("  cannot be recomputed here: {what} is missing")
        click.echo(say(template, what=row["missing"]))
    elif row.get("absent_members"):
        template = msg(
            "  not recomputed: the ledgers of {units} are needed (--region FILE names them)"
        )
        click.echo(say(template, units=row["absent_members"]))
    elif not row["differing"]:
        click.echo(_("  identical"))
    for difference in row["differing"]:
        template = msg("  DIFFERS: {what}: published {published}, recomputed {found}")
        click.echo(say(template, **difference))
    if row["superseded_by"]:
        click.echo(say(msg("  superseded by {ref}"), ref=row["superseded_by"]))


def _rule_names(publication: PublicationRecord) -> dict[str, str]:
    """Return the rules' names as the rulebook of a publication words them."""
    book = publication_rulebook(publication)
    if book is None:
        return {}
    return {rule.id: rule.chinese for rule in book.rulebook.rules}


def _print_changes(changes: list[dict[str, Any]], rule_names: dict[str, str]) -> None:
    """Print how today's knowledge changes the published points."""
    if not changes:
        click.echo(_("  today's knowledge changes nothing"))
    for change in changes:
        template = msg(
            "  {unit} {project} {rule}: published {published}, today {today}; "
            "recorded since: {events}"
        )
        rule = rule_names.get(change["rule"], change["rule"])
        causes = [_cause_text(cause) for cause in change["events"]]
        click.echo(say(template, **{**change, "rule": rule, "events": causes}))


def _cause_text(cause: str) -> str:
    """Word an event that causes a change: its place, kind and record time."""
    place, kind, recorded_at = cause.rsplit(" ", 2)
    moment = datetime.fromisoformat(recorded_at)
    return f"{place} {shown(EventName(kind))} {shown(moment)}"
