"""Sections of agendas and minutes: earlier decisions, what units report on, tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from commands.reports.content import CellValue, DocumentColumn, DocumentTable, Section, TableRow
from commands.words import meeting_words, report_words, sheet_words
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from projections.views.meeting_view import HeldMeeting, MandatedTask, MeetingItem

# Lines to be filled in by hand; more decisions than these are rare, and Word adds rows.
_BLANK_ROWS: Final = 6


# What earlier meetings decided


def follow_up_section(
    meetings: Sequence[HeldMeeting], kind: str, tasks: Sequence[MandatedTask]
) -> Section:
    """The meetings since the last one of the kind, it included, and what became of their tasks."""
    heading = meeting_words.FOLLOW_UP_HEADING
    places = [place for place, meeting in enumerate(meetings) if meeting.kind == kind]
    if not places:
        return Section(heading, (meeting_words.NO_MEETING,))
    recent = meetings[places[-1] :]
    names = [meeting_words.meeting_name(meeting.kind, meeting.on) for meeting in recent]
    rows = []
    for name, meeting in zip(names, recent, strict=True):
        own_tasks = tasks_of_meeting(tasks, name)
        rows.append((name, _decisions(meeting), len(own_tasks), cleared_count(own_tasks)))
    columns = (
        DocumentColumn(meeting_words.MEETING, width=10),
        DocumentColumn(meeting_words.DECISIONS, width=20),
        DocumentColumn(meeting_words.ASSIGNED, "count", 3),
        DocumentColumn(meeting_words.CLEARED, "count", 3),
    )
    assigned = sum(row[2] for row in rows)
    cleared = sum(row[3] for row in rows)
    sentence = meeting_words.follow_up_sentence(names[0], assigned, cleared)
    table = DocumentTable(heading, columns, tuple(rows))
    return Section(heading, (sentence,), (table,))


def _decisions(meeting: HeldMeeting) -> str:
    # A clerk typed them, and may have typed a telephone number.
    return without_telephones(meeting.decisions or meeting_words.NO_DECISIONS)


def tasks_of_meeting(tasks: Sequence[MandatedTask], name: str) -> list[MandatedTask]:
    """The tasks that rest on a meeting: their mandate begins with its name."""
    # A clerk may add an item to the name: 2024年6月14日会商会议第3项.
    return [task for task in tasks if task.mandate.startswith(name)]


def cleared_count(tasks: Sequence[MandatedTask]) -> int:
    """How many tasks are cleared."""
    return sum(task.row.status == "cleared" for task in tasks)


# What units report on


def reports_section(items: Sequence[MeetingItem], day: date) -> Section:
    """Who reports on what: missed milestones, open tasks, projects without progress."""
    heading = meeting_words.REPORTS_HEADING
    if not items:
        return Section(heading, (meeting_words.NO_ITEMS,))
    matters = Counter(item.matter for item in items)
    units = Counter(item.unit for item in items)
    sentences = (
        meeting_words.items_sentence(matters["milestone"], matters["task"], matters["stalled"]),
        meeting_words.speakers_sentence(units.items()),
    )
    columns = (
        DocumentColumn(meeting_words.REPORTING_UNIT, width=6),
        DocumentColumn(report_words.PROJECT_CODE, width=8),
        DocumentColumn(report_words.PROJECT_NAME, width=10),
        DocumentColumn(meeting_words.MATTER, width=13),
        DocumentColumn(meeting_words.DUE_ON, "date", 6),
        DocumentColumn(meeting_words.DAYS_OVERDUE, "count", 3),
    )
    rows = tuple(_item_row(item, day) for item in items)
    table = DocumentTable(heading, columns, rows)
    return Section(heading, sentences, (table,))


def _item_row(item: MeetingItem, day: date) -> TableRow:
    return (
        item.unit,
        item.project.facts.code,
        without_telephones(item.project.information.name),
        _matter(item),
        item.due_on,
        item.days_overdue(day),
    )


def _matter(item: MeetingItem) -> str:
    if item.task is not None:
        task = item.task.task
        status = sheet_words.status(item.task.status)
        return meeting_words.open_task(task.number, without_telephones(task.task), status)
    if item.stage is not None:
        return meeting_words.missed_node(word(item.stage))
    return meeting_words.STALLED


# What the meeting decides


def blank_decisions_section() -> Section:
    """A table to write the decisions in, with who is responsible until when."""
    heading = meeting_words.DECISIONS_HEADING
    return Section(heading, (meeting_words.DECISIONS_NOTE,), (_blank_table(heading),))


def _blank_table(name: str) -> DocumentTable:
    columns = (
        DocumentColumn(meeting_words.DECISIONS, width=20),
        DocumentColumn(meeting_words.RESPONSIBLE_UNIT, width=8),
        DocumentColumn(meeting_words.DUE_ON, width=6),
    )
    blank: tuple[CellValue, ...] = (None, None, None)
    blank_rows = (blank,) * _BLANK_ROWS
    return DocumentTable(name, columns, blank_rows)


def decisions_section(meetings: Sequence[HeldMeeting]) -> Section:
    """What the meetings of a day decided."""
    heading = meeting_words.DECISIONS_HEADING
    if len(meetings) == 1:
        # The first sentence names the meeting already.
        sentence = meeting_words.decided(_decisions(meetings[0]))
        return Section(heading, (sentence,))
    sentences = []
    for meeting in meetings:
        name = meeting_words.meeting_name(meeting.kind, meeting.on)
        sentences.append(meeting_words.decisions_sentence(name, _decisions(meeting)))
    return Section(heading, tuple(sentences))


def tasks_section(tasks: Sequence[MandatedTask]) -> Section:
    """The tasks that rest on the meetings of a day, and how far they are."""
    heading = meeting_words.TASKS_HEADING
    if not tasks:
        blank_table = _blank_table(heading)
        return Section(heading, (meeting_words.NO_TASKS,), (blank_table,))
    columns = (
        DocumentColumn(meeting_words.TASK_NUMBER, width=11),
        DocumentColumn(report_words.PROJECT_CODE, width=8),
        DocumentColumn(meeting_words.TASK, width=14),
        DocumentColumn(meeting_words.RESPONSIBLE_UNIT, width=6),
        DocumentColumn(meeting_words.DUE_ON, "date", 6),
        DocumentColumn(meeting_words.STATUS, width=5),
    )
    table = DocumentTable(heading, columns, tuple(_task_rows(tasks)))
    sentence = meeting_words.tasks_sentence(len(tasks), cleared_count(tasks))
    return Section(heading, (sentence,), (table,))


def _task_rows(tasks: Sequence[MandatedTask]) -> Iterator[TableRow]:
    for task in tasks:
        row = task.row
        yield (
            row.task.number,
            row.project,
            without_telephones(row.task.task),
            row.unit_name,
            row.task.due_on,
            sheet_words.status(row.status),
        )
