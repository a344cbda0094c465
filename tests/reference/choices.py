"""Choices of a draw as integers, whose strategies are built once."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st


@cache
def up_to(last: int) -> st.SearchStrategy[int]:
    """Integers from 0; they shrink towards it.

    A history is hundreds of draws from short lists. To draw a place in the list takes a third of
    what a strategy takes that is built of the list's values for this one draw.
    """
    return st.integers(0, last)
