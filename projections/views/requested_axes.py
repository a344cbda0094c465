"""The axes of a result as a reader asks for them, and the view that they lead to (spec 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lifecycle.events import last_day
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import LoadedRulebook
from projections.facts.county_facts import CountyFacts, county_facts
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.result_view import View, view_of_month


@dataclass(frozen=True, slots=True)
class RequestedAxes:
    """Year, day, moment of knowledge and rulebook; None where the default applies."""

    year: int | None = None
    as_of: date | None = None
    known_at: datetime | None = None
    rulebook_id: str | None = None
    rulebook: LoadedRulebook | None = None
    """A rulebook that is neither adopted nor shipped, such as a draft in a file."""

    def year_view(
        self,
        ledger: Ledger,
        *,
        rulebook: LoadedRulebook | None = None,
        county_at: Callable[[int], CountyFacts] | None = None,
        end: int | None = None,
    ) -> View:
        """Return the view of a year: a past year as of its last day, this year as of today.

        `rulebook` is used as it is. `county_at` returns the county's facts by a position, for a
        caller that remembers them; `end` is the ledger's end that a caller has read. Raises
        `Rejected` if no rulebook serves the year.
        """
        day = self.as_of or ledger.clock().date()
        year = self.year or day.year
        day = min(day, date(year, 12, 31))
        position = self.position(ledger, end)
        county = county_at(position) if county_at else county_facts(ledger, position)
        rulebook = rulebook or self.rulebook
        if rulebook is None:
            rulebooks = in_force.adopted(county)
            if self.rulebook_id:
                rulebook = in_force.named(rulebooks, self.rulebook_id)
            else:
                rulebook = in_force.for_year(rulebooks, year, day)
        return View(
            year,
            day,
            position,
            rulebook,
            self.known_at,
            county.calendar(day),
            county,
        )

    def record_view(self, ledger: Ledger) -> View:
        """Return the view of a year for what is recorded, which needs no rulebook in force.

        Where none is, the rulebook of the day serves, as for any view without a year (spec 6).
        """
        day = self.as_of or ledger.clock().date()
        year = self.year or day.year
        position = self.position(ledger)
        county = county_facts(ledger, position)
        rulebooks = in_force.adopted(county)
        fallback = None
        if self.rulebook_id is None and in_force.if_any(rulebooks, year, day) is None:
            fallback = in_force.at_day(rulebooks, min(day, date(year, 12, 31)))
        return self.year_view(ledger, rulebook=fallback, county_at=lambda _: county, end=position)

    def day_view(self, ledger: Ledger) -> View:
        """Return the view of a day, by the rulebook of that day (spec 6)."""
        day = self.as_of or ledger.clock().date()
        return view_of_day(
            ledger,
            day,
            self.position(ledger),
            self.known_at,
        )

    def month_view(
        self,
        ledger: Ledger,
        month: str,
        *,
        end: int | None = None,
    ) -> View:
        """Return the view of a month's board. Raises `Rejected` if the month has not begun."""
        today = ledger.clock().date()
        if f"{today:%Y-%m}" < month:
            raise Rejected.by(
                "month_not_begun",
                msg("{month} has not begun; today is {today}"),
                month=month,
                today=today,
            )
        # The board's own day chooses the rulebook, so that it is the one that `score` takes as of
        # that day, whenever the board is viewed.
        axes = RequestedAxes(
            last_day(month).year,
            min(last_day(month), today),
            self.known_at,
            self.rulebook_id,
            self.rulebook,
        )
        return view_of_month(axes.year_view(ledger, end=end), month)

    def position(self, ledger: Ledger, end: int | None = None) -> int:
        """Return the last position that counts.

        The ledger's end, or the last one recorded by the moment; `end` is the last one there is
        for a caller that reads no further.
        """
        if self.known_at is None:
            return ledger.head().position if end is None else end
        known = ledger.position_at(self.known_at)
        return known if end is None else min(known, end)


def view_of_day(
    ledger: Ledger,
    day: date,
    position: int,
    known_at: datetime | None = None,
) -> View:
    """Return the view of a day at a position, by the rulebook of that day (spec 6)."""
    county = county_facts(ledger, position)
    rulebook = in_force.at_day(in_force.adopted(county), day)
    return View(
        day.year,
        day,
        position,
        rulebook,
        known_at,
        county.calendar(day),
        county,
    )
