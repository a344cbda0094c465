"""The county in one file: every chart with its table, every point explained; opened anywhere, with no network."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from commands import fonts
from commands.web import charts, duties, page_rows as rows
from commands.web.accounts import Reader
from commands.web.personal import without_telephones
from commands.web.site import templates
from commands.web.view_cache import County
from commands.words.messages import in_chinese
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.rulebook import Rulebook

STATIC: Final = Path(__file__).parent / "static"
_READER: Final = Reader("", "leader")
"""What is sent and pinned to the wall holds no names of persons."""
_TAG: Final = re.compile(r"<[^>]*>")


def one_file(county: County) -> str:
    """The whole file's text."""
    with in_chinese():
        content = without_telephones(_content(county))
        anchors = _anchors(county)
        styles = [_font(), _static("pages.css")]
        scripts = [_static("vendor/echarts.min.js"), _static("charts.js")]
        return (
            templates()
            .get_template("report.html")
            .render(
                policy=_policy(scripts, styles),
                styles=map(Markup, styles),
                scripts=map(Markup, scripts),
                view=county.view,
                book=county.view.rulebook.rulebook,
                root=_root(county),
                anchors=anchors,
                link=lambda _page, name="", code="": (
                    f"#{anchors['units'].get(name) or anchors['projects'].get(code) or 'late'}"
                ),
                **content,
            )
        )


def _anchors(county: County) -> dict[str, dict[str, str]]:
    """Where units and projects stand in the file; their own names may be no names for places."""
    return {
        "units": {unit: f"unit-{number}" for number, unit in enumerate(county.units, start=1)},
        "projects": {
            code: f"project-{number}" for number, code in enumerate(county.projects, start=1)
        },
    }


def undrawn(text: str) -> str:
    """The characters that the embedded font lacks; a machine without a Chinese font would show boxes for them."""
    shown = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    return fonts.uncovered([_TAG.sub("", shown)])


def _content(county: County) -> dict[str, Any]:
    book = county.view.rulebook.rulebook
    pace = duties.pace_chart(county)
    return {
        "figures": duties.key_figures(county, _READER),
        "boards": duties.boards(county),
        "pressed": duties.pressed(county, _READER),
        "ranking": charts.ranking(county, _READER),
        "units": _units(county, book),
        "deadlines": duties.deadline_rows(county, _READER),
        "sheets": duties.sheet_rows(county, _READER),
        "modules": charts.heat_chart(county, _READER),
        "months": charts.rank_charts(county),
        "pace": pace,
        "funnel": charts.funnel_chart(county, _READER),
        "timeline": charts.timeline_chart(county, _READER),
        "overdue": duties.overdue_chart(county, _READER),
        "projects": rows.projects(county.projects.values()),
    }


def _units(county: County, book: Rulebook) -> list[dict[str, Any]]:
    """The sequences, each with its units in the order of their ranks, every point of theirs explained."""
    return [
        {"sequence": sequence, "units": [_unit(county, score, book) for score in members]}
        for sequence, members in groupby(county.scores["units"], key=lambda row: row["sequence"])
    ]


def _unit(county: County, score: dict[str, Any], book: Rulebook) -> dict[str, Any]:
    found = county.explained(score["unit"])
    return {
        "name": score["unit"],
        "rank": score["rank"],
        "modules": rows.modules(found, _READER),
        "totals": rows.totals(found, book),
        "basis": rows.basis(found, book),
        "not_counted": rows.not_counted(found, _READER),
    }


def _root(county: County) -> str:
    """The root of the tree as it was at the view's position."""
    recorder = county.ledger.recorder
    with recorder.cursor(write=False) as cursor:
        return StoredTree(recorder, cursor).root(county.view.position).hex()


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _font() -> str:
    data = base64.b64encode(fonts.SANS.read_bytes()).decode()
    return f'@font-face {{ font-family: "Lifecycle Sans"; font-display: block; src: url(data:font/otf;base64,{data}) format("opentype"); }}'


def _policy(scripts: list[str], styles: list[str]) -> str:
    """What a browser may run and fetch: what stands in the file, word for word, and nothing else."""
    return f"default-src 'none'; script-src {_digests(scripts)}; style-src {_digests(styles)}; font-src data:; base-uri 'none'; form-action 'none'"


def _digests(texts: list[str]) -> str:
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in texts
    )
