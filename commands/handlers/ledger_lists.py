"""The units and projects of a ledger, for a workbook that offers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifecycle.events import Stream
from lifecycle.events.project_events import (
    InvestmentReported,
    ProjectTerminated,
    StatisticsEntered,
)
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork


class ListedProject(NamedTuple):
    """A project by its code, with its name."""

    code: str
    name: str


class LedgerLists(NamedTuple):
    """The registered units, the projects, and those whose figure of a month is to be reported."""

    units: Sequence[str]
    projects: Sequence[ListedProject]
    reporting: Sequence[ListedProject]
    month: str


def ledger_lists(ledger: Ledger, month: str) -> LedgerLists:
    """Return the lists; a project reports from its entry into statistics to its termination."""

    def read(work: UnitOfWork) -> LedgerLists:
        projects = []
        reporting = []
        for stream_id in sorted(work.names_of_projects()):
            holder = work.named_project(stream_id)
            if holder is None:
                continue
            project = ListedProject(holder.code, holder.information.name)
            projects.append(project)
            if _lacks_figure(work, project.code, month):
                reporting.append(project)
        return LedgerLists(sorted(work.registered_units()), projects, reporting, month)

    # One state for all lists, and no author: a preview records nothing that would name one.
    return ledger.preview(read, Author(""))


def _lacks_figure(
    work: UnitOfWork,
    code: str,
    month: str,
) -> bool:
    """Whether a project is in statistics, goes on, and has no figure of the month yet."""
    is_in_statistics = False
    for fact in work.effective_history(Stream("project", code)):
        event = fact.event
        if isinstance(event, ProjectTerminated):
            return False
        if isinstance(event, InvestmentReported) and event.month == month:
            return False
        is_in_statistics = is_in_statistics or isinstance(event, StatisticsEntered)
    return is_in_statistics
