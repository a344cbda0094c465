"""`log`: the last entries of the ledger, by whom, filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

import click

from commands.cli.shared.axes_options import DAY
from commands.cli.shared.history_output import history_columns
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.intake.typed_fields import event_named
from commands.words import table_headings as headings
from commands.words.event_words import EVENTS, FIELDS
from commands.words.history_words import event_row, event_term
from commands.words.login_names import named_login
from commands.words.messages import _
from commands.words.screen_words import COUNTY_STREAM
from lifecycle.events import BY_NAME, COUNTY, RecordedEvent, Stream
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import EventName, Rejected, msg

_USUAL_COUNT: Final = 20


class LogFilter(NamedTuple):
    """Which entries are listed; None lists all."""

    login: str | None
    streams: Sequence[Stream]
    event: str | None
    since: date | None
    named: Callable[[str], str]
    """Shows a login with its name."""

    def takes(self, item: RecordedEvent) -> bool:
        """Whether an entry is listed, apart from the day since when."""
        if self.streams and item.stream not in self.streams:
            return False
        if self.event and event_term(item.event) != EVENTS[self.event]:
            return False
        # Part of a name is enough: people know each other by name, not by login.
        return self.login is None or self.login in " ".join(_people(item, self.named))


@click.command("log", help=_("The last entries of the ledger, newest first: what, when, by whom."))
@click.option(
    "-n",
    "--last",
    "count",
    type=click.IntRange(1),
    default=_USUAL_COUNT,
    show_default=True,
    help=_("How many entries."),
)
@click.option("--by", "login", help=_("Only what this person recorded: a login or a name."))
@click.option("--project", help=_("Only entries of this project."))
@click.option("--unit", help=_("Only entries of this unit."))
@click.option("--event", help=_("Only events of this kind, by name or Chinese name."))
@click.option("--since", type=DAY, help=_("Only what was recorded on this day or later."))
@format_option
def command(
    count: int,
    login: str | None,
    project: str | None,
    unit: str | None,
    event: str | None,
    since: date | None,
    form: str,
) -> None:
    """List the entries."""
    with open_store() as ledger:
        streams = []
        if project is not None:
            streams.append(Stream("project", understood_name(ledger, "project", project)))
        if unit is not None:
            streams.append(Stream("unit", understood_name(ledger, "unit", unit)))
        # A ledger has many entries and few logins.
        named = cache(named_login)
        log_filter = LogFilter(login, streams, _event_name(event), since, named)
        with ledger.newest_first() as items:
            entries = list(islice(_listed(items, log_filter), count))
        if login is not None and not entries:
            _require_known_login(ledger, login, named)
        rows = _rows(ledger, entries)
    print_rows(rows, _columns(rows), form)


def _event_name(typed: str | None) -> str | None:
    """Return an event's stored name. Raises `Rejected` for a name that no event has."""
    if typed is None:
        return None
    kind = event_named(typed)
    if kind is None:
        raise Rejected.by(
            "unknown_event",
            msg("unknown event {event}; allowed: {allowed}"),
            event=typed,
            allowed=[EventName(name) for name in BY_NAME],
        )
    return kind.__name__


def _listed(items: Iterator[RecordedEvent], log_filter: LogFilter) -> Iterator[RecordedEvent]:
    """Yield what the filter takes, newest first."""
    for item in items:
        # Record times never fall, so that nothing before this is of the day or later.
        if log_filter.since is not None and _record_day(item) < log_filter.since:
            return
        if log_filter.takes(item):
            yield item


def _record_day(item: RecordedEvent) -> date:
    return item.stamp.recorded_at.astimezone(SHANGHAI).date()


def _people(item: RecordedEvent, named: Callable[[str], str]) -> list[str]:
    """Return who entered it, for whom, and who imported it, by login and name."""
    stamp = item.stamp
    logins = (stamp.recorded_by, stamp.on_behalf_of, stamp.imported_by)
    return [named(login) for login in logins if login]


def _require_known_login(ledger: Ledger, login: str, named: Callable[[str], str]) -> None:
    """Raise `Rejected` for a person who has recorded nothing, listing those who have."""
    # All of history is read for this message alone.
    people: set[str] = set()
    with ledger.newest_first() as items:
        for item in items:
            people.update(_people(item, named))
    if login in " ".join(people):
        return
    template = msg("nothing was recorded by {login}; recorded by: {people}")
    raise Rejected.by("unknown_login", template, login=login, people=sorted(people))


def _rows(ledger: Ledger, entries: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    times = ledger.record_times()
    histories: dict[str, list[RecordedEvent]] = {}
    rows = []
    for item in entries:
        stream = item.stream
        # What corrected an entry stands elsewhere in its stream, which is read once.
        if stream.id not in histories:
            histories[stream.id] = ledger.stored_history(stream)
        subject = COUNTY_STREAM if stream == COUNTY else stream.name
        place = {"position": item.position, "subject": subject}
        rows.append({**place, **event_row(item, histories[stream.id], times)})
    return rows


def _columns(rows: Sequence[dict[str, Any]]) -> list[OutputColumn]:
    return [
        OutputColumn("position", FIELDS["position"], number=True),
        OutputColumn("subject", headings.SUBJECT, show=str),
        *history_columns(rows),
    ]
