"""Scores read from the tables, after their digest has been checked."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from lifecycle.ledger.store import Ledger
from projections.readmodels.projector import catch_up, rebuild, table_axes
from projections.readmodels.query_tables import score_parts, scores as scores_table
from projections.readmodels.score_tables import digest_of
from projections.readmodels.table_engine import open_engine, transaction
from projections.readmodels.table_position import read_tracking
from projections.scoring.evaluation import View
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.score_json import unit_json, view_json
from projections.scoring.unit_scores import GroupPoints, UnitScore, grade


def scores(ledger: Ledger, url: str, view: View) -> tuple[dict[str, Any], bool] | None:
    """`score --format json` from the tables, and whether they had been tampered with; None where they hold another view."""
    aim = table_axes(ledger)
    if not any(
        (held.year, held.as_of, held.position) == (view.year, view.as_of, view.position)
        and held.rulebook.digest == view.rulebook.digest
        for held in aim.views
    ):
        return None
    catch_up(ledger, url)
    tampered = not _unharmed(url)
    if tampered:
        rebuild(ledger, url)
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        book = view.rulebook.rulebook
        units = [
            unit_json(score, book)
            for score in _read(connection, view.year, prepared(view.rulebook))
        ]
    return {**view_json(view), "units": units}, tampered


def _unharmed(url: str) -> bool:
    """Whether the scores are still what the projector wrote."""
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        tracked = read_tracking(connection)
        if tracked is None or tracked.fingerprint is None:
            return False
        years = [int(part.partition("=")[0]) for part in tracked.fingerprint.split(" ")[2:] if part]
        return tracked.digest == " ".join(digest_of(connection, year) for year in years)


def _read(connection: Connection, year: int, policy: Policy) -> list[UnitScore]:
    """The year's scores in their order; a unit's modules and groups in the rulebook's."""
    book = policy.book
    wanted = select(
        scores_table.c.unit,
        scores_table.c.sequence,
        scores_table.c.rank,
        scores_table.c.total_exact,
    )
    found = {
        unit: UnitScore(unit, sequence, rank, Fraction(total))
        for unit, sequence, rank, total in connection.execute(
            wanted.where(scores_table.c.year == year).order_by(scores_table.c.place)
        )
    }
    parts: dict[tuple[str, str, str], tuple[Fraction, Fraction]] = {}
    columns = (
        score_parts.c.unit,
        score_parts.c.part,
        score_parts.c.name,
        score_parts.c.points_exact,
        score_parts.c.raw_exact,
    )
    for unit, part, name, points, raw in connection.execute(
        select(*columns).where(score_parts.c.year == year)
    ):
        parts[unit, part, name] = Fraction(points), Fraction(raw)
    for unit, score in found.items():
        score.modules = {module.id: parts[unit, "module", module.id][0] for module in book.modules}
        for group in book.groups:
            counted, raw = parts[unit, "group", group.id]
            score.groups[group.id] = GroupPoints(raw, counted)
        score.basis = {
            basis: parts[unit, "basis", basis][0]
            for basis in ("policy", "interpretation", "assumption")
        }
        score.outcomes = [rule.id for rule in book.rules if (unit, "outcome", rule.id) in parts]
        score.grade = grade(score.total, score.outcomes, policy)
    return list(found.values())
