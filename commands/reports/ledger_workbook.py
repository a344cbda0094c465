"""台账: the project ledger as offices keep it, a row for each project, written as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from commands.reports.content import (
    CellValue,
    ColumnShape,
    ContentDigest,
    DocumentColumn,
    TableRow,
    row_statement,
)
from commands.reports.excel import (
    FIRST_ROW,
    STANDARD_LAYOUT,
    PageLayout,
    WorkbookWriter,
    add_table_sheet,
    finish_table_sheet,
)
from commands.reports.excel_cells import row_height, write_cell
from commands.reports.foot import DocumentFoot
from commands.reports.resource_sheet import ResourceSheet
from commands.words import ledger_words, report_words, sheet_words
from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.events.vocabulary import STAGES
from lifecycle.exact_numbers import MICRO
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem
from projections.facts.narrow_events import micro
from projections.facts.project_facts import ProjectFacts
from projections.scoring.judged_history import judged_projects
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.deadline_view import URGENCY_LEVELS, urgency_level
from projections.views.project_anomalies import anomalies
from projections.views.project_deadlines import Deadline, project_deadlines
from projections.views.project_view import furthest_stage
from projections.views.record_time_view import dated_ahead
from projections.views.resource_view import resource_details

# A column: heading, shape, width in Chinese characters, and what stands in the row of units.
_Heading = tuple[str, ColumnShape, int, str]

_STAGE_HEADINGS: Final = tuple((word(stage), "date", 5, ledger_words.DATE_UNIT) for stage in STAGES)
_HEADINGS: Final[tuple[_Heading, ...]] = (
    (ledger_words.NUMBER, "count", 3, ""),
    (report_words.PROJECT_CODE, "text", 7, ""),
    (report_words.PROJECT_NAME, "text", 16, ""),
    (ledger_words.INVESTOR, "text", 12, ""),
    (ledger_words.SECTOR, "text", 4, ""),
    (ledger_words.CHAINS, "text", 6, ""),
    (ledger_words.TOTAL_INVESTMENT, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.FIXED_ASSETS, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.REPORTING_UNIT, "text", 6, ""),
    (ledger_words.CREDITED_UNIT, "text", 6, ""),
    (ledger_words.REACHED_NODE, "text", 4, ""),
    *_STAGE_HEADINGS,
    (ledger_words.LAND_AREA, "amount", 4, ledger_words.AREA_UNIT),
    (ledger_words.FILING_CODE, "text", 12, ""),
    (ledger_words.IN_STATISTICS, "text", 3, ""),
    (ledger_words.MONTH_INVESTMENT, "amount", 5, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.YEAR_INVESTMENT, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.WHOLE_INVESTMENT, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.PERIOD_END, "date", 5, ledger_words.LAST_DAY_UNIT),
    (ledger_words.WARNING, "text", 12, ""),
    (ledger_words.OPEN_SHEETS, "text", 10, ""),
    (ledger_words.PROBLEMS, "text", 14, ""),
    (ledger_words.REMARK, "text", 8, ""),
)
COLUMNS: Final = tuple(
    DocumentColumn(heading, shape, width) for heading, shape, width, _unit in _HEADINGS
)
_UNITS: Final = tuple(unit for _heading, _shape, _width, unit in _HEADINGS)
_SUMMED_PLACES: Final = tuple(
    place for place, column in enumerate(COLUMNS) if column.shape == "amount"
)
# 合计 stands under the project's code.
_SUM_PLACE: Final = 1
# The running number is written by the worksheet, so rows and widths begin after it.
_WIDTHS: Final = tuple(column.width for column in COLUMNS[1:])


def ledger_rows(ledger: Ledger, view: View) -> Iterator[tuple[str, TableRow]]:
    """Each project's sequence, which is that of its credited unit, and its row.

    The running number is not part of the row: a project has another one in each worksheet.
    """
    units = units_at(ledger, view)
    policy = prepared(view.rulebook)
    # Those that were recorded when the view ended: a workbook says the same when it is checked.
    times = ledger.record_times().up_to(view.position)
    with ledger.rows_of_kind("project", view.position) as rows:
        for project in judged_projects(rows, policy, view.axes, units):
            unit = project.credited
            sequence = ledger_words.NO_SEQUENCE if unit is None else unit.sequence
            stream = Stream("project", project.facts.code)
            ahead = dated_ahead(ledger, stream, times, view.position, view.as_of)
            yield sequence, _row(project, ahead)


def _acquired_area(facts: ProjectFacts) -> Fraction | None:
    """Return the area of all parcels in 亩, None where none was acquired."""
    if not facts.parcels:
        return None
    return _from_micros(sum(micro(parcel.land.area_mu) for parcel in facts.parcels))


def _row(project: JudgedProject, facts_dated_ahead: list[Problem]) -> TableRow:
    facts = project.facts
    information = project.information
    total_investment = information.planned_investment
    if facts.contract is not None:
        total_investment = facts.contract.contract_investment
    is_in_statistics = "statistics" in facts.nodes
    return (
        facts.code,
        information.name,
        information.investor,
        word(information.sector),
        "、".join(word(chain) for chain in information.chains) or None,
        _from_micros(micro(total_investment)),
        _from_micros(project.scale),
        project.units.shown_name(information.reporting_unit),
        project.unit_name,
        word(furthest_stage(project)),
        *_node_days(project),
        _acquired_area(facts),
        "、".join(facts.filing_codes) or None,
        ledger_words.YES if is_in_statistics else ledger_words.NO,
        *_invested(project),
        project.period_end,
        _warning(project),
        _open_sheets(project),
        _problems(project, facts_dated_ahead),
        _remark(project),
    )


def _node_days(project: JudgedProject) -> list[CellValue]:
    days: list[CellValue] = []
    for stage in STAGES:
        node = project.node(stage)
        days.append(None if node is None else node.on)
    return days


def _from_micros(amount: int) -> Fraction:
    return Fraction(amount, MICRO)


def _invested(project: JudgedProject) -> tuple[Fraction, Fraction, Fraction]:
    """Fixed assets of the day's month, of its year, and of the whole time, in 万元."""
    day = project.axes.as_of
    of_month = of_year = of_whole = 0
    for month, _version, figure in project.facts.figures:
        amount = micro(figure.fixed_assets)
        of_whole += amount
        if month.startswith(f"{day:%Y}-"):
            of_year += amount
        if month == f"{day:%Y-%m}":
            of_month += amount
    return _from_micros(of_month), _from_micros(of_year), _from_micros(of_whole)


