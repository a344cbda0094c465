"""One figure is the same wherever it is printed: documents, workbooks, pages, CSV, certificates."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from starlette.testclient import TestClient

from commands.reports.content import Notice
from commands.reports.documents import write_document
from commands.reports.ledger_workbook import write_ledger
from commands.web.application import application
from commands.words.amount_text import reached_amount
from commands.words.ledger_words import ALL_PROJECTS
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint
from projections.audit.certificates import unit_certificate
from projections.scoring.evaluation import evaluate
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import composed, ledger_foot, view_at
from tests.commands.reports.test_documents import text_of, without_space

DAYS = ["2024-05-31", "2024-12-31"]
COUNTY = "全县"
FUNDS, SCORE, PROJECTS = "到位资金", "总分", "项目"
NODES = tuple(word(stage) for stage in STAGES)
# Certificates and pages are made unit by unit; these are of four sequences.
UNITS = ("华埠镇", "县经信局", "县住建局", "驻上海招商组")


class Figures:
    """What each source prints of a figure of a unit or the county, to two places."""

    def __init__(self) -> None:
        self.printed: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)

    def note(self, source: str, figure: str, unit: str, value: object) -> None:
        text = str(value).replace(",", "").removesuffix("万元")
        exact = Fraction(text)
        rounded = Fraction(int(abs(exact) * 100 + Fraction(1, 2)), 100)
        self.printed[figure, unit][source] = f"{float(rounded if exact >= 0 else -rounded):.2f}"

    def differing(self) -> dict[tuple[str, str], dict[str, str]]:
        return {
            key: by_source
            for key, by_source in self.printed.items()
            if len(set(by_source.values())) != 1
        }

    def sources(self, figure: str, unit: str) -> set[str]:
        return set(self.printed[figure, unit])


def csv_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.lstrip("\ufeff"))))


def word_tables(path: Path) -> Iterator[list[dict[str, str]]]:
    """Every table of a Word file as rows by heading, without the breaks of folded headings."""
    for table in Document(str(path)).tables:
        headings = [without_space(cell.text) for cell in table.rows[0].cells]
        yield [
            dict(zip(headings, (cell.text for cell in row.cells), strict=True))
            for row in table.rows[1:]
        ]


def sheet_rows(path: Path) -> Iterator[list[dict[str, Any]]]:
    """Every worksheet of a table as rows by heading: a title, headings, units, values."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        if len(rows) > 3 and sheet.max_column > 1:
            yield [dict(zip(map(str, rows[1]), row, strict=True)) for row in rows[3:]]


def note_rows(figures: Figures, source: str, rows: list[dict[str, Any]]) -> None:
    """Note the figures of one table: ranks, nodes, targets, or groups under their caps."""
    for row in rows:
        unit = str(row.get("单位") or row.get("范围") or "")
        if SCORE in row:
            figures.note(source, SCORE, unit, row[SCORE])
        if f"{FUNDS}（万元）" in row and NODES[0] in row:
            figures.note(f"{source} nodes", FUNDS, unit, row[f"{FUNDS}（万元）"])
            for heading in (PROJECTS, *NODES):
                figures.note(source, heading, unit, row[heading])
        if str(row.get("指标", "")).startswith(FUNDS):
            figures.note(source, FUNDS, unit, row["完成数"])


def note_notices(figures: Figures, ledger: Ledger, day: str, folder: Path) -> dict[str, str]:
    """Note the tables of the notices and return each one's text."""
    quarter = f"2024-Q{(int(day[5:7]) + 2) // 3}"
    texts = {}
    for kind, subject in (("month", day[:7]), ("quarter", quarter), ("year", "2024")):
        content, foot = composed(ledger, kind, subject, day)
        assert isinstance(content, Notice)
        for ending in ("docx", "xlsx"):
            path = folder / f"{kind}.{ending}"
            write_document(path, ending, content, foot)
            tables = word_tables(path) if ending == "docx" else sheet_rows(path)
            for rows in tables:
                note_rows(figures, f"{kind} {ending}", rows)
        texts[kind] = text_of(folder / f"{kind}.docx")
    content, foot = composed(ledger, "agenda", day[:7], day)
    write_document(folder / "agenda.docx", "docx", content, foot)
    texts["agenda"] = text_of(folder / "agenda.docx")
    return texts


def note_ledger_workbook(figures: Figures, ledger: Ledger, day: str, folder: Path) -> None:
    """Count the rows of the ledger workbook by unit, and its days by node."""
    view = view_at(ledger, day)
    path = folder / "ledger.xlsx"
    write_ledger(path, ledger, view, ledger_foot(ledger, view))
    rows = list(openpyxl.load_workbook(path)[ALL_PROJECTS].iter_rows(values_only=True))
    headings = [str(heading) for heading in rows[1]]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows[3:-1]:
        project = dict(zip(headings, row, strict=True))
        count = counts[str(project["引进单位"])]
        count[PROJECTS] += 1
        count.update(node for node in NODES if project[node] is not None)
    for unit, count in counts.items():
        for heading in (PROJECTS, *NODES):
            figures.note("ledger xlsx", heading, unit, count[heading])


def note_commands(figures: Figures, county: Cli, day: str, names: dict[str, str]) -> None:
    """Note what commands print as CSV, which names a unit by its identity."""
    axes = ("--as-of", day, "--format", "csv")
    for row in csv_of(county("score", "--year", "2024", *axes).out):
        figures.note("score csv", SCORE, names[row["unit"]], row["total"])
    for row in county("board", day[:7], "--format", "json").json["units"]:
        figures.note("board", SCORE, row["name"], row["total"])
    for row in csv_of(county("targets", "--year", "2024", *axes).out):
        if row["indicator"] == "funds_in_place":
            unit = names.get(row["unit"], COUNTY)
            figures.note("targets csv", FUNDS, unit, row["actual"])
    projects = Counter(row["unit"] for row in csv_of(county("project", "list", *axes).out))
    for unit, count in projects.items():
        figures.note("project list csv", PROJECTS, names.get(unit, unit), count)


