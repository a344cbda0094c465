"""在谈项目信息确认表: what a project needs, how it was followed up, and what is next (spec 7)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from commands.reports.document_contents.information_form import content
from commands.reports.foot import DocumentRequest
from lifecycle.rulebook import shipped
from projections.scoring.result_view import View
from tests.given import UNITS, World, of, reported


def entries(world: World, day: date) -> dict[str, str]:
    view = View(day.year, day, world.ledger.head().position, shipped("kaihua-2024"))
    batch = content(world.ledger, view, DocumentRequest("information", "P", day))
    (form,) = batch.forms
    return {entry.label: entry.text for entry in form.entries}


def test_the_form_prints_needs_and_the_last_follow_ups(tmp_path: Path) -> None:
    world = World(tmp_path).given(
        *UNITS,
        reported(needs_area_mu="30.5"),
        of("FollowedUp", "2024-02-01", content="初次洽谈", next_on="2024-02-20"),
        of("FollowedUp", "2024-02-20", content="致电13812345678"),
        of("FollowedUp", "2024-03-01", content="实地考察"),
        of(
            "FollowedUp",
            "2024-04-01",
            content="商谈协议",
            next_step="草拟文本",
            next_on="2024-04-15",
        ),
    )
    form = entries(world, date(2024, 5, 1))
    assert form["用地需求（亩）"] == "30.5"
    assert "厂房需求（平方米）" not in form
    shown = form["近期跟进情况"]
    assert "初次洽谈" not in shown
    assert "13812345678" not in shown
    assert "实地考察" in shown
    assert "商谈协议" in shown
    assert form["下一步打算"] == "草拟文本"
    assert form["下次跟进日期"] == "2024年4月15日"
    # As of a day: what was said later is not there yet.
    assert "初次洽谈" in entries(world, date(2024, 2, 10))["近期跟进情况"]
    assert "近期跟进情况" not in entries(world, date(2024, 1, 31))
