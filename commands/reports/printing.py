"""What the templates of Word and PDF are given: texts alone, numbers already as print shows them."""

from __future__ import annotations

from typing import Any, Final

from commands.reports.content import Content, DocumentColumn, Forms, Notice, Section, Table, shown
from commands.reports.foot import Foot
from commands.reports.parts import chinese_day

_NUMERALS: Final = "一二三四五六七八九十"
_NUMBERS: Final = ("count", "points", "amount", "share")


def printed(content: Content, foot: Foot) -> dict[str, Any]:
    """A document as plain texts, for either kind of template."""
    told = (
        {**_notice(content), "dated": chinese_day(str(foot.dated))}
        if isinstance(content, Notice)
        else _forms(content)
    )
    return {
        **told,
        "issuer": content.issuer,
        "foot": list(foot.lines()),
        "code": foot.code,
        "number": foot.number,
    }


def texts(value: Any) -> list[str]:
    """Every text of what was printed."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, (list, tuple)):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "title": list(notice.title),
        "opening": notice.opening,
        "sections": [
            _section(_NUMERALS[place], section) for place, section in enumerate(notice.sections)
        ],
    }


def _section(numeral: str, section: Section) -> dict[str, Any]:
    several = len(section.tables) > 1
    return {
        "heading": f"{numeral}、{section.heading}",
        "sentences": list(section.sentences),
        "tables": [
            _table(f"（{_NUMERALS[place]}）{table.name}" if several else "", table)
            for place, table in enumerate(section.tables)
        ],
    }


def _table(heading: str, table: Table) -> dict[str, Any]:
    columns = [
        {"heading": folded(column), "width": column.width, "number": column.shape in _NUMBERS}
        for column in table.columns
    ]
    shapes = [column.shape for column in table.columns]
    rows = [
        [shown(value, shape) for value, shape in zip(row, shapes, strict=True)]
        for row in table.rows
    ]
    return {"heading": heading, "columns": columns, "rows": rows}


def folded(column: DocumentColumn) -> str:
    """A heading on two lines where one would not fit."""
    half = (len(column.heading) + 1) // 2
    return (
        f"{column.heading[:half]}\n{column.heading[half:]}"
        if len(column.heading) > column.width
        else column.heading
    )


def _forms(forms: Forms) -> dict[str, Any]:
    return {
        "title": [forms.name],
        "forms": [
            {
                "title": form.title,
                "number": form.number,
                "signatures": list(form.signatures),
                "history": list(form.history),
                "entries": [
                    {"label": entry.label, "text": entry.text, "tall": entry.tall}
                    for entry in form.entries
                ],
            }
            for form in forms.forms
        ],
    }
