"""left_out: the clauses of a text that its rulebook leaves out, and why (spec 6)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from lifecycle.rulebook.parts import Part

# Blanks alone would say as little as an empty text, and look like an answer.
NonBlankText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class LeftOutClause(Part):
    """A clause of the text that nothing of the rulebook encodes, with the reason."""

    clause: NonBlankText
    why: NonBlankText


LeftOutClauses = Annotated[tuple[LeftOutClause, ...], Field(min_length=1)]
