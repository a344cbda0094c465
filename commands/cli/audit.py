"""`audit`: whether the ledger is what it was, and how others can see it for themselves."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from commands.cli.audit_document import command as document_command
from commands.cli.main import tell, told
from commands.cli.shared.command_context import axes_options, opened, view_of, who, written
from commands.cli.shared.key_access import (
    NO_KEY,
    key_path,
    passphrase,
    present_key,
    signed_if_possible,
)
from commands.cli.shared.row_output import print_json
from commands.handlers.evidence_intake import check_evidence
from commands.words.messages import _, say
from lifecycle.ledger import checkpoints
from lifecycle.ledger.audit_expectations import LedgerDifference
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import VerificationResult, check_receipts, verify
from lifecycle.log import witness_file as witness
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rejections import LedgerError, Rejected, msg

_FILE = click.Path(path_type=Path, dir_okay=False)
_PRESENT = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group(
    "audit", help=_("Whether the ledger is what it was; what others need to see it for themselves.")
)
def command() -> None:
    """Trust."""


@command.command(
    "verify",
    help=_(
        "Make the tree again from every stored byte; hold it against checkpoints, witness files and receipts; read the evidence kept again."
    ),
)
@click.option(
    "--witness",
    "witnesses",
    type=_PRESENT,
    multiple=True,
    help=_("An auditor's witness file; may be given again."),
)
@click.option(
    "--receipt",
    "receipt_files",
    type=_PRESENT,
    multiple=True,
    help=_("A file of receipts; may be given again."),
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def verify_command(witnesses: tuple[Path, ...], receipt_files: tuple[Path, ...], form: str) -> None:
    """Verify, name the first event that differs."""
    with opened() as ledger:
        given = [(path.name, Receipts.parse(path.read_bytes(), path)) for path in receipt_files]
        with _progress(ledger.head().position) as advance:
            verdict = verify(ledger, witnesses, given, advance)
        check_evidence(ledger, verdict)
    if form == "json":
        print_json(_verdict_json(verdict))
    else:
        _show_verdict(verdict)
    if verdict.differences:
        raise click.exceptions.Exit(1)


def _verdict_json(verdict: VerificationResult) -> dict[str, Any]:
    return {
        "verified": not verdict.differences,
        "events": verdict.size,
        "root": verdict.root.hex(),
        "checked": verdict.checked,
        "differences": [_difference_json(found) for found in verdict.differences],
    }


def _difference_json(found: LedgerDifference) -> dict[str, Any]:
    place = found.place
    return {
        "rule": found.problem.rule,
        "message": told(found.problem),
        "position": place and place.position,
        "stream": place and place.stream,
        "version": place and place.version,
        "recorded_at": place and place.recorded_at,
    }


def _show_verdict(verdict: VerificationResult) -> None:
    click.echo(say(msg("events: {size}, root {root}"), size=verdict.size, root=verdict.root.hex()))
    words = {
        "checkpoints": _("signed checkpoints"),
        "publications": _("publications"),
        "witnessed": _("witnessed checkpoints"),
        "receipts": _("receipts"),
        "evidence": _("evidence files"),
    }
    for name, word in words.items():
        if name in verdict.checked:
            click.echo(say(msg("{what}: {count} checked"), what=word, count=verdict.checked[name]))
    if verdict.checked.get("evidence_elsewhere"):
        click.echo(
            say(
                msg("evidence named by digest and not kept here: {count}"),
                count=verdict.checked["evidence_elsewhere"],
            )
        )
    if not verdict.differences:
        click.echo(_("VERIFIED: nothing that was known of this ledger differs"))
        return
    first = verdict.differences[0]
    tell(_("DIFFERS"))
    if first.place is not None:
        tell(_place(first))
    for found in verdict.differences:
        tell(told(found.problem))


def _place(found: LedgerDifference) -> str:
    place = found.place
    assert place is not None
    if place.stream is None:
        return say(msg("the first to differ: position {position}"), position=place.position)
    template = msg(
        "the first to differ: position {position}, version {version} of {stream}, recorded {recorded_at}"
    )
    return say(
        template,
        position=place.position,
        version=place.version,
        stream=place.stream,
        recorded_at=place.recorded_at,
    )


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=total, label=_("events"), file=sys.stderr) as bar:
        yield bar.update


@command.command(
    "receipt", help=_("Prove for each receipt that its event still stands, unchanged.")
)
@click.argument("files", nargs=-1, required=True, type=_PRESENT)
def receipt_command(files: tuple[Path, ...]) -> None:
    """Prove them."""
    failed = False
    with opened() as ledger:
        for path in files:
            found = Receipts.parse(path.read_bytes(), path)
            differences = check_receipts(ledger, path.name, found)
            failed = failed or bool(differences)
            for difference in differences:
                tell(told(difference.problem))
            if not differences:
                template = msg("{file}: {count} events stand, in the tree of {size} and in today's")
                click.echo(
                    say(template, file=path.name, count=len(found.events), size=found.tree_size)
                )
    if failed:
        raise click.exceptions.Exit(1)


@command.command(
    "checkpoint",
    help=_("Sign the tree as it is now; with --witness add it to an auditor's own file."),
)
@click.option(
    "--witness",
    "path",
    type=_FILE,
    help=_("The auditor's file; a store that was rolled back is refused."),
)
def checkpoint_command(path: Path | None) -> None:
    """Sign, print the note."""
    with opened() as ledger:
        if path is None:
            click.echo(str(signed(ledger)), nl=False)
            return
        _refuse_rollback(ledger, path)
        note = signed(ledger)
        _add_witness(ledger, path, note)
    click.echo(str(note), nl=False)


def signed(ledger: Ledger) -> Note:
    """The tree as it is now, signed by the store's present key."""
    return checkpoints.sign_checkpoint(ledger, present_key(ledger))


