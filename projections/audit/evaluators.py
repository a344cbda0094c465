"""The program versions that publications and certificates name, and whose rules are known here."""

from __future__ import annotations

import re
from typing import Final

from lifecycle import __version__

EVALUATOR: Final = f"lifecycle {__version__}"
"""The program version that a publication names: a later version may compute by other rules."""

_KNOWN: Final = re.compile(r"lifecycle 0\.[12]\.\d+")
_FIRST: Final = re.compile(r"lifecycle 0\.1\.\d+")


def is_known(evaluator: str) -> bool:
    """Say whether this version can recompute what that version computed."""
    return _KNOWN.fullmatch(evaluator) is not None


def marks_unofficial(evaluator: str) -> bool:
    """Say whether publications of a version bear a mark where they are not official."""
    return _FIRST.fullmatch(evaluator) is None


def ranks_registered(evaluator: str) -> bool:
    """Say whether a version ranks every registered unit, also before the day of its registration.

    Its rows name a unit by its identity alone.
    """
    return _FIRST.fullmatch(evaluator) is not None
