"""Write the reference pages of docs/ from the code: `python tools/reference_pages.py`.

A test regenerates each page and compares it with the file, so that a page never lags behind the
code.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import sqlalchemy

from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.event_words import EVENTS
from commands.words.field_examples import FIELD_EXAMPLES
from commands.words.rule_terms import MEASURES as MEASURE_TERMS
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events import BY_NAME, Event
from lifecycle.events.codec import topic
from lifecycle.rulebook.measure_form import Measure
from lifecycle.rulebook.measures import MEASURES, PROJECT_EVENTS
from projections.audit.verifier import verifier_digest
from projections.readmodels.query_tables import CONTENT_TABLES, tracking
from tools.chinese_reference import PAGES as CHINESE_PAGES, chinese_page
from tools.command_help import every_help

DOCS: Final = Path(__file__).parents[1] / "docs"

EVENTS_INTRODUCTION: Final = """\
# Events 事件

[中文](events.zh-CN.md)

The events that the ledger can hold. Amounts are in 万元 (10,000 yuan) and written as text, such as
`"96000.5"`. Fields marked ＊ are required.
"""
COMMANDS_INTRODUCTION: Final = """\
# Commands 命令

[中文](commands.zh-CN.md)

Exit codes: 0 done; 1 rejected, or found to differ; 2 wrong usage; 3 the store or a file cannot be
used.
"""
MEASURES_INTRODUCTION: Final = """\
# Measures 计量

[中文](measures.zh-CN.md)

The quantities that the rules of a rulebook can count. The vocabulary is closed:
`lifecycle/rulebook/measures.py` declares each measure, and a rule that names any other is
rejected.
"""
TABLES_INTRODUCTION: Final = """\
# Query tables 查询表

[中文](tables.zh-CN.md)

Tables in the store's own database for any SQL client. They are built from history, and no result
relies on them: they can be deleted and rebuilt at any time. Amounts and points are `NUMERIC` on
PostgreSQL and plain decimal text on SQLite; `*_exact` columns are fractions such as `4/3`.
`score_parts` and `score_lines` sum to `scores`, `target_shares` to `targets`. `deadlines` and
`sheets` are as of the day `as_of` in `read_tables`; compute the days left in your query, on
SQLite by `julianday(due_on) - julianday('now')`.

`lifecycle projections rebuild` builds the tables, `lifecycle projections check` rebuilds them and
reports which of them had been changed outside lifecycle; of tables that were never built it says
so, and builds none.
"""


def events_page() -> Iterator[str]:
    """Describe every event with its fields."""
    yield EVENTS_INTRODUCTION
    for name, kind in BY_NAME.items():
        yield f"## {name} {EVENTS[name].chinese}\n"
        yield f"{inspect.cleandoc(kind.__doc__ or '')}\n"
        yield f"Stored as `{topic(kind)}`; belongs to: {', '.join(kind.streams)}.\n"
        yield from _field_table(kind)
        yield ""


def _field_table(kind: type[Event]) -> Iterator[str]:
    yield "| field | 中文 | form | allowed |"
    yield "| --- | --- | --- | --- |"
    for field in fields_of_kind(kind):
        required = " ＊" if field.required else ""
        yield f"| `{field.name}`{required} | {field.chinese} | {field.shape} | {_allowed(field)} |"


def _allowed(field: TypedField) -> str:
    if not field.choices:
        return FIELD_EXAMPLES.get(field.name, "")
    return "、".join(_choice(stored) for stored in field.choices)


def _choice(stored: str) -> str:
    # The titles of awards are stored in Chinese and have no other term.
    return f"`{stored}` {VOCABULARY[stored].chinese}" if stored in VOCABULARY else f"`{stored}`"


def commands_page() -> Iterator[str]:
    """Quote the help of every command."""
    yield COMMANDS_INTRODUCTION
    yield from every_help()


def measures_page() -> Iterator[str]:
    """Describe every measure, those of projects first."""
    yield MEASURES_INTRODUCTION
    yield "## Of a project\n"
    yield from _measure_table("project")
    yield "\n## Of a unit\n"
    yield from _measure_table("unit")


def _measure_table(of: str) -> Iterator[str]:
    yield "| measure | 中文 | unit | counts | from |"
    yield "| --- | --- | --- | --- | --- |"
    for measure in MEASURES.values():
        if measure.of == of:
            yield _measure_row(measure)


def _measure_row(measure: Measure) -> str:
    chinese = MEASURE_TERMS[measure.name].chinese
    events = ", ".join(measure.events)
    if measure.events == PROJECT_EVENTS:
        events = "any event of projects"
    return f"| `{measure.name}` | {chinese} | {measure.unit} | {measure.description} | {events} |"


def tables_page() -> Iterator[str]:
    """Describe every query table with its columns."""
    yield TABLES_INTRODUCTION
    for table in (*CONTENT_TABLES, tracking):
        yield f"## {table.name}\n"
        yield from _column_list(table)
        yield ""


def _column_list(table: sqlalchemy.Table) -> Iterator[str]:
    for column in table.columns:
        key = " (key)" if column.primary_key else ""
        yield f"- `{column.name}`{key}: {column.type}"


PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "events.md": events_page,
    "commands.md": commands_page,
    "measures.md": measures_page,
    "tables.md": tables_page,
}


OUTSIDER_PAGES: Final = ("for-outsiders.md", "for-outsiders.zh-CN.md")
_DIGEST_BEGIN: Final = "<!-- the verifier's SHA-256, written by `make pages` -->\n"
_DIGEST_END: Final = "<!-- end of the verifier's SHA-256 -->\n"


def page(name: str) -> str:
    """Return the text of one page."""
    return "\n".join(PAGES[name]()).rstrip() + "\n"


def with_verifier_digest(text: str) -> str:
    """Return a page for outsiders with the SHA-256 of the verifier as it is now."""
    before, begin, rest = text.partition(_DIGEST_BEGIN)
    _old, end, after = rest.partition(_DIGEST_END)
    # `sha256sum --check` reads such a line.
    line = f"    {verifier_digest()}  verify_bundle.py\n"
    return f"{before}{begin}{line}{end}{after}"


def write_pages() -> None:
    """Write every page into docs/."""
    # The commands' help is translated when they are loaded.
    os.environ["LANGUAGE"] = "en"
    for name in PAGES:
        (DOCS / name).write_text(page(name), encoding="utf-8")
    for name in CHINESE_PAGES:
        (DOCS / name).write_text(chinese_page(name), encoding="utf-8")
    for name in OUTSIDER_PAGES:
        text = (DOCS / name).read_text(encoding="utf-8")
        (DOCS / name).write_text(with_verifier_digest(text), encoding="utf-8")
    sys.stdout.write(f"{len(PAGES) + len(CHINESE_PAGES)} pages\n")


if __name__ == "__main__":
    write_pages()
