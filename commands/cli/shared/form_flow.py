"""From an unfinished form to a recorded one: offer, fill in, read over, record, or keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import click

from commands.cli.shared.event_form import EventForm, FormRecord
from commands.cli.shared.field_questions import print_problems
from commands.cli.shared.print_message import print_message
from commands.cli.shared.unfinished_forms import UnfinishedForm, UnfinishedForms
from commands.cli.shared.unusual_option import record_if_usual
from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_events
from commands.words.event_words import EVENTS
from commands.words.messages import _, say
from commands.words.screen_words import PROJECT_FORM
from commands.words.vocabulary_words import word
from lifecycle.deciding.drafts import NAMED_STREAMS
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg

PROJECT_FORM_NAME: Final = "project"


class FormSession(NamedTuple):
    """Whose form it is, what it is called, and where it is recorded or kept."""

    name: str
    ledger: Ledger
    clerk: Author
    evidence: EvidenceIntake
    forms: UnfinishedForms

    def new_form(self) -> EventForm:
        """Return an empty form whose answers are kept."""
        return EventForm(self.ledger, self.clerk, self.evidence, self._keep)

    def _keep(self, records: Sequence[FormRecord]) -> None:
        self.forms.keep(self.name, records, self.evidence.files)


def record_form(
    session: FormSession,
    fill_in: Callable[[EventForm], None],
    *,
    form: EventForm,
    confirmed_unusual: bool,
    yes: bool,
) -> list[LedgerEntry]:
    """Let a form be filled in and read over, and record it; a rejected one is read over again.

    What was typed stays for the next `record` where the clerk stops.
    """
    try:
        fill_in(form)
        entries = _recorded(session, form, confirmed_unusual=confirmed_unusual, yes=yes)
    except (click.Abort, KeyboardInterrupt, Rejected):
        # Also after Ctrl-C and a rejection: half a project may have been typed.
        if session.forms.of(session.name) is not None:
            print_message(_kept_text(session.name))
        raise
    session.forms.remove(session.name)
    return entries


def _recorded(
    session: FormSession,
    form: EventForm,
    *,
    confirmed_unusual: bool,
    yes: bool,
) -> list[LedgerEntry]:
    while True:
        if not yes:
            form.review()
        try:
            return record_if_usual(
                lambda *, confirm_unusual: record_events(
                    session.ledger,
                    form.records,
                    session.clerk,
                    session.evidence,
                    confirm_unusual=confirm_unusual,
                ),
                confirmed=confirmed_unusual,
                may_ask=not yes,
            )
        except Rejected as rejected:
            # Nobody is there to mend a line.
            if yes:
                raise
            print_problems(rejected.problems)


def offered_records(session: FormSession, typed: Mapping[str, Any]) -> list[FormRecord]:
    """Return the records of an unfinished form that the clerk continues, empty where there is none.

    One of another project or unit than the typed one is not offered.
    """
    for name in session.forms.names():
        if name != session.name:
            print_message(_kept_text(name))
    unfinished = session.forms.of(session.name)
    if unfinished is None or _is_of_another_stream(unfinished, typed):
        return []
    print_message(say(msg("{form} was begun and not recorded:"), form=form_title(session.name)))
    for record in unfinished.records:
        texts = [word(value) for name, value in record.items() if name != "event"]
        print_message(f"  {EVENTS[record['event']]}  {'；'.join(texts)}")
    if not click.confirm(_("Continue with it?"), default=True, err=True):
        session.forms.remove(session.name)
        return []
    return _with_evidence(unfinished, session.evidence)


def _is_of_another_stream(unfinished: UnfinishedForm, typed: Mapping[str, Any]) -> bool:
    for stream in NAMED_STREAMS:
        named = typed.get(stream)
        if named and unfinished.records[0].get(stream) not in (None, named):
            return True
    return False


def _with_evidence(unfinished: UnfinishedForm, evidence: EvidenceIntake) -> list[FormRecord]:
    """Digest the evidence files again; a record whose file has changed or gone is without it."""
    unchanged = set()
    for sha256, path in unfinished.evidence_files.items():
        try:
            if evidence.digest(path)["sha256"] == sha256:
                unchanged.add(sha256)
        except Rejected as rejected:
            print_problems(rejected.problems)
    records = []
    for record in unfinished.records:
        files = [file for file in record.get("evidence", []) if file["sha256"] in unchanged]
        others = {name: value for name, value in record.items() if name != "evidence"}
        records.append({**others, "evidence": files} if files else others)
    return records


def form_title(name: str) -> str:
    """Return what a form is called: its event, or the form of a whole project."""
    return str(PROJECT_FORM) if name == PROJECT_FORM_NAME else str(EVENTS[name])


def _kept_text(name: str) -> str:
    template = msg("what was typed for {form} is kept; continue with: lifecycle record {command}")
    command = PROJECT_FORM.chinese if name == PROJECT_FORM_NAME else EVENTS[name].chinese
    return say(template, form=form_title(name), command=command)
