"""How many examples run: few in `make test`, many in `make soak` (`HYPOTHESIS_PROFILE=soak`)."""

from __future__ import annotations

import os
from typing import Final, TypeVar

from hypothesis import settings

T = TypeVar("T")
SOAK: Final = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
_MORE: Final = 20


def either(test: T, soak: T) -> T:
    """Return the value for `make test` or for `make soak`."""
    return soak if SOAK else test


def examples(count: int) -> settings:
    """Set the number of examples in `make test`; `make soak` runs twenty times as many."""
    return settings(max_examples=count * either(1, _MORE))
