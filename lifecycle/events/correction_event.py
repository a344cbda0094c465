"""The correction of a recorded fact, in whichever stream the fact stands (spec 4)."""

from __future__ import annotations

from typing import ClassVar

from lifecycle.events.envelope import Dated, StreamKind
from lifecycle.events.field_types import Count, NotFolded, Text


class FactCorrected(Dated):
    """更正: changes or voids an earlier event of its stream, which stays visible for ever (spec 4).

    `replacement` holds the fields that change, as in a record; null voids. Its own `occurred_on` decides nothing.
    """

    streams: ClassVar[tuple[StreamKind, ...]] = ("project", "unit", "county")
    corrects: Count
    replacement: dict[str, object] | None
    reason: NotFolded[Text]
    approved_by: NotFolded[Text]
