"""The store that a command works on, and the author of what it records."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.clock_option import answer_for_clock, is_recording, warn_of_clock
from commands.cli.shared.data_folder import data_folder
from commands.cli.shared.machine_login import machine_login
from commands.cli.shared.print_message import print_message
from commands.words.messages import say
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import HashName
from lifecycle.rejections import msg

BEFORE_CLOSING: Final = "commands.before_closing"
"""Where a command's context has a function of the ledger that is called before the store closes.

A command without results, such as `record`, must not load what results need.
"""
_DAY_LENGTH: Final = len("2024-03-31")
_LONE_FILE: Final = msg(
    "{path} is write-protected and lies alone: if it was copied while lifecycle was recording, the "
    "last events stood in the file ending in -wal beside it and are missing here. Compare the "
    "number of events with the county's"
)


def store_url() -> str:
    """Return the store's URL or path: `--db`, `LIFECYCLE_DB`, or in the user's data folder."""
    url: str | None = click.get_current_context().find_root().obj
    return url or user_store()


def user_store() -> str:
    """Return the path of the store in the user's data folder."""
    return str(data_folder() / "ledger.db")


@contextmanager
def open_store() -> Iterator[Ledger]:
    """Open the store; the first command to record on a day leaves a checkpoint.

    Raises `StoreError`, which says what to run, where there is no store.
    """
    with Ledger.open(store_url()) as ledger:
        ledger.recorder.report_wait = _print_waiting
        if ledger.recorder.may_lack_events:
            print_message(say(_LONE_FILE, path=store_url()))
        if is_recording():
            answer_for_clock(ledger)
        head_before = ledger.head()
        yield ledger
        before_closing = click.get_current_context().meta.get(BEFORE_CLOSING)
        if before_closing is not None:
            before_closing(ledger)
        head = ledger.head()
        if is_recording() and head.position > head_before.position:
            warn_of_clock(ledger)
        # Another day, not a later one: a correction of record times goes back to the clock.
        is_new_day = _day(head) != _day(head_before)
        if is_new_day and head.signer and ledger.may_sign():
            # Cryptography takes 30 ms to load, and few commands are the first of their day.
            from commands.cli.shared.signing_access import sign_if_possible  # noqa: PLC0415

            sign_if_possible(ledger, ask=False)


def _print_waiting(sessions: Sequence[BlockingSession]) -> None:
    """Say whose session a record waits for."""
    for session in sessions:
        print_message(
            say(
                msg(
                    "waiting for the session of {login} (process {process}), which is recording; "
                    "the owner of the database can end it with `lifecycle status --unblock`"
                ),
                login=session.login,
                process=session.process,
            )
        )


def _day(head: Head) -> str:
    """Return the day of the last event's record time, empty without events."""
    return head.recorded_at[:_DAY_LENGTH]


def create_store(url: str, tree_hash: HashName = "sha256") -> Ledger:
    """Create a store and open it. Raises `StoreError`."""
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    return Ledger.open(
        url,
        create=True,
        tree_hash=tree_hash,
    )


def evidence_store() -> EvidenceStore:
    """Return the evidence folder of the store that the command works on."""
    return evidence_store_of(store_url())


def evidence_store_of(url: str) -> EvidenceStore:
    """Return the evidence folder: `LIFECYCLE_EVIDENCE`, beside an SQLite store, or the user's."""
    folder = os.environ.get("LIFECYCLE_EVIDENCE")
    if folder:
        return EvidenceStore(Path(folder))
    path = sqlite_path(url)
    if path is not None:
        return EvidenceStore(path.with_name(f"{path.stem}.evidence"))
    return EvidenceStore(data_folder() / "evidence")


def author(
    ledger: Ledger,
    on_behalf_of: str | None = None,
    *,
    importing: bool = False,
) -> Author:
    """Return who records: the database's role, else the machine's user; and on whose behalf."""
    return Author(ledger.database_login() or machine_login(), on_behalf_of, importing)
