"""A member's ledger: opened where it is, verified, and followed by the region's witness file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Final, NamedTuple

from commands.handlers.region_file import RegionMember
from lifecycle.ledger.checkpoints import (
    Signer,
    open_checkpoint,
    signers,
    stored_checkpoints,
    vouched_signers,
)
from lifecycle.ledger.derived_differences import DERIVED_RULES
from lifecycle.ledger.known_facts import TrustedKeys
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.log.witness_file import append_witness_line, read_witness_file
from lifecycle.rejections import Problem, Rejected, StoreError, msg
from projections.audit.bundle_stores import open_bundle

KEY_CHANGED: Final = msg(
    "its signing key was changed to {key} without the signature of the key before; have the "
    "member confirm the new key and put it in the region file"
)
NOTHING_SIGNED: Final = msg("the key {key} has signed no checkpoint of any event")
NOT_FETCHED: Final = msg("the bundle {url} cannot be fetched: {why}")
_LOCK_SECONDS: Final = 5
"""A region has many members: none of them may hold up a command for long."""
_SILENCE_SECONDS: Final = 2.0
_WITNESS_GREW: Final = msg("another process added a line to {path} meanwhile; run again")


ReportWait = Callable[[str], None]
"""Takes the member whose ledger is waited for."""


def report_nothing(_unit: str) -> None:
    """Tell nobody."""


class SignedTree(NamedTuple):
    """The last tree that a member's key signed, and when its last event was recorded."""

    note: Note
    key: VerifierKey
    checkpoint: Checkpoint
    recorded_at: datetime


def open_member(
    member: RegionMember,
    resources: ExitStack,
    report_wait: ReportWait = report_nothing,
) -> Ledger:
    """Open a member's store or bundle, as `ledger_at` does.

    `report_wait` is told once it takes a while: another process may hold the store's lock, or a
    server may not answer.
    """
    timer = Timer(_SILENCE_SECONDS, report_wait, [member.unit])
    timer.start()
    try:
        return ledger_at(member.store, member.bundle, resources)
    finally:
        timer.cancel()
        # Processes are forked only where no other thread is left.
        timer.join()


def ledger_at(
    store: str | None,
    bundle_place: str | None,
    resources: ExitStack,
) -> Ledger:
    """Open a store, or lay a bundle out as one until `resources` are closed.

    Raises `StoreError` and `NoteError`, and `OSError` where there is no bundle.
    """
    if bundle_place is None:
        assert store is not None  # the region file gives one of the two
        return resources.enter_context(Ledger.open(store, lock_seconds=_LOCK_SECONDS))
    folder = TemporaryDirectory(prefix="lifecycle-", ignore_cleanup_errors=True)
    place = Path(resources.enter_context(folder))
    bundle = Path(bundle_place)
    if "://" in bundle_place:
        bundle = _fetched(bundle_place, place)
    return resources.enter_context(open_bundle(bundle, place))


def _fetched(
    url: str,
    place: Path,
) -> Path:
    """Copy a bundle from a URL to a folder; return its path. Raises `StoreError`."""
    # An extra: members mostly hand over files.
    fsspec = import_module("fsspec")
    bundle = place / "fetched.zip"
    try:
        with fsspec.open(url, "rb") as source, bundle.open("wb") as target:
            shutil.copyfileobj(source, target)
    except (ImportError, ValueError) as error:  # no such protocol, or its library is missing
        raise StoreError(NOT_FETCHED, url=_without_secrets(url), why=error) from None
    except Exception as error:  # noqa: BLE001 -- whatever the protocol's library raises
        # Its text may repeat the URL.
        why = type(error).__name__
        raise StoreError(NOT_FETCHED, url=_without_secrets(url), why=why) from None
    return bundle


def _without_secrets(url: str) -> str:
    """Return a URL without what may be a password before the host or a signature behind `?`."""
    return url.partition("?")[0].rpartition("@")[2]


def differences(
    member: RegionMember,
    ledger: Ledger,
) -> list[Problem]:
    """Return what does not fit: the events, the tree, the witness file, the key.

    Raises `StoreError` where the witness file cannot be used.
    """
    witnesses = [member.witness] if member.witness.exists() else []
    result = verify(
        ledger,
        witnesses,
        keys=TrustedKeys(given=[member.key]),
        accept_empty_witness=True,
    )
    problems = [difference.problem for difference in result.differences]
    if member.bundle is None:
        return problems
    # A bundle has none of the rows that follow from its events.
    return [problem for problem in problems if problem.rule not in DERIVED_RULES]


def signed_tree(
    ledger: Ledger,
    key: VerifierKey,
) -> SignedTree:
    """Return the last tree that is signed by the key, or by one that it handed over to.

    Raises `Rejected` where nothing is, or another key took its place without its signature.
    """
    all_signers = signers(ledger)
    trusted = vouched_signers(all_signers, [str(key)])
    if all_signers and all_signers[-1] not in trusted:
        raise Rejected.by("signer", KEY_CHANGED, key=all_signers[-1].key)
    for note in reversed(stored_checkpoints(ledger)):
        tree = _tree_signed_by(ledger, note, trusted)
        if tree is not None:
            return tree
    raise Rejected.by("signer", NOTHING_SIGNED, key=key)


def _tree_signed_by(
    ledger: Ledger,
    note: Note,
    trusted: list[Signer],
) -> SignedTree | None:
    try:
        checkpoint, signer = open_checkpoint(note, trusted)
    except NoteError:  # another key's, from before it was replaced
        return None
    # The empty tree is the same in every ledger.
    if not checkpoint.size:
        return None
    with ledger.recorder.cursor(write=False) as cursor:
        last_event = ledger.recorder.event_at(cursor, checkpoint.size)
        recorded_at = ledger.recorder.record_times(cursor).moment_of(last_event)
    return SignedTree(
        note,
        signer.key,
        checkpoint,
        recorded_at,
    )


def add_to_witness(
    witness: Path,
    ledger: Ledger,
    tree: SignedTree,
) -> None:
    """Append the signed tree to the region's witness file if it has grown since the last line.

    The first line makes the file, and the folder that it lies in.

    Raises `StoreError` where another process did so meanwhile, or it cannot be written.
    """
    lines = read_witness_file(witness)
    size_before = lines[-1].checkpoint.size if lines else 0
    size = tree.checkpoint.size
    if size <= size_before:
        return
    leaves = ledger.leaves(size_before + 1, size)
    # A line written twice makes the file useless.
    if len(read_witness_file(witness)) != len(lines):
        raise StoreError(_WITNESS_GREW, path=witness)
    if not lines:
        # One folder alone: a drive that is not there must not look like a new file.
        with suppress(OSError):  # writing says why
            witness.parent.mkdir(exist_ok=True)
    append_witness_line(
        witness,
        tree.key,
        tree.note,
        leaves,
    )
