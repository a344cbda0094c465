"""Drafts of corrections: the clerks' own errors, corrected early or late, and random ones."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from commands.demo.county_data import planned_corrections
from commands.demo.day_book import DayBook, DraftRecord, KeyedDrafts
from commands.demo.demo_calendar import LAST_RECORDING, working_day_from
from commands.demo.project_life import amount_text

_CENTRE = "县招商投资促进中心方宏伟"
_RANDOM_CORRECTIONS = 6


def draft_corrections(
    book: DayBook,
    drafts: Mapping[str, KeyedDrafts],
    drawn_drafts: list[KeyedDrafts],
    seed: int,
) -> None:
    """Draft the planned corrections, the special cases, and a few of drawn projects' amounts.

    `drafts` holds the drafts of each storyline, and those of the units under "units".
    """
    for correction in planned_corrections():
        book.correct(
            drafts[correction.of][correction.draft],
            correction.on,
            correction.replacement,
            correction.reason,
            correction.approved_by,
        )
    _void_a_void(book, drafts["polyol"])
    _void_an_event_of_another_project(book, drafts["polyol"])
    _record_twins(book)
    # A generator of its own: what is drawn here does not shift the draws of other parts.
    _correct_by_chance(book, drawn_drafts, random.Random(f"{seed}/amendments"))


def _void_a_void(book: DayBook, drafts: KeyedDrafts) -> None:
    """The land purchase was voided by mistake, and the void is voided in its turn."""
    void = book.correct(
        drafts["LandAcquired"],
        date(2024, 8, 6),
        None,
        "误认为系另一宗地成交记录",
        _CENTRE,
    )
    reason = "经自然资源部门核对，原摘牌记录无误，恢复"
    book.correct(void, date(2024, 8, 20), None, reason, _CENTRE)


def _void_an_event_of_another_project(book: DayBook, drafts: KeyedDrafts) -> None:
    """A transfer recorded for the wrong project, and voided."""
    stream = drafts["InformationReported"].stream
    day = date(2024, 9, 4)
    transfer = book.note("ProjectTransferred", stream, day, day, {"to_unit": "县经信局"})
    reason = "流转审批单属另一项目，误录入本项目"
    book.correct(transfer, date(2024, 9, 11), None, reason, _CENTRE)


def _record_twins(book: DayBook) -> None:
    """Two pairs of facts alike in everything: a note tells one pair apart, a key the other."""
    day = date(2024, 9, 25)
    for note in ("上午场", "下午场"):
        fair: dict[str, object] = {
            "activity": "在义乌举办跨境电商企业专场推介会",
            "led_by_head": True,
            "note": note,
        }
        book.note("ActivityHeld", {"unit": "县商务局"}, day, day + timedelta(days=1), fair)
    day = date(2024, 5, 22)
    for number in (1, 2):
        visit: dict[str, object] = {
            "activity": "赴上海拜访食品饮料企业",
            "led_by_head": True,
            "key": f"huabu-2024-0522-{number}",
        }
        book.note("ActivityHeld", {"unit": "华埠镇"}, day, day + timedelta(days=1), visit)


def _correct_by_chance(
    book: DayBook,
    drawn_drafts: list[KeyedDrafts],
    rng: random.Random,
) -> None:
    """Amounts of a few drawn projects, found wrong some weeks later."""
    for wrong in rng.sample(_figures_of_2024(drawn_drafts), _RANDOM_CORRECTIONS):
        recorded_on = wrong.recorded_at.date()
        day = working_day_from(recorded_on + timedelta(days=rng.randint(20, 75)))
        # Drawn even if the day is too late: later draws must not depend on the calendar.
        amount = Decimal(rng.randint(9000, 60000)) / 100
        if day <= LAST_RECORDING:
            replacement: dict[str, object] = {"fixed_assets": amount_text(amount)}
            book.correct(wrong, day, replacement, "统计联网直报数据核对后更正", _CENTRE)


def _figures_of_2024(drawn_drafts: list[KeyedDrafts]) -> list[DraftRecord]:
    """Every figure recorded in 2024, once although a draft stands under two keys."""
    figures: dict[DraftRecord, None] = {}
    for drafts in drawn_drafts:
        for draft in drafts.values():
            is_figure = draft.event == "InvestmentReported"
            if is_figure and draft.recorded_at.year == 2024:
                figures[draft] = None
    return list(figures)
