"""`undo`: take back one's own last record of today."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import confirm
from commands.cli.shared.receipt_output import print_entry, receipt_option
from commands.cli.shared.store_access import author, open_store
from commands.handlers.correcting import correct_event
from commands.handlers.undoing import last_own_event
from commands.words.event_words import FIELDS
from commands.words.history_words import event_term, fields_text
from commands.words.messages import _
from commands.words.screen_words import UNDO_REASON
from lifecycle.events import RecordedEvent
from lifecycle.events.codec import fields_of
from lifecycle.rejections import Rejected, msg


@click.command(
    "undo",
    help=_(
        "Take back the last record of today that you made yourself: it is voided, and both stay "
        "visible. What is older, or of others, is corrected with `lifecycle correct`."
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
    """Void the event, after showing it."""
    with open_store() as ledger:
        clerk = author(ledger, on_behalf_of)
        target = last_own_event(ledger, clerk)
        if target is None:
            raise Rejected.by(
                "nothing_to_undo",
                msg(
                    "you ({login}) have recorded nothing today that is still effective; "
                    "what is older is corrected with: lifecycle correct"
                ),
                login=clerk.login,
            )
        lines = _lines(target, reason or UNDO_REASON)
        if yes:
            # The clerk has not chosen the event: only these lines say which one it was.
            for line in lines:
                print_message(f"  {line}")
        elif not sys.stdin.isatty():
            raise click.UsageError(_("without a terminal give --yes"))
        else:
            confirm(lines)
        result = correct_event(
            ledger,
            target,
            None,
            clerk,
            reason=reason or UNDO_REASON,
            approved_by=approved_by or clerk.login,
        )
        print_entry(ledger, result.entry, receipt)


def _lines(target: RecordedEvent, reason: str) -> list[str]:
    """Describe what is taken back."""
    fields = fields_of(target.event)
    shown = {name: value for name, value in fields.items() if name not in ("occurred_on", "key")}
    heading = _("Take back:")
    return [
        f"{heading}  {target.ref} {event_term(target.event)} {target.event.on}",
        fields_text(shown, type(target.event).__name__),
        f"{FIELDS['reason']}  {reason}",
    ]
