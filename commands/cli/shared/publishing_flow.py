"""What `publish` and `region publish` share: the reason of an unofficial result, and the output."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from commands.cli.shared.publication_output import print_standing
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.signing_access import sign_if_possible
from commands.words.messages import _
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from projections.audit.publications import PublicationCheck, publication_records

unofficial_option: Final = click.option(
    "--unofficial",
    metavar="REASON",
    help=_(
        "Publish although the rulebook is not in force, or events recorded later are left "
        "out. The result is permanently marked with the reason and supersedes nothing."
    ),
)


def print_publication(
    ledger: Ledger,
    entry: LedgerEntry,
    receipt: Path | None,
) -> None:
    """Print the receipt, what the publication rests on and supersedes, and a signed checkpoint."""
    print_entry(ledger, entry, receipt)
    for publication in publication_records(ledger):
        if publication.recorded.ref == entry.ref:
            print_standing(PublicationCheck(publication).as_json())
    # Auditors hold the publication to it. Without the key it stands all the same: the next
    # checkpoint covers it.
    note = sign_if_possible(ledger)
    if note is not None:
        click.echo(str(note), nl=False)
