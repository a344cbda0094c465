"""`backup`: one verified file with the whole store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.lacking_evidence import exit_if_lacking
from commands.cli.shared.last_backup import note_backup
from commands.cli.shared.progress_output import progress_bar
from commands.cli.shared.store_access import evidence_store_of, open_store, store_url
from commands.cli.shared.typed_path import TypedPath
from commands.handlers.store_keeping import StorePlace, back_up
from commands.words.messages import _, say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError, msg

_NAME: Final = "lifecycle-{store}-{moment:%Y%m%d-%H%M%S}.zip"
_NO_FOLDER: Final = msg(
    "{path} is not a folder, and --keep deletes older backups in one: create it, or connect the "
    "disk that it is on; nothing was written"
)


@click.command(
    "backup",
    help=_(
        "Write the whole store and its evidence to PATH, one file, while others go on recording; "
        "verified after writing. In a folder the file is named after store and time. An existing "
        "file is never replaced. Exit code 1: written, but without some evidence files."
    ),
)
@click.argument("path", type=TypedPath(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help=_("In a folder: delete the store's older backups but the newest N."),
)
def command(path: Path, keep: int | None) -> None:
    """Write a backup."""
    folder = path if path.is_dir() else None
    if keep is not None and folder is None:
        # As one file it would be written today, and be in the way of every later run.
        raise StoreError(_NO_FOLDER, path=path)
    place = StorePlace(store_url(), evidence_store_of(store_url()))
    with open_store() as ledger:
        file = path if folder is None else folder / _file_name(ledger)
        with progress_bar(_("backing up"), ledger.head().position) as advance:
            manifest, lacking = back_up(ledger, place, file, advance)
    template = msg(
        "backed up {events} events and {files} evidence files to {path}; root {root}, verified"
    )
    click.echo(
        say(
            template,
            events=manifest.events,
            files=manifest.evidence_files,
            path=file,
            root=manifest.root[:16],
        )
    )
    click.echo(_("the signing key is not in it: keep a copy of the key in another place"))
    note_backup(place.url, file, manifest)
    if folder is not None and keep is not None:
        _delete_older(folder, file, keep)
    exit_if_lacking(lacking)


def _file_name(ledger: Ledger) -> str:
    return _NAME.format(store=_store_name(ledger), moment=ledger.clock())


def _store_name(ledger: Ledger) -> str:
    return ledger.head().origin.rpartition("/")[2][:8]


def _delete_older(
    folder: Path,
    newest: Path,
    keep: int,
) -> None:
    """Delete the oldest backups of the same store, by the time in their names."""
    # A name ends in -YYYYMMDD-HHMMSS.zip; before that stands what names the store.
    prefix, _day, _clock = newest.name.rsplit("-", maxsplit=2)
    # Nothing else that somebody keeps there under a similar name.
    own_name = re.compile(rf"{re.escape(prefix)}-[0-9]{{8}}-[0-9]{{6}}\.zip", re.ASCII)
    backups = sorted(file for file in folder.iterdir() if own_name.fullmatch(file.name))
    for file in backups[:-keep]:
        file.unlink()
        click.echo(say(msg("deleted the older backup {path}"), path=file))