def _refuse_rollback(ledger: Ledger, path: Path) -> None:
    """A witness file takes nothing from a store that no longer is what it says."""
    if not path.exists():
        return
    verdict = verify(ledger, [path])
    if verdict.differences:
        raise Rejected([found.problem for found in verdict.differences])


def _add_witness(ledger: Ledger, path: Path, note: Note) -> None:
    lines = witness.read_witness_file(path)
    last = lines[-1].checkpoint.size if lines else 0
    size = Checkpoint.parse(note.text).size
    witness.append_witness_line(
        path, checkpoints.signers(ledger)[-1].key, note, ledger.leaves(last + 1, size)
    )


@command.command(
    "key",
    help=_("Show the keys that sign for the store; with --new change the key, and record that."),
)
@click.option("--new", is_flag=True, help=_("Make a new key; the one before signs for it."))
@click.option(
    "--lost",
    is_flag=True,
    help=_("The key before is lost: nobody signs for the new one, and auditors are told."),
)
@click.option("--reason", help=_("Why the key is changed."))
@click.option("--passphrase", "ask", is_flag=True, help=_("Protect the new key by a passphrase."))
def key_command(*, new: bool, lost: bool, reason: str | None, ask: bool) -> None:
    """Show or change."""
    with opened() as ledger:
        if new:
            _change_key(ledger, reason or "", lost=lost, ask=ask)
        known = checkpoints.signers(ledger)
    if not known:
        tell(say(NO_KEY))
    for signer in known:
        click.echo(signer.key)
        if signer.since:
            word = (
                _("signed for by the key before")
                if signer.endorsed
                else _("NOT signed for by the key before")
            )
            start = say(msg("from position {since}"), since=signer.since)
            tell(f"  {start}, {word}")


def _change_key(ledger: Ledger, reason: str, *, lost: bool, ask: bool) -> None:
    head, before = ledger.head(), checkpoints.signers(ledger)
    path = key_path(head.origin, len(before))
    secret = passphrase(new=True) if ask else None
    if not before:
        checkpoints.create_signer(ledger, path, secret)
        return
    if not reason:
        raise Rejected.by("missing", msg("say by --reason why the key is changed"), at="reason")
    old = None if lost else present_key(ledger)
    new = SigningKey.create(head.origin, path, secret)
    try:
        checkpoints.change_signer(ledger, who(ledger), new, reason, old)
    except LedgerError:
        path.unlink()
        raise


