"""The batch projector: changed streams in, rows and position out, in one transaction; a rebuild is every stream changed."""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import Connection, delete, inspect, select

from lifecycle.events import Stream
from lifecycle.ledger.recorders.ledger_recorder import StoredRow
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook
from projections.facts import effective_history as histories
from projections.facts.narrow_events import DatedEvent
from projections.facts.project_facts import ProjectFacts, fold_project
from projections.facts.unit_facts import UnitFacts, read_unit
from projections.readmodels import table_rows as make
from projections.readmodels.query_tables import (
    CONTENT_TABLES,
    deadlines,
    figures,
    metadata,
    projects,
    sheets,
    tracking,
    units as units_table,
)
from projections.readmodels.score_tables import YearScoreTables
from projections.readmodels.table_engine import RowWriter, open_engine, transaction
from projections.readmodels.table_position import (
    APPLICATION,
    TrackingRow,
    read_tracking,
    write_tracking,
)
from projections.readmodels.target_tables import YearTargetTables
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, targets_at, units_at
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import prepared

SCHEMA: Final = 3
"""Changed with every change of the tables or of the evaluation, so that tables of an older make are rebuilt."""
_PROJECT: Final = len("project/")
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class TableUpdate:
    """What a catch-up did: how far the tables are, how many streams it worked through, and whether from the start."""

    position: int
    streams: int
    rebuilt: bool


@dataclass(frozen=True, slots=True)
class TableAxes:
    """What the tables are to hold: position, day, the years' views, the rulebook of today."""

    position: int
    today: date
    views: tuple[View, ...]
    current: LoadedRulebook

    @property
    def fingerprint(self) -> str:
        """What the tables' content depends on beside history and day."""
        books = " ".join(f"{view.year}={view.rulebook.digest}" for view in self.views)
        return f"{SCHEMA} {self.current.digest} {books}"


def table_axes(ledger: Ledger) -> TableAxes:
    """The ledger's end, today, and each year that has a rulebook in force."""
    today, position = ledger.clock().date(), ledger.head().position
    books = in_force.adopted(ledger, position)
    years = {year for book in (*books, in_force.standing_in()) for year in _years(book, today)}
    views = [
        View(year, day, position, book)
        for year in sorted(years)
        if (book := in_force.if_any(books, year, day := min(today, date(year, 12, 31)))) is not None
    ]
    return TableAxes(position, today, tuple(views), in_force.at_day(books, today))


def _years(book: LoadedRulebook, today: date) -> Iterable[int]:
    return range(
        book.rulebook.effective_from.year, min(book.rulebook.effective_to.year, today.year) + 1
    )


def tables_position(url: str) -> int | None:
    """How far the tables of a store are; None where there are none."""
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        tracked = (
            read_tracking(connection) if inspect(connection).has_table(tracking.name) else None
        )
        return None if tracked is None else tracked.position


def catch_up(ledger: Ledger, url: str) -> TableUpdate:
    """Bring the tables to the ledger's end, anew where they are missing, damaged, of another day or of another make."""
    aim = table_axes(ledger)
    with open_engine(url) as engine:
        with transaction(engine, write=False) as connection:
            tracked = read_tracking(connection) if _whole(connection) else None
        if tracked is not None and tracked.matches(aim.position, aim.today, aim.fingerprint):
            return TableUpdate(aim.position, 0, rebuilt=False)
        with transaction(engine, write=True) as connection:
            return _bring(ledger, connection, fresh=False)


def rebuild(ledger: Ledger, url: str) -> TableUpdate:
    """Make every table anew from history."""
    with open_engine(url) as engine, transaction(engine, write=True) as connection:
        return _bring(ledger, connection, fresh=True)


def _bring(ledger: Ledger, connection: Connection, *, fresh: bool) -> TableUpdate:
    aim = table_axes(ledger)  # again, behind the lock: another process may have been here
    tracked = read_tracking(connection) if not fresh and _whole(connection) else None
    usable = (
        tracked is not None
        and tracked.position <= aim.position
        and (tracked.as_of, tracked.fingerprint) == (aim.today.isoformat(), aim.fingerprint)
    )
    changed: list[str] | None = None
    if usable and tracked is not None:
        changed = ledger.changed_streams(tracked.position)
        if any(prepared(view.rulebook).whole for view in aim.views) or _registrations_changed(
            ledger, connection, changed, aim.position
        ):
            changed = None
    if changed is None:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    streams = Projector(ledger, connection, aim, changed).run()
    return TableUpdate(aim.position, streams, rebuilt=changed is None)


