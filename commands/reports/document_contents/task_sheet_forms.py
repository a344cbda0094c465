"""The five task sheets (五单) as forms of one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from commands.reports.content import Form, FormBatch, FormEntry
from commands.reports.foot import DocumentRequest
from commands.words import form_words
from commands.words.date_text import chinese_date
from commands.words.event_words import EVENTS
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from lifecycle.deciding.corrections import effective
from lifecycle.events import RecordedEvent, Stream
from lifecycle.events.codec import recorded_from
from lifecycle.events.sheet_events import (
    ExposurePublished,
    Sheet,
    SupervisionIssued,
    TaskAssigned,
    TaskCleared,
    TaskReopened,
    WarningIssued,
)
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from lifecycle.working_days import WorkingCalendar
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View

_DIGEST_DIGITS: Final = 16
_FEEDBACK: Final = FormEntry(form_words.FEEDBACK, tall=True)
_ABOUT_A_TASK: Final = (
    WarningIssued,
    SupervisionIssued,
    TaskCleared,
    TaskReopened,
    ExposurePublished,
)

# An issued sheet


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> FormBatch:
    """A sheet by its number, as its project's history has it at the view. Raises `Rejected`."""
    number = request.subject
    code = _project_of_sheet(ledger, number, view.position)
    history = [] if code is None else _history(ledger, view, code)
    sheet = _sheet_with_number(history, number)
    if code is None or sheet is None:
        raise Rejected.by(
            "unknown_sheet",
            msg("there is no sheet {number} as of {day}; lifecycle sheets list shows the tasks"),
            day=view.as_of,
            number=number,
        )
    project = judged_at(ledger, view, [code])[0]
    form = _SheetForm(history, sheet, project, contacts=request.contacts).compose()
    name = f"{EVENTS[type(sheet).__name__].chinese}-{sheet.number}"
    return FormBatch(name, view.rulebook.rulebook.issuer, (form,))


def _project_of_sheet(
    ledger: Ledger,
    number: str,
    position: int,
) -> str | None:
    """The code of the project in whose history the sheet stands."""
    with ledger.rows_of_kind("project", position) as rows:
        for row in rows:
            if _has_number(row, number):
                _kind, _slash, code = row[1].partition("/")
                return code
    return None


def _has_number(row: StoredRow, number: str) -> bool:
    # Most rows are passed over by their bytes, without decoding them.
    if number.encode() not in bytes(row[4]):
        return False
    event = recorded_from(*row).event
    return isinstance(event, Sheet) and event.number == number


def _history(
    ledger: Ledger,
    view: View,
    code: str,
) -> list[RecordedEvent]:
    """The project's events in effect by the day of the view."""
    recorded = ledger.history(Stream("project", code), view.position)
    return [item for item in effective(recorded) if item.event.on <= view.as_of]


def _sheet_with_number(history: list[RecordedEvent], number: str) -> Sheet | None:
    for item in history:
        if isinstance(item.event, Sheet) and item.event.number == number:
            return item.event
    return None


def _task_number(item: RecordedEvent) -> str | None:
    """The number of the task that an event belongs to; None for any other event."""
    event = item.event
    if isinstance(event, TaskAssigned):
        return event.number
    if isinstance(event, _ABOUT_A_TASK):
        return event.about
    return None


