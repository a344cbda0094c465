"""Which rulebook counts (spec 6): the one named, else the one in force, else the default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import DEFAULT, LoadedRulebook, parse, shipped, shipped_ids
from projections.facts.county_facts import CountyFacts


def adopted(county: CountyFacts) -> list[LoadedRulebook]:
    """The rulebooks that the county has adopted, in the order of adoption."""
    return [_parsed(adoption.content) for adoption in county.adoptions]


@lru_cache(maxsize=32)
def _parsed(content: str) -> LoadedRulebook:
    # The same text is read for each publication that an audit looks at.
    return parse(content)


def named(books: Sequence[LoadedRulebook], rulebook_id: str) -> LoadedRulebook:
    """The rulebook of this id, as adopted last, else as shipped. Raises `Rejected`."""
    for book in reversed(books):
        if book.id == rulebook_id:
            return book
    if rulebook_id not in shipped_ids():
        raise Rejected.by(
            "unknown_rulebook",
            msg("unknown rulebook {id}; available: {allowed}"),
            id=rulebook_id,
            allowed=_known_ids(books),
        )
    return shipped(rulebook_id)


def _known_ids(books: Sequence[LoadedRulebook]) -> list[str]:
    return sorted({*shipped_ids(), *(book.id for book in books)})


def for_year(
    books: Sequence[LoadedRulebook],
    year: int,
    day: date | None = None,
) -> LoadedRulebook:
    """The rulebook in force for a year, of several for the same time the one adopted last.

    Where a rulebook takes another's place within the year, its table `change` says what counts of
    the year. `day` is the last of the year if left out. Raises `Rejected`, naming what there is,
    where nothing is in force or the change is left open.
    """
    candidates = [book for book in books if _is_in_force_within(book, year)]
    if not candidates:
        return _default_of_year(books, year)
    last = candidates[-1]
    # A book that the last one does not cover counts for a part of the year.
    partial = [book for book in candidates[:-1] if not _covers(last, book, year)]
    if not partial:
        return last
    return _after_change([*partial, last], year, day or date(year, 12, 31))


def _is_in_force_within(book: LoadedRulebook, year: int) -> bool:
    policy = book.rulebook
    return policy.effective_from.year <= year <= policy.effective_to.year


def _default_of_year(books: Sequence[LoadedRulebook], year: int) -> LoadedRulebook:
    """The default rulebook, where the year is its own: it serves without being adopted."""
    book = default_rulebook()
    if _is_in_force_within(book, year):
        return book
    raise Rejected.by(
        "no_rulebook",
        msg(
            "no rulebook is in force for {year}: draft one with `lifecycle rulebook new ID --from "
            "{latest} --year {year}` and adopt it with `lifecycle rulebook adopt ID.toml`, or "
            "choose one of {allowed} with --rulebook"
        ),
        year=year,
        latest=at_day(books, date(year, 12, 31)).id,
        allowed=_known_ids(books),
    )


def _covers(
    last: LoadedRulebook,
    earlier: LoadedRulebook,
    year: int,
) -> bool:
    """Whether the last adopted is in force wherever the earlier one is, within the year."""
    first_day, last_day = date(year, 1, 1), date(year, 12, 31)
    begins_no_later = max(last.rulebook.effective_from, first_day) <= max(
        earlier.rulebook.effective_from, first_day
    )
    ends_no_earlier = min(last.rulebook.effective_to, last_day) >= min(
        earlier.rulebook.effective_to, last_day
    )
    return begins_no_later and ends_no_earlier


def _after_change(
    books: Sequence[LoadedRulebook],
    year: int,
    day: date,
) -> LoadedRulebook:
    """What counts of a year within which the rulebook changes: the one that begins last says it."""
    new = _beginning_last(books)
    change = new.rulebook.change
    if change is None:
        raise Rejected.by(
            "changed_within_year",
            msg(
                "{new} replaces {old} within {year} without a table `change` that says "
                "which applies to what part of the year; add the table or choose a "
                "rulebook with --rulebook"
            ),
            year=year,
            new=new.id,
            old=[book.id for book in books if book is not new],
        )
    begun = [book for book in books if book.rulebook.effective_from <= day]
    if change.within_year == "whole_year" or not begun:
        return new
    return _beginning_last(begun)


def _beginning_last(books: Sequence[LoadedRulebook]) -> LoadedRulebook:
    # `max` takes the first of equals: of books that begin on the same day, the one adopted last.
    return max(reversed(books), key=lambda book: book.rulebook.effective_from)


def if_any(
    books: Sequence[LoadedRulebook],
    year: int,
    day: date,
) -> LoadedRulebook | None:
    """The rulebook in force for a year by a day; None where `for_year` rejects it."""
    try:
        return for_year(books, year, day)
    except Rejected:
        return None


def at_day(books: Sequence[LoadedRulebook], day: date) -> LoadedRulebook:
    """The rulebook of a view without a year.

    It is the one in force on the day, else the last before it, else the default.
    """
    # Backwards: of several in force on the day, the one adopted last counts.
    for book in reversed(books):
        if book.rulebook.effective_from <= day <= book.rulebook.effective_to:
            return book
    begun = [book for book in books if book.rulebook.effective_from <= day]
    if begun:
        # `max` takes the first of equals: of books that ended on the same day, the one adopted
        # last.
        return max(reversed(begun), key=lambda book: book.rulebook.effective_to)
    return default_rulebook()


def default_rulebook() -> LoadedRulebook:
    """The rulebook that counts for its own year where none was adopted."""
    return shipped(DEFAULT)
