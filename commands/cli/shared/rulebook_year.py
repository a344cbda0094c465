"""The year whose history a rulebook is tried on, where the command line names none."""

from __future__ import annotations

from dataclasses import replace

from commands.cli.shared.print_message import print_message
from commands.words.messages import say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from lifecycle.rulebook import LoadedRulebook
from projections.views.requested_axes import RequestedAxes


def axes_of_rulebook(
    axes: RequestedAxes,
    ledger: Ledger,
    book: LoadedRulebook,
) -> RequestedAxes:
    """Take the rulebook's last year where this year is later, and say which year is taken.

    A draft of a year to come is tried on this year. Nothing changes where a year or a day is named,
    or where the rulebook is of this year.
    """
    if axes.year is not None or axes.as_of is not None:
        return axes
    this_year = ledger.clock().date().year
    first, last = book.rulebook.effective_from.year, book.rulebook.effective_to.year
    if first <= this_year <= last:
        return axes
    year = min(this_year, last)
    template = msg(
        "note: {rulebook} covers {first} to {last}; the history of {year} is scored: "
        "--year names another year"
    )
    # On standard error, so that JSON and CSV stay whole.
    print_message(say(template, rulebook=book.id, first=first, last=last, year=year))
    return replace(axes, year=year)
