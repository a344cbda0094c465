"""The corpus: lawful histories and rulebooks drawn once, each with what the reference makes of it; `python -m tests.mutation.corpus`.

A mutant is tried against all of it, so nothing is drawn then: a ledger is opened, a question asked, the answer compared
with the one that the independent reference gave when the corpus was made.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st

from lifecycle.rulebook import canonical, parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from tests.ledgers import fill, new_ledger
from tests.projections.scoring.test_cases import CASES as KAIHUA, records as kaihua_records
from tests.projections.scoring.test_policies import (
    CASES,
    axes as case_axes,
    records as case_records,
)
from tests.reference import boards, effective as told
from tests.reference.draw_happenings import happenings
from tests.reference.draw_policies import rulebooks
from tests.reference.effective import Record
from tests.reference.histories import axes, histories
from tests.reference.kinds import evaluate_book
from tests.reference.scoring import day_in_year, evaluate as reference, score_lines, shown

FOLDER: Final = Path(__file__).parents[2] / "build" / "mutation"
HISTORIES: Final = 24
POLICIES: Final = 80
CROSSED: Final = 30
DAYS: Final = (date(2024, 12, 31), date(2024, 6, 30), date(2024, 5, 20), date(2024, 8, 31))
STAMP: Final = {"recorded_at": "2029-01-01T09:00:00+08:00", "recorded_by": "甲"}
Entry = dict[str, Any]


def drawn(
    strategy: st.SearchStrategy[Any],
    count: int,
    number: int,
) -> list[Any]:
    """So many examples, the same whenever they are drawn."""
    found: list[Any] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: Any) -> None:
        found.append(example)

    draw()
    return found


@st.composite
def _asked(draw: st.DrawFn) -> tuple[list[dict[str, Any]], Any]:
    records = draw(histories(min_steps=15))
    return records, draw(axes(records))


def of_the_county(
    records: Sequence[Record],
    asked: Any,
) -> Entry:
    """A history under kaihua-2024 at an axis: scores, lines, a board, effective facts."""
    year, as_of, known_at = asked
    day = day_in_year(year, as_of)
    known = told.known_records(records, known_at, None)
    month = f"{day:%Y-%m}"
    return {
        "book": canonical(shipped("kaihua-2024").rulebook).decode(),
        "year": year,
        "day": day.isoformat(),
        "position": len(known),
        "units": shown(reference(records, year, as_of, known_at))["units"],
        "lines": sorted(line_of(line) for line in score_lines(records, year, as_of, known_at)),
        "month": month,
        "board": shown(boards.board(records, month, known_at)),
        "facts": [
            [list(map(str, event.stream)), event.version, event.kind, _plain(event.fields)]
            for event in told.effective(records, known_at)
        ],
    }


def line_of(line: Any) -> list[str]:
    """A line of points, as far as the reference tells of it."""
    return [line.unit, line.module, str(line.points), line.basis]


def _plain(fields: Any) -> Any:
    return {name: value for name, value in fields.items() if name not in STAMP}


def of_a_policy(
    book: dict[str, Any],
    records: Sequence[Record],
    asked: Any,
) -> Entry:
    """A history under any rulebook."""
    year, as_of, known_at = asked
    day, text = day_in_year(year, as_of), write_toml(book)
    return {
        "book": canonical(parse(text).rulebook).decode(),
        "toml": text,
        "year": year,
        "day": day.isoformat(),
        "position": len(told.known_records(records, known_at, None)),
        "units": shown(evaluate_book(book, records, year, day, known_at)),
    }


def entries() -> Iterator[tuple[Sequence[Record], Entry]]:
    """Everything of the corpus: records, and what is asked and told of them."""
    for records, asked in drawn(_asked(), HISTORIES, 1):
        yield records, of_the_county(records, asked)
    for book, records, day in drawn(
        st.tuples(rulebooks(), happenings(), st.sampled_from(DAYS)), POLICIES, 2
    ):
        yield records, of_a_policy(book, records, (2024, day, None))
    for book, (records, asked) in drawn(st.tuples(rulebooks(), _asked()), CROSSED, 3):
        yield records, of_a_policy(book, records, asked)
    for case in KAIHUA:
        yield (
            [{**record, **STAMP} for record in kaihua_records(case)],
            of_the_county(
                [{**record, **STAMP} for record in kaihua_records(case)],
                (2024, date(2024, 12, 31), None),
            ),
        )
    for name, case in CASES:
        year, day = case_axes(name, case)
        records = [{**record, **STAMP} for record in case_records(case, year)]
        yield (
            records,
            of_a_policy(
                tomllib.loads(shipped(name).content, parse_float=Decimal),
                records,
                (year, day, None),
            ),
        )


def make(
    folder: Path = FOLDER,
    say: Callable[[str], None] = print,
) -> None:
    """Draw it and write it down: a ledger each, and one file of what is asked and told."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = []
    for number, (records, entry) in enumerate(entries()):
        with new_ledger(folder, str(number)) as ledger:
            fill(ledger, records)
            with ledger.recorder.cursor(write=False) as cursor:
                rows = [
                    [*row[:4], bytes(row[4]).decode()]
                    for row in ledger.recorder.between(cursor, 1, len(records))
                ]
        made.append({"ledger": f"{number}.db", "rows": rows, **entry})
    (folder / "corpus.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    say(f"{len(made)} histories")


if __name__ == "__main__":
    make()
