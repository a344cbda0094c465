"""What is checked of an open store: its database, clock, key, backups, calendar, query tables."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import Final

from commands.cli.shared.environment_check import CheckState, EnvironmentCheck, failed_by, noted_by
from commands.cli.shared.last_backup import last_backup
from commands.cli.shared.machine_checks import may_write_beside
from commands.cli.shared.signing_access import key_path, present_key
from commands.words.messages import _, say
from lifecycle.ledger.checkpoints import signers
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.closures import closed_error, present_closure
from lifecycle.ledger.signing_key import is_encrypted
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, Rejected, msg
from projections import readmodels
from projections.facts.county_facts import county_facts

_BACKUP_DAYS: Final = 7
_UNKNOWN_YEAR: Final = msg("the days off of {year} are not known: its deadlines are estimates")
_ARRANGED_FROM: Final = 12
"""The month by which the State Council has arranged the next year."""


def ledger_checks(ledger: Ledger, url: str) -> list[EnvironmentCheck]:
    """Return the checks of an open store."""
    return [
        _check_recording(ledger, url),
        _check_database(ledger),
        _check_clock(ledger),
        _check_key(ledger),
        _check_backup(ledger, url),
        _check_calendar(ledger),
        _check_query_tables(ledger, url),
    ]


def _check_recording(ledger: Ledger, url: str) -> EnvironmentCheck:
    path = sqlite_path(url)
    if path is not None and not may_write_beside(path):
        return EnvironmentCheck(
            "recording",
            "warn",
            say(msg("{path} or its folder is write-protected: it can only be read"), path=path),
            _("to record, let this account write the file and its folder"),
        )
    with ledger.recorder.cursor(write=False) as cursor:
        # Said before anyone types: a closed store rejects only what is recorded.
        closure = present_closure(cursor)
    if closure is not None:
        return failed_by("recording", closed_error(closure.decided_at, closure.reason))
    if ledger.database_rank() == "auditor":
        return EnvironmentCheck("recording", "ok", _("this login only reads"))
    return EnvironmentCheck("recording", "ok", _("possible"))


def _check_database(ledger: Ledger) -> EnvironmentCheck:
    facts = ledger.recorder.database_facts()
    template = msg("{product} {version}, {encoding}")
    if facts.is_pooled:
        template = msg("{product} {version}, {encoding}, behind a pool of connections")
    finding = say(template, **facts._asdict())
    limits = ledger.recorder.limits()
    if not limits:
        return EnvironmentCheck("database", "ok", finding)
    advice = " ".join(say(problem.template, **problem.values) for problem in limits)
    return EnvironmentCheck("database", "warn", finding, advice)


def _check_clock(ledger: Ledger) -> EnvironmentCheck:
    try:
        ledger.require_right_clock()
    except Rejected as error:
        return noted_by("clock", error.problems[0], "fail")
    problem = ledger.clock_warning()
    if problem is not None:
        return noted_by("clock", problem)
    return EnvironmentCheck("clock", "ok", ledger.clock().isoformat(sep=" ", timespec="seconds"))


def _check_key(ledger: Ledger) -> EnvironmentCheck:
    if not ledger.may_sign():
        return EnvironmentCheck("key", "ok", _("this login signs nothing"))
    known_signers = signers(ledger)
    if not known_signers:
        return EnvironmentCheck(
            "key",
            "warn",
            _("the store has no signing key: its checkpoints and receipts are unsigned"),
            _("run lifecycle audit key --new"),
        )
    # Each change of key begins a file of its own; only the newest signs.
    path = key_path(ledger.head().origin, len(known_signers) - 1)
    if not path.exists():
        return EnvironmentCheck(
            "key",
            "warn",
            say(msg("the signing key {path} is not on this machine"), path=path),
            _("sign where the key is, or name its file in LIFECYCLE_KEY"),
        )
    if is_encrypted(path) and not os.environ.get("LIFECYCLE_PASSPHRASE"):
        return EnvironmentCheck(
            "key",
            "ok",
            say(msg("{path}, locked by a passphrase"), path=path),
            _("a timer or service that signs needs LIFECYCLE_PASSPHRASE"),
        )
    try:
        # A check that a timer runs has nobody to type a passphrase.
        present_key(ledger, ask=False)
    except LedgerError as error:
        return failed_by("key", error)
    return EnvironmentCheck("key", "ok", str(path))


def _check_backup(ledger: Ledger, url: str) -> EnvironmentCheck:
    head = ledger.head()
    backup = last_backup(url, head.origin)
    advice = _("back up daily: lifecycle backup FOLDER --keep 30 (docs/keeping.md)")
    if backup is None:
        state: CheckState = "warn" if head.position else "ok"
        return EnvironmentCheck("backup", state, _("none known on this machine"), advice)
    # Events do not go by themselves: the file is older than its backup.
    if backup.events > head.position:
        return EnvironmentCheck(
            "backup",
            "fail",
            say(
                msg("the backup of {made_at} has {events} events, the store only {position}"),
                **backup._asdict(),
                position=head.position,
            ),
            _(
                "the store was copied without its -wal file, or an older one was put in its "
                "place: restore the backup"
            ),
        )
    finding = say(msg("{made_at}, {events} events, {path}"), **backup._asdict())
    age = ledger.clock() - datetime.fromisoformat(backup.made_at)
    # A store that has not grown since needs no newer backup.
    if age > timedelta(days=_BACKUP_DAYS) and backup.events < head.position:
        return EnvironmentCheck("backup", "warn", finding, advice)
    return EnvironmentCheck("backup", "ok", finding)


def _check_calendar(ledger: Ledger) -> EnvironmentCheck:
    today = ledger.clock().date()
    calendar = county_facts(ledger, ledger.head().position).calendar(today)
    needed = [today.year]
    if today.month >= _ARRANGED_FROM:
        needed.append(today.year + 1)
    for year in needed:
        if not calendar.knows(date(year, 1, 1)):
            return EnvironmentCheck(
                "calendar",
                "warn",
                say(_UNKNOWN_YEAR, year=year),
                _("run lifecycle calendar add FILE with the State Council's arrangement"),
            )
    last_year = calendar.year_ranges[-1][1]
    return EnvironmentCheck("calendar", "ok", say(msg("known up to {year}"), year=last_year))


def _check_query_tables(ledger: Ledger, url: str) -> EnvironmentCheck:
    position = readmodels.tables_position(url)
    if position is None:
        finding = _("not built; only SQL clients need them")
        return EnvironmentCheck("query_tables", "ok", finding)
    behind = ledger.head().position - position
    finding = say(msg("at position {position}, {behind} behind"), position=position, behind=behind)
    if behind:
        return EnvironmentCheck(
            "query_tables", "warn", finding, _("run lifecycle projections rebuild")
        )
    return EnvironmentCheck("query_tables", "ok", finding)
