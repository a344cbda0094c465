"""The month in prose: the county's targets, who is ahead, who is behind, what is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from typing import Final

from commands.reports.content import Section, points_text
from commands.reports.period_results import ZERO, PeriodResults
from commands.reports.target_section import pace_word
from commands.words import report_words, situation_words
from commands.words.amount_text import leaders_amount, reached_amount
from commands.words.date_text import chinese_date
from commands.words.point_text import percent, points
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.scoring.unit_scores import UnitScore
from projections.views.deadline_view import deadlines_of
from projections.views.target_view import TargetProgress, year_pace
from projections.views.year_comparison import growth_since, reached_a_year_before

_NAMED_IN_A_SEQUENCE: Final = 2
# In a shorter sequence the first two and the last two would be the same units.
_LEAST_SEQUENCE: Final = 4
_NAMED_FOR_GAINS: Final = 3
_one_place = points(1)


def overview_section(results: PeriodResults) -> Section:
    """总体情况: the county's targets against the year, and the nodes reached in the period."""
    pace = year_pace(results.view)
    targets = {target.indicator: target for target in results.rulebook.targets}
    clauses = []
    before = reached_a_year_before(results.ledger, results.view)
    for progress in results.targets:
        if progress.unit is not None or progress.ratio is None:
            continue
        clause = _target_clause(targets[progress.indicator], progress, pace)
        growth = growth_since(before.get(progress.indicator), progress.actual)
        clauses.append(clause + _year_on_year(growth))
    sentences = []
    if clauses:
        day = chinese_date(results.view.as_of)
        sentences.append(situation_words.overview_sentence(results.whole, day, clauses))
    sentences.extend(_signings(results))
    sentences.append(situation_words.nodes_sentence(_nodes_of_period(results)))
    changes = list(_successions(results))
    if changes:
        sentences.append(situation_words.succession_sentence(changes))
    return Section(situation_words.OVERVIEW_HEADING, tuple(sentences))


def progress_sections(results: PeriodResults) -> tuple[Section, ...]:
    """进展较好, 进展较慢 and 存在问题; one of which there is nothing to say is left out."""
    sections = (
        Section(situation_words.GOOD_HEADING, tuple(_good(results))),
        Section(situation_words.SLOW_HEADING, tuple(_slow(results))),
        Section(situation_words.PROBLEMS_HEADING, tuple(_problems(results))),
    )
    return tuple(section for section in sections if section.sentences)


def _target_clause(target: CountyTarget, progress: TargetProgress, pace: Fraction) -> str:
    ratio = progress.ratio
    assert ratio is not None
    difference = _one_place(abs(ratio - pace) * 100)
    is_year_over = pace == 1
    pace_text = situation_words.result_text if is_year_over else situation_words.pace_text
    return situation_words.target_clause(
        target.chinese,
        reached_amount(progress.actual, progress.target, target.unit_of_measure),
        leaders_amount(progress.target, target.unit_of_measure),
        percent(ratio),
        pace_text(difference, pace_word(ratio, pace)),
    )


def _year_on_year(growth: Fraction | None) -> str:
    """The change against last year; nothing to say where there was nothing last year."""
    if growth is None:
        return ""
    if not growth:
        return situation_words.SAME_AS_YEAR_BEFORE
    return situation_words.year_on_year(percent(abs(growth)), is_more=growth > 0)


def _signings(results: PeriodResults) -> Iterator[str]:
    """What was signed since the year began, and how much of it has become investment."""
    contracts: list[Fraction] = []
    entered = 0
    given_up = 0
    for project in results.projects:
        signed = project.node("signing")
        contract = project.facts.contract
        if signed is None or signed.on.year != results.view.year:
            continue
        if project.excluded or project.facts.terminated_on is not None:
            given_up += 1
        elif contract is not None:
            contracts.append(Fraction(contract.contract_investment))
            entered += project.node("statistics") is not None
    if not contracts:
        return
    is_year_over = year_pace(results.view) == 1
    span = situation_words.WHOLE_YEAR if is_year_over else situation_words.YEAR_SO_FAR
    counts = (len(contracts), given_up)
    amount = leaders_amount(sum(contracts, ZERO), report_words.TEN_THOUSAND_YUAN)
    share = percent(Fraction(entered, len(contracts)))
    entered_text = situation_words.entered_clause(entered, share)
    yield situation_words.signings_sentence(span, counts, amount, entered_text)


def _nodes_of_period(results: PeriodResults) -> list[tuple[str, int]]:
    """How many projects reached each node since the period before ended."""
    counts: Counter[str] = Counter()
    last_before = results.period.last_day_before
    for project in results.projects:
        for stage in STAGES:
            node = project.node(stage)
            if node is not None and last_before < node.on <= results.view.as_of:
                counts[stage] += 1
    return [(word(stage), counts[stage]) for stage in STAGES]


