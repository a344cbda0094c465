"""`notify`: send the units what is due, each thing once to each address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.data_folder import data_folder
from commands.cli.shared.existing_file import reject_existing
from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.notices.delivery import Mailbox
from commands.notices.due_notices import DueNotice, due_notices
from commands.notices.notice_settings import NoticeSettings, read_notice_settings
from commands.notices.sending import UnsentMessage, mailboxes_of, send, unsent_messages
from commands.notices.sent_notices import SentNotices, open_sent_notices
from commands.words import notice_words
from commands.words.messages import _, in_chinese, say
from lifecycle.ledger.store import Ledger
from lifecycle.private_files import create_private_file
from lifecycle.rejections import Rejected, msg
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes

_IN_MEMORY: Final = Path(":memory:")


@click.command(
    "notify",
    help=_(
        "Send the units what is due today, by the settings: sheets, red and orange deadlines, "
        "the week's summary, published boards. Each thing goes once to each address, so that a "
        "timer can run this every hour; what a service did not take is tried by the next run."
    ),
)
@click.option(
    "--settings",
    "path",
    envvar="LIFECYCLE_NOTICES",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_(
        "The settings: who gets what, where and when. Default: LIFECYCLE_NOTICES, or notices.toml "
        "in the data folder."
    ),
)
@click.option("--new", is_flag=True, help=_("Write initial settings, and stop."))
@click.option("--test", "is_test", is_flag=True, help=_("Send one test message to each address."))
@click.option("--dry-run", is_flag=True, help=_("Show the messages; send nothing."))
@axes_options(year=False, rulebook=False)
def command(
    path: Path | None, axes: RequestedAxes, *, new: bool, is_test: bool, dry_run: bool
) -> None:
    """Send them; exit 1 if a service did not take one."""
    path = path or data_folder() / "notices.toml"
    if new:
        _write_skeleton(path)
        return
    if not path.exists():
        raise Rejected.by(
            "notice_settings",
            msg("there are no settings at {path}: `lifecycle notify --new` writes some"),
            path=path,
        )
    settings = read_notice_settings(path)
    mailboxes = mailboxes_of(settings)
    if is_test:
        _finish(_test_all(mailboxes))
        return
    with open_store() as ledger:
        settings = _with_understood_units(ledger, settings)
        view = axes.day_view(ledger)
        # A dry run may look ahead at any hour.
        if not dry_run and not _may_send(settings, view, ledger.clock()):
            return
        # Messages go to offices, whichever language the sender reads.
        with in_chinese():
            notices = due_notices(ledger, view)
        with _sent_notices(path, ledger, dry_run=dry_run) as sent:
            unsent = unsent_messages(settings, mailboxes, notices, sent, view)
            if dry_run:
                _show_all(list(unsent), notices)
            else:
                _finish(_send_all(unsent, sent, ledger.clock))


def _write_skeleton(path: Path) -> None:
    reject_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    create_private_file(path, notice_words.SKELETON.encode())
    click.echo(
        say(
            msg("{path}: enter the recipients there, then try `lifecycle notify --test`"), path=path
        )
    )


def _with_understood_units(ledger: Ledger, settings: NoticeSettings) -> NoticeSettings:
    """Return the settings with units as they are registered. Raises `Rejected` for others."""
    recipients = []
    for recipient in settings.recipients:
        unit = understood_filter(ledger, "unit", recipient.unit)
        recipients.append(recipient.model_copy(update={"unit": unit}))
    return settings.model_copy(update={"recipients": tuple(recipients)})


def _may_send(settings: NoticeSettings, view: View, now: datetime) -> bool:
    is_working_day = view.axes.working_days.works(now.date())
    if settings.hours.include(now, is_working_day=is_working_day):
        return True
    click.echo(_("outside the hours of sending: nothing was sent"))
    return False


def _sent_notices(
    path: Path, ledger: Ledger, *, dry_run: bool
) -> AbstractContextManager[SentNotices]:
    # Beside its settings: other settings keep a record of their own.
    state = path.with_suffix(".sent.db")
    # Showing leaves no file behind.
    if dry_run and not state.exists():
        state = _IN_MEMORY
    return open_sent_notices(state, ledger.head().origin)


def _show_all(unsent: list[UnsentMessage], notices: list[DueNotice]) -> None:
    for each in unsent:
        click.echo(f"→ {each.mailbox.name}")
        click.echo(each.message.title)
        click.echo(f"{each.message.text}\n")
    click.echo(
        say(
            msg("messages to send: {count}; things to tell today: {notices}"),
            count=len(unsent),
            notices=len(notices),
        )
    )


def _send_all(
    unsent: Iterator[UnsentMessage], sent: SentNotices, now: Callable[[], datetime]
) -> Counter[bool]:
    outcomes: Counter[bool] = Counter()
    for each in unsent:
        failure = send(each, sent, now)
        _print_outcome(each.message.title, each.mailbox, failure)
        outcomes[failure is None] += 1
    return outcomes


def _test_all(mailboxes: dict[str, Mailbox]) -> Counter[bool]:
    outcomes: Counter[bool] = Counter()
    for mailbox in mailboxes.values():
        failure = mailbox.deliver(notice_words.TEST_TITLE, notice_words.TEST_TEXT)
        _print_outcome(notice_words.TEST_TITLE, mailbox, failure)
        outcomes[failure is None] += 1
    return outcomes


def _print_outcome(title: str, mailbox: Mailbox, failure: str | None) -> None:
    if failure is None:
        click.echo(say(msg("sent to {address}: {title}"), address=mailbox.name, title=title))
        return
    print_message(
        say(
            msg("not taken by {address}: {title}: {why}"),
            address=mailbox.name,
            title=title,
            why=failure,
        )
    )


def _finish(outcomes: Counter[bool]) -> None:
    click.echo(
        say(
            msg("messages sent: {sent}; to be tried again: {failed}"),
            sent=outcomes[True],
            failed=outcomes[False],
        )
    )
    if outcomes[False]:
        raise click.exceptions.Exit(1)
