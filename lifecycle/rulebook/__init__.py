"""A county's policy as typed data.

Read from TOML, checked, digested, shipped and adopted (spec 6).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lifecycle.rulebook.rulebook_library import (
        DEFAULT,
        LoadedRulebook,
        adoption_problem,
        canonical,
        every_shipped,
        parse,
        shipped,
        shipped_ids,
        shipped_with_digest,
    )
    from lifecycle.rulebook.rulebook_model import Rulebook

__all__ = [
    "DEFAULT",
    "LoadedRulebook",
    "Rulebook",
    "adoption_problem",
    "canonical",
    "every_shipped",
    "parse",
    "shipped",
    "shipped_ids",
    "shipped_with_digest",
]

_MODEL_NAMES: Final = ("Rulebook",)


def __getattr__(name: str) -> object:
    """Load the rulebook's models at the first use of one (PEP 562).

    They are a third of the time in which `record` starts, and of all that is recorded only the
    adoption of a rulebook looks at them.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "rulebook_model" if name in _MODEL_NAMES else "rulebook_library"
    return getattr(import_module(f"{__name__}.{module}"), name)
