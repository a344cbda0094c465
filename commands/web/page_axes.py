"""The axes of a page as its address says them: year, day, moment of knowledge, rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from commands.intake.axis_texts import MistypedAxis, read_day, read_moment
from commands.web.view_cache import Remembered
from commands.words.messages import say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from lifecycle.rulebook import shipped_ids
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View
from projections.views.requested_axes import RequestedAxes


@dataclass(frozen=True, slots=True)
class PageAxes:
    """As typed; None where the address leaves one out."""

    year: str | None = None
    as_of: str | None = None
    known_at: str | None = None
    rulebook: str | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> PageAxes:
        """From an address's query."""
        return cls(*[(query.get(each.name) or "").strip() or None for each in fields(cls)])

    def link(self, path: str, **more: str) -> str:
        """The address of another page with the same axes."""
        given = {
            each.name: value
            for each in fields(self)
            if (value := getattr(self, each.name)) is not None
        }
        query = urlencode(more | given)
        return f"{path}?{query}" if query else path

    def view(self, ledger: Ledger, remembered: Remembered) -> View:
        """The view. Raises `MistypedAxis` where a value cannot be read, `Refused` where no rulebook serves."""
        year = None if self.year is None else _year(self.year)
        if year is None and self.as_of is None:
            year = latest_year(ledger, remembered)
        axes = RequestedAxes(
            year,
            None if self.as_of is None else read_day(self.as_of),
            None if self.known_at is None else read_moment(self.known_at),
            self.rulebook,
        )
        view = axes.year_view(ledger, adopted=remembered.adopted)
        return view if self.known_at is not None else replace(view, position=remembered.position())


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1900 <= int(text[:5]) <= 2199):  # noqa: PLR2004 -- as `--year` takes them
        raise MistypedAxis(say(msg("{text} is no year between 1900 and 2199"), text=text[:20]))
    return int(text)


def latest_year(ledger: Ledger, remembered: Remembered) -> int:
    """The last year, this one at most, that has a rulebook in force."""
    today = ledger.clock().date()
    begun = [
        book
        for book in remembered.adopted(remembered.position())
        if book.rulebook.effective_from <= today
    ]
    return max(
        min(book.rulebook.effective_to.year, today.year)
        for book in (*begun, in_force.default_rulebook())
    )


def rulebook_ids(remembered: Remembered) -> list[str]:
    """Every rulebook that can be named."""
    return sorted(
        {*shipped_ids(), *(book.id for book in remembered.adopted(remembered.position()))}
    )
