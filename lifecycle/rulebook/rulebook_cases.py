"""Cases in a rulebook's file: facts of a few units, and the points worked out by hand (spec 6).

They are left out of the canonical content: a case added to a file changes no digest. `check` and
`adopt` run them; nothing else looks at them.
"""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.open_words import Category
from lifecycle.rulebook.parts import Part

_NUMBER: Final = re.compile(r"-?[0-9]{1,30}([./][0-9]{1,30})?", re.ASCII)


def _to_points(value: Any) -> Fraction:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value) and not value.endswith("/0"):
        return Fraction(value)
    raise PydanticCustomError("exact", msg("must be a finite number"))


CasePoints = Annotated[Fraction, BeforeValidator(_to_points)]


class CaseUnit(Part):
    """A unit of a case, registered on 1 January of its year; a township if nothing is said."""

    unit: str
    sequence: str | None = None
    category: Category = "township"


class Case(Part):
    """Facts in, points out: totals by unit, and what else is to be compared."""

    name: str | None = None
    year: Annotated[int, Field(ge=1900, le=2199)] | None = None
    as_of: date | None = None
    units: tuple[CaseUnit | str, ...] | None = None
    facts: tuple[dict[str, Any], ...] = ()
    points: dict[str, CasePoints] | None = None
    modules: dict[str, dict[str, CasePoints]] | None = None
    grades: dict[str, str] | None = None
    outcomes: dict[str, tuple[str, ...]] | None = None
    not_counted: tuple[dict[str, Any], ...] | None = None
    rewards: tuple[dict[str, Any], ...] | None = None
