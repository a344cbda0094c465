"""What every table of a rulebook is made of: exact values, and the clause, basis and note that each states."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from lifecycle import vocabulary as v
from lifecycle.refusals import msg
from lifecycle.values import plain


def _exact(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PydanticCustomError("exact", msg("must be a decimal number; a rulebook is read without binary floats"))
    if isinstance(value, Decimal) and not value.is_finite():
        raise PydanticCustomError("exact", msg("must be a finite number"))
    return Fraction(value)


def _written(value: Fraction) -> str:
    return plain(Decimal(value.numerator) / Decimal(value.denominator))


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(_written)]
"""A value of the policy, kept as a fraction."""


class Part(BaseModel):
    """Base of everything in a rulebook: immutable, nothing unknown let in."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Sourced(Part):
    """A value says what it rests on: the clause, the basis, and a note where the basis is not the policy."""

    clause: Annotated[str, Field(min_length=1)]
    basis: v.Basis
    note: str | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Sourced:
        if self.basis != "policy" and not self.note:
            raise PydanticCustomError("note", msg("a value that is not policy says in its note which reading, and why"))
        return self
