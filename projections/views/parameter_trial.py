"""One parameter of a rulebook over a range: the values at which ranks change (spec 6).

Nothing is recorded: each value makes a rulebook of its own, over the same history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import LoadedRulebook, parse
from lifecycle.rulebook.parts import exact_text
from lifecycle.rulebook.rulebook_parameters import (
    Parameter,
    ParameterEntry,
    fill_in_parameters,
    is_band,
    rulebook_parameters,
)
from lifecycle.rulebook.rulebook_review import review
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import view_json
from projections.scoring.unit_scores import UnitScore

MOST_VALUES: Final = 400
"""Each value scores the whole year once; a county is scored in a fraction of a second."""
_USUAL_STEPS: Final = 20


class ValueRange(NamedTuple):
    """The values tried: from, to, and the step between them."""

    least: Fraction
    greatest: Fraction
    step: Fraction

    def values(self) -> list[Fraction]:
        """Every value, from the least on; the greatest too where the steps pass over it."""
        steps = (self.greatest - self.least) // self.step
        values = [self.least + number * self.step for number in range(steps + 1)]
        if values[-1] != self.greatest:
            values.append(self.greatest)
        return values


class TriedValue(NamedTuple):
    """A value that the rulebook may have, and every unit's score under it."""

    value: Fraction
    scores: Sequence[UnitScore]


class RejectedValues(NamedTuple):
    """Values one after the other that the rulebook may not have, for the same reason."""

    first: Fraction
    last: Fraction
    problem: Problem


class RankMove(NamedTuple):
    """A unit whose rank is another at `value` than at `previous_value`, the one tried before."""

    previous_value: Fraction
    value: Fraction
    before: UnitScore
    after: UnitScore


@dataclass(frozen=True, slots=True)
class ParameterTrial:
    """The values tried in ascending order, and those that the rulebook may not have."""

    view: View
    parameter: Parameter
    present: Fraction
    value_range: ValueRange
    tried: list[TriedValue] = field(default_factory=list)
    rejected: list[RejectedValues] = field(default_factory=list)

    def moves(self) -> list[RankMove]:
        """Every change of a rank, value by value."""
        moves: list[RankMove] = []
        for previous, following in pairwise(self.tried):
            scores_before = {score.unit: score for score in previous.scores}
            for after in following.scores:
                before = scores_before[after.unit]
                if before.rank != after.rank:
                    moves.append(RankMove(previous.value, following.value, before, after))
        return moves


def value_range(least: Fraction, greatest: Fraction, step: Fraction | None) -> ValueRange:
    """Return the range; without a step, a twentieth of it. Raises `Rejected`."""
    if least >= greatest:
        raise Rejected.by(
            "range",
            msg("the range {least}..{greatest} must begin below its end"),
            least=exact_text(least),
            greatest=exact_text(greatest),
        )
    step = step or (greatest - least) / _USUAL_STEPS
    # The present value is tried too where it lies within.
    count = (greatest - least) / step + 2
    if count > MOST_VALUES:
        raise Rejected.by(
            "too_many_values",
            msg("{step} makes too many steps; allowed: at most {most} values"),
            step=exact_text(step),
            most=MOST_VALUES,
        )
    return ValueRange(least, greatest, step)


def number_parameter(book: LoadedRulebook, place: str) -> Parameter:
    """Return the parameter at a place. Raises `Rejected` with those that there are."""
    parameters = rulebook_parameters(book.data())
    numbers = [parameter for parameter in parameters if not is_band(parameter.value)]
    for parameter in numbers:
        if parameter.place == place:
            return parameter
    is_known = any(parameter.place == place for parameter in parameters)
    if is_known:
        template = msg("{place} is a band and no number; parameters: {allowed}")
    else:
        template = msg("{id} does not have the parameter {place}; parameters: {allowed}")
    raise Rejected.by(
        "unknown_parameter",
        template,
        id=book.id,
        place=place,
        allowed=[f"{parameter.place} = {parameter.value}" for parameter in numbers],
    )


