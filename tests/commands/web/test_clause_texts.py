"""From a point to the clause that it rests on, in the words of the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from starlette.testclient import TestClient

from commands.handlers.adopting import adopt_rulebook
from commands.handlers.evidence_intake import EvidenceIntake
from commands.web.application import application
from commands.web.county_file import county_file
from commands.web.county_views import CountyViews
from commands.web.page_axes import PageAxes
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from tests.commands.conftest import Cli
from tests.given import UNITS, of, reported
from tests.ledgers import CLERK, fill

ON_TIME = "达到时序进度的每个加3分"
SCORED = (*UNITS, reported(), of("ConsultationHeld", outcome="passed"))
OWN_TEXT = "某县考核办法\n(三)本县的原文:每个节点2分。\n"


def texts_on(page: str) -> dict[str, str]:
    """The text at each anchor of a page's clauses."""
    sections = re.findall(r'<div id="(clause-\d+)">(.*?)</div>', page, re.DOTALL)
    return {anchor: re.sub(r"<[^>]*>", "", text) for anchor, text in sections}


def cells_of(page: str) -> list[str]:
    return re.findall(r'<td class="clause">(.*?)</td>', page, re.DOTALL)


def test_each_point_of_a_unit_leads_to_its_clause(reading: TestClient) -> None:
    page = reading.get("/unit?name=马金镇&year=2024").text
    texts = texts_on(page)
    cells = cells_of(page)
    assert len(cells) > 40
    for cell in cells:
        link = re.fullmatch(
            r'<a class="clause" href="#(clause-\d+)" aria-expanded="false">([^<]+)</a>', cell
        )
        assert link is not None, cell
        assert f"（{link[2]}）" in texts[link[1]]
    assert any(ON_TIME in text for text in texts.values())
    assert len(texts) == len(set(texts.values()))


def test_deadlines_lead_to_their_clauses_on_each_page_of_the_list(reading: TestClient) -> None:
    for headers in ({}, {"hx-request": "true"}):
        page = reading.get("/deadlines?as_of=2024-09-30&page=2", headers=headers).text
        cells = cells_of(page)
        assert len(cells) > 10
        assert all('href="#clause-' in cell for cell in cells)
    assert "8.招引机制提质行动" in reading.get("/deadlines?as_of=2024-09-30").text


def test_a_project_has_the_clauses_of_its_own_points(reading: TestClient) -> None:
    page = reading.get("/project?code=KH-2024-016&year=2024").text
    assert "《考核办法》第二条第（三）项（考(三)）" in page
    assert "原文随程序提供" in page


def test_in_the_one_file_each_clause_stands_once(county_ledger: Ledger) -> None:
    counties = CountyViews(county_ledger)
    view = PageAxes(year="2024").view(county_ledger, counties)
    text = county_file(counties.at(view))
    assert text.count(ON_TIME) == 1
    links = set(re.findall(r'href="#(clause-\d+)"', text))
    assert links == set(texts_on(text))


class AdoptingCounty:
    """A small county that adopts a rulebook with files as its evidence."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self._ledger = ledger
        self.evidence = EvidenceStore(folder / "evidence")
        self.folder = folder
        fill(ledger, SCORED, keep=False)

    def adopts_with(self, *files: Path) -> str:
        """Adopt the shipped rulebook with these files; return the unit's page."""
        intake = EvidenceIntake(self.evidence)
        for file in files:
            intake.digest(str(file))
        book = shipped("kaihua-2024")
        adopt_rulebook(self._ledger, book, "2024-01-05", CLERK, evidence=intake)
        return self.page()

    def page(self) -> str:
        pages = application(self._ledger, None, lambda _line: None, evidence=self.evidence, hold=0)
        reader = TestClient(pages, base_url="http://localhost")
        return reader.get("/unit?name=华埠镇&year=2024").text


@pytest.fixture
def adopting(store_url: str, tmp_path: Path) -> Iterator[AdoptingCounty]:
    with Ledger.open(store_url, create=True) as ledger:
        yield AdoptingCounty(ledger, tmp_path)


def own_text(folder: Path) -> Path:
    document = Document()
    for line in OWN_TEXT.splitlines():
        document.add_paragraph(line)
    path = folder / "本县办法.docx"
    document.save(str(path))
    return path


def test_the_text_attached_to_the_adoption_is_shown(adopting: AdoptingCounty) -> None:
    before = adopting.page()
    assert "原文随程序提供" in before
    page = adopting.adopts_with(own_text(adopting.folder))
    assert "(三)本县的原文:每个节点2分。" in page
    assert "原文取自采用规则手册时所附文件：本县办法.docx。" in page
    # A clause that the attached text lacks is named as before, and leads nowhere.
    assert "考(二)" in page
    assert "项目引进单位认定" not in page


def test_adopting_again_adds_the_text_and_changes_no_result(adopting: AdoptingCounty) -> None:
    before = adopting.adopts_with()
    page = adopting.adopts_with(own_text(adopting.folder))
    assert "本县的原文" in page
    totals = [re.findall(r"总分 [0-9.]+", each) for each in (before, page)]
    assert totals[0] == totals[1] != []


def test_evidence_that_is_no_text_leaves_the_shipped_one(adopting: AdoptingCounty) -> None:
    scan = adopting.folder / "扫描件.pdf"
    scan.write_bytes(b"%PDF-1.4")
    damaged = adopting.folder / "办法.docx"
    damaged.write_bytes(b"no zip")
    assert "原文随程序提供" in adopting.adopts_with(scan, damaged)


@pytest.mark.parametrize("harm", ["altered", "removed"])
def test_an_attached_text_that_is_not_what_was_recorded_is_not_shown(
    adopting: AdoptingCounty, harm: str
) -> None:
    assert "本县的原文" in adopting.adopts_with(own_text(adopting.folder))
    (kept,) = [file for file in adopting.evidence.folder.rglob("*") if file.is_file()]
    kept.chmod(0o600)
    if harm == "altered":
        kept.write_bytes(kept.read_bytes() + b" ")
    else:
        kept.unlink()
    page = adopting.page()
    assert "本县的原文" not in page
    assert "原文随程序提供" in page


def test_adopting_says_which_clauses_the_text_has(cli: Cli, tmp_path: Path) -> None:
    damaged = tmp_path / "旧稿.docx"
    damaged.write_bytes(b"no zip")
    answer = cli(
        *("rulebook", "adopt", "kaihua-2024"),
        *("--evidence", own_text(tmp_path), "--evidence", damaged),
    )
    assert answer.code == 0
    assert "the text has 1 of the 36 clauses" in answer.out
    assert "考(八)2" in answer.out
    assert "旧稿.docx cannot be read as a Word file" in answer.err
    events = cli("log", "--format", "json").json
    assert events
    missing = cli("rulebook", "adopt", "kaihua-2024", "--evidence", tmp_path / "none.docx")
    assert (missing.code, cli.events) == (1, cli.events)
    assert "evidence_unreadable" in missing.err


@pytest.mark.parametrize("name", ["办法.doc", "办法.wps"])
def test_a_text_of_another_office_format_is_named_when_adopted(
    cli: Cli,
    tmp_path: Path,
    name: str,
) -> None:
    old_text = tmp_path / name
    old_text.write_bytes(b"\xd0\xcf\x11\xe0")
    adopted = cli("rulebook", "adopt", "kaihua-2024", "--evidence", old_text)
    assert f"{name}: the text of a policy is read from" in adopted.err
    assert "recorded county#" in adopted.out
