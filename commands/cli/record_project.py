"""`record project CODE`: all known nodes of a project in one form, recorded together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.event_form import EventForm, FormRecord, optional
from commands.cli.shared.field_questions import print_problems
from commands.cli.shared.form_flow import (
    PROJECT_FORM_NAME,
    FormSession,
    offered_records,
    record_form,
)
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import ask_text
from commands.cli.shared.receipt_output import keep_receipts, print_entry, receipt_option
from commands.cli.shared.store_access import author, evidence_store, open_store, store_url
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unfinished_forms import UnfinishedForms
from commands.cli.shared.unusual_option import unusual_option
from commands.handlers.early_checks import effective_kinds
from commands.handlers.evidence_intake import EvidenceIntake
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _, say
from commands.words.screen_words import PROJECT_FORM
from lifecycle.events import BY_NAME, Event, Stream
from lifecycle.events.project_events import (
    AgreementSigned,
    ConsultationHeld,
    InformationReported,
    InvestmentReported,
    LandAcquired,
    ProjectFiled,
    StatisticsEntered,
)
from lifecycle.rejections import Rejected, msg

_DATED_NODES: Final[tuple[type[Event], ...]] = (
    ConsultationHeld,
    AgreementSigned,
    LandAcquired,
    ProjectFiled,
    StatisticsEntered,
)
"""The nodes between the report and the figures, each asked for by its day (意1)."""


@click.command(
    "project",
    help=_(
        "Ask for all nodes of a project that have occurred, each with its day, and record them "
        "together; CODE may be new."
    ),
)
@click.argument("code", required=False)
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@unusual_option
@receipt_option
@clock_option
def command(
    code: str | None, *, on_behalf_of: str | None, confirm_unusual: bool, receipt: Path | None
) -> None:
    """Ask for the nodes of a project that are not recorded yet."""
    if not sys.stdin.isatty():
        raise click.UsageError(
            _("this form asks on a terminal; use `lifecycle record EVENT` or `lifecycle import`")
        )
    evidence = EvidenceIntake(evidence_store())
    with open_store() as ledger:
        ledger.require_right_clock()
        clerk = author(ledger, on_behalf_of)
        forms = UnfinishedForms(store_url())
        session = FormSession(PROJECT_FORM_NAME, ledger, clerk, evidence, forms)
        if code is not None:
            code = _known_code(session, code)
        nodes = _ProjectNodes(session, offered_records(session, {"project": code}), code)
        entries = record_form(
            session, nodes.ask, form=nodes.form, confirmed_unusual=confirm_unusual, yes=False
        )
        for entry in entries:
            print_entry(ledger, entry)
        if receipt is not None:
            keep_receipts(ledger, entries, receipt)


def _known_code(session: FormSession, name: str) -> str:
    """Return the code of the project that a name means, or the name itself as a new code."""
    try:
        return understood_name(session.ledger, "project", name)
    except Rejected as rejected:
        # Among several projects one must be meant; where there is none, this is a new one.
        if any(problem.rule == "ambiguous_name" for problem in rejected.problems):
            raise
        return name


class _ProjectNodes:
    """The questions of the form: only nodes that are neither recorded nor in the form yet."""

    def __init__(
        self, session: FormSession, unfinished: list[FormRecord], code: str | None
    ) -> None:
        self._session = session
        self.form = session.new_form()
        self.form.records.extend(unfinished)
        self._code = unfinished[0]["project"] if unfinished else code
        self._recorded: set[type[Event]] = set()

    def ask(self, form: EventForm) -> None:
        """Ask for the report of a new project, then node by node."""
        title = say(
            msg("{form}: * marks required fields; Enter leaves out what has not occurred"),
            form=PROJECT_FORM,
        )
        print_message(title)
        if self._code is None:
            self._code = _known_code(self._session, ask_text(f"{FIELDS['project']} *"))
        stream = Stream("project", self._code)
        self._recorded = effective_kinds(self._session.ledger, stream)
        self._print_recorded()
        for record in list(form.records):
            form.ask_required(record)
        if not self._has(InformationReported):
            self._begin(InformationReported)
        for kind in _DATED_NODES:
            if not self._has(kind):
                self._ask_node(kind, "occurred_on")
        # One month after another, until Enter.
        has_more_months = self._has(StatisticsEntered)
        while has_more_months:
            has_more_months = self._ask_node(InvestmentReported, "month")
        if not form.records:
            raise Rejected.by("nothing_typed", msg("no node was filled in; nothing to record"))
        form.ask_more()

    def _print_recorded(self) -> None:
        if not self._recorded:
            template = msg("{code} is a new project: it is reported first")
            print_message(say(template, code=self._code))
            return
        names = [str(EVENTS[kind.__name__]) for kind in BY_NAME.values() if kind in self._recorded]
        print_message(say(msg("recorded already: {names}"), names=names))

    def _has(self, kind: type[Event]) -> bool:
        in_form = any(record["event"] == kind.__name__ for record in self.form.records)
        return in_form or kind in self._recorded

    def _begin(self, kind: type[Event]) -> FormRecord:
        record: FormRecord = {"event": kind.__name__, "project": self._code}
        self.form.require_allowed(record)
        self.form.records.append(record)
        print_message(str(EVENTS[kind.__name__]))
        self.form.ask_required(record)
        return record

    def _ask_node(self, kind: type[Event], first: str) -> bool:
        """Ask for a node by its day or month; return whether it has occurred."""
        record: FormRecord = {"event": kind.__name__, "project": self._code}
        try:
            self.form.require_allowed(record)
        except Rejected as rejected:
            # A terminated project has no more nodes: said once, and the next one is asked for.
            print_problems(rejected.problems)
            return False
        self.form.records.append(record)
        field = _field_of(kind, first)
        prompt = f"{EVENTS[kind.__name__]}  {field.label}"
        if not self.form.ask(record, optional(field), prompt):
            self.form.records.remove(record)
            return False
        self.form.ask_required(record)
        return True


def _field_of(kind: type[Event], name: str) -> TypedField:
    fields: dict[str, Any] = {field.name: field for field in fields_of_kind(kind)}
    field: TypedField = fields[name]
    return field
