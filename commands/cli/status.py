"""`status`: where the store is and what it holds."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.command_context import opened, store_url
from commands.cli.shared.row_output import print_json
from commands.handlers.evidence_intake import shelf
from commands.words.messages import _, say
from lifecycle.calendar import working_calendar
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


@click.command("status", help=_("Where the store is, what it holds, how far the read tables are."))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=_("How the result is shown."),
)
def command(form: str) -> None:
    """Show it."""
    with opened() as ledger:
        found = _found(ledger, store_url())
    if form == "json":
        print_json(found)
        return
    for name, label in _labels().items():
        click.echo(f"{label}: {found[name] if found[name] is not None else '—'}")


def _labels() -> dict[str, str]:
    return {
        "store": _("store"),
        "events": _("events"),
        "root": _("tree root (SHA-256)"),
        "recorded_at": _("last recorded"),
        "rulebook": _("rulebook in force"),
        "read_tables": _("read tables"),
        "evidence": _("evidence kept in"),
        "working_days": _("working days known"),
    }


def _found(ledger: Ledger, url: str) -> dict[str, Any]:
    from projections import readmodels  # noqa: PLC0415 -- the read side is loaded by whoever reads
    from projections.scoring import rulebook_in_force as in_force  # noqa: PLC0415 -- as above

    head, tree, days = ledger.head(), ledger.tree(), working_calendar()
    today = ledger.clock().date()
    books = in_force.adopted(ledger, head.position)
    try:
        book = in_force.for_year(books, today.year)
    except Rejected:
        book = in_force.at_day(books, today)
    return {
        "store": str(sqlite_path(url) or url.partition("@")[2]),
        "events": head.position,
        "tree_size": tree.size,
        "root": tree.root().hex(),
        "recorded_at": head.recorded_at or None,
        "rulebook": book.id,
        "rulebook_digest": book.digest,
        "read_tables": _read_tables(readmodels.tables_position(url), head.position),
        "evidence": str(shelf().folder),
        "working_days": f"{days.first_year}–{days.last_year} ({days.source}, {days.digest[:16]})",
    }


def _read_tables(made: int | None, position: int) -> str:
    if made is None:
        return say(msg("not made yet; the first result makes them"))
    return say(
        msg("at position {position}, {behind} behind"), position=made, behind=position - made
    )
