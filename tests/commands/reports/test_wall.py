"""The picture of the county: one page, every project on it, figures as everywhere else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader

from commands.reports.content import Notice
from commands.reports.document_contents.wall_contents import content as wall_content
from commands.reports.foot import DocumentFoot, DocumentRequest
from commands.reports.issuing_office import IssuingOffice
from commands.reports.template_texts import template_texts
from commands.reports.wall_picture import WallDot, WallPicture
from commands.words.amount_text import leaders_amount
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import evaluate
from projections.scoring.judged_history import judged_at
from projections.views.county_overview import projects_by_stage
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import DATED, composed, view_at
from tests.commands.reports.test_documents import (
    fonts_of,
    printed_texts,
    tables_of,
    text_of,
    without_space,
    written,
)

DAY = "2024-05-31"
A3_ACROSS = (1191, 842)


def picture_of(ledger: Ledger, day: str = DAY) -> tuple[WallPicture, DocumentFoot]:
    content, foot = composed(ledger, "wall", day, day, number="")
    assert isinstance(content, WallPicture)
    return content, foot


def sizes_of_pages(path: Path) -> list[tuple[int, int]]:
    pages = PdfReader(path).pages
    return [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages]


def test_the_picture_is_one_a3_page_with_every_text_and_font(
    county_ledger: Ledger, hostile_ledger: Ledger, tmp_path: Path
) -> None:
    for ledger in (county_ledger, hostile_ledger):
        content, foot = picture_of(ledger)
        path = written(tmp_path / "wall.pdf", content, foot)
        assert sizes_of_pages(path) == [A3_ACROSS]
        assert all(embedded and "Noto" in name for name, embedded in fonts_of(path))
    content, foot = picture_of(county_ledger)
    pdf_text = text_of(written(tmp_path / "wall.pdf", content, foot))
    texts = [without_space(text) for text in printed_texts(content, foot)]
    assert [text for text in texts if text not in pdf_text] == []


def test_many_units_with_many_projects_still_take_one_page(
    county_ledger: Ledger, tmp_path: Path
) -> None:
    content, foot = picture_of(county_ledger)
    crowded = []
    for unit in content.units:
        dots = [WallDot("signing", "on_track", 0)] * 150
        crowded += [unit._replace(dots=(*unit.dots, *dots))] * 3
    names = "、".join(unit.name for unit in crowded)
    content = replace(
        content,
        units=tuple(crowded),
        lists=tuple((heading, names) for heading, _units in content.lists),
    )
    assert sizes_of_pages(written(tmp_path / "wall.pdf", content, foot)) == [A3_ACROSS]


def test_a_long_name_of_a_unit_stays_in_its_row(county_ledger: Ledger, tmp_path: Path) -> None:
    content, foot = picture_of(county_ledger)
    long_name = "招商引资与项目推进服务中心（联动创新区办公室）" * 2
    units = list(content.units)
    units[5] = units[5]._replace(name=long_name)
    path = written(tmp_path / "wall.pdf", replace(content, units=tuple(units)), foot)
    heights: dict[str, list[float]] = {"long": [], "above": [], "below": []}

    def note(text: str, matrix: list[float], *_rest: object) -> None:
        # The names stand in the third column of the page.
        if not 70 < matrix[4] < 75:
            return
        for place, name in (("above", units[4].name), ("below", units[6].name)):
            if text.strip() == name:
                heights[place].append(matrix[5])
        if text.strip() and text.strip() in long_name:
            heights["long"].append(matrix[5])

    PdfReader(path).pages[0].extract_text(visitor_text=note)
    assert len(heights["long"]) > 1
    assert heights["above"][0] > max(heights["long"])
    assert min(heights["long"]) > heights["below"][0]


def test_each_project_under_way_is_a_dot_on_its_last_node(county_ledger: Ledger) -> None:
    content, _foot = picture_of(county_ledger)
    view = view_at(county_ledger, DAY)
    expected: Counter[str] = Counter()
    projects = list(judged_at(county_ledger, view))
    for project in projects:
        if not project.excluded and project.facts.terminated_on is None:
            reached = [stage for stage in STAGES if project.node(stage) is not None]
            expected[reached[-1]] += 1
    assert content.stage_counts() == expected
    assert content.standing_counts().total() == expected.total() > 100
    by_unit = projects_by_stage(projects)
    sums = [sum(counts[stage] for counts in by_unit.values()) for stage in STAGES]
    assert list(content.reached) == sums


def test_a_project_in_the_list_of_delays_bears_its_number_in_the_picture(
    county_ledger: Ledger,
) -> None:
    for day in (DAY, "2024-12-31"):
        content, _foot = picture_of(county_ledger, day)
        numbered = {}
        for unit in content.units:
            for dot in unit.dots:
                if dot.number:
                    assert dot.standing == "overdue"
                    numbered[dot.number] = unit.name
        assert numbered == {delay.number: delay.unit for delay in content.delays}
        overdue = content.standing_counts()["overdue"]
        assert len(numbered) == min(overdue, 24)


@pytest.mark.parametrize("day", [DAY, "2024-12-31"])
def test_a_figure_of_the_picture_is_the_same_as_in_the_notice(
    county_ledger: Ledger, day: str
) -> None:
    content, _foot = picture_of(county_ledger, day)
    notice, _notice_foot = composed(county_ledger, "month", day[:7], day)
    assert isinstance(notice, Notice)
    scores = evaluate(county_ledger, view_at(county_ledger, day)).scores
    assert [(unit.name, unit.rank, unit.points) for unit in content.units] == [
        (score.name, score.rank, score.total) for score in scores
    ]
    targets = tables_of(notice)["目标完成"].rows
    funds = {row[0]: (row[2], row[3]) for row in targets if "到位资金" in str(row[1])}
    for unit in content.units:
        if unit.target is not None:
            assert funds[unit.name] == (unit.target, unit.funds)
    county_target, county_funds = (Fraction(str(figure)) for figure in funds["全县"])
    assert sum(unit.funds for unit in content.units) == county_funds
    assert content.targets[0].reached == leaders_amount(county_funds, "万元")
    assert content.targets[0].target == leaders_amount(county_target, "万元")
    lists = dict(content.lists)
    listed = tables_of(notice)["红黑榜"].rows
    for heading, units in lists.items():
        assert units.split("、") == [str(row[1]) for row in listed if str(row[0]) in heading]


def test_before_a_list_is_published_the_picture_says_so_and_proposes_nobody(
    county_ledger: Ledger,
) -> None:
    content, _foot = picture_of(county_ledger, "2024-01-02")
    assert content.lists == (("红榜", "本年尚未公布"), ("黑榜", "本年尚未公布"))
    # A list hangs until the next one is decided.
    content, _foot = picture_of(county_ledger, "2024-06-03")
    assert [heading for heading, _units in content.lists] == [
        "红榜（2024年5月）",
        "黑榜（2024年5月）",
    ]


def test_the_command_writes_a_file_that_can_be_checked(county: Cli, tmp_path: Path) -> None:
    path = tmp_path / "墙.pdf"
    question = ("report", "wall", path, "--as-of", "2024-12-31", "--dated", "2024-06-05")
    answer = county(*question)
    assert (answer.code, answer.out.strip()) == (0, str(path)), answer.err
    # It states what was recorded by the end of its day, and is written anew in its place.
    assert "数据时点2024-06-0" in text_of(path)
    assert county(*question).code == 0
    checked = county("audit", "document", path, "--format", "json")
    assert (checked.code, checked.json["identical"]) == (0, True)
    metadata = PdfReader(path).metadata
    assert metadata is not None
    assert county("audit", "document", str(metadata["/Keywords"])).code == 0


def test_the_picture_takes_no_other_files_place(county: Cli, tmp_path: Path) -> None:
    own_file = tmp_path / "scan.pdf"
    own_file.write_bytes(b"%PDF-1.4 an office's own scan")
    rejected = county("report", "wall", own_file)
    assert (rejected.code, "[file_exists]" in rejected.err) == (1, True)
    assert own_file.read_bytes() == b"%PDF-1.4 an office's own scan"
    rejected = county("report", "wall", tmp_path / "wall.docx")
    assert (rejected.code, "[file_kind]" in rejected.err) == (1, True)
    assert county("report", "wall", tmp_path / "w.pdf", "--year", "1999").code == 1
    assert sorted(tmp_path.iterdir()) == [own_file]


def test_the_digest_covers_every_dot(county_ledger: Ledger) -> None:
    content, _foot = picture_of(county_ledger)
    statements = list(content.statements())
    unit = next(unit for unit in content.units if unit.dots)
    fewer = replace(content, units=(unit._replace(dots=unit.dots[1:]), *content.units[1:]))
    assert list(fewer.statements()) != statements
    request = DocumentRequest("wall", DAY, DATED)
    again = wall_content(county_ledger, view_at(county_ledger, DAY), request)
    assert list(again.statements()) == statements


def test_the_picture_is_the_leading_groups_whoever_issues_notices(county_ledger: Ledger) -> None:
    content, foot = picture_of(county_ledger)
    office = IssuingOffice(issuer="某县招商办")
    assert template_texts(content, foot, office) == template_texts(content, foot)
