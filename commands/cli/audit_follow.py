"""`audit follow`: check that a published ledger continues what a witness file recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.typed_path import TypedPath
from commands.cli.shared.written_keys import written_verifier
from commands.handlers.following import FollowedLog, follow_log
from commands.intake.published_files import published_files
from commands.words.messages import _, say
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.log.witness_file import read_witness_file
from lifecycle.rejections import msg


@click.command("follow")
@click.argument("address")
@click.option(
    "--witness",
    required=True,
    type=TypedPath(path_type=Path, dir_okay=False),
    help=_("Your witness file; a missing one is begun."),
)
@click.option(
    "--key",
    "written_key",
    help=_(
        "The ledger's public key, name+id+key; needed the first time and after a change of key. "
        "Default: the one in the witness file."
    ),
)
@table_or_json_option
def command(
    address: str,
    witness: Path,
    written_key: str | None,
    form: str,
) -> None:
    """Follow; exit 1 if history was rewritten."""
    lines = read_witness_file(witness)
    if written_key is not None:
        key = written_verifier(written_key)
    elif lines:
        key = lines[-1].key
    else:
        raise click.UsageError(
            _(
                "the witness file has no line yet: pass the ledger's public key with --key, as "
                "`lifecycle audit key` prints it"
            )
        )
    followed = follow_log(address, published_files(address), witness, lines, key)
    if form == "json":
        print_json(_followed_json(followed))
    elif followed.fork is None:
        _print_continuation(followed, witness)
    else:
        _print_fork(followed)
    # A timer that runs this goes by the exit code.
    if followed.fork is not None:
        raise click.exceptions.Exit(1)


def _followed_json(followed: FollowedLog) -> dict[str, Any]:
    fork = followed.fork
    return {
        "verdict": "CONTINUES" if fork is None else "DIFFERS",
        "origin": followed.checkpoint.origin,
        "events": followed.checkpoint.size,
        "root": followed.checkpoint.root.hex(),
        "added": followed.added,
        "difference": fork and fork.kind,
        "first_difference": fork and fork.first_difference,
        "witnessed": followed.witnessed and str(followed.witnessed),
        "published": str(followed.published),
    }


def _print_continuation(followed: FollowedLog, witness: Path) -> None:
    values: dict[str, object] = {
        "origin": followed.checkpoint.origin,
        "size": followed.checkpoint.size,
        "path": witness,
    }
    if followed.added is None:
        template = msg("CONTINUES: {origin} still has {size} events; {path} stays as it is")
    elif followed.witnessed is None:
        template = msg("CONTINUES: {path} begins with {origin} at {size} events")
    else:
        values["added"] = followed.added
        template = msg(
            "CONTINUES: {origin} has {size} events, {added} more than in the last line of {path}; "
            "a line was added"
        )
    click.echo(say(template, **values))


def _print_fork(followed: FollowedLog) -> None:
    # Only a run with an earlier checkpoint finds a fork.
    assert followed.fork is not None
    assert followed.witnessed is not None
    if followed.fork.kind == "shorter":
        template = msg(
            "DIFFERS: {origin} was published with {before} events and now has {size}: history was "
            "cut back, or an old copy is published"
        )
    else:
        template = msg(
            "DIFFERS: the history of {origin} was rewritten: its first {before} events are no "
            "longer those of your witness file; {size} events are published"
        )
    before = Checkpoint.parse(followed.witnessed.text).size
    print_message(
        say(
            template,
            origin=followed.checkpoint.origin,
            before=before,
            size=followed.checkpoint.size,
        )
    )
    position = followed.fork.first_difference
    if position is not None:
        print_message(say(msg("first difference: position {position}"), position=position))
    _print_note(_("the last line of your witness file:"), followed.witnessed)
    _print_note(_("published now:"), followed.published)
    # A shorter log may be an old copy, which proves nothing.
    if followed.fork.kind == "rewritten":
        print_message(_("keep both checkpoints: the county signed both, and they are the proof"))
    print_message(_("nothing was added to the witness file"))


def _print_note(heading: str, note: Note) -> None:
    print_message(heading)
    for line in str(note).splitlines():
        print_message(f"    {line}")
