"""The reports of a month, a quarter and a year, section by section."""

from __future__ import annotations

from collections.abc import Iterator

from commands.reports.content import DocumentColumn, DocumentTable, Notice, Section, TableRow
from commands.reports.list_sections import month_lists, quarter_proposals
from commands.reports.period_results import PeriodResults, period_results
from commands.reports.periods import ReportPeriod
from commands.reports.report_sections import (
    UNIT_COLUMN,
    basis_section,
    changes_section,
    nodes_section,
    rank_tables,
    targets_section,
)
from commands.reports.year_sections import details_section, groups_table, incentives_section
from commands.words import report_words
from commands.words.date_text import chinese_date
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import View


def period_notice(
    ledger: Ledger,
    view: View,
    period: ReportPeriod,
    *,
    contacts: bool = False,
) -> Notice:
    """The report of a period at a view whose day lies in it.

    `contacts` names the persons who lead projects.
    """
    results = period_results(ledger, view, period)
    if period.kind == "month":
        return _month_notice(results)
    if period.kind == "quarter":
        return _quarter_notice(results)
    return _year_notice(results, contacts=contacts)


def _month_notice(results: PeriodResults) -> Notice:
    earlier = report_words.LAST_MONTH
    ranks_sentence = report_words.ranks_sentence(earlier)
    return Notice(
        name=f"{results.period.name}-{report_words.MONTH_FILE}",
        title=_title(results, report_words.MONTH_TITLE),
        issuer=results.rulebook.issuer,
        opening=_opening(results, report_words.MONTH_SUBJECT),
        sections=(
            month_lists(results),
            Section(report_words.RANKS_HEADING, (ranks_sentence,), rank_tables(results)),
            changes_section(results, earlier),
            nodes_section(results),
            targets_section(results),
            basis_section(results),
        ),
    )


def _quarter_notice(results: PeriodResults) -> Notice:
    earlier = report_words.LAST_QUARTER
    ranks_sentence = report_words.ranks_sentence(earlier)
    return Notice(
        name=f"{results.period.name}-{report_words.QUARTER_FILE}",
        title=_title(results, report_words.RESULT_TITLE),
        issuer=results.rulebook.issuer,
        opening=_opening(results, report_words.RESULT_SUBJECT),
        sections=(
            Section(report_words.RESULT_SUBJECT, (ranks_sentence,), rank_tables(results)),
            changes_section(results, earlier),
            _checks_section(results),
            quarter_proposals(results),
            targets_section(results),
            basis_section(results),
        ),
    )


def _year_notice(results: PeriodResults, *, contacts: bool) -> Notice:
    tables = (*rank_tables(results), groups_table(results))
    return Notice(
        name=f"{results.period.name}-{report_words.YEAR_FILE}",
        title=_title(results, report_words.RESULT_TITLE),
        issuer=results.rulebook.issuer,
        opening=_opening(results, report_words.RESULT_SUBJECT),
        sections=(
            Section(report_words.RESULT_SUBJECT, (report_words.RANKS_OF_YEAR,), tables),
            details_section(results),
            targets_section(results),
            incentives_section(results, contacts=contacts),
            nodes_section(results),
            basis_section(results),
        ),
    )


def _title(results: PeriodResults, subject: str) -> tuple[str, str]:
    """The title's two lines: county and period, then what the report is about."""
    county = report_words.county_name(results.rulebook.issuer)
    return f"{county}{results.period.chinese}", f"{report_words.COUNTY_WORK}{subject}"


def _opening(results: PeriodResults, subject: str) -> str:
    return report_words.opening(
        policy=results.rulebook.title,
        period=results.period.chinese,
        subject=subject,
        as_of=chinese_date(results.view.as_of),
    )


# Schedule checks of a quarter


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
        if line.project is None or line.check != results.period.name:
            continue
        is_met = line.points > 0
        yield (
            line.unit,
            line.project,
            names[line.project],
            report_words.CHECK_MET if is_met else report_words.CHECK_MISSED,
            line.points,
        )
