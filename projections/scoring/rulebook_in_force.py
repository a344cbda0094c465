"""Which rulebook counts (spec 6): the one named, else the one adopted and in force, else the one that stands in."""

from __future__ import annotations

from datetime import date

from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import DEFAULT, LoadedRulebook, parse, shipped, shipped_ids


def adopted(
    ledger: Ledger,
    position: int,
) -> list[LoadedRulebook]:
    """The rulebooks adopted by a position, in the order of adoption."""
    history = effective(ledger.history(COUNTY, position))
    return [
        parse(item.event.content) for item in history if isinstance(item.event, RulebookAdopted)
    ]


def named(
    books: list[LoadedRulebook],
    rulebook_id: str,
) -> LoadedRulebook:
    """The rulebook of this id: as adopted last, else as shipped. Raises `Rejected` where there is none."""
    found = next((book for book in reversed(books) if book.id == rulebook_id), None)
    if found is None and rulebook_id not in shipped_ids():
        raise Rejected.by(
            "unknown_rulebook",
            msg("there is no rulebook {id}; there are {allowed}"),
            id=rulebook_id,
            allowed=_known(books),
        )
    return found or shipped(rulebook_id)


def _known(books: list[LoadedRulebook]) -> list[str]:
    return sorted({*shipped_ids(), *(book.id for book in books)})


def for_year(
    books: list[LoadedRulebook],
    year: int,
    day: date | None = None,
) -> LoadedRulebook:
    """The rulebook in force for a year, the last adopted of several for the same time.

    Where another takes its place within the year, it says itself what of the year; else this is refused. Raises
    `Rejected`, listing what there is, also where there is none. `day` is the last of the year if left out.
    """
    within = [book for book in books if _years(book)[0] <= year <= _years(book)[1]]
    if not within:
        default = shipped(DEFAULT)
        if _years(default)[0] <= year <= _years(default)[1]:
            return default
        raise Rejected.by(
            "no_rulebook",
            msg(
                "no rulebook is in force for {year}; adopt one, or name one of {allowed} with --rulebook"
            ),
            year=year,
            allowed=_known(books),
        )
    last = within[-1]
    others = [book for book in within[:-1] if not _covers(last, book, year)]
    return _changed(year, [*others, last], day or date(year, 12, 31)) if others else last


def _years(book: LoadedRulebook) -> tuple[int, int]:
    return book.rulebook.effective_from.year, book.rulebook.effective_to.year


def _covers(
    last: LoadedRulebook,
    other: LoadedRulebook,
    year: int,
) -> bool:
    """Whether the last adopted is in force wherever the other is, within the year."""
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    one, two = last.rulebook, other.rulebook
    return max(one.effective_from, begins) <= max(two.effective_from, begins) and min(
        one.effective_to, ends
    ) >= min(two.effective_to, ends)


def _changed(
    year: int,
    books: list[LoadedRulebook],
    day: date,
) -> LoadedRulebook:
    """What counts of a year within which the rulebook changes: the one that begins last says it."""
    new = max(books, key=lambda book: book.rulebook.effective_from)
    change = new.rulebook.change
    if change is None:
        raise Rejected.by(
            "changed_within_year",
            msg(
                "within {year} {new} takes the place of {old}, and does not say what of the year; its table change does, or name one with --rulebook"
            ),
            year=year,
            new=new.id,
            old=[book.id for book in books if book is not new],
        )
    begun = [book for book in books if book.rulebook.effective_from <= day]
    return (
        new
        if change.within_year == "whole_year" or not begun
        else max(begun, key=lambda book: book.rulebook.effective_from)
    )


def if_any(
    books: list[LoadedRulebook],
    year: int,
    day: date,
) -> LoadedRulebook | None:
    """The rulebook in force for a year by a day; None where there is none, or where it is not said which."""
    try:
        return for_year(books, year, day)
    except Rejected:
        return None


def at_day(
    books: list[LoadedRulebook],
    day: date,
) -> LoadedRulebook:
    """The rulebook of a view without a year: in force on the day, else the last before it, else the one that stands in."""
    current = [book for book in books if book.rulebook.effective_from <= day]
    within = [book for book in current if day <= book.rulebook.effective_to]
    if within:
        return within[-1]
    return (
        max(reversed(current), key=lambda book: book.rulebook.effective_to)
        if current
        else shipped(DEFAULT)
    )


def standing_in() -> LoadedRulebook:
    """The rulebook that counts for its own year where none was adopted."""
    return shipped(DEFAULT)
