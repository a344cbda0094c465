"""How the monthly red and black boards are proposed, as tables of a rulebook (三.4, 考(八)2)."""

from typing import Annotated

from pydantic import Field

from lifecycle.rulebook.parts import Part, Sourced

PositiveCount = Annotated[int, Field(ge=1)]


class RedPlaces(Sourced):
    """Candidates for the red board: the first `places` of a sequence, ties included."""

    places: PositiveCount


class MissedChecks(Sourced):
    """Candidates for the black board: points lost at `consecutive` schedule checks in a row."""

    consecutive: PositiveCount


class LastPlace(Sourced):
    """Candidates for the black board: the last of a sequence of at least `of_at_least` units."""

    of_at_least: Annotated[int, Field(ge=2)]


class Interview(Sourced):
    """约谈: due for a unit on the black board for `consecutive_months` in a row."""

    consecutive_months: PositiveCount


class Boards(Part):
    """The rules of the monthly boards."""

    red: RedPlaces
    missed_checks: MissedChecks
    last: LastPlace
    interview: Interview
