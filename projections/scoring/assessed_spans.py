"""What a rulebook looks at for itself: the year, and the periods that modules are assessed by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from lifecycle.calendar import first_day, period_ends
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.assessed_modules import period_books, year_book
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.judgement import ScoringAxes
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import registered_units, units_there


class AssessedSpan(NamedTuple):
    """Rules that look at the same stretch of the year, and its axes as of the day."""

    book: Rulebook
    axes: ScoringAxes


class UnitsOfSpan(NamedTuple):
    """A stretch of the year as it was judged, the units of its last day, and the policy for it."""

    span: AssessedSpan
    units: UnitsOfDay
    policy: Policy


def assessed_spans(book: Rulebook, axes: ScoringAxes) -> list[AssessedSpan]:
    """The year with its rules, then each length of period with its own."""
    spans = [AssessedSpan(year_book(book), axes)]
    for length, period_book in period_books(book).items():
        first = first_day(axes.as_of, length)
        of_period = axes._replace(first=first, assessed=length, of_module=True)
        spans.append(AssessedSpan(period_book, of_period))
    return spans


def judged_spans(ledger: Ledger, view: View) -> Iterator[UnitsOfSpan]:
    """The year as of the view's day, then every period that is over, as of its last day."""
    registered = registered_units(ledger, view.position)
    policy = prepared(view.rulebook)
    # A target may be missing in one quarter and told in the next: each has its own units and day.
    year = AssessedSpan(policy.book, view.axes)
    yield UnitsOfSpan(year, units_there(ledger, view, registered), policy)
    for length, rulebook in policy.periods:
        for end in period_ends(view.year, length):
            if end > view.as_of:
                break
            of_period = replace(view, as_of=end, rulebook=rulebook)
            period = AssessedSpan(rulebook.rulebook, of_period.axes)
            units = units_there(ledger, of_period, registered)
            yield UnitsOfSpan(period, units, prepared(rulebook))
