"""The year that is taken with a rulebook, where the command line names none."""

from __future__ import annotations

from dataclasses import replace

from commands.cli.shared.print_message import print_message
from commands.words.messages import say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from lifecycle.rulebook import LoadedRulebook
from projections.scoring.result_view import View
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
    if _names_year(axes):
        return axes
    this_year = ledger.clock().date().year
    if _covers(book, this_year):
        return axes
    year = min(this_year, book.rulebook.effective_to.year)
    _say_year(book, year)
    return replace(axes, year=year)


def view_of_year(axes: RequestedAxes, ledger: Ledger) -> View:
    """Return the view of a year, and say which is taken where a rulebook of others is named."""
    view = axes.year_view(ledger)
    is_chosen = axes.rulebook is not None or axes.rulebook_id is not None
    if is_chosen and not _names_year(axes) and not _covers(view.rulebook, view.year):
        _say_year(view.rulebook, view.year)
    return view


def _names_year(axes: RequestedAxes) -> bool:
    return axes.year is not None or axes.as_of is not None


def _covers(book: LoadedRulebook, year: int) -> bool:
    return book.rulebook.effective_from.year <= year <= book.rulebook.effective_to.year


def _say_year(book: LoadedRulebook, year: int) -> None:
    template = msg(
        "note: {rulebook} covers {first} to {last}; the year {year} is taken: --year names another"
    )
    first, last = book.rulebook.effective_from.year, book.rulebook.effective_to.year
    # On standard error, so that JSON and CSV stay whole.
    print_message(say(template, rulebook=book.id, first=first, last=last, year=year))
