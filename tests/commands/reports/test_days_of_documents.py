"""A dated document is of its day; an agenda is of its own meeting; changes of units are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.reports.content import DocumentContent, FormBatch, Notice
from commands.words import situation_words
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import composed
from tests.commands.reports.test_documents import tables_of, text_of
from tests.commands.reports.test_meetings import meeting, sentences_of
from tests.given import OTHER, REPORTED, TOWN, JsonRecord, World


@pytest.mark.parametrize(
    ("command", "day"),
    [
        (("minutes", "2024-06-14"), "2024-06-20"),
        (("sheet", "交2024-1"), "2024-06-20"),
        (("information", "KH-2024-016"), "2024-06-20"),
        (("agenda", "2024-06"), "2024-06-20"),
        (("month", "2024-06"), "2024-06-20"),
        # A period that ended before the document's day is as of its end.
        (("month", "2024-05"), "2024-05-31"),
    ],
)
def test_a_dated_document_is_as_of_its_day(
    county: Cli, tmp_path: Path, command: tuple[str, str], day: str
) -> None:
    options = ("--dated", "2024-06-20", "--format", "pdf", "--to", tmp_path)
    assert county("report", *command, *options).code == 0
    (path,) = tmp_path.iterdir()
    assert f"截至{day}；数据时点2024-06-" in text_of(path)
    assert county("audit", "document", path).code == 0


def test_a_day_that_was_typed_counts_before_the_documents_own(county: Cli, tmp_path: Path) -> None:
    axes = ("--as-of", "2024-06-15", "--dated", "2024-06-20", "--format", "pdf")
    assert county("report", "minutes", "2024-06-14", *axes, "--to", tmp_path).code == 0
    (path,) = tmp_path.iterdir()
    assert "截至2024-06-15；" in text_of(path)


def last_meeting(ledger: Ledger, subject: str, day: str) -> tuple[str, list[str]]:
    agenda, _foot = composed(ledger, "agenda", subject, day)
    text = sentences_of(agenda).partition("上次会议为")[2].partition("，")[0]
    rows = tables_of(agenda).get("议定事项落实情况")
    return text, [] if rows is None else [str(row[0]) for row in rows.rows]


def test_the_agenda_of_a_past_period_begins_with_the_meeting_before_its_own(
    tmp_path: Path,
) -> None:
    world = World(tmp_path).given(
        *REPORTED,
        meeting("2024-03-29", "quarterly_joint"),
        meeting("2024-05-17"),
        meeting("2024-06-14"),
        meeting("2024-06-28", "quarterly_joint"),
    )
    may, june = "2024年5月17日会商会议", "2024年6月14日会商会议"
    first_quarter = "2024年3月29日联席会议"
    # Once the month is over, its agenda is that of the meeting on 14 June.
    assert last_meeting(world.ledger, "2024-06", "2024-06-30") == (may, [may])
    assert last_meeting(world.ledger, "2024-Q2", "2024-06-30") == (
        first_quarter,
        [first_quarter, may, june],
    )
    # While it lasts, the next meeting follows all of them.
    assert last_meeting(world.ledger, "2024-06", "2024-06-20") == (june, [june])
    # A period without a meeting of its own follows the last one before it.
    joint = "2024年6月28日联席会议"
    assert last_meeting(world.ledger, "2024-07", "2024-07-31") == (june, [june, joint])


def dissolved(unit: str, on: str, successor: str | None) -> JsonRecord:
    record: JsonRecord = {"event": "UnitDissolved", "unit": unit, "occurred_on": on}
    return record if successor is None else record | {"successor": successor}


def overview_of(content: DocumentContent) -> str:
    assert isinstance(content, Notice)
    return "".join(content.sections[0].sentences)


def test_a_notice_says_which_unit_took_over_another_in_its_period_alone(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED)
    before, _foot = composed(world.ledger, "month", "2024-05", "2024-05-31")
    world.given(dissolved(OTHER, "2024-06-10", TOWN))
    sentence = "马金镇于2024年6月10日撤并，其得分、项目和交办任务由华埠镇承接。"
    for kind, subject in (("month", "2024-06"), ("quarter", "2024-Q2"), ("year", "2024")):
        content, _foot = composed(world.ledger, kind, subject, "2024-06-30")
        assert overview_of(content).endswith(sentence), kind
    later, _foot = composed(world.ledger, "month", "2024-07", "2024-07-31")
    assert "承接" not in overview_of(later)
    # Nothing is said where nothing happened, so that an issued notice keeps its code.
    again, _foot = composed(world.ledger, "month", "2024-05", "2024-05-31")
    assert list(again.statements()) == list(before.statements())


def test_a_unit_without_a_successor_is_taken_over_by_nobody(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED, dissolved(OTHER, "2024-06-10", None))
    content, _foot = composed(world.ledger, "month", "2024-06", "2024-06-30")
    assert "承接" not in overview_of(content)


def test_units_with_as_many_are_named_together() -> None:
    counts = [("甲镇", 3), ("乙镇", 2), ("丙乡", 2), ("丁局", 1)]
    assert situation_words.stalled_sentence(8, counts) == (
        "超过规定天数没有进展的项目8个，其中甲镇3个，乙镇、丙乡各2个，丁局1个。"
    )


def test_quarter_and_year_name_who_is_ahead_and_behind(county_ledger: Ledger) -> None:
    for kind, subject, day in (
        ("quarter", "2024-Q2", "2024-06-30"),
        ("year", "2024", "2024-12-31"),
    ):
        content, _foot = composed(county_ledger, kind, subject, day)
        assert isinstance(content, Notice)
        headings = [section.heading for section in content.sections]
        assert headings == ["总体情况", "进展较好", "进展较慢", "存在问题"]


def test_at_the_end_of_the_year_targets_are_reached_or_missed(county_ledger: Ledger) -> None:
    content, _foot = composed(county_ledger, "year", "2024", "2024-12-31")
    assert isinstance(content, Notice)
    text = "".join("".join(section.sentences) for section in content.sections)
    assert "时序进度" not in text
    assert "距年度目标差" in text
    assert "完成年度目标" in text
    assert "到位资金未完成年度目标的有" in text
    assert content.requirements == situation_words.REQUIREMENTS_OF_YEAR


def labels_of(content: DocumentContent, title: str) -> list[str]:
    assert isinstance(content, FormBatch)
    form = next(form for form in content.forms if form.title == title)
    return [*(entry.label for entry in form.entries), *form.signatures]


def test_a_sheet_to_be_signed_has_the_fields_of_its_kind(county_ledger: Ledger) -> None:
    content, _foot = composed(county_ledger, "due", "2024-06-12", "2024-06-12")
    exposure = labels_of(content, "公开曝光单（拟）")
    assert exposure[-4:] == ["曝光事实", "批准", "签发（盖章）：", "签发日期："]
    assert not {"反馈情况", "佐证清单", "签收："} & set(exposure)
    clearance = labels_of(content, "任务销号单（拟）")
    assert [label for label in clearance if label in ("办理结果", "提交", "审核", "佐证清单")] == [
        "办理结果",
        "提交",
        "审核",
        "佐证清单",
    ]
    assert "反馈情况" in labels_of(content, "任务交办单（拟）")
    # A sheet about a task says what the task is.
    assert isinstance(content, FormBatch)
    exposed = next(form for form in content.forms if form.title.startswith("公开曝光单"))
    (matter,) = [entry.text for entry in exposed.entries if entry.label == "事由"]
    assert matter == "加快施工和设备采购，实现投资出数（开招办交〔2024〕2号）"


def test_a_task_is_not_assigned_for_a_day_that_has_passed(county_ledger: Ledger) -> None:
    content, _foot = composed(county_ledger, "due", "2024-06-12", "2024-06-12")
    assert isinstance(content, FormBatch)
    days = set()
    for form in content.forms:
        if form.title == "任务交办单（拟）":
            days |= {entry.text for entry in form.entries if entry.label == "办结时限"}
    assert "" in days
    assert "2023年12月8日" not in days


def test_shares_and_moments_of_a_form_are_written_as_people_write_them(
    county_ledger: Ledger,
) -> None:
    content, _foot = composed(county_ledger, "information", "KH-2024-016", "2024-12-31")
    assert isinstance(content, FormBatch)
    texts = {entry.label: entry.text for entry in content.forms[0].entries}
    assert texts["县外投资比例"] == "65%"
    assert texts["计划总投资"] == "3010万元"
    assert texts["报送时间"] == "2024年2月18日 10:29"


def test_an_incentive_says_by_what_it_was_earned(county_ledger: Ledger) -> None:
    content, _foot = composed(county_ledger, "year", "2024", "2024-12-31")
    table = tables_of(content)["专项激励"]
    headings = [column.heading for column in table.columns]
    grounds = {}
    for row in table.rows:
        cells = dict(zip(headings, row, strict=True))
        grounds[cells["项目编号"], cells["激励"]] = cells["达到条件"]
    assert grounds["KH-2024-018", "记功"] == "流转至智造新城，视同入库资金达标"
    assert grounds["KH-2023-050", "记功"] == "入库资金达5000万元"
    assert grounds["KH-2023-033", "嘉奖"] == "入库资金达3000万元"
