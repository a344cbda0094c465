"""A day's batch of the task sheets (五单) that are due, to be signed."""

from __future__ import annotations

from datetime import date
from typing import Final

from commands.reports.content import Form, FormBatch, FormEntry
from commands.reports.foot import DocumentRequest
from commands.words import form_words
from commands.words.date_text import chinese_date
from commands.words.event_words import EVENTS
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from lifecycle.events.sheet_events import (
    ExposurePublished,
    Sheet,
    SupervisionIssued,
    TaskAssigned,
    TaskCleared,
    WarningIssued,
)
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.sheet_view import DueSheet, due_sheets

_SHEET_OF_ACTION: Final[dict[str, type[Sheet]]] = {
    "assign": TaskAssigned,
    "warn": WarningIssued,
    "supervise": SupervisionIssued,
    "expose": ExposurePublished,
    "clear": TaskCleared,
}

_SIGNED: Final = form_words.TO_BE_SIGNED
_REPORTED_BACK: Final = ((form_words.FEEDBACK, ""), (form_words.PROOF, ""))
# What is filled in by hand, as on the issued sheet of the kind.
_ROOMS: Final = {
    "assign": _REPORTED_BACK,
    "warn": _REPORTED_BACK,
    "supervise": ((form_words.PROBLEM, ""), *_REPORTED_BACK),
    "expose": ((form_words.EXPOSED_FACTS, ""), (form_words.APPROVED_BY, _SIGNED)),
    "clear": (
        (form_words.RESULT, ""),
        (form_words.SUBMITTED_BY, _SIGNED),
        (form_words.REVIEWED_BY, _SIGNED),
        (form_words.PROOF, ""),
    ),
}


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> FormBatch:
    """The sheets that are due on a day, to be signed. Raises `Rejected` if none is due.

    Printing issues nothing, so they bear no numbers yet.
    """
    ladder = view.rulebook.rulebook.ladder
    prefix = "" if ladder is None else ladder.prefix
    projects = {project.facts.code: project for project in judged_at(ledger, view)}
    forms = []
    for row in due_sheets(ledger, view):
        forms.append(_due_form(row, projects[row.project], prefix, view.as_of))
    if not forms:
        raise Rejected.by("nothing_due", msg("no sheet is due on {day}"), day=view.as_of)
    name = form_words.DUE_BATCH_FILE.format(day=request.subject)
    return FormBatch(name, view.rulebook.rulebook.issuer, tuple(forms))


def _due_date(row: DueSheet, day: date) -> str:
    # A task is not assigned for a day that has passed: the office writes another.
    if row.action == "assign" and row.due_on < day:
        return ""
    return chinese_date(row.due_on)


def _due_form(
    row: DueSheet,
    project: JudgedProject,
    prefix: str,
    day: date,
) -> Form:
    action = row.action
    kind = _SHEET_OF_ACTION[action]
    if action == "assign":
        matter = form_words.due_node(word(row.about))
    else:
        task = without_telephones(project.facts.tasks[row.about].task)
        matter = form_words.matter(task, row.about)
    name = form_words.project_name(project.information.name, row.project)
    entries = (
        FormEntry(form_words.PROJECT, name),
        FormEntry(form_words.RESPONSIBLE_UNIT, row.name or ""),
        FormEntry(form_words.MATTER, matter),
        FormEntry(form_words.DUE_DATE, _due_date(row, day)),
        FormEntry(form_words.MANDATE, form_words.MANDATE_OF_SHEETS),
        FormEntry(form_words.DEMAND, form_words.DUE_DEMANDS[action]),
        *(FormEntry(label, text, tall=True) for label, text in _ROOMS[action]),
    )
    # An exposure is published: nobody signs for its receipt.
    signatures = (form_words.SEAL,) if action == "expose" else form_words.SIGNATURES
    return Form(
        title=form_words.due_title(EVENTS[kind.__name__].chinese),
        # A sheet gets its number when it is issued; until then the form leaves it blank.
        number=form_words.blank_number(prefix, kind.sign, day.year),
        entries=entries,
        signatures=(*signatures, form_words.ISSUED_ON),
    )