def _whole(connection: Connection) -> bool:
    """Whether every table stands there with its columns; a half-made one is not repaired but made anew."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    return all(
        table.name in there
        and [column["name"] for column in inspector.get_columns(table.name)]
        == [column.name for column in table.columns]
        for table in (tracking, *CONTENT_TABLES)
    )


def _registrations_changed(
    ledger: Ledger, connection: Connection, changed: list[str], position: int
) -> bool:
    """Whether a unit's row would change or go: then credit and ranks may move everywhere."""
    names = [Stream.of(stream).name for stream in changed if stream.startswith("unit/")]
    known = {
        row.unit: tuple(row)
        for row in connection.execute(select(units_table).where(units_table.c.unit.in_(names)))
    }
    if not known:
        return False
    now = units_at(ledger, position)
    return any(
        name not in now or tuple(make.of_unit(now[name])) != row for name, row in known.items()
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: the folds make none, and looking for them costs a twentieth of a rebuild."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Projector:
    """One run over the changed streams, or over all of them."""

    def __init__(
        self, ledger: Ledger, connection: Connection, aim: TableAxes, changed: list[str] | None
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._aim = aim
        self._changed = changed
        self._sink = RowWriter(connection)
        self._policy = prepared(aim.current)
        self._today = ScoringAxes(aim.today.year, aim.today)
        self._years = [YearScoreTables(connection, self._sink, view) for view in aim.views]
        self._goals = [YearTargetTables(connection, self._sink, view) for view in aim.views]

    def run(self) -> int:
        """Work through the streams, then write the scores and the position; gives the number of streams."""
        with _uncollected():
            return self._run()

    def _run(self) -> int:
        changed = self._changed
        if changed is not None:
            self._forget(changed)
        units = self._units()
        for year in self._years:
            year.begin(
                units, targets_at(self._ledger, year.policy, year.view.axes, self._aim.position)
            )
        count = 0
        for stream, own in self._streams("project"):
            count += 1
            self._project(stream, own, units)
        for name, unit in units.items():
            if changed is None or f"unit/{name}" in self._own_units:
                for year in self._years:
                    year.add_unit(unit)
        for year in self._years:
            year.finish(units)
        for goals in self._goals:
            goals.finish(self._ledger)
        self._sink.flush()
        digests = [year.digest() for year in self._years]
        write_tracking(
            self._connection,
            TrackingRow(
                APPLICATION,
                self._aim.position,
                self._aim.today.isoformat(),
                self._aim.fingerprint,
                " ".join(digests),
            ),
        )
        return count

    def _forget(self, changed: list[str]) -> None:
        """Take back what the changed streams had given."""
        codes = [stream[_PROJECT:] for stream in changed if stream.startswith("project/")]
        for start in range(0, len(codes), _CHUNK):
            some = codes[start : start + _CHUNK]
            for table in (projects, figures, deadlines, sheets):
                self._connection.execute(delete(table).where(table.c.project.in_(some)))
            for goals in self._goals:
                goals.forget(some)
        for year in self._years:
            for start in range(0, len(changed), _CHUNK):
                year.forget(changed[start : start + _CHUNK])

    def _streams(self, kind: str) -> Iterator[tuple[str, list[StoredRow]]]:
        opened: Callable[[], AbstractContextManager[Iterator[StoredRow]]]
        if self._changed is None:
            opened = partial(
                self._ledger.rows_of_kind,
                "unit" if kind == "unit" else "project",
                self._aim.position,
            )
        else:
            some = [stream for stream in self._changed if stream.startswith(f"{kind}/")]
            opened = partial(self._ledger.rows_of_streams, some, self._aim.position)
        with opened() as rows:
            yield from histories.by_stream(rows)

    def _units(self) -> dict[str, UnitFacts]:
        """Every unit; of the unchanged ones what the table knows, which is all that judging projects needs."""
        units = {
            row.unit: UnitFacts(row.unit, row.sequence, row.category, row.registered)
            for row in self._connection.execute(select(units_table))
        }
        self._own_units: set[str] = set()
        for stream, own in self._streams("unit"):
            unit = read_unit(stream.partition("/")[2], own)
            if unit is not None:
                if unit.name not in units:
                    self._sink.add(units_table, [make.of_unit(unit)])
                units[unit.name] = unit
                self._own_units.add(stream)
        return {unit.name: unit for unit in sorted(units.values(), key=lambda unit: unit.order)}

    def _project(self, stream: str, own: list[StoredRow], units: dict[str, UnitFacts]) -> None:
        facts = histories.effective(own, self._aim.today)
        project = fold_project(stream[_PROJECT:], facts)
        if project is None:
            return
        judged = JudgedProject(project, self._policy, self._today, units)
        self._sink.add(projects, [make.of_project(judged)])
        self._sink.add(figures, make.of_figures(project))
        self._sink.add(deadlines, make.of_deadlines(judged))
        self._sink.add(sheets, make.of_sheets(judged))
        for year, goals in zip(self._years, self._goals, strict=True):
            as_of = _as_of(project, facts, year.view.as_of)
            if as_of is None:
                continue
            same = as_of is project and year.policy is self._policy
            of_year = (
                judged.at(year.view.axes)
                if same
                else JudgedProject(as_of, year.policy, year.view.axes, units)
            )
            year.add_project(stream, of_year)
            goals.add_project(of_year)


def _as_of(project: ProjectFacts, facts: list[DatedEvent], day: date) -> ProjectFacts | None:
    """The project as of an earlier day; the same where nothing happened since."""
    if project.last_on <= day:
        return project
    return fold_project(project.code, facts[: bisect_right(facts, day, key=lambda dated: dated[0])])
