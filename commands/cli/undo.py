"""`undo`: take back one's own last record of today."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import confirm
from commands.cli.shared.receipt_output import keep_receipts, print_entry, receipt_option
from commands.cli.shared.store_access import author, open_store
from commands.handlers.undoing import imports_since, last_own_entry, take_back
from commands.words.event_words import FIELDS
from commands.words.history_words import event_term, fields_text
from commands.words.messages import _, say
from commands.words.screen_words import UNDO_REASON
from lifecycle.events import RecordedEvent
from lifecycle.events.codec import fields_of
from lifecycle.rejections import Rejected, msg

_TOGETHER: Final = msg("Take back {count} events that were recorded together:")

_IMPORTED: Final = msg(
    "Note: {count} events that you imported since are not taken back by undo: correct the file and "
    "import it again, or use `lifecycle correct`."
)


@click.command(
    "undo",
    help=_(
        "Take back the last entry of today that you made yourself, a form with all its events: "
        "they are voided and stay visible. What is older, or of others, is corrected with "
        "`lifecycle correct`."
    ),
)
@click.option("--reason", help=_("The reason."))
@click.option("--approved-by", help=_("The person who approved it. Default: you."))
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@click.option("--yes", is_flag=True, help=_("Record without confirmation."))
@receipt_option
@clock_option
def command(
    *,
    reason: str | None,
    approved_by: str | None,
    on_behalf_of: str | None,
    yes: bool,
    receipt: Path | None,
) -> None:
    """Void the events of the entry, after showing them."""
    with open_store() as ledger:
        clerk = author(ledger, on_behalf_of)
        entry = last_own_entry(ledger, clerk)
        imported = imports_since(ledger, entry, clerk)
        if imported:
            print_message(say(_IMPORTED, count=imported))
        if not entry:
            raise _nothing_to_undo(clerk.login)
        lines = _lines(entry, reason or UNDO_REASON)
        if yes:
            # The clerk has not chosen the event: only these lines say which one it was.
            for line in lines:
                print_message(f"  {line}")
        elif not sys.stdin.isatty():
            raise click.UsageError(_("without a terminal give --yes"))
        else:
            confirm(lines)
        voids = take_back(
            ledger,
            entry,
            clerk,
            reason=reason or UNDO_REASON,
            approved_by=approved_by or clerk.login,
        )
        for void in voids:
            print_entry(ledger, void)
        if receipt is not None:
            keep_receipts(ledger, voids, receipt)


def _nothing_to_undo(login: str) -> Rejected:
    return Rejected.by(
        "nothing_to_undo",
        msg(
            "you ({login}) have recorded nothing today that is still effective; "
            "what is older is corrected with: lifecycle correct"
        ),
        login=login,
    )


def _lines(entry: Sequence[RecordedEvent], reason: str) -> list[str]:
    """Describe what is taken back, in the order in which it was recorded."""
    heading = _("Take back:")
    if len(entry) > 1:
        heading = say(_TOGETHER, count=len(entry))
    lines = [heading]
    for target in reversed(entry):
        fields = fields_of(target.event)
        shown = {name: fields[name] for name in fields if name not in ("occurred_on", "key")}
        lines.append(f"{target.ref} {event_term(target.event)} {target.event.on}")
        lines.append(fields_text(shown, type(target.event).__name__))
    lines.append(f"{FIELDS['reason']}  {reason}")
    return lines
