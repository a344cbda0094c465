"""A policy as one HTML page that stands by itself, to be printed or passed on.

A document, so always Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from commands.reports.rulebook_rows import (
    left_out_rows,
    limit_rows,
    provision_rows,
    rule_rows,
    scoring_table_rows,
)
from commands.words import table_headings
from commands.words.terms import PolicyTerm
from commands.words.vocabulary_words import word
from lifecycle.rulebook import LoadedRulebook
from projections.views.json_rows import json_rows

_SHOWN_DIGEST: Final = 16
_NUMBERS: Final = ("floor", "cap")
_STYLE: Final = """
body {
  font: 16px/1.6 "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif;
  margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1b; background: #fff
}
h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.15rem; margin-top: 2rem }
p.about { color: #555; margin-top: 0 } table { border-collapse: collapse; width: 100% }
th, td {
  border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top
}
th { border-bottom: 2px solid #555; white-space: nowrap }
td.number { text-align: right; white-space: nowrap }
td.assumption { color: #8a3b00 } td.interpretation { color: #35507a }
@media print { body { margin: 0; max-width: none } }
"""
_SOURCE_COLUMNS: Final = {
    "clause": table_headings.CLAUSE.chinese,
    "basis": table_headings.BASIS.chinese,
    "note": table_headings.NOTE.chinese,
}
_LIMIT_COLUMNS: Final = {
    "name": table_headings.MODULE_OR_GROUP.chinese,
    "floor": table_headings.FLOOR.chinese,
    "cap": table_headings.CAP.chinese,
    **_SOURCE_COLUMNS,
}
_RULE_COLUMNS: Final = {
    "module": table_headings.MODULE.chinese,
    "chinese": table_headings.CONTENT.chinese,
    "points": table_headings.RULE_POINTS.chinese,
    **_SOURCE_COLUMNS,
}
_PROVISION_COLUMNS: Final = {
    "subject": table_headings.MATTER.chinese,
    "text": table_headings.PROVISION.chinese,
    **_SOURCE_COLUMNS,
}
_LEFT_OUT_COLUMNS: Final = {
    "clause": table_headings.CLAUSE.chinese,
    "why": table_headings.WHY_LEFT_OUT.chinese,
}


def rulebook_page(policy: LoadedRulebook) -> str:
    """Return the whole page."""
    book = policy.rulebook
    title = escape(book.title)
    period = f"{book.effective_from} — {book.effective_to}"
    about = "　".join((book.issuer, period, policy.id, policy.digest[:_SHOWN_DIGEST]))
    limits = json_rows(limit_rows(book))
    rules = json_rows(rule_rows(book))
    parts = (
        "<!doctype html>",
        '<html lang="zh-CN">',
        f'<head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>',
        "<body>",
        f"<h1>{title}</h1>",
        f'<p class="about">{escape(about)}</p>',
        f"<h2>{escape(table_headings.MODULES_AND_GROUPS.chinese)}</h2>",
        _table(limits, _LIMIT_COLUMNS),
        f"<h2>{escape(table_headings.SCORING_RULES.chinese)}</h2>",
        _table(rules, _RULE_COLUMNS),
        *_section(
            table_headings.SCORING_TABLES,
            json_rows(scoring_table_rows(book)),
            _PROVISION_COLUMNS,
        ),
        *_section(
            table_headings.BEYOND_POINTS,
            json_rows(provision_rows(book)),
            _PROVISION_COLUMNS,
        ),
        *_section(
            table_headings.CLAUSE_LEFT_OUT,
            json_rows(left_out_rows(book)),
            _LEFT_OUT_COLUMNS,
        ),
        "</body>",
        "</html>",
    )
    return "\n".join(parts)


def _section(
    heading: PolicyTerm,
    rows: list[dict[str, Any]],
    columns: Mapping[str, str],
) -> list[str]:
    """A table under its heading; nothing where it has no rows."""
    if not rows:
        return []
    return [f"<h2>{escape(heading.chinese)}</h2>", _table(rows, columns)]


def _table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    headings = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in columns.values())
    lines = [
        "<table>",
        f"<thead><tr>{headings}</tr></thead>",
        "<tbody>",
        *(_table_row(row, columns) for row in rows),
        "</tbody>",
        "</table>",
    ]
    return "\n".join(lines)


def _table_row(row: Mapping[str, Any], columns: Iterable[str]) -> str:
    cells = "".join(_cell(name, row[name] or "") for name in columns)
    return f"<tr>{cells}</tr>"


def _cell(name: str, value: str) -> str:
    css_class = ""
    if name == "basis":
        # The style sheet colours what is not policy.
        css_class = f' class="{value}"'
    elif name in _NUMBERS:
        css_class = ' class="number"'
    return f"<td{css_class}>{escape(word(value))}</td>"
