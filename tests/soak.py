"""How many examples run: few in `make test`, many in `make soak` (`HYPOTHESIS_PROFILE=soak`)."""

from __future__ import annotations

import os
from typing import Final, TypeVar

from hypothesis import settings

T = TypeVar("T")
SOAK: Final = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
_MORE: Final = 20


def either(test: T, soak: T) -> T:
    """The one for `make test`, or the one for `make soak`."""
    return soak if SOAK else test


def examples(count: int) -> settings:
    """So many examples in `make test`, twenty times as many in `make soak`."""
    return settings(max_examples=count * either(1, _MORE))
