"""The known names most like one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from lifecycle.late_module import LateModule

if TYPE_CHECKING:
    from rapidfuzz import fuzz, process
else:
    # rapidfuzz takes longer to load than most commands run, and only a wrong name needs it.
    fuzz = LateModule("rapidfuzz.fuzz")
    process = LateModule("rapidfuzz.process")

_SHOWN: Final = 3
_LEAST_LIKENESS: Final = 50


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three known names, the most similar first; none that is hardly similar at all."""
    matches = process.extract(
        name,
        list(known),
        scorer=fuzz.WRatio,
        processor=_spaced,
        limit=_SHOWN,
        score_cutoff=_LEAST_LIKENESS,
    )
    return [match[0] for match in matches]


def _spaced(name: str) -> str:
    # WRatio compares words, which names of fields join with underscores.
    return name.replace("_", " ")
