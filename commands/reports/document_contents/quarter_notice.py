"""The results of a quarter (季度考核结果), section by section."""

from __future__ import annotations

from collections.abc import Iterator

from commands.reports.content import DocumentColumn, DocumentTable, Notice, Section, TableRow
from commands.reports.foot import DocumentRequest
from commands.reports.list_sections import quarter_proposals
from commands.reports.notice_heading import is_draft, notice_opening, notice_title
from commands.reports.period_results import PeriodResults, period_results
from commands.reports.periods import report_period
from commands.reports.report_sections import (
    UNIT_COLUMN,
    basis_section,
    changes_section,
    ranks_section,
)
from commands.reports.situation_sections import overview_section, progress_sections
from commands.reports.target_section import targets_section
from commands.words import report_words
from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> Notice:
    """The results of a quarter, at a view whose day lies in it."""
    period = report_period("quarter", request.subject)
    results = period_results(ledger, view, period)
    earlier = report_words.LAST_QUARTER
    ranks_sentence = report_words.ranks_sentence(earlier)
    # An issued notice names nobody whose listing was not decided.
    proposals = (quarter_proposals(results),) if is_draft(request) else ()
    return Notice(
        name=f"{results.period.name}-{report_words.QUARTER_FILE}",
        title=notice_title(results, report_words.RESULT_TITLE, request),
        issuer=results.rulebook.issuer,
        opening=notice_opening(results, report_words.RESULT_SUBJECT),
        sections=(
            overview_section(results),
            *proposals,
            *progress_sections(results),
        ),
        annexes=(
            ranks_section(results, report_words.RESULT_SUBJECT, ranks_sentence),
            changes_section(results, earlier),
            _checks_section(results),
            targets_section(results),
            basis_section(results),
        ),
    )


def _checks_section(results: PeriodResults) -> Section:
    """The quarter's schedule checks, project by project."""
    heading = report_words.CHECKS_HEADING
    rows = tuple(_check_rows(results))
    if not rows:
        return Section(heading, (report_words.NO_CHECKS,))
    missed = [row for row in rows if report_words.CHECK_MISSED in row]
    columns = (
        UNIT_COLUMN,
        DocumentColumn(report_words.PROJECT_CODE, width=7),
        DocumentColumn(report_words.PROJECT_NAME, width=12),
        DocumentColumn(report_words.CHECK_RESULT, width=3),
        DocumentColumn(report_words.CHECK_POINTS, "points", 3),
    )
    sentence = report_words.checks_sentence(checked=len(rows), missed=len(missed))
    table = DocumentTable(report_words.CHECKS_TABLE, columns, rows)
    return Section(heading, (sentence,), (table,))


def _check_rows(results: PeriodResults) -> Iterator[TableRow]:
    names = {project.facts.code: project.information.name for project in results.projects}
    for line in results.current.lines:
        # The year so far has the checks of earlier quarters, too.
        if line.project is None or line.check != results.period.name:
            continue
        is_met = line.points > 0
        yield (
            results.current.units.shown_name(line.unit),
            line.project,
            names[line.project],
            report_words.CHECK_MET if is_met else report_words.CHECK_MISSED,
            line.points,
        )
