"""`audit`: whether the ledger is what it was, and what others need to see it for themselves."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "verify": LazyCommand(
        "commands.cli.audit_verify",
        msg(
            "Rebuild the tree from every stored byte, compare it with checkpoints, witness "
            "files and receipts, and read the stored evidence again."
        ),
    ),
    "repair": LazyCommand(
        "commands.cli.audit_repair",
        msg(
            "Restore uniqueness claims, sheet numbers, idempotency keys, the last record time, the "
            "tree and the end of the ledger from the events. Only for the owner of the database; "
            "rejected where the events themselves differ."
        ),
    ),
    "receipt": LazyCommand(
        "commands.cli.audit_receipt",
        msg(
            "Prove for each receipt that its event is still in place, unchanged; with --sign, "
            "complete receipts that are unsigned."
        ),
    ),
    "checkpoint": LazyCommand(
        "commands.cli.audit_checkpoint",
        msg(
            "Sign the tree as it is now; with --witness, append the checkpoint to an auditor's "
            "own file."
        ),
    ),
    "key": LazyCommand(
        "commands.cli.audit_key",
        msg(
            "Show the keys that sign for the store; with --new, change the key and record the "
            "change."
        ),
    ),
    "publications": LazyCommand(
        "commands.cli.audit_publications",
        msg(
            "Recompute every publication from history and report whether it is identical or "
            "which number differs."
        ),
    ),
    "certificate": LazyCommand(
        "commands.cli.audit_certificate",
        msg(
            "Write a certificate of a unit's score: axes, lines, events with their proofs, "
            "and the signed checkpoint."
        ),
    ),
    "bundle": LazyCommand(
        "commands.cli.audit_bundle",
        msg("Write an archive of the whole ledger with a stand-alone verifier."),
    ),
    "tiles": LazyCommand(
        "commands.cli.audit_tiles",
        msg(
            "Write the latest checkpoint and the tiles of the tree into a FOLDER, for others to "
            "follow."
        ),
    ),
    "follow": LazyCommand(
        "commands.cli.audit_follow",
        msg(
            "Check that what a ledger publishes at ADDRESS, a URL or a folder, continues your "
            "witness file, and add a line to it. No store is needed; run it by a timer."
        ),
    ),
    "cosign": LazyCommand(
        "commands.cli.audit_cosign",
        msg(
            "Cosign the last checkpoint of your witness file WITNESS and write it to FILE, for the "
            "county to keep; with --new, create your key. No store is needed."
        ),
    ),
    "add-cosignature": LazyCommand(
        "commands.cli.audit_add_cosignature",
        msg(
            "Keep the cosignature in FILE, as `lifecycle audit cosign` writes it, with the "
            "checkpoint that it is on."
        ),
    ),
    "document": LazyCommand(
        "commands.cli.audit_document",
        msg(
            "Check that the ledger still yields what a document says: a FILE (.xlsx, "
            ".docx, .pdf) or its typed code."
        ),
    ),
}


@click.group(
    "audit",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_(
        "Verify that the ledger is unchanged, and produce what others need to verify it themselves."
    ),
)
def command() -> None:
    """Trust."""
