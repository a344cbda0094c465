"""Run the cases of a rulebook's file in a ledger of their own that is thrown away (spec 6)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from commands.words.case_words import CASE_SEQUENCE, CASE_UNITS
from commands.words.problem_text import problem_text
from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI, plain
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.rulebook_cases import Case, CaseUnit
from projections.scoring.evaluation import evaluate
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
from projections.scoring.unit_scores import UnitScore
from projections.views.reward_view import reward_payments

_AUTHOR: Final = Author("case", importing=True)
_WHOLE_NUMBERS: Final = frozenset({"year", "shared_by", "version", "stage"})
"""Fields of events and rewards that are whole numbers; other numbers are decimals, as text."""
_YEARS_LATER: Final = 10
"""How long after its year a case is recorded: no fact of it lies in the future."""


def case_problems(book: LoadedRulebook) -> list[Problem]:
    """What differs from the points that the file's cases say, and what cannot be run."""
    problems: list[Problem] = []
    for number, case in enumerate(book.rulebook.case):
        place = f"case.{number}"
        try:
            with tempfile.TemporaryDirectory() as folder:
                problems += _differences(book, case, place, Path(folder))
        except Rejected as rejection:
            problems += _at_place(rejection, f"{place}.facts")
        except FactRejectedError as rejection:
            problems += _at_place(rejection.why, f"{place}.facts.{rejection.number}")
    return problems


class FactRejectedError(Exception):
    """A fact of a case is rejected: which one, from 0, and why."""

    def __init__(self, number: int, why: Rejected) -> None:
        super().__init__(number, why)
        self.number, self.why = number, why


def _at_place(rejection: Rejected, place: str) -> Iterator[Problem]:
    for problem in rejection.problems:
        why = problem_text(problem, is_strict=True)
        template = msg("the facts of the case are rejected: {why}")
        yield Problem("case_facts", template, {"why": why}, place)


def _differences(
    book: LoadedRulebook,
    case: Case,
    place: str,
    folder: Path,
) -> list[Problem]:
    year = case.year or book.rulebook.effective_from.year
    day = case.as_of or date(year, 12, 31)
    if day.year < year:
        template = msg("the case is of {year}, and this day is before it")
        return [Problem("case", template, {"year": year}, f"{place}.as_of")]
    recorded_at = datetime(year + _YEARS_LATER, 1, 1, tzinfo=SHANGHAI)
    url = f"sqlite:///{folder / 'case.db'}"
    with Ledger.open(url, create=True, clock=lambda: recorded_at) as ledger:
        with ledger.unit_of_work(_AUTHOR) as work:
            for record in (*_adoption(book, year), *_registrations(case, year)):
                work.record(read_record(record))
            _record_facts(work, case, day)
        # Stages of rewards may fall due after the year, which is scored as of its last day then.
        view = View(year, min(day, date(year, 12, 31)), ledger.head().position, book)
        scores = {score.unit: score for score in evaluate(ledger, view).scores}
        overlooked = [row._asdict() for row in passed_over(ledger, view)]
        payments = [payment.as_json() for payment in reward_payments(ledger, view, day)]
    problems = list(_score_differences(book, case, scores, place))
    for row in case.not_counted or ():
        # A case names the fields that it is about, not all of a row.
        if not any(row.items() <= candidate.items() for candidate in overlooked):
            template = msg("not_counted has no row {row}; it has {rows}")
            values: dict[str, object] = {"row": row, "rows": overlooked}
            problems.append(Problem("case", template, values, f"{place}.not_counted"))
    if case.rewards is not None:
        problems += _reward_differences(case.rewards, payments, place)
    return problems


def _reward_differences(
    expected: Sequence[Mapping[str, Any]],
    payments: Sequence[Mapping[str, Any]],
    place: str,
) -> Iterator[Problem]:
    """Where the stages of rewards are not those that the case lists, all of them in order."""
    place = f"{place}.rewards"
    if len(expected) != len(payments):
        yield Problem(
            "case",
            msg("there are {count} stages of rewards, and the case lists {expected}"),
            {"count": len(payments), "expected": len(expected)},
            place,
        )
        return
    for row, payment in zip(expected, payments, strict=True):
        # As in `not_counted`, a row names the fields that it is about.
        for field, value in _record_fields(row).items():
            if payment.get(field) == value:
                continue
            yield Problem(
                "case",
                msg(
                    "stage {stage} of {incentive} for {project}: {field} is {actual}, and the "
                    "case says {expected}"
                ),
                {
                    "stage": payment["stage"],
                    "incentive": payment["incentive"],
                    "project": payment["project"],
                    "field": field,
                    "actual": _written(payment.get(field)),
                    "expected": value,
                },
                place,
            )


