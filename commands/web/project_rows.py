"""Rows about projects: lists, facts, nodes, anomalies, and the history with corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from operator import attrgetter
from typing import Any, Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.list_pages import amount_key, text_key
from commands.web.redaction import without_persons
from commands.words import page_words
from commands.words.amount_text import grouped_amount, listed_amount
from commands.words.date_text import chinese_moment
from commands.words.event_words import FIELDS
from commands.words.field_value_text import share_text
from commands.words.history_words import (
    anomaly_texts,
    event_row,
    late_repair_texts,
    row_fields_text,
)
from commands.words.login_names import named_login
from commands.words.typed_words import SHARES
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.events.sheet_events import TaskAssigned
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.project_view import project_row
from projections.views.record_time_view import dated_ahead

_FACTS: Final = (
    "investor",
    "investor_code",
    "sector",
    "kind",
    "site",
    "reporting_unit",
    "unit",
    "lead_person",
    "outside_ratio",
    "planned_investment",
    "planned_fixed_assets",
    "contract_investment",
    "contract_fixed_assets",
    "area_mu",
    "transfer_fee",
    "filing_code",
    "invested",
    "tax",
    "period_end",
    "terminated_on",
    "excluded",
    "recognised",
    "eligible",
    "not_eligible_because",
)
_AMOUNTS: Final = frozenset(
    {
        "planned_investment",
        "planned_fixed_assets",
        "contract_investment",
        "contract_fixed_assets",
        "transfer_fee",
        "invested",
        "tax",
    }
)


# Lists


class ProjectTexts(NamedTuple):
    """A project as a list shows it, in words."""

    project: str
    name: str
    sector: str
    unit: str
    stage: str
    scale: str
    invested: str
    period_end: str
    standing: str


def project_rows(projects: Iterable[JudgedProject]) -> list[ProjectTexts]:
    """Projects as a list shows them."""
    rows = []
    for project in projects:
        row = project_row(project)
        standing = row.excluded or ""
        if row.terminated_on:
            standing = page_words.TERMINATED
        texts = ProjectTexts(
            project=row.project,
            name=row.name,
            sector=word(row.sector),
            unit=project.unit_name or "",
            stage=word(row.stage),
            scale=listed_amount(row.scale),
            invested=listed_amount(row.invested),
            period_end=row.period_end or "",
            standing=standing,
        )
        rows.append(texts)
    return rows


def _name_key(row: ProjectTexts) -> bytes | None:
    return text_key(row.name)


def _unit_key(row: ProjectTexts) -> bytes | None:
    return text_key(row.unit)


def _sector_key(row: ProjectTexts) -> bytes | None:
    return text_key(row.sector)


def _scale_key(row: ProjectTexts) -> Fraction | None:
    return amount_key(row.scale)


def _invested_key(row: ProjectTexts) -> Fraction | None:
    return amount_key(row.invested)


def _period_key(row: ProjectTexts) -> str | None:
    return row.period_end or None


PROJECT_SORT_KEYS: Final[Mapping[str, Callable[[ProjectTexts], Any]]] = {
    "project": attrgetter("project"),
    "name": _name_key,
    "sector": _sector_key,
    "unit": _unit_key,
    "scale": _scale_key,
    "invested": _invested_key,
    "period_end": _period_key,
}


# One project


def fact_rows(project: JudgedProject, reader: Reader) -> list[tuple[str, str]]:
    """A project's facts by their headings; empty ones are left out."""
    facts = project_row(project).as_json()
    facts["reporting_unit"] = project.units.shown_name(project.information.reporting_unit)
    facts["unit"] = project.unit_name
    if not reader.sees_persons:
        facts = without_persons(facts)
    rows = []
    for name in _FACTS:
        value = facts[name]
        if value not in (None, ""):
            rows.append((_fact_heading(name), _fact_text(name, value)))
    return rows


def _fact_heading(name: str) -> str:
    if name in page_words.FACT_HEADINGS:
        return page_words.FACT_HEADINGS[name]
    return FIELDS[name].chinese


def _fact_text(name: str, value: Any) -> str:
    if name in _AMOUNTS:
        return page_words.in_ten_thousand_yuan(grouped_amount(value))
    if name in SHARES:
        return share_text(str(value))
    return word(value)


def node_rows(project: JudgedProject) -> list[tuple[str, str]]:
    """The seven nodes with the days on which they were reached, empty where they were not."""
    rows = []
    for stage in STAGES:
        node = project.node(stage)
        rows.append((word(stage), "" if node is None else node.on.isoformat()))
    return rows


def anomaly_rows(
    ledger: Ledger,
    view: View,
    stream: Stream,
    project: JudgedProject,
    reader: Reader,
) -> list[str]:
    """What looks odd about a project, whose events are a stream of the ledger."""
    times = ledger.record_times()
    ahead = dated_ahead(ledger, stream, times, view.position, view.as_of)
    history = ledger.stored_history(stream, view.position)
    texts = [*anomaly_texts(project, ahead), *late_repair_texts(history, view.as_of)]
    if reader.sees_persons:
        return texts
    return [without_persons(text) for text in texts]


# History


class HistoryRow(NamedTuple):
    """An event of a project or a resource, and what became of it.

    `is_later` marks an event after the day of the view.
    """

    version: int
    on: str
    event: str
    fields: str
    recorded_at: str
    recorded_by: str
    is_migrated: bool
    is_later: bool
    corrected: str
    anchor: str
    """Where the list of sheets links to; empty for an event that assigns no task."""


def history_rows(
    ledger: Ledger,
    view: View,
    stream: Stream,
    reader: Reader,
) -> list[HistoryRow]:
    """Every event of a stream that was recorded by the position of the view."""
    recorded = ledger.stored_history(stream, view.position)
    times = ledger.record_times()
    redact = _everything if reader.sees_persons else without_persons
    rows = []
    for item in recorded:
        row = event_row(item, recorded, times, redact)
        history_row = HistoryRow(
            version=row["version"],
            on=row["occurred_on"],
            event=row["chinese"],
            fields=row_fields_text(row),
            recorded_at=chinese_moment(item.stamp.recorded_at),
            recorded_by=named_login(row["recorded_by"]),
            is_migrated=row["migrated_at"] is not None,
            is_later=row["occurred_on"] > view.as_of.isoformat(),
            corrected=row["corrected"],
            anchor=_sheet_anchor(item.event),
        )
        rows.append(history_row)
    return rows


def _sheet_anchor(event: object) -> str:
    return f"sheet-{event.number}" if isinstance(event, TaskAssigned) else ""


def _everything(fields: Any) -> Any:
    return fields