def _warning(project: JudgedProject) -> str:
    """The most pressing deadline, by level and then by day."""
    table = project.policy.book.deadlines
    if table is None:
        return ""
    pressing: list[tuple[int, Deadline]] = []
    for deadline in project_deadlines(project):
        level = urgency_level(deadline, project.axes.as_of, table.levels)
        if level is not None:
            pressing.append((URGENCY_LEVELS.index(level), deadline))
    if not pressing:
        return ""
    place, deadline = min(pressing, key=_urgency_order)
    about = ""
    if deadline.kind in ("milestone", "look_back"):
        about = sheet_words.about(deadline.about)
    level = sheet_words.level(URGENCY_LEVELS[place])
    return f"{level}：{sheet_words.deadline_kind(deadline.kind)}{about} {deadline.due_on}"


def _urgency_order(pressing: tuple[int, Deadline]) -> tuple[int, str]:
    place, deadline = pressing
    return place, deadline.due_on.isoformat()


def _open_sheets(project: JudgedProject) -> str:
    day = project.axes.as_of
    texts = []
    for task in project.facts.tasks.values():
        if task.is_open:
            texts.append(f"{task.number} {sheet_words.status(task.status(day))}")
    return "；".join(texts)


def _problems(project: JudgedProject, facts_dated_ahead: list[Problem]) -> str:
    texts = []
    for exclusion, _version in project.excluded:
        texts.append(ledger_words.excluded(exclusion.chinese))
    for anomaly in (*anomalies(project), *facts_dated_ahead):
        texts.append(_anomaly_text(anomaly))
    return "；".join(texts)


def _anomaly_text(anomaly: Problem) -> str:
    """An anomaly in the short form of a table; one without such a form in the form of a message."""
    values = dict(anomaly.values)
    for name, value in values.items():
        if isinstance(value, (str, list)):
            values[name] = word(value)
    template = ledger_words.ANOMALIES.get(anomaly.rule)
    if template is None:
        return say(anomaly.template, **values)
    return template.format(**values)


