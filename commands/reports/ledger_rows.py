"""What stands in a project's row of the ledger workbook (台账)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from commands.reports.content import (
    CellValue,
    TableRow,
)
from commands.words import ledger_words, sheet_words
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
from projections.scoring.plots_of_projects import plots_at
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.deadline_view import URGENCY_LEVELS, urgency_level
from projections.views.project_anomalies import anomalies
from projections.views.project_deadlines import Deadline, project_deadlines
from projections.views.project_view import furthest_stage
from projections.views.record_time_view import dated_ahead


def ledger_rows(ledger: Ledger, view: View) -> Iterator[tuple[str, TableRow]]:
    """Each project's sequence, which is that of its credited unit, and its row.

    The running number is not part of the row: a project has another one in each worksheet.
    """
    units = units_at(ledger, view)
    policy = prepared(view.rulebook)
    plots = plots_at(ledger, view)
    # Those that were recorded when the view ended: a workbook says the same when it is checked.
    times = ledger.record_times().up_to(view.position)
    with ledger.rows_of_kind("project", view.position) as rows:
        for project in judged_projects(rows, policy, view.axes, units, plots):
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
    # By the contract once it is signed, as planned before.
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
    this_month = f"{project.axes.as_of:%Y-%m}"
    this_year = this_month[:4]
    of_month = of_year = of_whole = 0
    for month, _version, figure in project.facts.figures:
        amount = micro(figure.fixed_assets)
        of_whole += amount
        if month[:4] == this_year:
            of_year += amount
        if month == this_month:
            of_month += amount
    return _from_micros(of_month), _from_micros(of_year), _from_micros(of_whole)


def _warning(project: JudgedProject) -> str:
    """The most pressing deadline, by level and then by day."""
    levels = project.policy.book.deadline_levels
    pressing: list[tuple[int, Deadline]] = []
    for deadline in project_deadlines(project):
        level = urgency_level(deadline, project.axes.as_of, levels)
        if level is not None:
            pressing.append((URGENCY_LEVELS.index(level), deadline))
    if not pressing:
        return ""
    place, deadline = min(pressing, key=_urgency_order)
    about = ""
    # A task needs no subject here: its number stands among the open sheets.
    if deadline.kind in ("milestone", "look_back", "idle_plot", "limit"):
        about = sheet_words.about(deadline.about, deadline.subject)
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
