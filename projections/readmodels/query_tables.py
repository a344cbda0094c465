"""The tables as SQLAlchemy knows them. Amounts are exact: NUMERIC on PostgreSQL, plain decimal text on SQLite."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Numeric, Table, Text

metadata = MetaData()

Amount = Text().with_variant(Numeric(), "postgresql")
"""万元 or points, exact."""


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


tracking = _table(
    "read_tables",
    Column("application_name", Text, primary_key=True),
    Column("notification_id", BigInteger, nullable=False),
    Column("as_of", Text),
    Column("fingerprint", Text),
    Column("digest", Text),
)
"""How far the tables are: the ledger's position, the day they were made for, by which rulebooks, and their digest."""

units = _table(
    "units",
    Column("unit", Text, primary_key=True),
    Column("sequence", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("registered", BigInteger, nullable=False),
)

projects = _table(
    "projects",
    Column("project", Text, primary_key=True),
    *(
        Column(name, Text)
        for name in (
            "name",
            "investor",
            "investor_code",
            "sector",
            "kind",
            "site",
            "reporting_unit",
            "unit",
            "lead_person",
            "stage",
        )
    ),
    *(
        Column(f"{stage}_on", Text)
        for stage in (
            "information",
            "consultation",
            "signing",
            "land",
            "filing",
            "statistics",
            "investment",
        )
    ),
    *(
        Column(name, Amount)
        for name in (
            "planned_investment",
            "planned_fixed_assets",
            "contract_investment",
            "contract_fixed_assets",
        )
    ),
    *(Column(name, Amount) for name in ("scale", "outside_ratio", "area_mu", "transfer_fee")),
    Column("filing_code", Text),
    Column("invested", Amount),
    Column("tax", Amount),
    Column("period_end", Text),
    Column("terminated_on", Text),
    Column("excluded", Text),
    Column("recognised", Boolean, nullable=False),
    Column("eligible", Boolean, nullable=False),
    Column("not_eligible_because", Text),
)

figures = _table(
    "figures",
    Column("project", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("fixed_assets", Amount),
    Column("self_held", Amount),
    Column("self_held_state_share", Amount),
    Column("tax", Amount),
)

scores = _table(
    "scores",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("rulebook", Text, nullable=False),
    Column("sequence", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("total", Amount, nullable=False),
    Column("total_exact", Text, nullable=False),
)

score_parts = _table(
    "score_parts",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("points", Amount, nullable=False),
    Column("points_exact", Text, nullable=False),
    Column("raw_exact", Text, nullable=False),
)

score_lines = _table(
    "score_lines",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("stream", Text, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("project", Text),
    Column("rule", Text, nullable=False),
    Column("module", Text, nullable=False),
    Column("points", Amount, nullable=False),
    Column("points_exact", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("events", Text, nullable=False),
)

deadlines = _table(
    "deadlines",
    Column("project", Text, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("about", Text),
    Column("due_on", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("estimated", Boolean, nullable=False),
)
"""Every deadline as of the tables' day, however far off; the days left are for whoever asks."""

sheets = _table(
    "sheets",
    Column("project", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("task", "responsible_unit", "due_on")),
    Column("stage", Text),
    Column("status", Text, nullable=False),
    *(
        Column(name, Text)
        for name in ("warned_on", "supervised_on", "rectify_by", "exposed_on", "cleared_on")
    ),
)

target_shares = _table(
    "target_shares",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("project", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("amount_exact", Text, nullable=False),
)

targets = _table(
    "targets",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("indicator", Text, nullable=False),
    Column("unit", Text),
    Column("as_of", Text, nullable=False),
    Column("target", Amount, nullable=False),
    Column("actual", Amount, nullable=False),
    Column("actual_exact", Text, nullable=False),
    Column("ratio", Amount),
)
"""The county's targets, where `unit` is empty, and those of units; `target_shares` of the indicator sum to the actual."""

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
"""The tables made from history, tracking aside."""