def _remark(project: JudgedProject) -> str:
    facts = project.facts
    texts = []
    for transfer in facts.transfers:
        destination = transfer.to_zone or ""
        if transfer.to_unit is not None:
            destination = project.units.shown_name(transfer.to_unit)
        texts.append(ledger_words.transferred(destination, str(transfer.on)))
    if facts.terminated_on is not None:
        texts.append(ledger_words.terminated(facts.terminated_on.isoformat()))
    return "；".join(texts)


# The workbook


def write_ledger(
    path: Path,
    ledger: Ledger,
    view: View,
    foot: DocumentFoot,
    layout: PageLayout = STANDARD_LAYOUT,
) -> DocumentFoot:
    """Write the workbook in one pass over history, and return its foot with the digest.

    It has a worksheet for all projects, one for each sequence, and one for resources, if there are
    any.
    """
    book = WorkbookWriter(path, foot.request.dated)
    county = report_words.county_name(view.rulebook.rulebook.issuer)
    title = ledger_words.ledger_title(county, view.as_of.isoformat())
    all_projects = _LedgerSheet(book, ledger_words.ALL_PROJECTS, title, layout)
    sheets = {ledger_words.ALL_PROJECTS: all_projects}
    for unit in units_at(ledger, view).values():
        if unit.sequence not in sheets:
            sheets[unit.sequence] = _sequence_sheet(book, unit.sequence, title, layout)
    digest = ContentDigest()
    resource_sheet = ResourceSheet(resource_details(ledger, view))
    for sequence, row in ledger_rows(ledger, view):
        resource_sheet.name_project(row)
        digest.add(row_statement(row))
        height = row_height(row, _WIDTHS)
        sheets[ledger_words.ALL_PROJECTS].add(row, height)
        if sequence not in sheets:
            sheets[sequence] = _sequence_sheet(book, sequence, title, layout)
        sheets[sequence].add(row, height)
    for sheet in sheets.values():
        sheet.finish()
    for resource_row in resource_sheet.write(book, view, layout.paper):
        digest.add(row_statement(resource_row))
    foot = foot.with_digest(digest.short())
    book.add_foot(foot)
    book.close()
    return foot


def _sequence_sheet(
    book: WorkbookWriter,
    sequence: str,
    title: str,
    layout: PageLayout,
) -> _LedgerSheet:
    return _LedgerSheet(book, sequence, f"{title}：{sequence}", layout)


class _LedgerSheet:
    """A worksheet that grows row by row."""

    def __init__(
        self,
        book: WorkbookWriter,
        name: str,
        title: str,
        layout: PageLayout,
    ) -> None:
        self._sheet = add_table_sheet(book, name, title, COLUMNS, _UNITS, layout)
        self._cell_formats = [book.cells[column.shape] for column in COLUMNS]
        self._count = 0
        self._sums = dict.fromkeys(_SUMMED_PLACES, Fraction(0))

    def add(self, row: TableRow, height: int | None) -> None:
        """Add a project's row, numbered."""
        number = FIRST_ROW + self._count
        self._count += 1
        # Constant memory: a row's height is set before its cells, and rows follow in order.
        self._sheet.set_row(number, height)
        numbered_row = (self._count, *row)
        cells = zip(numbered_row, self._cell_formats, strict=True)
        for place, (value, cell_format) in enumerate(cells):
            write_cell(self._sheet, number, place, value, cell_format)
            if place in self._sums and isinstance(value, Fraction):
                self._sums[place] += value

    def finish(self) -> None:
        """Write the sums, and set the filter and the printed area."""
        last_row = FIRST_ROW - 1 + self._count
        if self._count == 0:
            finish_table_sheet(self._sheet, COLUMNS, last_row)
            return
        for place, cell_format in enumerate(self._cell_formats):
            value = self._sums.get(place)
            write_cell(self._sheet, last_row + 1, place, value, cell_format)
        write_cell(self._sheet, last_row + 1, _SUM_PLACE, ledger_words.SUM, self._cell_formats[1])
        finish_table_sheet(self._sheet, COLUMNS, last_row, rows_below=1)