def try_parameter(ledger: Ledger, view: View, place: str, values: ValueRange) -> ParameterTrial:
    """Score the view's year under its rulebook with each value of a parameter."""
    book = view.rulebook
    parameter = number_parameter(book, place)
    present = Fraction(parameter.value)
    trial = ParameterTrial(view, parameter, present, values)
    # Findings that the rulebook has already do not tell one value from another.
    known_errors = _errors(book)
    tried_values = set(values.values())
    if values.least <= present <= values.greatest:
        tried_values.add(present)
    for value in sorted(tried_values):
        try:
            changed = _with_value(book, place, value, known_errors)
        except Rejected as rejection:
            _add_rejected(trial.rejected, trial.tried, value, rejection.problems[0])
            continue
        scores = evaluate(ledger, replace(view, rulebook=changed)).scores
        trial.tried.append(TriedValue(value, scores))
    return trial


def _with_value(
    book: LoadedRulebook,
    place: str,
    value: Fraction,
    known_errors: Iterable[Problem],
) -> LoadedRulebook:
    """Return the rulebook with the value. Raises `Rejected` where its checks reject it."""
    entry = ParameterEntry(place, exact_text(value), "")
    data, problems = fill_in_parameters(book.data(), [entry])
    if problems:
        raise Rejected(problems)
    # A year's cases were worked out with the present value; they say nothing about another.
    data.pop("case", None)
    changed = parse(write_toml(data))
    new_errors = [problem for problem in _errors(changed) if problem not in known_errors]
    if new_errors:
        raise Rejected(new_errors)
    return changed


def _errors(book: LoadedRulebook) -> list[Problem]:
    return [finding.problem for finding in review(book.rulebook) if finding.level == "error"]


def _add_rejected(
    rejected: list[RejectedValues],
    tried: Sequence[TriedValue],
    value: Fraction,
    problem: Problem,
) -> None:
    """Add a value to the range before it, if that has the same reason and nothing lies between."""
    if rejected:
        last = rejected[-1]
        is_next = not tried or tried[-1].value < last.last
        if is_next and _reason(last.problem) == _reason(problem):
            rejected[-1] = last._replace(last=value)
            return
    rejected.append(RejectedValues(value, value, problem))


def _reason(problem: Problem) -> tuple[str, str, str | None]:
    # A problem's values name the value tried, which is another each time.
    return problem.rule, problem.template, problem.field


def trial_json(trial: ParameterTrial) -> dict[str, Any]:
    """Return `rulebook try --format json`, numbers as plain text."""
    values = trial.value_range
    places = trial.view.rulebook.rulebook.rounding.json_places
    return {
        **view_json(trial.view),
        "parameter": trial.parameter.place,
        "chinese": trial.parameter.chinese,
        "present": exact_text(trial.present),
        "from": exact_text(values.least),
        "to": exact_text(values.greatest),
        "step": exact_text(values.step),
        "changes": [move_json(move, places) for move in trial.moves()],
        "values": [_value_json(tried, places) for tried in trial.tried],
    }


def move_json(move: RankMove, places: int) -> dict[str, Any]:
    """Return one change of a rank."""
    return {
        "previous_value": exact_text(move.previous_value),
        "value": exact_text(move.value),
        "sequence": move.after.sequence,
        "unit": move.after.unit,
        "name": move.after.name,
        "rank_before": move.before.rank,
        "rank_after": move.after.rank,
        "total_before": decimal_text(move.before.total, places),
        "total_after": decimal_text(move.after.total, places),
    }


def _value_json(tried: TriedValue, places: int) -> Mapping[str, Any]:
    units = [
        {
            "unit": score.unit,
            "sequence": score.sequence,
            "rank": score.rank,
            "total": decimal_text(score.total, places),
        }
        for score in tried.scores
    ]
    return {"value": exact_text(tried.value), "units": units}
