"""How many examples run: few in `make test`, many in `make soak` (`HYPOTHESIS_PROFILE=soak`)."""

from __future__ import annotations

import os
from typing import Final, TypeVar

from hypothesis import settings

T = TypeVar("T")
SOAK: Final = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
_WHOLE: Final = SOAK or os.environ.get("HYPOTHESIS_PROFILE") == "whole"
_MORE: Final = 20


def either(test: T, soak: T) -> T:
    """Return the value for `make test` or for `make soak`."""
    return soak if SOAK else test


def examples(count: int) -> settings:
    """Set the number of examples in `make test`; `make soak` runs twenty times as many."""
    return settings(max_examples=count * either(1, _MORE))


def history_examples(count: int) -> settings:
    """Set the number of examples of a test that draws a whole history for each.

    To draw a history, record it and judge it two or three times takes up to a fifth of a second.
    `make test` runs half of the examples, CI (`make test COVER=1`) all of them, `make soak` twenty
    times as many.
    """
    return examples(count if _WHOLE else (count + 1) // 2)
