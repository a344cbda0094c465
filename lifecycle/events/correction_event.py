"""The correction of a recorded fact, in whichever stream the fact stands (spec 4)."""

from typing import ClassVar, Final

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events.envelope import Dated, Event, StreamKind
from lifecycle.events.field_types import Code, Count, NotFolded, Text
from lifecycle.rejections import msg

MOVED_KEY: Final = "moved:"
"""How the key of an event begins that came from another code; its place there follows."""


def is_moved(event: Event) -> bool:
    """Return whether an event's key says that it came from another code."""
    return event.key is not None and event.key.startswith(MOVED_KEY)


class FactCorrected(Dated):
    """更正: changes or voids an earlier event of its stream; both stay visible for ever (spec 4).

    `corrects` is the version of that event. `replacement` holds the fields that change; null voids
    the event, and then `moved_to` may say under which code its project is recorded anew (spec 7).
    The correction's own `occurred_on` decides nothing.
    """

    streams: ClassVar[tuple[StreamKind, ...]] = ("project", "unit", "county", "resource")
    corrects: Count
    replacement: dict[str, object] | None
    reason: NotFolded[Text]
    approved_by: NotFolded[Text]
    moved_to: Code | None = None

    @model_validator(mode="after")
    def _only_voids_move(self) -> "FactCorrected":
        if self.moved_to is not None and self.replacement is not None:
            raise PydanticCustomError(
                "moved_to", msg("moved_to belongs to a void: replacement must be null")
            )
        return self