def _written(value: object) -> object:
    """A value of a reward as a message has it; a day that is not known yet as JSON has it."""
    if value is None:
        return "null"
    return value


def _adoption(book: LoadedRulebook, year: int) -> Iterator[dict[str, Any]]:
    """The book's own adoption, where its cases may use words that it declares."""
    if book.rulebook.vocabulary is not None:
        yield {
            "event": "RulebookAdopted",
            "occurred_on": date(year, 1, 1).isoformat(),
            "rulebook_id": book.id,
            "digest": book.digest,
            "content": book.content,
        }


def _registrations(case: Case, year: int) -> Iterator[dict[str, Any]]:
    for entry in case.units or CASE_UNITS:
        unit = entry if isinstance(entry, CaseUnit) else CaseUnit(unit=entry)
        first_day = date(year, 1, 1).isoformat()
        registration = {"event": "UnitRegistered", "occurred_on": first_day, **unit.model_dump()}
        yield {**registration, "sequence": unit.sequence or CASE_SEQUENCE}


def _record_facts(work: UnitOfWork, case: Case, day: date) -> None:
    """Record the facts; raises `FactRejectedError` with the first rejected one's number."""
    for number, fact in enumerate(case.facts):
        try:
            work.record(read_record(_fact_record(fact, day)))
        except Rejected as rejection:
            raise FactRejectedError(number, rejection) from None


def _fact_record(fact: Mapping[str, Any], day: date) -> dict[str, Any]:
    record = _record_fields(fact)
    if "on" in record:
        record["occurred_on"] = record.pop("on")
    # A month's figure has its day by its month; any other fact is of the case's day.
    if not {"occurred_on", "month", "reported_at"} & set(record):
        record["occurred_on"] = day.isoformat()
    # A report needs a moment; a case gives its day.
    if record.get("event") == "InformationReported" and "occurred_on" in record:
        record.setdefault("reported_at", f"{record['occurred_on']}T09:00:00+08:00")
    return record


def _record_fields(table: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a fact or a reward as JSON has them."""
    return {name: _field(name, value) for name, value in table.items()}


def _field(name: str, value: Any) -> Any:
    """A field as an import's line has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int) and not isinstance(value, bool) and name not in _WHOLE_NUMBERS:
        return str(value)
    return value


def _score_differences(
    book: LoadedRulebook,
    case: Case,
    scores: Mapping[str, UnitScore],
    place: str,
) -> Iterator[Problem]:
    places = book.rulebook.rounding.json_places
    for unit, field, expected in _expected(case):
        score = scores.get(unit)
        if score is None:
            template = msg("the case has no unit {unit}")
            yield Problem("case", template, {"unit": unit}, f"{place}.{field}")
            continue
        actual = _actual(score, field)
        if _shown(actual, places) != _shown(expected, places):
            yield Problem(
                "case",
                msg("{unit} has {actual}, and the case says {expected}"),
                {
                    "unit": unit,
                    "actual": _shown(actual, places),
                    "expected": _shown(expected, places),
                },
                f"{place}.{field}",
            )


def _expected(case: Case) -> Iterator[tuple[str, str, object]]:
    """Each expectation: the unit, the field of the case, what it says."""
    for unit, points in (case.points or {}).items():
        yield unit, "points", points
    for unit, modules in (case.modules or {}).items():
        for module, points in modules.items():
            yield unit, f"modules.{module}", points
    for unit, grade in (case.grades or {}).items():
        yield unit, "grades", grade
    for unit, outcomes in (case.outcomes or {}).items():
        yield unit, "outcomes", list(outcomes)


def _actual(score: UnitScore, field: str) -> object:
    table, _dot, module = field.partition(".")
    if table == "points":
        return score.total
    if table == "modules":
        return score.modules.get(module)
    if table == "grades":
        return score.grade
    return score.outcomes


def _shown(value: object, places: int) -> object:
    """A number as JSON has it: a case writes it with as many decimals at most."""
    return decimal_text(value, places) if isinstance(value, Fraction) else value
