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
            "Make the tree again from every stored byte; hold it against checkpoints, witness files and receipts; read the evidence kept again."
        ),
    ),
    "receipt": LazyCommand(
        "commands.cli.audit_receipt",
        msg("Prove for each receipt that its event still stands, unchanged."),
    ),
    "checkpoint": LazyCommand(
        "commands.cli.audit_checkpoint",
        msg("Sign the tree as it is now; with --witness add it to an auditor's own file."),
    ),
    "key": LazyCommand(
        "commands.cli.audit_key",
        msg("Show the keys that sign for the store; with --new change the key, and record that."),
    ),
    "publications": LazyCommand(
        "commands.cli.audit_publications",
        msg("Obtain every publication again from history: identical, or which number differs."),
    ),
    "certificate": LazyCommand(
        "commands.cli.audit_certificate",
        msg(
            "Write one file for a unit's score: axes, lines, events with their proofs, the signed checkpoint."
        ),
    ),
    "bundle": LazyCommand(
        "commands.cli.audit_bundle",
        msg("Write one archive of everything, with the verifier that needs nothing of ours."),
    ),
    "document": LazyCommand(
        "commands.cli.audit_document",
        msg(
            "Whether the ledger still yields what a document of ours says: a FILE (.xlsx, .docx, .pdf), or its code typed in."
        ),
    ),
}


@click.group(
    "audit",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("Whether the ledger is what it was; what others need to see it for themselves."),
)
def command() -> None:
    """Trust."""
