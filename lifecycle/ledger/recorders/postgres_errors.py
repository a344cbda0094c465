"""The server's errors in our words: lost races, rejections, stores that cannot be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from eventsourcing.persistence import PersistenceError, RecordConflictError

from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.closures import closed_error
from lifecycle.rejections import Conflict, LedgerError, Rejected, StoreError, msg

LOST_RACE: Final = "LC001"
"""SQLSTATE of our functions: the head is not where the writer decided."""
REJECTION_STATE: Final = "LC002"
"""SQLSTATE of our functions: rejected by the rule that the error's constraint names."""

_RULES: Final[dict[str, str]] = {
    "author": msg(
        "the event names {author} as the one who records it, but {login} is logged in to the "
        "database"
    ),
    "record_time": msg(
        "the record time {recorded_at} is earlier than the last one, or more than 60 seconds from "
        "the server's clock, {clock}"
    ),
    "migrated": msg(
        "only the owner of the database and its manager record events with their own record time; "
        "{login} may not"
    ),
    "reserved": msg(
        "only the owner of the database and its manager record {topic} or correct it; {login} "
        "may not"
    ),
    "fields": msg(
        "the database cannot read the event {topic}: its fields are not those that the store's "
        "functions know, which are another version's; its owner runs `lifecycle init --upgrade`"
    ),
    "unknown_topic": msg(
        "the database does not know the event {topic}: its owner runs `lifecycle init --upgrade`"
    ),
}
_HEAD_DIFFERS: Final = msg(
    "the store ends at position {stored} but its head says {position}: "
    "it was changed outside lifecycle"
)
_OTHER_RULE: Final = msg("the database rejects what was to be appended: {why}")
NO_LEDGER: Final = msg("the database {place} contains no ledger: run `lifecycle init` first")
LOCKED: Final = msg(
    "another process has locked the store {path} for more than {seconds} seconds: try again"
)
LOCKED_BY: Final = msg(
    "the session of {login} (process {process}) has locked the store {path} for more than "
    "{seconds} seconds: try again, or the owner of the database ends it with "
    "`lifecycle status --unblock`"
)
NOT_PERMITTED: Final = msg(
    "the login {login} may not do this in the database {place}: {why}; the owner of the database "
    "grants a role by GRANT"
)
READ_ONLY_LOGIN: Final = msg(
    "the login {login} may only read in the database {place}: to record, the owner of the database "
    "grants it the role of a clerk or a manager by GRANT"
)
MAY_NOT_SIGN: Final = msg(
    "the login {login} may not keep a checkpoint or a key in the database {place}: its owner and "
    "logins with the role of a manager may"
)
NO_FUNCTION: Final = msg(
    "the store in the database {place} lacks a function of this version: its owner runs "
    "`lifecycle init --upgrade`"
)
UNUSABLE: Final = msg("the database {place} cannot be used: {why}")
UNREACHABLE: Final = msg(
    "the database {place} cannot be reached: {why}. Check that the server runs and lets this "
    "machine in, and the host, port, database and login of the URL; an administrator creates a "
    "database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
)

_DENIED_FUNCTIONS: Final[dict[str, str]] = {
    "ledger_lock": READ_ONLY_LOGIN,
    "ledger_append": READ_ONLY_LOGIN,
    "ledger_keep_checkpoint": MAY_NOT_SIGN,
    "ledger_set_signer": MAY_NOT_SIGN,
}
"""The functions that a login may lack the right to call, and what that means for it."""
_KINDS: Final[dict[type[psycopg.Error], str]] = {
    psycopg.errors.UndefinedTable: NO_LEDGER,
    psycopg.errors.UndefinedFunction: NO_FUNCTION,
    psycopg.errors.LockNotAvailable: LOCKED,
    psycopg.errors.InsufficientPrivilege: NOT_PERMITTED,
}


def error_cause(error: BaseException) -> BaseException:
    """Return the driver's error: the library wraps it in its own."""
    if isinstance(error, PersistenceError) and error.__cause__ is not None:
        return error.__cause__
    return error


def ledger_error(
    error: Exception,
    place: str,
    login: str,
    lock_seconds: float,
) -> LedgerError:
    """Return what to raise in place of a driver's or the library's error."""
    cause = error_cause(error)
    why = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
    if isinstance(cause, psycopg.Error) and cause.diag.sqlstate == REJECTION_STATE:
        return _rejection(cause)
    if isinstance(cause, psycopg.Error) and cause.diag.sqlstate == LOST_RACE:
        return Conflict(msg("another process recorded first"))
    if isinstance(error, RecordConflictError) or isinstance(cause, psycopg.IntegrityError):
        return Conflict(msg("another process recorded first ({why})"), why=why)
    is_unreachable = isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None
    template = UNREACHABLE if is_unreachable else UNUSABLE
    for kind, text in _KINDS.items():
        if isinstance(cause, kind):
            template = text
    if template == NOT_PERMITTED:
        template = _denial(why)
    return StoreError(template, place=place, path=place, login=login, seconds=lock_seconds, why=why)


def _denial(why: str) -> str:
    """Return what a login may not do, by the function that the server names."""
    # The message alone names it, in whatever language the server speaks.
    for function, template in _DENIED_FUNCTIONS.items():
        if function in why:
            return template
    return NOT_PERMITTED


def locked_error(
    place: str,
    sessions: Sequence[BlockingSession],
    seconds: float,
) -> StoreError:
    """Return the error of a writer that waited for too long, with the session it waited for."""
    if not sessions:
        return StoreError(LOCKED, path=place, seconds=seconds)
    session = sessions[0]
    return StoreError(
        LOCKED_BY, path=place, seconds=seconds, login=session.login, process=session.process
    )


def _rejection(error: psycopg.Error) -> LedgerError:
    rule = error.diag.constraint_name or ""
    values: dict[str, Any] = json.loads(error.diag.message_detail or "{}")
    if rule == "head":  # no answer to what was to be recorded
        return StoreError(_HEAD_DIFFERS, **values)
    if rule == "closed":
        return closed_error(**values)
    template = _RULES.get(rule)
    if template is None:
        return Rejected.by(rule, _OTHER_RULE, why=error.diag.message_primary)
    return Rejected.by(rule, template, **values)
