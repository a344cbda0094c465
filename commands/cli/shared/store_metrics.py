"""What a monitoring system wants to know of a store: positions, lag, sizes, ages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from commands.cli.shared.environment_check import CheckState, EnvironmentCheck
from commands.cli.shared.last_backup import LastBackup, last_backup
from commands.metrics.openmetrics import Metric, Sample, gauge
from lifecycle import __version__
from lifecycle.ledger.checkpoints import checkpoint_coverage
from lifecycle.ledger.recorders.closures import present_closure
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, msg
from projections import readmodels

# Numbers that grow with the trouble, so that one threshold alarms on the worst check.
_CHECK_VALUES: Final[dict[CheckState, int]] = {"ok": 0, "warn": 1, "fail": 2}


def program_metrics(*, store_answers: bool) -> list[Metric]:
    """Return which version this is, and whether its store can be read."""
    version = Sample(1, {"version": __version__}, "_info")
    return [
        Metric("lifecycle", "info", msg("The version of the program."), (version,)),
        gauge(
            "lifecycle_store_up",
            msg("Whether the store can be read: 1 or 0."),
            int(store_answers),
        ),
    ]


def store_metrics(ledger: Ledger, url: str) -> list[Metric]:
    """Return the metrics of a store. Raises `LedgerError` where it cannot be read."""
    head = ledger.head()
    return [
        *_ledger_metrics(ledger, head),
        *_query_table_metrics(url, head),
        *_checkpoint_metrics(ledger, head),
        *_backup_metrics(last_backup(url, head.origin), head),
    ]


def served_metrics(ledger: Ledger, url: str) -> list[Metric]:
    """Return the metrics of an open store; of one that cannot be read now, that it cannot."""
    try:
        figures = store_metrics(ledger, url)
    # A scrape always gets an answer: a missing series is easily taken for a healthy one.
    except LedgerError:
        return program_metrics(store_answers=False)
    return [*program_metrics(store_answers=True), *figures]


def check_metrics(checks: Sequence[EnvironmentCheck]) -> Metric:
    """Return the results of `status --check` as numbers."""
    samples = [Sample(_CHECK_VALUES[check.state], {"check": check.check}) for check in checks]
    return Metric(
        "lifecycle_check_problem",
        "gauge",
        msg("The checks of `status --check`: 0 in order, 1 warning, 2 failed."),
        tuple(samples),
    )


def _ledger_metrics(ledger: Ledger, head: Head) -> list[Metric]:
    with ledger.recorder.cursor(write=False) as cursor:
        stored_bytes = ledger.recorder.stored_size(cursor)
        is_closed = present_closure(cursor) is not None
    return [
        gauge(
            "lifecycle_ledger_position",
            msg("The position of the ledger's last event: how many events there are."),
            head.position,
        ),
        gauge(
            "lifecycle_ledger_recorded_timestamp_seconds",
            msg("When the last event was recorded."),
            _timestamp(head.recorded_at),
            "seconds",
        ),
        gauge(
            "lifecycle_ledger_closed",
            msg("Whether the store takes no events: 1 or 0."),
            int(is_closed),
        ),
        gauge(
            "lifecycle_store_size_bytes",
            msg("The size of the store's database without its evidence."),
            stored_bytes,
            "bytes",
        ),
    ]


def _query_table_metrics(url: str, head: Head) -> list[Metric]:
    position = readmodels.tables_position(url)
    behind = None if position is None else head.position - position
    return [
        gauge(
            "lifecycle_query_tables_position",
            msg("The position of the query tables; missing where none were built."),
            position,
        ),
        gauge(
            "lifecycle_query_tables_lag",
            msg("How many events the query tables are behind the ledger."),
            behind,
        ),
    ]


def _checkpoint_metrics(ledger: Ledger, head: Head) -> list[Metric]:
    coverage = checkpoint_coverage(ledger)
    size = 0 if coverage is None else coverage.size
    since = None
    if coverage is not None and coverage.recorded_at is not None:
        since = (ledger.clock() - coverage.recorded_at).total_seconds()
    return [
        gauge(
            "lifecycle_checkpoint_position",
            msg("How many events the last signed checkpoint covers."),
            size,
        ),
        gauge(
            "lifecycle_checkpoint_lag",
            msg("How many events no signed checkpoint covers yet."),
            head.position - size,
        ),
        gauge(
            "lifecycle_checkpoint_age_seconds",
            # A checkpoint bears no time (C2SP tlog-checkpoint); this bounds its age from above.
            msg("The age of the last event that a signed checkpoint covers."),
            since,
            "seconds",
        ),
    ]


def _backup_metrics(backup: LastBackup | None, head: Head) -> list[Metric]:
    timestamp = None if backup is None else _timestamp(backup.made_at)
    behind = None if backup is None else head.position - backup.events
    return [
        gauge(
            "lifecycle_backup_timestamp_seconds",
            msg("When the last backup known on this machine was made."),
            timestamp,
            "seconds",
        ),
        gauge(
            "lifecycle_backup_lag",
            msg("How many events the last backup lacks; below 0 the store was replaced."),
            behind,
        ),
    ]


def _timestamp(moment: str) -> float | None:
    """Return a stored time as seconds since 1970, None where there is none."""
    return datetime.fromisoformat(moment).timestamp() if moment else None
