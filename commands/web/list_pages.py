"""Long lists: a page of them at a time, sorted by the column that the reader chose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlencode

R = TypeVar("R")

ROWS_ON_A_PAGE: Final = 50
NOT_STALLED: Final = "not_stalled"
"""Deadlines of every kind but projects without progress, which have a list of their own."""
# Digits of the longest page number that is read at all.
_PAGE_DIGITS: Final = 8
_DESCENDING: Final = "-"


class ListPage(NamedTuple):
    """A page of a long list, and the number of the last page."""

    number: int
    last: int

    def rows(self, all_rows: Sequence[R]) -> Sequence[R]:
        """The rows of the page."""
        first = (self.number - 1) * ROWS_ON_A_PAGE
        return all_rows[first : first + ROWS_ON_A_PAGE]


def list_page(typed: str, count: int) -> ListPage:
    """The page that was typed, within the list; the first for anything that is no number."""
    full_pages, rest = divmod(count, ROWS_ON_A_PAGE)
    page_count = full_pages + (rest > 0)
    # An empty list has a page, which says so.
    last = max(1, page_count)
    # `isdigit` alone lets pass characters such as ² that `int` rejects.
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _PAGE_DIGITS
    if not is_number:
        return ListPage(1, last)
    number = max(1, int(typed))
    return ListPage(min(number, last), last)


# Sorting


class ListOrder(NamedTuple):
    """By which column a list is sorted, and which way; no column leaves the list's own order."""

    column: str
    is_descending: bool

    def aria_sort(self, column: str) -> str:
        """What a screen reader says of a column's order; empty for the other columns."""
        if column != self.column:
            return ""
        if self.is_descending:
            return "descending"
        return "ascending"

    def next_of(self, column: str) -> str:
        """What the link of a column asks for: its order, or the other way round."""
        is_ascending = column == self.column and not self.is_descending
        if is_ascending:
            return f"{_DESCENDING}{column}"
        return column


def list_order(typed: str, columns: Collection[str]) -> ListOrder:
    """The order that an address asks for: `column` or `-column`; none for other texts."""
    column = typed.removeprefix(_DESCENDING)
    if column not in columns:
        return ListOrder("", is_descending=False)
    return ListOrder(column, is_descending=typed.startswith(_DESCENDING))


def sorted_rows(
    rows: Sequence[R],
    order: ListOrder,
    sort_keys: Mapping[str, Callable[[R], Any]],
) -> Sequence[R]:
    """Rows in an order; those without a value stay last, whichever way the others stand."""
    if not order.column:
        return rows
    sort_key = sort_keys[order.column]
    with_value: list[R] = []
    without_value: list[R] = []
    for row in rows:
        if sort_key(row) is None:
            without_value.append(row)
        else:
            with_value.append(row)
    with_value.sort(key=sort_key, reverse=order.is_descending)
    return with_value + without_value


def text_key(text: str) -> bytes | None:
    """The place of a text among others.

    GB 18030 has the common characters in the order of their pinyin.
    """
    return text.encode("gb18030", "replace") if text else None


def amount_key(text: str) -> Fraction | None:
    """The place of an amount with its thousands set apart."""
    return Fraction(text.replace(",", "")) if text else None


# Links


class ListLinks:
    """Addresses of the same list: another page of it, or in another order."""

    def __init__(self, path: str, query: Mapping[str, str]) -> None:
        self._path = path
        # What a form left empty chooses nothing, and would only lengthen addresses.
        self._query = {name: value for name, value in query.items() if value}

    def to_page(self, number: int) -> str:
        """Another page in the same order."""
        return self._address({**self._query, "page": str(number)})

    def sorted_by(self, typed_order: str) -> str:
        """The first page in another order."""
        query = {**self._query, "sort": typed_order}
        query.pop("page", None)
        return self._address(query)

    def _address(self, query: Mapping[str, str]) -> str:
        return f"{self._path}?{urlencode(query)}"
