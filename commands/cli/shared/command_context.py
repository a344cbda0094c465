"""What a command stands on: the store, who enters, and the axes of a result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.words.messages import _, say

if TYPE_CHECKING:
    from lifecycle.ledger.record_stamps import Author
    from lifecycle.ledger.store import Ledger
    from lifecycle.log.merkle_tree import HashName
    from lifecycle.rulebook import LoadedRulebook
    from projections.scoring.evaluation import View

F = TypeVar("F", bound=Callable[..., Any])


def store_url() -> str:
    """The store's URL: `--db`, `LIFECYCLE_DB`, or SQLite in the user's data folder."""
    url: str | None = click.get_current_context().find_root().obj
    if url:
        return url
    from platformdirs import user_data_path  # noqa: PLC0415 -- a store that was named does not pay for it

    return f"sqlite:///{user_data_path('lifecycle') / 'ledger.db'}"


@contextmanager
def opened() -> Iterator[Ledger]:
    """The store, open; each day of use leaves a checkpoint. Raises `StoreError`, saying what to run, where there is none."""
    from lifecycle.ledger.store import Ledger  # noqa: PLC0415 -- help does not pay for the store

    with Ledger.open(store_url()) as ledger:
        day = _last_day(ledger)
        yield ledger
        if _last_day(ledger) > day and ledger.head().signer:
            from commands.cli.shared.key_access import signed_if_possible  # noqa: PLC0415 -- only the first to record on a day pays for a signature

            signed_if_possible(ledger, ask=False)


def _last_day(ledger: Ledger) -> str:
    """The day of the last event's record time, empty without any."""
    return ledger.head().recorded_at[:10]


def made(url: str, tree_hash: HashName = "sha256") -> Ledger:
    """A new store. Raises `StoreError`."""
    from lifecycle.ledger.recorders import sqlite_path  # noqa: PLC0415 -- as above
    from lifecycle.ledger.store import Ledger  # noqa: PLC0415 -- as above

    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    return Ledger.open(url, create=True, tree_hash=tree_hash)


def _machine_login() -> str:
    """Who is logged in to this machine."""
    import pwd  # noqa: PLC0415 -- there is none on every system

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def who(ledger: Ledger, on_behalf_of: str | None = None, *, importing: bool = False) -> Author:
    """The login that enters: the database's role, else the machine's user; and for whom."""
    from lifecycle.ledger.record_stamps import Author  # noqa: PLC0415 -- as above

    return Author(ledger.database_login() or _machine_login(), on_behalf_of, importing)


def known_at_option(function: F) -> F:
    """`--known-at`."""
    text = _(
        "What the ledger knew then: a time, of Asia/Shanghai without a zone, or a day, meaning its end."
    )
    return click.option("--known-at", metavar="TIME", help=text)(function)


# The axes of a result -------------------------------------------------------------------------------------------------


def axes_options(*, year: bool = True, rulebook: bool = True) -> Callable[[F], F]:
    """`--year`, `--as-of`, `--known-at`, `--rulebook`, those that a view has."""

    def decorate(function: F) -> F:
        if rulebook:
            text = _("The rulebook by its id; the one in force if left out.")
            function = click.option("--rulebook", "rulebook_id", metavar="ID", help=text)(function)
        function = known_at_option(function)
        text = _(
            "What was true on this day; today if left out, and never later than the year's end."
        )
        function = click.option("--as-of", metavar="DATE", help=text)(function)
        text = _("The year; that of --as-of if left out.")
        return (
            click.option("--year", type=click.IntRange(1900, 2199), help=text)(function)
            if year
            else function
        )

    return decorate


def read_day(text: str) -> date:
    """A day as typed. Raises `BadParameter`."""
    return _read("--as-of", lambda: iso(text))


def iso(text: str) -> date:
    """An ISO date of the years that the ledger takes."""
    from lifecycle.events.field_types import iso_date  # noqa: PLC0415 -- as above

    return iso_date(text)


def month_of(text: str) -> date:
    """The last day of a month as typed. Raises `BadParameter`."""
    from lifecycle.events import last_day  # noqa: PLC0415 -- as above

    try:
        return last_day(f"{iso(f'{text}-01'):%Y-%m}")
    except ValueError:
        raise click.BadParameter(_("must be a month such as 2024-05"), param_hint="MONTH") from None


def read_moment(text: str) -> datetime:
    """A moment as typed, Asia/Shanghai where it names no zone; a day means its end. Raises `BadParameter`."""
    from lifecycle.events.field_types import SHANGHAI, zoned_datetime  # noqa: PLC0415 -- as above

    if len(text.strip()) == len("2024-03-31"):
        return datetime.combine(_read("--known-at", lambda: iso(text)), time.max, SHANGHAI)
    return _read("--known-at", lambda: zoned_datetime(text))


T = TypeVar("T")


def _read(option: str, reader: Callable[[], T]) -> T:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 -- as above

    try:
        return reader()
    except PydanticCustomError as error:
        raise click.BadParameter(say(error.message_template), param_hint=option) from None


def position_known(ledger: Ledger, known_at: str | None) -> tuple[int, datetime | None]:
    """The last position that counts, and the moment asked for."""
    if known_at is None:
        return ledger.head().position, None
    moment = read_moment(known_at)
    return ledger.position_at(moment), moment


def view_of(
    ledger: Ledger,
    year: int | None,
    as_of: str | None,
    known_at: str | None,
    rulebook_id: str | None,
    *,
    book: LoadedRulebook | None = None,
    adopted: Callable[[int], list[LoadedRulebook]] | None = None,
) -> View:
    """The axes as asked, defaults filled in (spec 2): a past year as of its last day, this year as of today.

    `adopted` gives the rulebooks adopted by a position, for whoever has them at hand.
    """
    from projections.scoring import rulebook_in_force as in_force  # noqa: PLC0415 -- as above
    from projections.scoring.evaluation import View  # noqa: PLC0415 -- as above

    today = ledger.clock().date()
    day = read_day(as_of) if as_of else today
    year = year or day.year
    day = min(day, date(year, 12, 31))
    position, moment = position_known(ledger, known_at)
    if book is None:
        books = in_force.adopted(ledger, position) if adopted is None else adopted(position)
        book = (
            in_force.named(books, rulebook_id)
            if rulebook_id
            else in_force.for_year(books, year, day)
        )
    return View(year, day, position, book, moment)


def day_view(ledger: Ledger, as_of: str | None, known_at: str | None) -> View:
    """A view without a year of its own: the day's, by the rulebook of the day (spec 6)."""
    from projections.scoring import rulebook_in_force as in_force  # noqa: PLC0415 -- as above
    from projections.scoring.evaluation import View  # noqa: PLC0415 -- as above

    day = read_day(as_of) if as_of else ledger.clock().date()
    position, moment = position_known(ledger, known_at)
    return View(
        day.year, day, position, in_force.at_day(in_force.adopted(ledger, position), day), moment
    )


def written(path: Path, make: Callable[[Path], object]) -> None:
    """Write a file by its side and put it in place when it is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make(beside)
        beside.replace(path)
    except OSError as error:
        error.filename = str(path)  # the one that was asked for
        raise
    finally:
        beside.unlink(missing_ok=True)