def page_tables(browser: TestClient, path: str) -> Iterator[list[dict[str, str]]]:
    """The CSV file of every table of a page."""
    links = re.findall(r'<a href="([^"]+)" download', browser.get(path).text)
    for link in map(html.unescape, links):
        if link.endswith("format=csv"):
            yield csv_of(browser.get(link).text)


def note_pages(figures: Figures, browser: TestClient, axes: str) -> None:
    """Note what the CSV files of the pages' tables hold."""
    for rows in page_tables(browser, f"/?{axes}"):
        if rows and {"单位", SCORE} <= rows[0].keys():
            note_rows(figures, "first page", rows)
    for rows in page_tables(browser, f"/charts?{axes}"):
        for row in rows:
            if {"单位", FUNDS} <= row.keys():
                figures.note("charts page", FUNDS, row["单位"], row[FUNDS])


def unit_page_figures(browser: TestClient, axes: str, unit: str) -> dict[str, str]:
    """The unit's total and funds as its own page's tables have them."""
    shown = {}
    for rows in page_tables(browser, f"/unit?name={unit}&{axes}"):
        for row in rows:
            if row.get("部分") == SCORE:
                shown[SCORE] = row["计入"]
            if row.get("指标") == FUNDS:
                shown[FUNDS] = row["完成数"]
    return shown


@pytest.mark.parametrize("day", DAYS)
def test_a_figure_is_the_same_wherever_it_is_printed(
    own_county: Cli, tmp_path: Path, day: str
) -> None:
    figures = Figures()
    with Ledger.open(own_county.url) as ledger:
        view = view_at(ledger, day)
        scores = evaluate(ledger, view).scores
        note_commands(figures, own_county, day, {score.unit: score.name for score in scores})
        texts = note_notices(figures, ledger, day, tmp_path)
        note_ledger_workbook(figures, ledger, day, tmp_path)
        browser = TestClient(
            application(ledger, None, lambda _line: None), base_url="http://localhost"
        )
        axes = f"year=2024&as_of={day}"
        note_pages(figures, browser, axes)
        unit_pages = {unit: unit_page_figures(browser, axes, unit) for unit in UNITS}
        first_page = without_space(
            html.unescape(re.sub("<[^>]*>", "", browser.get(f"/?{axes}").text))
        )
        key = create_signer(ledger, tmp_path / "key.pem")
        head = ledger.head()
        note = key.sign(Checkpoint(head.origin, head.position, ledger.tree().root()).text)
        for unit in UNITS:
            certificate = unit_certificate(ledger, view, unit, note)
            certified = json.loads(json.dumps(certificate.as_json()))
            figures.note("certificate", SCORE, unit, certified["score"]["total"])
        content, foot = composed(ledger, "wall", day, day)
        write_document(tmp_path / "wall.pdf", "pdf", content, foot)
        wall = text_of(tmp_path / "wall.pdf")

    assert figures.differing() == {}
    notices = {f"{kind} {ending}" for kind in texts for ending in ("docx", "xlsx")}
    notices -= {"agenda docx", "agenda xlsx"}
    targets = csv_of(own_county("targets", "--year", "2024", "--as-of", day, "--format", "csv").out)
    unit_targets = {
        row["unit"]: Fraction(row["target"])
        for row in targets
        if row["indicator"] == "funds_in_place"
    }
    for unit in UNITS:
        assert figures.sources(SCORE, unit) == {
            *notices,
            *("score csv", "board", "certificate", "first page"),
        }
        assert figures.sources(FUNDS, unit) == {
            *notices,
            *("month docx nodes", "month xlsx nodes", "year docx nodes", "year xlsx nodes"),
            *("targets csv", "charts page"),
        }
        counted = {"month docx", "month xlsx", "year docx", "year xlsx", "ledger xlsx"}
        assert figures.sources(PROJECTS, unit) == {*counted, "project list csv"}
        assert all(figures.sources(node, unit) == counted for node in NODES)
        # The unit's page shows amounts as leaders read them.
        exact_funds = Fraction(figures.printed[FUNDS, unit]["targets csv"])
        assert unit_pages[unit] == {
            SCORE: figures.printed[SCORE, unit]["board"],
            FUNDS: reached_amount(exact_funds, unit_targets[unit], "万元"),
        }
        # A row of the picture: rank, unit, points, funds.
        funds = figures.printed[FUNDS, unit]["month docx"]
        assert f"{unit}{figures.printed[SCORE, unit]['board']}{float(funds):,.2f}" in wall
    assert len([key for key in figures.printed if key[0] == SCORE]) == len(scores)

    # The county's figures stand in the prose of each notice as leaders read them.
    county_rows = {row["indicator"]: row for row in targets if not row["unit"]}
    county_funds = county_rows["funds_in_place"]
    funds = reached_amount(
        Fraction(county_funds["actual"]), Fraction(county_funds["target"]), "万元"
    )
    signings = county_rows["signed_10000"]["actual"]
    for kind, text in texts.items():
        assert f"到位资金完成{funds}，" in text, kind
        assert f"新签约亿元以上项目完成{signings}个，" in text, kind
    assert f"{funds}／" in wall
    assert f"{signings}个／" in wall
    assert funds in first_page
    assert f"{signings}个" in first_page
