"""The axes of a page as its address has them: year, day, moment of knowledge, rulebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final, TypeVar
from urllib.parse import urlencode

from commands.intake.axis_texts import MistypedAxis, read_day, read_moment
from commands.web.county_views import CountyViews
from commands.words.messages import say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from lifecycle.rulebook import shipped_ids
from projections.scoring import rulebook_in_force
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes

T = TypeVar("T")
# The years that `--year` accepts on the command line.
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_YEAR_DIGITS: Final = 5
_LONGEST_QUOTE: Final = 20


@dataclass(frozen=True, slots=True)
class PageAxes:
    """The axes as typed; None where the address leaves one out."""

    year: str | None = None
    as_of: str | None = None
    known_at: str | None = None
    rulebook: str | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> PageAxes:
        """Read the axes of an address's query."""
        values = {}
        for axis in fields(cls):
            values[axis.name] = (query.get(axis.name) or "").strip() or None
        return cls(**values)

    def link(self, path: str, **parameters: str) -> str:
        """The address of another page with the same axes."""
        query = dict(parameters)
        for axis in fields(self):
            value = getattr(self, axis.name)
            if value is not None:
                query[axis.name] = value
        if not query:
            return path
        return f"{path}?{urlencode(query)}"

    def view(self, ledger: Ledger, counties: CountyViews) -> View:
        """The view that the axes lead to.

        Raises `MistypedAxis` for a value that cannot be read, `Rejected` if no rulebook serves.
        """
        year = None if self.year is None else _read_year(self.year)
        if year is None and self.as_of is None:
            year = latest_year(ledger, counties)
        axes = RequestedAxes(
            year=year,
            as_of=_read(read_day, self.as_of),
            known_at=_read(read_moment, self.known_at),
            rulebook_id=self.rulebook,
        )
        # Pages of the present stay at the position that all readers share.
        end = counties.position() if axes.known_at is None else None
        return axes.year_view(ledger, county_at=counties.facts_at, end=end)


def _read(read: Callable[[str], T], text: str | None) -> T | None:
    return None if text is None else read(text)


def _read_year(text: str) -> int:
    is_number = text.isascii() and text.isdigit()
    # Cut before it is parsed: a long number would take minutes.
    if not is_number or not _FIRST_YEAR <= int(text[:_YEAR_DIGITS]) <= _LAST_YEAR:
        template = msg("{text} is not a year between 1900 and 2199")
        raise MistypedAxis(say(template, text=text[:_LONGEST_QUOTE]))
    return int(text)


def latest_year(ledger: Ledger, counties: CountyViews) -> int:
    """The last year, at most this one, that has a rulebook in force."""
    today = ledger.clock().date()
    years = [_last_year_of(rulebook_in_force.default_rulebook().rulebook.effective_to, today)]
    for loaded in counties.adopted():
        if loaded.rulebook.effective_from <= today:
            years.append(_last_year_of(loaded.rulebook.effective_to, today))
    return max(years)


def _last_year_of(effective_to: date, today: date) -> int:
    return min(effective_to.year, today.year)


def rulebook_ids(counties: CountyViews) -> list[str]:
    """The ids of all rulebooks, shipped and adopted, that an address can name."""
    ids = set(shipped_ids())
    for loaded in counties.adopted():
        ids.add(loaded.id)
    return sorted(ids)
