"""Sections of the yearly report alone: groups and caps, points by rule, incentives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from commands.reports.content import (
    CellValue,
    DocumentColumn,
    DocumentTable,
    Section,
    TableRow,
    points_text,
)
from commands.reports.period_results import PeriodResults, RuleOfUnit, points_by_rule
from commands.reports.report_sections import UNIT_COLUMN, rule_name
from commands.words import report_words
from commands.words.clause_names import cited_clause
from commands.words.reward_words import PAYMENT_STATUS, stage_label
from commands.words.vocabulary_words import word
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.scoring.score_line import ScoreLine
from projections.views.incentive_view import IncentiveReview, year_incentives
from projections.views.reward_view import RewardPayment, reward_payments


def groups_table(results: PeriodResults) -> DocumentTable:
    """Each unit's groups as summed and as counted under their caps, and its total."""
    columns = [UNIT_COLUMN]
    for group in results.rulebook.groups:
        sum_heading = report_words.GROUP_SUM.format(group=group.chinese)
        columns.append(DocumentColumn(sum_heading, "points", 5))
        columns.append(DocumentColumn(report_words.GROUP_COUNTED, "points", 4))
    columns.append(DocumentColumn(report_words.TOTAL, "points", 4))
    rows: list[TableRow] = []
    for score in results.current.scores:
        row: list[CellValue] = [score.name]
        for summed, counted in score.groups.values():
            row += [summed, counted]
        rows.append((*row, score.total))
    return DocumentTable(report_words.GROUPS_TABLE, tuple(columns), tuple(rows))


def details_section(results: PeriodResults) -> Section:
    """Each unit's points by rule, with clause, basis and number of lines."""
    columns = (
        UNIT_COLUMN,
        DocumentColumn(report_words.RULE, width=9),
        DocumentColumn(report_words.CLAUSE, width=9),
        DocumentColumn(report_words.BASIS, width=3),
        DocumentColumn(report_words.LINES, "count", 3),
        DocumentColumn(report_words.POINTS, "points", 4),
    )
    heading = report_words.DETAILS_HEADING
    table = DocumentTable(heading, columns, tuple(_detail_rows(results)))
    return Section(heading, (report_words.DETAILS_SENTENCE,), (table,))


def _detail_rows(results: PeriodResults) -> list[TableRow]:
    line_counts: Counter[RuleOfUnit] = Counter()
    first_lines: dict[RuleOfUnit, ScoreLine] = {}
    for line in results.current.lines:
        key = (line.unit, line.rule)
        line_counts[key] += 1
        first_lines.setdefault(key, line)
    sums = points_by_rule(results.current.lines)
    places = _rule_places(results.rulebook)
    rows: list[TableRow] = []
    for score in results.current.scores:
        keys = [key for key in sums if key[0] == score.unit]
        # Caps and floors have no place in the rulebook and come last.
        for key in sorted(keys, key=lambda key: places.get(key[1], len(places))):
            # Clause and basis are the rule's own, and so the same in each of its lines.
            line = first_lines[key]
            name = rule_name(line.rule, results.rulebook)
            row = (
                score.name,
                name,
                cited_clause(line.clause),
                word(line.basis),
                line_counts[key],
                sums[key],
            )
            rows.append(row)
    return rows


def _rule_places(rulebook: Rulebook) -> dict[str, int]:
    """Rule → its place in the rulebook."""
    places = {}
    for place, rule in enumerate(rulebook.rules):
        places[rule.id] = place
    return places


def incentives_section(results: PeriodResults, *, contacts: bool) -> Section:
    """The incentives earned (三.1, 三.2), and the stages of rewards as of the view's day.

    `contacts` names who leads each project; for readers with the role alone.
    """
    heading = report_words.INCENTIVES_HEADING
    earned = year_incentives(results.ledger, results.view).earned
    payments = reward_payments(results.ledger, results.view, results.view.as_of)
    sentences = [report_words.INCENTIVES_SENTENCE if earned else report_words.NO_INCENTIVES]
    tables = [_earned_table(earned, contacts=contacts)] if earned else []
    if payments:
        sentences.append(report_words.REWARDS_SENTENCE)
        tables.append(_payments_table(payments))
    return Section(heading, tuple(sentences), tuple(tables))


def _payments_table(payments: Sequence[RewardPayment]) -> DocumentTable:
    columns = (
        DocumentColumn(report_words.PROJECT_CODE, width=6),
        DocumentColumn(report_words.PROJECT_NAME, width=9),
        DocumentColumn(report_words.REWARD_RECEIVER, width=7),
        DocumentColumn(report_words.REWARD, width=5),
        DocumentColumn(report_words.CLAUSE, width=6),
        DocumentColumn(report_words.REWARD_STAGE, width=7),
        DocumentColumn(report_words.REWARD_AMOUNT, "amount", 5),
        DocumentColumn(report_words.REWARD_DUE_ON, width=6),
        DocumentColumn(report_words.REWARD_STATUS, width=5),
    )
    rows = tuple(_payment_row(payment) for payment in payments)
    return DocumentTable(report_words.REWARDS_TABLE, columns, rows)


def _payment_row(payment: RewardPayment) -> TableRow:
    return (
        payment.judged.facts.code,
        payment.judged.information.name,
        payment.receiver or "",
        payment.reward.chinese,
        cited_clause(payment.reward.clause),
        stage_label(payment.number, payment.stage.at),
        payment.amount,
        "" if payment.due_on is None else payment.due_on.isoformat(),
        PAYMENT_STATUS[payment.status],
    )


def _earned_table(earned: Sequence[IncentiveReview], *, contacts: bool) -> DocumentTable:
    columns = [
        DocumentColumn(report_words.PROJECT_CODE, width=6),
        DocumentColumn(report_words.PROJECT_NAME, width=9),
        UNIT_COLUMN,
        DocumentColumn(report_words.INCENTIVE, width=4),
        DocumentColumn(report_words.CLAUSE, width=7),
        DocumentColumn(report_words.SCALE, "amount", 5),
        DocumentColumn(report_words.INVESTED, "amount", 5),
        DocumentColumn(report_words.INCENTIVE_GROUND, width=9),
    ]
    if contacts:
        columns.append(DocumentColumn(report_words.LEAD_PERSON, width=4))
    rows = [_incentive_row(review, contacts=contacts) for review in earned]
    return DocumentTable(report_words.INCENTIVES_HEADING, tuple(columns), tuple(rows))


def _incentive_row(review: IncentiveReview, *, contacts: bool) -> TableRow:
    project = review.judged
    row = (
        project.facts.code,
        project.information.name,
        project.unit_name,
        review.incentive.chinese,
        cited_clause(review.incentive.clause),
        Fraction(project.scale, MICRO),
        review.invested,
        _ground(review),
    )
    if not contacts:
        return row
    return (*row, project.information.lead_person or "")


def _ground(review: IncentiveReview) -> str:
    """What the project earned the incentive by, beside its scale."""
    zone = review.zone_for_investment
    if zone is not None:
        return report_words.earned_by_transfer(zone)
    return report_words.earned_by_investment(points_text(review.incentive.invested_at_least))
