"""The ladder of the five task sheets (五单, 意8), as a table of a rulebook."""

from typing import Annotated

from pydantic import Field

from lifecycle.events.field_types import DocumentSign
from lifecycle.rulebook.parts import Sourced

DayCount = Annotated[int, Field(ge=0, le=3660)]


class SheetLadder(Sourced):
    """The document sign that numbers sheets, and how many days lead to each rung.

    Days are calendar days, except `rectify_working_days`.
    """

    prefix: DocumentSign
    assign_days: DayCount
    warn_days: DayCount
    rectify_working_days: Annotated[int, Field(ge=1, le=260)]
