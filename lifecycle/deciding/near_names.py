"""By what near-identical project names are found: what people do to a name when they retype it.

Two names are near where they differ, at most, by one character, by traditional forms, by numbers
(年产5万吨 and 年产10万吨), and by 年产, 项目 and a phase such as 二期. Each name has signatures,
and near names share one, so that an index of signatures answers for a hundred thousand projects as
fast as for ten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from lifecycle.late_module import LateModule

if TYPE_CHECKING:
    from rapidfuzz.distance import Levenshtein
else:
    # Only names that share a signature are compared.
    Levenshtein = LateModule("rapidfuzz.distance.Levenshtein")

_FORMS_FILE: Final = "traditional_forms.txt"
_FILLERS: Final = re.compile("年产|项目")
_NUMBERS: Final = re.compile("[0-9〇零一二三四五六七八九十百千万亿两]+")
_NUMBER: Final = "0"
_PHASE: Final = re.compile(f"第?{_NUMBER}期")
_LONGEST: Final = 30
"""Characters of a name that are compared: longer names that begin alike are near."""
_SHORTEST: Final = 4
"""In a shorter name one character makes another name of it."""
_SIGNATURE_BYTES: Final = 6


@cache
def _simplified_forms() -> Mapping[int, str]:
    """Return the simplified character of each traditional one."""
    forms: dict[int, str] = {}
    text = files(__package__).joinpath(_FORMS_FILE).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            simplified, traditional = line[0], line[1:]
            forms |= dict.fromkeys(map(ord, traditional), simplified)
    return forms


@lru_cache(maxsize=4096)
def name_core(normalised_name: str) -> str:
    """Return what is left of a normalised name without what people change in it."""
    simplified = normalised_name.translate(_simplified_forms())
    core = _PHASE.sub("", _NUMBERS.sub(_NUMBER, _FILLERS.sub("", simplified)))
    # A name of nothing else stays as it is.
    return (core or simplified)[:_LONGEST]


@lru_cache(maxsize=256)  # a report is compared by its name's and then found by them
def name_signatures(normalised_name: str) -> frozenset[str]:
    """Return the signatures of a name: its core, and the core without each of its characters.

    Names whose cores differ by one character, put in, left out or exchanged, share one of them.
    """
    core = name_core(normalised_name)
    variants = {core}
    if len(core) >= _SHORTEST:
        variants.update(core[:place] + core[place + 1 :] for place in range(len(core)))
    return frozenset(map(_signature, variants))


def _signature(text: str) -> str:
    # Digests are short and alike in every database's order; equal ones are compared by name.
    return hashlib.blake2b(text.encode(), digest_size=_SIGNATURE_BYTES).hexdigest()


def are_near(first: str, second: str) -> bool:
    """Return whether two normalised names are near."""
    cores = name_core(first), name_core(second)
    if min(map(len, cores)) < _SHORTEST:
        return cores[0] == cores[1]
    return Levenshtein.distance(*cores, score_cutoff=1) <= 1
