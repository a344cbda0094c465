"""A policy as one HTML page that stands by itself, to be printed or passed on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from commands.words.vocabulary_words import word
from lifecycle.rulebook import LoadedRulebook

_STYLE = """
body { font: 16px/1.6 "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1b; background: #fff }
h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.15rem; margin-top: 2rem }
p.about { color: #555; margin-top: 0 } table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top }
th { border-bottom: 2px solid #555; white-space: nowrap } td.number { text-align: right; white-space: nowrap }
td.assumption { color: #8a3b00 } td.interpretation { color: #35507a }
@media print { body { margin: 0; max-width: none } }
"""


def page(
    loaded: LoadedRulebook, limits: Sequence[dict[str, str]], rules: Sequence[dict[str, str]]
) -> str:
    """The whole page; `limits` and `rules` are the rows that the screen shows."""
    book = loaded.rulebook
    about = f"{book.issuer}　{book.effective_from} — {book.effective_to}　{loaded.id}　{loaded.digest[:16]}"
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>{escape(book.title)}</title><style>{_STYLE}</style></head>\n<body>',
            f'<h1>{escape(book.title)}</h1>\n<p class="about">{escape(about)}</p>',
            "<h2>模块与板块</h2>",
            _table(
                limits,
                {
                    "name": "模块／板块",
                    "floor": "保底",
                    "cap": "封顶",
                    "clause": "条款",
                    "basis": "依据",
                    "note": "说明",
                },
            ),
            "<h2>计分规则</h2>",
            _table(
                rules,
                {
                    "module": "模块",
                    "chinese": "内容",
                    "points": "分值",
                    "clause": "条款",
                    "basis": "依据",
                    "note": "说明",
                },
            ),
            "</body>\n</html>",
        ]
    )


def _table(rows: Sequence[dict[str, str]], columns: dict[str, str]) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in columns.values())
    body = "\n".join(
        "<tr>" + "".join(_cell(name, row.get(name) or "") for name in columns) + "</tr>"
        for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _cell(name: str, value: str) -> str:
    kind = value if name == "basis" else "number" if name in ("floor", "cap") else ""
    return f"<td{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{escape(word(value))}</td>"
