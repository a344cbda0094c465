"""`restore`: a store from a backup; and the comparison after which it takes events again."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.evidence_options import PRESENT_FILE, evidence_options, read_receipts
from commands.cli.shared.print_message import print_message
from commands.cli.shared.progress_output import progress_bar
from commands.cli.shared.store_access import evidence_store_of, open_store, store_url
from commands.handlers.store_keeping import StorePlace, continue_restored, restore
from commands.words.messages import _, say
from lifecycle.ledger.recorders import store_place
from lifecycle.rejections import msg


@click.command(
    "restore",
    help=_(
        "Make a store from the backup FILE; it takes no events until `restore --continue` has "
        "compared it with the newest witness file or receipt."
    ),
)
@click.argument("file", type=PRESENT_FILE, required=False)
@click.option("--continue", "continues", is_flag=True, help=_("Compare, and record again."))
@evidence_options
@click.option(
    "--reason",
    default="",
    help=_("Why to continue although events are missing, or nothing can be compared."),
)
def command(
    file: Path | None,
    *,
    continues: bool,
    witnesses: tuple[Path, ...],
    receipt_files: tuple[Path, ...],
    reason: str,
) -> None:
    """Restore, or continue."""
    if continues == (file is not None):
        raise click.UsageError(_("give either FILE or --continue"))
    if file is None:
        _continue(witnesses, receipt_files, reason)
        return
    url = store_url()
    with progress_bar(_("restoring"), None) as advance:
        manifest = restore(file, StorePlace(url, evidence_store_of(url)), advance)
    template = msg("restored {events} events and {files} evidence files of {made_at} to {place}")
    click.echo(
        say(
            template,
            events=manifest.events,
            files=manifest.evidence_files,
            made_at=manifest.made_at,
            place=store_place(url),
        )
    )
    if manifest.evidence_lacking:
        note = msg("the backup was written without {count} evidence files, which were lacking then")
        print_message(say(note, count=manifest.evidence_lacking))
    click.echo(
        _(
            "it takes no events yet: run lifecycle restore --continue --witness FILE (the newest "
            "witness file), or --receipt FILE (a receipt of the last day)"
        )
    )


def _continue(
    witnesses: tuple[Path, ...],
    receipt_files: tuple[Path, ...],
    reason: str,
) -> None:
    receipts = read_receipts(receipt_files)
    with open_store() as ledger:
        comparison = continue_restored(ledger, witnesses, receipts, reason)
    # Without anything from outside there is nothing that it could agree with.
    if comparison.known_size:
        template = msg("the store has {size} events and agrees with what is known of {known}")
        click.echo(say(template, size=comparison.size, known=comparison.known_size))
    if comparison.lost_events:
        note = msg(
            "the last {lost} events are missing: record them again; their receipts and the "
            "witness file will show a difference from position {position} on"
        )
        click.echo(say(note, lost=comparison.lost_events, position=comparison.size + 1))
    click.echo(_("the store takes events again"))