class _SheetForm:
    """The form of a sheet, with what the other sheets of its task say."""

    def __init__(
        self,
        history: list[RecordedEvent],
        sheet: Sheet,
        project: JudgedProject,
        *,
        contacts: bool,
    ) -> None:
        self.sheet = sheet
        self.project = project
        self.contacts = contacts
        number = sheet.number
        if not isinstance(sheet, TaskAssigned):
            number = getattr(sheet, "about", "")
        self.task_events = [item for item in history if _task_number(item) == number]
        self.task = self._assignment()

    def _assignment(self) -> TaskAssigned:
        for item in self.task_events:
            if isinstance(item.event, TaskAssigned):
                return item.event
        # The ledger accepts no sheet about a task that was not assigned.
        raise LookupError(self.sheet.number)

    @property
    def _responsible_unit(self) -> str:
        """The unit assigned, by its name as of the day."""
        return self.project.units.shown_name(self.task.responsible_unit)

    def compose(self) -> Form:
        """The whole form."""
        sheet = self.sheet
        name = form_words.project_name(
            self.project.information.name,
            self.project.facts.code,
        )
        entries = (
            FormEntry(form_words.PROJECT, name),
            FormEntry(form_words.RESPONSIBLE_UNIT, self._responsible_unit),
            *_ENTRIES[type(sheet)](self, sheet),
        )
        issued_on = f"{form_words.ISSUED_ON}{chinese_date(sheet.on)}"
        return Form(
            title=EVENTS[type(sheet).__name__].chinese,
            number=sheet.number,
            entries=entries,
            signatures=(*self._signatures(), issued_on),
            history=tuple(self._history_lines()),
        )

    def _signatures(self) -> tuple[str, ...]:
        # An exposure is published: nobody signs for its receipt.
        if isinstance(self.sheet, ExposurePublished):
            return (form_words.SEAL,)
        return form_words.SIGNATURES

    def _history_lines(self) -> Iterator[str]:
        yield form_words.HISTORY
        for item in self.task_events:
            event = item.event
            number = event.number if isinstance(event, Sheet) else ""
            yield f"{event.on}  {EVENTS[type(event).__name__].chinese}  {number}".rstrip()

    @property
    def working_days(self) -> WorkingCalendar:
        """The calendar that holds for the view."""
        return self.project.axes.working_days

    # Entries that several sheets have

    def matter(self) -> FormEntry:
        """事由: the task and its number."""
        task = without_telephones(self.task.task)
        return FormEntry(form_words.MATTER, form_words.matter(task, self.task.number))

    def due_date(self) -> FormEntry:
        """办结时限: the due date, and the node that the task is about."""
        day = self.due_day()
        if self.task.stage is not None:
            day = form_words.due_with_stage(day, word(self.task.stage))
        return FormEntry(form_words.DUE_DATE, day)

    def due_day(self) -> str:
        """The due date alone."""
        return chinese_date(self.task.due_on)

    def mandate(self) -> FormEntry:
        """依据: the paper that the sheet or its task names."""
        named = self.sheet.source_ref or getattr(self.task, "mandate", None)
        text = form_words.mandate(without_telephones(named) if named else None)
        return FormEntry(form_words.MANDATE, text)

    def proof(self) -> FormEntry:
        """佐证清单: the names of files with the beginnings of their digests."""
        files = []
        for evidence in self.sheet.evidence or []:
            digest = evidence.sha256[:_DIGEST_DIGITS]
            files.append(form_words.proof_file(evidence.name, digest))
        return FormEntry(form_words.PROOF, "；".join(files), tall=not files)

    def person(self, label: str, name: str) -> FormEntry:
        """A person by name for readers with the role, else room for a signature."""
        text = name if self.contacts else form_words.TO_BE_SIGNED
        return FormEntry(label, text, tall=not self.contacts)


# Entries of each of the five


def _assigned_entries(form: _SheetForm, _sheet: TaskAssigned) -> Iterator[FormEntry]:
    yield form.matter()
    yield form.due_date()
    yield form.mandate()
    yield FormEntry(form_words.DEMAND, form_words.ASSIGNED_DEMAND)
    yield _FEEDBACK
    yield form.proof()


def _warned_entries(form: _SheetForm, sheet: WarningIssued) -> Iterator[FormEntry]:
    days_left = (form.task.due_on - sheet.on).days
    due = form_words.due_with_days_left(form.due_day(), days_left)
    yield form.matter()
    yield FormEntry(form_words.DUE_DATE, due)
    yield form.mandate()
    yield FormEntry(form_words.DEMAND, form_words.WARNED_DEMAND)
    yield _FEEDBACK
    yield form.proof()


def _supervised_entries(form: _SheetForm, sheet: SupervisionIssued) -> Iterator[FormEntry]:
    rectify_by = chinese_date(sheet.rectify_by)
    if not form.working_days.knows(sheet.rectify_by):
        # Holidays of that year are not announced yet, so the day may still move.
        rectify_by = form_words.estimated_day(rectify_by)
    yield form.matter()
    yield form.due_date()
    yield FormEntry(form_words.PROBLEM, without_telephones(sheet.problem))
    yield FormEntry(form_words.RECTIFY_BY, rectify_by)
    yield form.mandate()
    yield FormEntry(form_words.DEMAND, form_words.SUPERVISED_DEMAND)
    yield _FEEDBACK
    yield form.proof()


def _cleared_entries(form: _SheetForm, sheet: TaskCleared) -> Iterator[FormEntry]:
    days_late = (sheet.on - form.task.due_on).days
    due = form_words.due_and_closed(form.due_day(), days_late)
    yield form.matter()
    yield FormEntry(form_words.DUE_DATE, due)
    yield FormEntry(form_words.RESULT, without_telephones(sheet.result))
    yield form.person(form_words.SUBMITTED_BY, sheet.submitted_by)
    yield form.person(form_words.REVIEWED_BY, sheet.reviewed_by)
    yield form.mandate()
    yield form.proof()


def _exposed_entries(form: _SheetForm, sheet: ExposurePublished) -> Iterator[FormEntry]:
    yield form.matter()
    yield form.due_date()
    yield FormEntry(form_words.EXPOSED_FACTS, without_telephones(sheet.facts))
    yield form.mandate()
    yield form.person(form_words.APPROVED_BY, sheet.approved_by)
    yield FormEntry(form_words.DEMAND, form_words.EXPOSED_DEMAND)


_ENTRIES: Final[dict[type[Any], Callable[[_SheetForm, Any], Iterator[FormEntry]]]] = {
    TaskAssigned: _assigned_entries,
    WarningIssued: _warned_entries,
    SupervisionIssued: _supervised_entries,
    TaskCleared: _cleared_entries,
    ExposurePublished: _exposed_entries,
}
