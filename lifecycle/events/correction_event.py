"""The correction of a recorded fact, in whichever stream the fact stands (spec 4)."""

from __future__ import annotations

from typing import ClassVar

from lifecycle.events.envelope import Dated, StreamKind
from lifecycle.events.field_types import Count, NotFolded, Text


class FactCorrected(Dated):
    """更正: changes or voids an earlier event of its stream; both stay visible for ever (spec 4).

    `corrects` is the version of that event. `replacement` holds the fields that change; null voids
    the event. The correction's own `occurred_on` decides nothing.
    """

    streams: ClassVar[tuple[StreamKind, ...]] = ("project", "unit", "county")
    corrects: Count
    replacement: dict[str, object] | None
    reason: NotFolded[Text]
    approved_by: NotFolded[Text]
