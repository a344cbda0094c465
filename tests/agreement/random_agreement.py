"""Many random rulebooks on random histories: evaluator, reference and verifier must agree.

`python -m tests.agreement.random_agreement COUNT SEED`, or `make agreement COUNT=2000`, draws them,
stops at the first disagreement, and says at the end how many rulebooks had each shape. Every part
of a score is compared, every line, every stage of a reward and every row of a time limit.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st

from lifecycle.rulebook import parse
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.facts.county_facts import county_facts
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows
from projections.views.reward_view import reward_payments
from tests.agreement.test_policies_agreement import DAYS, assert_evaluators_agree
from tests.agreement.test_vocabulary import ADOPTION
from tests.ledgers import fill, new_ledger
from tests.reference.draw_happenings import happenings
from tests.reference.draw_periods import rulebooks_by_period
from tests.reference.draw_policies import rulebooks
from tests.reference.draw_rewards import rewards
from tests.reference.draw_words import worded_happenings, worded_rulebooks
from tests.reference.limits import limit_rows
from tests.reference.rewards import reward_rows
from tests.reference.scoring import shown

Data = dict[str, Any]
PLAIN_BOOKS: Final = st.one_of(
    rulebooks(),
    rulebooks(kinds=("of_projects",)),
    rulebooks(compares=True),
    rulebooks_by_period(),
    rulebooks_by_period(),
)
WITH_LAST_YEAR: Final = ("to_last_year", "place_change")
REPORT_EVERY: Final = 100


class Drawn(NamedTuple):
    """A rulebook, and a history that may be recorded under it."""

    book: Data
    history: list[Data]


@st.composite
def plain(draw: st.DrawFn) -> Drawn:
    """A rulebook of the words built in; two in three have rewards."""
    book: Data = draw(PLAIN_BOOKS)
    if draw(st.integers(0, 2)):
        book = book | {"rewards": draw(rewards())}
    return Drawn(book, draw(happenings()))


@st.composite
def worded(draw: st.DrawFn) -> Drawn:
    """A rulebook that declares words, and a history that uses them."""
    return Drawn(draw(worded_rulebooks()), draw(worded_happenings(ADOPTION)))


EXAMPLES: Final = st.one_of(plain(), plain(), plain(), worded())


# What was drawn -----------------------------------------------------------------------------------


def tables(value: Any) -> Iterator[Data]:
    """Every table of a rulebook, however deep."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from tables(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from tables(inner)


def _has(field: str, *values: Any) -> Callable[[Data], bool]:
    return lambda table: field in table and (not values or table[field] in values)


def _counts_limit_in_working_days(table: Data) -> bool:
    limits = {limit["id"] for limit in table.get("limits", ()) if "working_days" in limit}
    counted = {row["time_limit"] for row in tables(table.get("rules", [])) if "time_limit" in row}
    return bool(limits & counted)


def _has_quotient(table: Data) -> bool:
    return any(isinstance(value, str) and value == "1/3" for value in table.values())


SHAPES: Final[dict[str, Callable[[Data], bool]]] = {
    "modules assessed by period": lambda table: "assessed" in table and "chinese" in table,
    "all assessed by period": lambda table: isinstance(table.get("assessed"), dict),
    "parts that take periods": _has("take", "best", "mean", "sum"),
    "comparisons within a sequence": _has("as", "share_of_sequence", "to_mean"),
    "comparisons with last year": _has("as", *WITH_LAST_YEAR),
    "conditions over results": _has("of_at_least", 2),
    "conditions over modules that are low": _has("each_below"),
    "places among conditions": _has("place", "top", "bottom"),
    "coefficients by achievement": _has("otherwise"),
    "each project by itself": _has("each", "project"),
    "bounds of each project": _has("at_most_per_project"),
    "whole steps": _has("whole_steps"),
    "silence with a meaning": _has("when_missing"),
    "marks within a range": _has("range"),
    "half-years": _has("each", "half_year"),
    "shares of the year's target": _has("per", "share", "year"),
    "named stages": _has("stages"),
    "days so far": _has("unreached", "as_of"),
    "units out of the ranking": _has("unranked"),
    "limits kept": _has("measure", "limits_kept"),
    "limits missed": _has("measure", "limits_missed"),
    "days late": _has("measure", "days_late"),
    "limits in working days that are counted": _counts_limit_in_working_days,
    "cadences": _has("every"),
    "rewards in stages": _has("rewards"),
    "declared words": _has("vocabulary"),
    "quotients": _has_quotient,
}
"""Shape → whether a table of a rulebook, or the whole of it, has it."""


def shapes_of(book: Data) -> list[str]:
    """The shapes that a rulebook has."""
    book_tables = list(tables(book))
    return [name for name, has in SHAPES.items() if any(has(table) for table in book_tables)]


# What is compared ---------------------------------------------------------------------------------


def assert_agree(drawn: Drawn, day: date) -> None:
    """Scores and lines in all three; rewards and rows of limits with the reference."""
    book, history = drawn
    assert_evaluators_agree(book, history, day)
    loaded = parse(write_toml(book))
    with TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, history)
        county = county_facts(ledger, ledger.head().position)
        view = View(day.year, day, county.position, loaded, county=county)
        rows = [row.as_json() for row in deadline_rows(ledger, view)]
        assert [row for row in rows if row["kind"] == "limit"] == limit_rows(book, history, day)
        if "rewards" in book:
            payments = [payment.as_json() for payment in reward_payments(ledger, view, day)]
            assert payments == shown(reward_rows(book, history, day.year, day))


def run(count: int, number: int) -> Counter[str]:
    """Draw and compare so many; return how many had each shape, and under `""` how many all."""
    shapes: Counter[str] = Counter()
    began = time.monotonic()

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn=EXAMPLES, day=st.sampled_from(DAYS))
    def compare(drawn: Drawn, day: date) -> None:
        assert_agree(drawn, day)
        shapes.update(["", *shapes_of(drawn.book)])
        if shapes[""] % REPORT_EVERY == 0:
            print(f"{shapes['']} agree after {time.monotonic() - began:.0f} s", flush=True)

    compare()
    return shapes


def main() -> None:
    """Run as the command line says, and print what was drawn."""
    count, number = int(sys.argv[1]), int(sys.argv[2])
    shapes = run(count, number)
    print(f"{shapes['']} random rulebooks on random histories agree (seed {number}), among them:")
    for name in SHAPES:
        print(f"{shapes[name]:6} with {name}")


if __name__ == "__main__":
    main()
