"""Which rulebook counts (spec 6): the one named, else the one adopted and in force, else the one that stands in."""

from __future__ import annotations

from datetime import date

from lifecycle.corrections import effective
from lifecycle.events import COUNTY
from lifecycle.events.county import RulebookAdopted
from lifecycle.refusals import Refused, msg
from lifecycle.rulebook import DEFAULT, Loaded, parse, shipped, shipped_ids
from lifecycle.store import Ledger


def adopted(ledger: Ledger, position: int) -> list[Loaded]:
    """The rulebooks adopted by a position, in the order of adoption."""
    history = effective(ledger.history(COUNTY, position))
    return [parse(item.event.content) for item in history if isinstance(item.event, RulebookAdopted)]


def named(books: list[Loaded], rulebook_id: str) -> Loaded:
    """The rulebook of this id: as adopted last, else as shipped. Raises `Refused` where there is none."""
    found = next((book for book in reversed(books) if book.id == rulebook_id), None)
    if found is None and rulebook_id not in shipped_ids():
        raise Refused.by(
            "unknown_rulebook", msg("there is no rulebook {id}; there are {allowed}"), id=rulebook_id, allowed=_known(books)
        )
    return found or shipped(rulebook_id)


def _known(books: list[Loaded]) -> list[str]:
    return sorted({*shipped_ids(), *(book.id for book in books)})


def for_year(books: list[Loaded], year: int) -> Loaded:
    """The rulebook in force for a year, the last adopted of several. Raises `Refused`, listing what there is."""
    for book in (*reversed(books), shipped(DEFAULT)):
        if book.rulebook.effective_from.year <= year <= book.rulebook.effective_to.year:
            return book
    raise Refused.by(
        "no_rulebook",
        msg("no rulebook is in force for {year}; adopt one, or name one of {allowed} with --rulebook"),
        year=year, allowed=_known(books),
    )  # fmt: skip


def at_day(books: list[Loaded], day: date) -> Loaded:
    """The rulebook of a view without a year: in force on the day, else the last before it, else the one that stands in."""
    current = [book for book in books if book.rulebook.effective_from <= day]
    within = [book for book in current if day <= book.rulebook.effective_to]
    if within:
        return within[-1]
    return max(reversed(current), key=lambda book: book.rulebook.effective_to) if current else shipped(DEFAULT)


def standing_in() -> Loaded:
    """The rulebook that counts for its own year where none was adopted."""
    return shipped(DEFAULT)