def _successions(results: PeriodResults) -> Iterator[tuple[str, str, str]]:
    """The units dissolved in the period, by day, with who has what they had.

    A successor's rise has no other explanation in the notice.
    """
    units = results.current.units
    dissolved = []
    for standing in units.standings.values():
        dissolution = standing.dissolution
        if dissolution is None or dissolution.successor is None:
            continue
        if results.period.last_day_before < dissolution.on <= results.view.as_of:
            successor = units.shown_name(dissolution.successor)
            dissolved.append((dissolution.on, standing.shown_name, successor))
    for day, former, successor in sorted(dissolved):
        yield chinese_date(day), former, successor


def _sequences(results: PeriodResults) -> Iterator[tuple[str, list[UnitScore]]]:
    ranked = [score for score in results.current.scores if score.rank is not None]
    for sequence, scores in groupby(ranked, key=lambda score: score.sequence):
        yield sequence, list(scores)


def _good(results: PeriodResults) -> Iterator[str]:
    for sequence, scores in _sequences(results):
        if len(scores) >= _LEAST_SEQUENCE:
            names = [score.name for score in scores[:_NAMED_IN_A_SEQUENCE]]
            yield situation_words.leading_sentence(sequence, names)
    # Points begin at zero each year, so that a year's gains are its totals.
    if results.period.kind == "year":
        return
    # `sorted` is stable: equal gains are named in the order of the ranking.
    gains = sorted(_gains(results), key=lambda unit_gain: -unit_gain[1])
    named_gains = []
    for name, gain in gains[:_NAMED_FOR_GAINS]:
        if gain > 0:
            named_gains.append((name, points_text(gain)))
    if named_gains:
        yield situation_words.gained_sentence(named_gains)


def _gains(results: PeriodResults) -> Iterator[tuple[str, Fraction]]:
    before: dict[str, Fraction] = {}
    if results.before is not None:
        before = {score.unit: score.total for score in results.before.scores}
    for score in results.current.scores:
        yield score.name, score.total - before.get(score.unit, ZERO)


def _slow(results: PeriodResults) -> Iterator[str]:
    for sequence, scores in _sequences(results):
        if len(scores) >= _LEAST_SEQUENCE:
            names = [score.name for score in scores[-_NAMED_IN_A_SEQUENCE:]]
            yield situation_words.trailing_sentence(sequence, names)
    pace = year_pace(results.view)
    targets = {target.indicator: target.chinese for target in results.rulebook.targets}
    behind: dict[str, list[str]] = {}
    unstarted: dict[str, list[str]] = {}
    for progress in results.targets:
        is_behind = progress.ratio is not None and progress.ratio < pace
        if progress.unit is None or progress.name is None or not is_behind:
            continue
        # Who has nothing at all is named apart, as published notices do (尚未破零).
        names_by_target = behind if progress.actual else unstarted
        names = names_by_target.setdefault(targets[progress.indicator], [])
        names.append(progress.name)
    sentence = situation_words.behind_sentence
    if pace == 1:
        sentence = situation_words.unfinished_sentence
    for indicator, units in behind.items():
        yield sentence(indicator, units)
    for indicator, units in unstarted.items():
        yield situation_words.nothing_yet_sentence(indicator, units)


def _problems(results: PeriodResults) -> Iterator[str]:
    overdue: Counter[str] = Counter()
    stalled: Counter[str] = Counter()
    for deadline in deadlines_of(results.projects):
        # What no unit has the credit of cannot be named as a unit's problem.
        if deadline.due_on >= results.view.as_of or deadline.name is None:
            continue
        if deadline.kind == "task":
            overdue[deadline.name] += 1
        elif deadline.kind == "stalled":
            stalled[deadline.name] += 1
    if overdue:
        yield situation_words.overdue_tasks_sentence(overdue.total(), _most_first(results, overdue))
    if stalled:
        yield situation_words.stalled_sentence(stalled.total(), _most_first(results, stalled))
    if not overdue and not stalled:
        yield situation_words.NO_PROBLEMS


def _most_first(results: PeriodResults, counts: Counter[str]) -> Iterable[tuple[str, int]]:
    """Units with most first, those with equally many by sequence and rank."""
    ranked = [score.name for score in results.current.scores]
    # Who is not ranked comes last, by name.
    names = [*ranked, *sorted(counts.keys() - set(ranked))]
    entries = [(name, counts[name]) for name in names if name in counts]
    return sorted(entries, key=lambda entry: -entry[1])
