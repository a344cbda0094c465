"""A county's policy as typed data.

Read from TOML, checked, digested, shipped and adopted (spec 6).
"""

from __future__ import annotations

from lifecycle.rulebook.rulebook_library import (
    DEFAULT,
    LoadedRulebook,
    adoption_problem,
    canonical,
    parse,
    shipped,
    shipped_ids,
)
from lifecycle.rulebook.rulebook_model import Rulebook

__all__ = [
    "DEFAULT",
    "LoadedRulebook",
    "Rulebook",
    "adoption_problem",
    "canonical",
    "parse",
    "shipped",
    "shipped_ids",
]