@command.command(
    "publications",
    help=_("Obtain every publication again from history: identical, or which number differs."),
)
@click.option(
    "--against-today",
    is_flag=True,
    help=_("How today's knowledge differs, project by project, with the events that cause it."),
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def publications_command(*, against_today: bool, form: str) -> None:
    """Check them."""
    from projections.audit import publications as p  # noqa: PLC0415 -- verifying does not pay for the read side

    with opened() as ledger:
        rows = [
            _publication(ledger, p.check_publication(ledger, one), against_today=against_today)
            for one in p.publication_records(ledger)
        ]
    if form == "json":
        print_json(rows)
    else:
        for row in rows:
            _show_publication(row, against_today=against_today)
    if any(row["differing"] or row["missing"] for row in rows):
        raise click.exceptions.Exit(1)


def _publication(ledger: Ledger, found: Any, *, against_today: bool) -> dict[str, Any]:
    from projections.audit import publications as p  # noqa: PLC0415 -- as above

    row: dict[str, Any] = found.as_json()
    if against_today:
        changes = p.changes_since(ledger, found.publication)
        row["changes"] = [change.as_json(10) for change in changes]
    return row


def _show_publication(row: dict[str, Any], *, against_today: bool) -> None:
    title = msg("{publication} {event} {year}, as of {as_of}, position {position}, {rulebook}")
    click.echo(
        say(
            title,
            **{
                name: row[name]
                for name in ("publication", "event", "year", "as_of", "position", "rulebook")
            },
        )
    )
    if row["missing"]:
        click.echo(
            say(msg("  cannot be obtained again here: {what} is missing"), what=row["missing"])
        )
    elif not row["differing"]:
        click.echo(_("  identical"))
    for entry in row["differing"]:
        click.echo(say(msg("  DIFFERS: {what}: published {published}, found {found}"), **entry))
    if row["superseded_by"]:
        click.echo(say(msg("  superseded by {ref}"), ref=row["superseded_by"]))
    if against_today and not row["changes"]:
        click.echo(_("  today's knowledge changes nothing"))
    for change in row.get("changes", ()):
        template = msg(
            "  {unit} {project} {rule}: published {published}, today {today}; recorded since: {events}"
        )
        click.echo(say(template, **change))


@command.command(
    "certificate",
    help=_(
        "Write one file for a unit's score: axes, lines, events with their proofs, the signed checkpoint."
    ),
)
@click.argument("unit")
@click.argument("file", type=_FILE)
@axes_options()
def certificate_command(
    unit: str,
    file: Path,
    year: int | None,
    as_of: str | None,
    known_at: str | None,
    rulebook_id: str | None,
) -> None:
    """Write it."""
    from projections.audit.certificates import unit_certificate  # noqa: PLC0415 -- verifying does not pay for the read side

    with opened() as ledger:
        view = view_of(ledger, year, as_of, known_at, rulebook_id)
        data = unit_certificate(ledger, view, unit, signed(ledger)).as_json()
    written(
        file,
        lambda path: path.write_text(
            json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8"
        ),
    )
    click.echo(
        say(
            msg("{unit}, total {total}: {file}, {count} events"),
            unit=unit,
            total=data["score"]["total"],
            file=file,
            count=len(data["events"]),
        )
    )
    click.echo(_("to check it: python3 verify_bundle.py FILE, with the verifier from a bundle"))


@command.command(
    "bundle",
    help=_("Write one archive of everything, with the verifier that needs nothing of ours."),
)
@click.argument("file", type=_FILE)
def bundle_command(file: Path) -> None:
    """Write it."""
    from projections.audit.bundles import write_bundle  # noqa: PLC0415 -- as above

    count = 0

    def make(path: Path) -> None:
        nonlocal count
        count = write_bundle(ledger, path)

    with opened() as ledger:
        signed_if_possible(ledger)
        written(file, make)
    click.echo(
        say(
            msg("{count} events in {file}; to check it: python3 verify_bundle.py {name}"),
            count=count,
            file=file,
            name=file.name,
        )
    )


command.add_command(document_command)
