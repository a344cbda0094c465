"""The query tables: each is declared once, as the class of its rows.

Amounts and points are exact: NUMERIC on PostgreSQL, plain decimal text on SQLite. Columns that end
in `_exact` are fractions such as `4/3`. Days and months are ISO text.
"""

from __future__ import annotations

from types import NoneType
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Numeric, Table, Text

from projections.views.project_view import ProjectRow

metadata = MetaData()

_AMOUNT: Final = Text().with_variant(Numeric(), "postgresql")
_TYPES: Final[dict[type, Any]] = {str: Text, int: Integer, bool: Boolean}


def _query_table(
    name: str,
    row: type[tuple[Any, ...]],
    *,
    keys: tuple[str, ...],
    amounts: tuple[str, ...] = (),
    positions: tuple[str, ...] = (),
) -> Table:
    """Declare the table of a row class: a column for each field, nullable where it may be None.

    `amounts` are the fields with exact decimals, `positions` those with 64-bit integers.
    """
    types = get_type_hints(row)
    unknown = {*keys, *amounts, *positions} - types.keys()
    if unknown:
        raise TypeError(f"{row.__name__} has no field {unknown}")
    columns: list[Column[Any]] = []
    for field, annotation in types.items():
        alternatives = get_args(annotation) or (annotation,)
        column_type: Any = _TYPES[alternatives[0]]
        if field in amounts:
            column_type = _AMOUNT
        elif field in positions:
            column_type = BigInteger
        column: Column[Any] = Column(
            field,
            column_type,
            primary_key=field in keys,
            nullable=NoneType in alternatives,
            autoincrement=False,  # every key is a fact of the ledger
        )
        columns.append(column)
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


class TrackingRow(NamedTuple):
    """How far the tables are: the ledger's position, their day, and their rulebooks."""

    application_name: str
    notification_id: int
    as_of: str
    fingerprint: str


tracking = _query_table(
    "read_tables", TrackingRow, keys=("application_name",), positions=("notification_id",)
)


class UnitRow(NamedTuple):
    """A unit that is there; `registered` is the position of its registration, which orders units.

    `unit` is its identity, `name` what it is called on the tables' day.
    """

    unit: str
    name: str
    sequence: str
    category: str
    registered: int


units = _query_table("units", UnitRow, keys=("unit",), positions=("registered",))

projects = _query_table(
    "projects",
    ProjectRow,
    keys=("project",),
    amounts=(
        "planned_investment",
        "planned_fixed_assets",
        "contract_investment",
        "contract_fixed_assets",
        "scale",
        "outside_ratio",
        "area_mu",
        "transfer_fee",
        "invested",
        "tax",
    ),
)


class FigureRow(NamedTuple):
    """A project's investment and tax of a month, as reported."""

    project: str
    month: str
    fixed_assets: str | None
    self_held: str | None
    self_held_state_share: str | None
    tax: str | None


figures = _query_table(
    "figures",
    FigureRow,
    keys=("project", "month"),
    amounts=("fixed_assets", "self_held", "self_held_state_share", "tax"),
)


class ScoreRow(NamedTuple):
    """A unit's score of a year; `place` orders the units, equal scores share a `rank`.

    A unit that an outcome takes out of the ranking has no rank.
    """

    year: int
    unit: str
    place: int
    as_of: str
    rulebook: str
    sequence: str
    rank: int | None
    total: str
    total_exact: str


scores = _query_table("scores", ScoreRow, keys=("year", "unit"), amounts=("total",))


class ScorePartRow(NamedTuple):
    """A module, group, basis or outcome of a score.

    `raw_exact` is the sum before floors and caps.
    """

    year: int
    unit: str
    part: str
    name: str
    points: str
    points_exact: str
    raw_exact: str


score_parts = _query_table(
    "score_parts", ScorePartRow, keys=("year", "unit", "part", "name"), amounts=("points",)
)


class ScoreLineRow(NamedTuple):
    """A score line, numbered within the stream it comes from; `inputs` and `events` are JSON."""

    year: int
    stream: str
    line: int
    unit: str
    project: str | None
    rule: str
    module: str
    points: str
    points_exact: str
    clause: str
    basis: str
    inputs: str
    events: str


score_lines = _query_table(
    "score_lines", ScoreLineRow, keys=("year", "stream", "line"), amounts=("points",)
)


class ProjectDeadlineRow(NamedTuple):
    """A deadline as of the tables' day, however far off; the query computes the days left."""

    project: str
    line: int
    kind: str
    unit: str | None
    about: str | None
    due_on: str
    clause: str
    basis: str
    estimated: bool


deadlines = _query_table("deadlines", ProjectDeadlineRow, keys=("project", "line"))


class TaskSheetRow(NamedTuple):
    """A task of a project as it stands on the tables' day."""

    project: str
    number: str
    task: str
    responsible_unit: str
    due_on: str
    stage: str | None
    status: str
    warned_on: str | None
    supervised_on: str | None
    rectify_by: str | None
    exposed_on: str | None
    cleared_on: str | None


sheets = _query_table("sheets", TaskSheetRow, keys=("project", "number"))


class TargetShareRow(NamedTuple):
    """What a project adds to an indicator, for the unit that has the credit, if any."""

    year: int
    project: str
    indicator: str
    unit: str | None
    amount: str
    amount_exact: str


target_shares = _query_table(
    "target_shares",
    TargetShareRow,
    keys=("year", "project", "indicator"),
    amounts=("amount",),
)


class TargetStateRow(NamedTuple):
    """A target and what is reached of it: the county's where `unit` is None.

    The `target_shares` of the indicator, or of indicator and unit, sum to the actual.
    """

    year: int
    place: int
    indicator: str
    unit: str | None
    as_of: str
    target: str
    actual: str
    actual_exact: str
    ratio: str | None


targets = _query_table(
    "targets",
    TargetStateRow,
    keys=("year", "place"),
    amounts=("target", "actual", "ratio"),
)

CONTENT_TABLES: Final = (
    units,
    projects,
    figures,
    scores,
    score_parts,
    score_lines,
    deadlines,
    sheets,
    target_shares,
    targets,
)
"""The tables built from history: all but `tracking`."""
