"""The tables that `export` writes: their columns, and what each column holds.

They hold no personal data: no recording persons, no lead persons or investors, no free texts such
as the task of a sheet, and of events only what they are and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

ColumnForm = Literal["text", "integer", "truth", "day", "moment", "amount", "points"]
"""An amount has up to 6 decimals, as recorded; points have 10, beside them the exact fraction."""


class ExportedTable(NamedTuple):
    """A table to write, with a file for each year.

    `source` is the query table whose columns go out, None for the events. `year_of` is the column
    that begins with the year; `year` itself stands in the name of the folder only.
    """

    name: str
    source: str | None
    year_of: str
    columns: Mapping[str, ColumnForm]


EVENTS: Final = ExportedTable(
    "events",
    None,
    "occurred_on",
    {
        "position": "integer",
        "stream_kind": "text",
        "stream": "text",
        "version": "integer",
        "event": "text",
        "occurred_on": "day",
        "recorded_at": "moment",
        "corrects": "integer",
    },
)

_PROJECTS: Final = ExportedTable(
    "projects",
    "projects",
    "information_on",
    {
        "project": "text",
        # The investor may be a person; the name of a project stands in every published list.
        "name": "text",
        "sector": "text",
        "kind": "text",
        "reporting_unit": "text",
        "unit": "text",
        "stage": "text",
        "information_on": "day",
        "consultation_on": "day",
        "signing_on": "day",
        "land_on": "day",
        "filing_on": "day",
        "statistics_on": "day",
        "investment_on": "day",
        "planned_investment": "amount",
        "planned_fixed_assets": "amount",
        "contract_investment": "amount",
        "contract_fixed_assets": "amount",
        "scale": "amount",
        "outside_ratio": "amount",
        "area_mu": "amount",
        "transfer_fee": "amount",
        "invested": "amount",
        "tax": "amount",
        "period_end": "day",
        "terminated_on": "day",
        "recognised": "truth",
        "eligible": "truth",
    },
)

_FIGURES: Final = ExportedTable(
    "figures",
    "figures",
    "month",
    {
        "project": "text",
        "month": "text",
        "fixed_assets": "amount",
        "self_held": "amount",
        "self_held_state_share": "amount",
        "tax": "amount",
    },
)

_SCORES: Final = ExportedTable(
    "scores",
    "scores",
    "year",
    {
        "unit": "text",
        "place": "integer",
        "as_of": "day",
        "rulebook": "text",
        "sequence": "text",
        "rank": "integer",
        "total": "points",
        "total_exact": "text",
    },
)

_LINES: Final = ExportedTable(
    "lines",
    "score_lines",
    "year",
    {
        "stream": "text",
        "line": "integer",
        "unit": "text",
        "project": "text",
        "rule": "text",
        "module": "text",
        "points": "points",
        "points_exact": "text",
        "clause": "text",
        "basis": "text",
        # Not the inputs: among them are the names of persons who won an award.
        "events": "text",
    },
)

_DEADLINES: Final = ExportedTable(
    "deadlines",
    "deadlines",
    "due_on",
    {
        "project": "text",
        "line": "integer",
        "kind": "text",
        "unit": "text",
        "about": "text",
        "due_on": "day",
        "clause": "text",
        "basis": "text",
        "estimated": "truth",
    },
)

_SHEETS: Final = ExportedTable(
    "sheets",
    "sheets",
    "due_on",
    {
        "project": "text",
        "number": "text",
        "responsible_unit": "text",
        "due_on": "day",
        "stage": "text",
        "status": "text",
        "warned_on": "day",
        "supervised_on": "day",
        "rectify_by": "day",
        "exposed_on": "day",
        "cleared_on": "day",
    },
)

EXPORTED_TABLES: Final = (
    EVENTS,
    _PROJECTS,
    _FIGURES,
    _SCORES,
    _LINES,
    _DEADLINES,
    _SHEETS,
)
