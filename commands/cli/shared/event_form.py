"""A form of one or several events on a terminal: asked for, checked, read over, and kept.

Each answer is checked by the rules at once, and kept in a file until the form is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from commands.cli.shared.field_questions import (
    KEEP,
    FieldContext,
    ask_changed_field,
    ask_field,
    print_problems,
    question,
    shown_answer,
)
from commands.cli.shared.numbered_lines import confirmed_or_number, numbers_typed
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import ask_text
from commands.cli.shared.understood_names import understood_name
from commands.handlers.early_checks import EarlyFindings, early_findings
from commands.handlers.evidence_intake import EvidenceIntake
from commands.intake.partial_records import completed_record
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _
from lifecycle.deciding.understood_names import FOUNDING_EVENTS
from lifecycle.events import BY_NAME, Event, StreamKind
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected

FormRecord = dict[str, Any]
_NEVER_NEEDED: Final = ("source_ref", "note", "evidence", "key", "occurred_on")
"""The fields that every event has: no event lacks one of them."""
# By which other field a clerk may answer a rule's rejection of this one.
_REMEDIES: Final = {"identity_claimed": "distinct_because"}


class OptionalField(NamedTuple):
    """A field that may still be filled in, and its record."""

    record: FormRecord
    field: TypedField


class EventForm:
    """The records of one form. `keep` is called with all of them after each answer."""

    def __init__(
        self,
        ledger: Ledger,
        clerk: Author,
        evidence: EvidenceIntake,
        keep: Callable[[Sequence[FormRecord]], None],
    ) -> None:
        self.records: list[FormRecord] = []
        self._ledger = ledger
        self._clerk = clerk
        self._evidence = evidence
        self._keep = keep
        self._today = ledger.clock().date()

    # Questions ----------------------------------------------------------------------------------

    def ask_stream(self, record: FormRecord, stream: StreamKind) -> None:
        """Ask for the project or the unit, by code, name or part of a name, until one is meant.

        What the rules say of the event as a whole is said here, before the other questions.
        """
        kind = _kind_of(record)
        while True:
            name = ask_text(f"{FIELDS[stream]} *")
            try:
                if kind not in FOUNDING_EVENTS:
                    name = understood_name(self._ledger, stream, name)
            except Rejected as rejected:
                print_problems(rejected.problems)
                continue
            if self._take(record, {stream: name}):
                return

    def require_allowed(self, record: FormRecord) -> None:
        """Raise `Rejected` where the rules reject the event whatever its other fields are."""
        problems = self._findings(record, {}).of_rules
        for problem in problems:
            if self._remedy(record, problem) is None:
                raise Rejected(list(problems))

    def ask_required(self, record: FormRecord) -> None:
        """Ask for the required fields that are missing, then for what else the event needs."""
        for field in fields_of_kind(_kind_of(record)):
            if field.required and field.name not in record:
                self.ask(record, field)
        self._ask_needed(record)

    def ask(
        self,
        record: FormRecord,
        field: TypedField,
        prompt: str | None = None,
    ) -> bool:
        """Ask for a field until the rules allow the answer; False where it is left out."""
        is_required_day = field.name == "occurred_on" and field.required
        default = self._today.isoformat() if is_required_day else None
        while True:
            asked = prompt or question(field, self._today)
            value = ask_field(self._context(record), field, asked, default)
            if value is None:
                return False
            if self._take(record, {field.name: value}):
                return True

    def ask_more(self) -> None:
        """Offer the optional fields of all records by number, in one question."""
        fields = self._optional_fields()
        if not fields:
            return
        self._print_optional(fields)
        prompt = _("More? Numbers separated by commas; Enter for none")
        for number in numbers_typed(prompt, len(fields)):
            self.ask(*fields[number - 1])

    def review(self) -> None:
        """Show the records until they are confirmed; a line's number changes that line.

        Raises `Abort` where the clerk stops.
        """
        while True:
            fields = self._print_lines()
            number = confirmed_or_number(len(fields))
            if number is None:
                return
            record, field = fields[number - 1]
            self._ask_again(record, field)

    # Answers ------------------------------------------------------------------------------------

    def _ask_again(self, record: FormRecord, field: TypedField) -> None:
        while True:
            value = ask_changed_field(self._context(record), field, record.get(field.name))
            if value is KEEP:
                return
            if value is None:
                record.pop(field.name, None)
                self._keep(self.records)
                return
            if self._take(record, {field.name: value}):
                return

    def _take(self, record: FormRecord, answer: FormRecord) -> bool:
        """Put an answer into its record where it brings no new problem; say the problem."""
        known = self._problems(record, {})
        new_problems = self._problems(record, answer, known)
        for problem in new_problems:
            print_problems([problem])
            remedy = self._remedy({**record, **answer}, problem)
            if remedy is None:
                return False
            value = ask_field(self._context(record), remedy, question(remedy, self._today))
            if value is None:
                return False
            answer = {**answer, remedy.name: value}
        remaining = self._problems(record, answer, known) if new_problems else []
        if remaining:
            print_problems(remaining)
            return False
        record.update(answer)
        self._keep(self.records)
        return True

    def _problems(
        self,
        record: FormRecord,
        answer: FormRecord,
        known: Sequence[Problem] = (),
    ) -> list[Problem]:
        """Return what an answer brings that was not wrong before."""
        findings = self._findings(record, answer)
        problems = list(findings.of_rules)
        # The answer that completes the required fields is not to blame for what the event lacks
        # beside them: `_ask_needed` asks for that.
        if not _missing_fields(record):
            problems += findings.of_fields
        return [problem for problem in problems if problem not in known]

    def _remedy(self, record: FormRecord, problem: Problem) -> TypedField | None:
        """Return the optional field, not filled in yet, by which a rule may be satisfied."""
        name = _REMEDIES.get(problem.rule, problem.field)
        for field in fields_of_kind(_kind_of(record)):
            if field.name == name and name not in record and not field.required:
                return field
        return None

    def _ask_needed(self, record: FormRecord) -> None:
        """Ask again for what does not fit together, and for fields of which one is needed."""
        problems = self._findings(record, {}).of_fields
        print_problems(problems)
        for field in _fields_to_mend(record, problems):
            if not problems:
                return
            if field.name in record:
                self._ask_again(record, field)
            else:
                self.ask(record, field)
            problems = self._findings(record, {}).of_fields

    def _findings(self, record: FormRecord, answer: FormRecord) -> EarlyFindings:
        partial = completed_record(_kind_of(record), {**record, **answer}, self._today)
        earlier = []
        for entry in self.records:
            if entry is record:
                break
            earlier.append(entry)
        return early_findings(self._ledger, self._clerk, earlier, partial.record, partial.assumed)

    def _context(self, record: FormRecord) -> FieldContext:
        return FieldContext(_kind_of(record), self._ledger, self._evidence)

    # Lists --------------------------------------------------------------------------------------

    def _optional_fields(self) -> list[OptionalField]:
        fields = []
        for record in self.records:
            for field in fields_of_kind(_kind_of(record)):
                if field.name not in record and not field.required and field.name != "key":
                    fields.append(OptionalField(record, field))
        return fields

    def _print_optional(self, fields: Sequence[OptionalField]) -> None:
        """Print the optional fields with their numbers, a line for each record."""
        for record in self.records:
            labels = []
            for number, entry in enumerate(fields, start=1):
                if entry.record is record:
                    labels.append(f"{number}.{entry.field.label}")
            if labels:
                print_message(f"{EVENTS[record['event']]}  {' '.join(labels)}")

    def _print_lines(self) -> list[OptionalField]:
        """Print the records field by field, each line with its number, and return the fields."""
        fields: list[OptionalField] = []
        for record in self.records:
            print_message(f"{EVENTS[record['event']]}  {_stream_name(record)}".rstrip())
            for field in fields_of_kind(_kind_of(record)):
                if field.name in record:
                    fields.append(OptionalField(record, field))
                    line = f"{field.label}  {shown_answer(field, record[field.name])}"
                    print_message(f"  {len(fields)}. {line}")
        return fields


def _kind_of(record: FormRecord) -> type[Event]:
    return BY_NAME[record["event"]]


def _missing_fields(record: FormRecord) -> list[str]:
    fields = fields_of_kind(_kind_of(record))
    return [field.name for field in fields if field.required and field.name not in record]


def _fields_to_mend(record: FormRecord, problems: Sequence[Problem]) -> list[TypedField]:
    """Return the answered fields that problems name, by field or rule, else the optional ones."""
    places = {problem.field for problem in problems} | {problem.rule for problem in problems}
    answered = []
    unanswered = []
    for field in fields_of_kind(_kind_of(record)):
        if field.name in record and field.name in places:
            answered.append(field)
        elif field.name not in record and field.name not in _NEVER_NEEDED:
            unanswered.append(field)
    return answered or unanswered


def _stream_name(record: FormRecord) -> str:
    for stream in ("resource", "project", "unit"):
        if record.get(stream):
            return str(record[stream])
    # The county's events name no stream.
    return ""


def optional(field: TypedField) -> TypedField:
    """Return a field that Enter leaves out."""
    return replace(field, required=False)
