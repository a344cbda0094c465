"""`resources list`: the resource list as of a day."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.resource_columns import RESOURCE_COLUMNS
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.unknown_names import unknown_location
from commands.cli.shared.word_option import VocabularyWord
from commands.words.messages import _, say
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events.folded_text import folded_name
from lifecycle.events.vocabulary import RESOURCE_KINDS, RESOURCE_STATUSES
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.resource_view import resource_rows


class ResourceFilter(NamedTuple):
    """What a resource must match; None where an option was left out."""

    kind: str | None
    status: str | None
    location: str | None
    free: bool

    def matches(self, row: dict[str, Any]) -> bool:
        """Whether a resource's row matches."""
        if self.kind not in (None, row["kind"]) or self.status not in (None, row["status"]):
            return False
        if self.free and row["status"] not in ("free", "partly"):
            return False
        return self.location is None or is_at(row["location"], self.location)


def is_at(location: str, text: str) -> bool:
    """Whether a location contains a text, whatever the width and case of its letters."""
    return folded_name(text) in folded_name(location)


@click.command("list")
@click.option(
    "--kind",
    type=VocabularyWord(VOCABULARY, RESOURCE_KINDS),
    help=_("Only this kind of resource."),
)
@click.option(
    "--status",
    type=VocabularyWord(VOCABULARY, RESOURCE_STATUSES),
    help=_("Only resources of this status."),
)
@click.option("--location", help=_("Only resources whose location contains this text."))
@click.option("--free", is_flag=True, help=_("Only resources of which something is free."))
@axes_options(year=False, rulebook=False)
@format_option
def command(
    kind: str | None,
    status: str | None,
    location: str | None,
    axes: RequestedAxes,
    form: str,
    *,
    free: bool,
) -> None:
    """List them."""
    resource_filter = ResourceFilter(kind, status, location, free)
    with open_store() as ledger:
        rows = [row.as_json() for row in resource_rows(ledger, axes.day_view(ledger))]
    # Of all resources: a place that none has is a slip, one that the options leave empty is none.
    locations = sorted({row["location"] for row in rows})
    if location is not None and not any(is_at(each, location) for each in locations):
        raise unknown_location(location, locations)
    rows = [row for row in rows if resource_filter.matches(row)]
    print_rows(rows, RESOURCE_COLUMNS, form)
    if form == "table":
        click.echo(say(msg("resources: {count}"), count=len(rows)))
