"""What everything in a rulebook is made of: exact values, sources, filters."""

import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, Protocol, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary as v
from lifecycle.events.field_types import plain
from lifecycle.events.read_by import ReadBy
from lifecycle.rejections import msg
from lifecycle.rulebook import open_words
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.nearest_names import nearest

_EXACTLY: Final = Context(prec=1000)
_QUOTIENT: Final = re.compile(r"-?[0-9]{1,30}/0*[1-9][0-9]{0,29}", re.ASCII)
"""A number that no decimal writes exactly, such as `1/30`."""


def _to_fraction(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str) and _QUOTIENT.fullmatch(value):
        return Fraction(value)
    # A bool is an int to Python, and a float has lost what the file says.
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PydanticCustomError(
            "exact",
            msg(
                'must be a decimal number, or a quotient of whole numbers such as "1/30"; '
                "rulebooks do not use binary floating point"
            ),
        )
    if isinstance(value, Decimal) and not value.is_finite():
        raise PydanticCustomError("exact", msg("must be a finite number"))
    return Fraction(value)


def is_quotient(text: str) -> bool:
    """Whether a text is a number such as `1/30`."""
    return _QUOTIENT.fullmatch(text) is not None


def exact_text(value: Fraction) -> str:
    """Write a value exactly: as a decimal if it ends, else as a reduced quotient."""
    # A decimal of n places is a whole number of parts of 10ⁿ: without end it stays a quotient.
    twos, rest = _divided_out(value.denominator, 2)
    fives, rest = _divided_out(rest, 5)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = value.numerator * 10**places // value.denominator
    return plain(Decimal(digits).scaleb(-places, _EXACTLY))


def _divided_out(number: int, factor: int) -> tuple[int, int]:
    """How often a factor divides a number, and what is left then."""
    times = 0
    while number % factor == 0:
        number //= factor
        times += 1
    return times, number


def _to_points_or_word(value: Any) -> Fraction | str:
    return value if value in SILENCE_WORDS else _to_fraction(value)


def _points_or_word_to_text(value: Fraction | str) -> str:
    return value if isinstance(value, str) else exact_text(value)


Exact = Annotated[Fraction, ReadBy(_to_fraction, exact_text)]
"""A value of the policy, kept as a fraction."""
SilenceWord = Literal["none", "holds", "fails"]
SILENCE_WORDS: Final = get_args(SilenceWord)
WhenMissing = Annotated[Fraction | SilenceWord, ReadBy(_to_points_or_word, _points_or_word_to_text)]
"""What counts where a target was never told: points, no points, or whether a condition holds."""
Years = Annotated[tuple[int, int], Field(min_length=2, max_length=2)]


class Part(BaseModel):
    """Base of everything in a rulebook: immutable, without unknown fields."""

    # A rule is validated as a part of its rulebook: building a validator for each of fifty parts,
    # needed or not, would take a tenth of every command's start.
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, data: Any) -> Any:
        # Pydantic would reject an unknown field too, but not name the nearest that there are.
        if not isinstance(data, dict):
            return data
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for name in data:
            if name not in known:
                raise PydanticCustomError(
                    "unknown_field",
                    msg("{name} is not a field here; most similar: {nearest}; allowed: {allowed}"),
                    {"name": name, "nearest": nearest(str(name), known), "allowed": known},
                )
        return data


class Sourced(Part):
    """A value that says what it rests on.

    It names the clause and the basis, in a note the reading chosen where the basis is not the
    policy, and its document.
    """

    clause: Annotated[str, Field(min_length=1)]
    basis: v.Basis
    note: str | None = None
    document: str | None = None

    @model_validator(mode="after")
    def _explains_its_reading(self) -> "Sourced":
        if self.basis != "policy" and not self.note:
            raise PydanticCustomError(
                "note",
                msg("a value whose basis is not policy must explain the reading in its note"),
            )
        return self


class Within(Part):
    """A node's first day lies in the year, or in the half-year, quarter or month that D lies in."""

    stage: open_words.Stage
    period: Literal["year", "half_year", "quarter", "month"]


_OF_UNITS: Final = frozenset({"category", "sequence", "except_sequence"})


class ClassifiedUnit(Protocol):
    """What filters look at of a unit."""

    @property
    def category(self) -> str:
        """Its category, such as a township's."""

    @property
    def sequence(self) -> str:
        """The sequence within which it is compared."""


class Filter(Part):
    """Which projects, or units: every field present must hold, with any of its values.

    Amounts are in 万元.
    """

    sector: tuple[open_words.Sector, ...] | None = None
    kind: tuple[v.ProjectKind, ...] | None = None
    traits: tuple[open_words.Trait, ...] | None = None
    chains: tuple[open_words.Chain, ...] | None = None
    site: tuple[open_words.Site, ...] | None = None
    scale: Band | None = None
    investment: Band | None = None
    invested_share: Band | None = None
    information_years: Years | None = None
    consulted_in_year: bool | None = None
    reached: Within | None = None
    figures: Annotated[dict[open_words.Figure, Band], Field(min_length=1)] | None = None
    category: tuple[open_words.Category, ...] | None = None
    sequence: tuple[str, ...] | None = None
    except_sequence: tuple[str, ...] | None = None

    @property
    def of_projects(self) -> list[str]:
        """The fields present that only a project has."""
        names = [name for name in type(self).model_fields if name not in _OF_UNITS]
        return [name for name in names if getattr(self, name) is not None]

    def takes_unit(self, unit: ClassifiedUnit) -> bool:
        """Whether the filter takes a unit, or the projects credited to it."""
        if self.category is not None and unit.category not in self.category:
            return False
        if self.except_sequence is not None and unit.sequence in self.except_sequence:
            return False
        return self.sequence is None or unit.sequence in self.sequence


# Most kinds of rule have a filter: its validator is built once, and not again within each of them.
Filter.model_rebuild()

Need = Literal["recognised", "eligible", "not_excluded"]
"""What a project must be for a rule to count it."""
