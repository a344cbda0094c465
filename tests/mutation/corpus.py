"""The corpus: lawful histories and rulebooks drawn once, each with what the reference makes of it.

`python -m tests.mutation.corpus` writes it. A mutant is tried against all of it, so nothing is
drawn then: a ledger is opened, a question asked, the answer compared with the one that the
independent reference gave when the corpus was written.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
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
from tests.reference import boards
from tests.reference.draw_happenings import happenings
from tests.reference.draw_policies import rulebooks
from tests.reference.effective import Record, effective, known_records
from tests.reference.histories import axes, histories
from tests.reference.results import evaluate_book
from tests.reference.scoring import day_in_year, evaluate as reference, score_lines, shown

FOLDER: Final = Path(__file__).parents[2] / "build" / "mutation"
HISTORIES: Final = 24
POLICIES: Final = 80
CROSSED: Final = 30
DAYS: Final = (date(2024, 12, 31), date(2024, 6, 30), date(2024, 5, 20), date(2024, 8, 31))
STAMP: Final = {"recorded_at": "2029-01-01T09:00:00+08:00", "recorded_by": "甲"}
Entry = dict[str, Any]
Axes = tuple[int, date | None, datetime | None]


def drawn(
    strategy: st.SearchStrategy[Any],
    count: int,
    number: int,
) -> list[Any]:
    """So many examples, the same whenever they are drawn."""
    examples: list[Any] = []

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
        examples.append(example)

    draw()
    return examples


@st.composite
def _history_and_axes(draw: st.DrawFn) -> tuple[list[dict[str, Any]], Axes]:
    records = draw(histories(min_steps=15))
    return records, draw(axes(records))


def kaihua_entry(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None,
) -> Entry:
    """A history under kaihua-2024 at some axes: scores, lines, a board, effective facts."""
    day = day_in_year(year, as_of)
    month = f"{day:%Y-%m}"
    facts = [
        [
            list(map(str, event.stream)),
            event.version,
            event.kind,
            _without_stamp(event.fields),
        ]
        for event in effective(records, known_at)
    ]
    return {
        "book": canonical(shipped("kaihua-2024").rulebook).decode(),
        "year": year,
        "day": day.isoformat(),
        "position": len(known_records(records, known_at, None)),
        "units": shown(reference(records, year, as_of, known_at))["units"],
        "lines": sorted(line_of(line) for line in score_lines(records, year, as_of, known_at)),
        "month": month,
        "board": shown(boards.board(records, month, known_at)),
        "facts": facts,
    }


def line_of(line: Any) -> list[str]:
    """A line of points, as far as the reference has it."""
    return [line.unit, line.module, str(line.points), line.basis]


def _without_stamp(fields: Any) -> Any:
    return {name: value for name, value in fields.items() if name not in STAMP}


def policy_entry(
    book: dict[str, Any],
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> Entry:
    """A history under any rulebook: scores."""
    day = day_in_year(year, as_of)
    text = write_toml(book)
    return {
        "book": canonical(parse(text).rulebook).decode(),
        "toml": text,
        "year": year,
        "day": day.isoformat(),
        "position": len(known_records(records, known_at, None)),
        "units": shown(evaluate_book(book, records, year, day, known_at)),
    }


def entries() -> Iterator[tuple[Sequence[Record], Entry]]:
    """Everything of the corpus: records, and what is asked and expected of them."""
    for records, asked_at in drawn(_history_and_axes(), HISTORIES, 1):
        yield records, kaihua_entry(records, *asked_at)
    policies = st.tuples(rulebooks(), happenings(), st.sampled_from(DAYS))
    for book, records, day in drawn(policies, POLICIES, 2):
        yield records, policy_entry(book, records, 2024, day)
    crossed = st.tuples(rulebooks(), _history_and_axes())
    for book, (records, asked_at) in drawn(crossed, CROSSED, 3):
        yield records, policy_entry(book, records, *asked_at)
    for case in KAIHUA:
        records = [{**record, **STAMP} for record in kaihua_records(case)]
        yield records, kaihua_entry(records, 2024, date(2024, 12, 31), None)
    for name, case in CASES:
        year, day = case_axes(name, case)
        records = [{**record, **STAMP} for record in case_records(case, year)]
        book = tomllib.loads(shipped(name).content, parse_float=Decimal)
        yield records, policy_entry(book, records, year, day)


def write_corpus(
    folder: Path = FOLDER,
    report: Callable[[str], None] = print,
) -> None:
    """Draw the corpus and write it: a ledger for each entry, and one file of all questions."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    corpus: list[Entry] = []
    for number, (records, entry) in enumerate(entries()):
        rows = _write_ledger(folder, str(number), records)
        corpus.append({"ledger": f"{number}.db", "rows": rows, **entry})
    text = json.dumps(corpus, ensure_ascii=False)
    (folder / "corpus.json").write_text(text, encoding="utf-8")
    report(f"{len(corpus)} histories")


def _write_ledger(
    folder: Path,
    name: str,
    records: Sequence[Record],
) -> list[list[Any]]:
    """Record a history into a ledger of its own; return its stored rows."""
    with new_ledger(folder, name) as ledger:
        fill(ledger, records)
        with ledger.recorder.cursor(write=False) as cursor:
            stored_rows = list(ledger.recorder.between(cursor, 1, len(records)))
    return [[*row[:4], bytes(row[4]).decode()] for row in stored_rows]


if __name__ == "__main__":
    write_corpus()
