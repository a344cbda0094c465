"""`rulebook list`: the rulebooks shipped and adopted."""

from __future__ import annotations

from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.words import table_headings as headings
from commands.words.vocabulary_words import yes_or_no
from lifecycle.rejections import StoreError
from lifecycle.rulebook import LoadedRulebook, shipped, shipped_ids
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force
from projections.views.requested_axes import RequestedAxes

# Enough digits to tell rulebooks apart by eye; JSON holds the whole digest.
_SHOWN_DIGEST: Final = 12


def _short_digest(digest: Any) -> str:
    return str(digest)[:_SHOWN_DIGEST]


_COLUMNS: Final = (
    OutputColumn("id", headings.RULEBOOK_ID),
    OutputColumn("title", headings.RULEBOOK_TITLE),
    OutputColumn("from", headings.FROM),
    OutputColumn("to", headings.TO),
    OutputColumn("adopted", headings.ADOPTED, show=yes_or_no),
    OutputColumn("digest", headings.DIGEST, show=_short_digest),
)


@click.command("list")
@axes_options(year=False, as_of=False, rulebook=False)
@format_option
def command(axes: RequestedAxes, form: str) -> None:
    """List the rulebooks; the shipped ones are listed without a store too."""
    rows = [_row(shipped(rulebook_id), adopted=False) for rulebook_id in shipped_ids()]
    rows += [_row(book, adopted=True) for book in _adopted(axes)]
    print_rows(rows, _COLUMNS, form)


def _adopted(axes: RequestedAxes) -> list[LoadedRulebook]:
    try:
        with open_store() as ledger:
            return in_force.adopted(county_facts(ledger, axes.position(ledger)))
    except StoreError:
        # Without a store nothing is adopted, and the shipped rulebooks remain to be listed.
        return []


def _row(book: LoadedRulebook, *, adopted: bool) -> dict[str, Any]:
    return {
        "id": book.id,
        "title": book.rulebook.title,
        "from": book.rulebook.effective_from.isoformat(),
        "to": book.rulebook.effective_to.isoformat(),
        "adopted": adopted,
        "digest": book.digest,
    }
