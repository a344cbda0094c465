"""Corrected record times are named by every result that rests on them, and facts dated ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.handlers.publishing import publish_scores
from commands.reports.document_reading import read_document
from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from projections.views.requested_axes import RequestedAxes
from tests.commands.conftest import Cli
from tests.given import TOWN, of, reported, unit

JUNE = datetime(2024, 6, 1, 9, tzinfo=SHANGHAI)
WRONG = datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
NAMED = "positions 3 to 4 count as recorded at 2024-06-02 09:00, corrected by county#1"


class Story:
    """A store in which a clock went wrong for one record."""

    def __init__(self, cli: Cli) -> None:
        self.cli = cli
        self.at(JUNE, unit(), reported(investor_traits=["foreign"]))
        # Two years ahead a fact of the year after passes.
        self.at(WRONG, of("ConsultationHeld", "2025-02-01", outcome="passed"))
        self.at(JUNE + DAY, of("ViolationFound", "2024-06-02", finding="围墙"))

    def at(self, now: datetime, *records: dict[str, Any]) -> None:
        """Record something while the clock says so."""
        with Ledger.open(self.cli.url, clock=lambda: now) as ledger:
            for record in records:
                ledger.record(read_record(record), Author("clerk-01"))

    def correct(self, last: int = 4) -> None:
        """Let the events by the wrong clock count as recorded on the day after."""
        self.at(
            JUNE + 2 * DAY,
            {
                "event": "RecordTimeCorrected",
                "occurred_on": "2024-06-03",
                "first": 3,
                "last": last,
                "recorded_at": "2024-06-02T09:00:00+08:00",
                "reason": "时钟误设",
                "approved_by": "张主任",
            },
        )


@pytest.fixture
def story(store_url: str, capsys: pytest.CaptureFixture[str]) -> Story:
    """A project of which two events were stamped by a wrong clock."""
    with Ledger.open(store_url, create=True):
        pass
    return Story(Cli(store_url, capsys))


AXES = ("--year", "2024", "--as-of", "2024-06-30")


def test_results_with_the_corrected_events_name_the_correction(story: Story) -> None:
    commands = [
        ("score", *AXES),
        ("explain", TOWN, *AXES),
        ("explain", "P", *AXES),
        ("board", "2024-06"),
        ("board", "2024-06", "--unit", TOWN),
        ("project", "history", "P"),
        ("targets", *AXES),
        ("deadlines", "--as-of", "2024-06-30"),
    ]
    for command in commands:
        assert "record times corrected" not in story.cli(*command).err
    story.correct()
    for command in commands:
        answer = story.cli(*command)
        assert (answer.code, NAMED in answer.err) == (0, True), command
        assert "张主任" in answer.err


def test_json_names_it_too_and_only_then(story: Story) -> None:
    commands: list[tuple[str, ...]] = [
        ("score", *AXES),
        ("explain", "P", *AXES),
        ("board", "2024-06"),
        ("board", "2024-06", "--unit", TOWN),
    ]
    for command in commands:
        assert "record_time_corrections" not in story.cli(*command, "--format", "json").json
    story.correct()
    for command in commands:
        rows = story.cli(*command, "--format", "json").json["record_time_corrections"]
        assert rows == [
            {
                "event": "county#1",
                "first": 3,
                "last": 4,
                "recorded_at": "2024-06-02T09:00:00+08:00",
                "reason": "时钟误设",
                "approved_by": "张主任",
            }
        ]


def test_known_at_follows_the_corrected_times_also_before_the_correction(story: Story) -> None:
    def events_at(moment: str) -> int:
        return len(story.cli("project", "history", "P", "--known-at", moment, *JSON).json)

    assert [events_at(moment) for moment in ("2024-06-01", "2024-06-02")] == [1, 1]
    story.correct()
    assert [events_at(moment) for moment in ("2024-06-01", "2024-06-02")] == [1, 3]
    # Before its events count, a correction bears on nothing.
    assert story.cli("score", *AXES, "--known-at", "2024-06-01").err == ""


JSON = ("--format", "json")


def test_a_correction_that_takes_events_from_a_moment_is_named_there(story: Story) -> None:
    story.correct()
    later = ("--recorded-at", "2024-06-02 10:00", "--reason", "再更正", "--approved-by", "李主任")
    span = ("--first", "3", "--last", "4", "--occurred-on", "2024-06-03")
    assert story.cli("record", "RecordTimeCorrected", *span, *later, "--clock-is-right").code == 0
    answer = story.cli("score", *AXES, "--known-at", "2024-06-02 09:30")
    assert "county#2" in answer.err


def test_a_fact_dated_after_its_corrected_time_is_an_anomaly(story: Story) -> None:
    show = ("project", "show", "P", "--as-of", "2025-03-01")
    before = story.cli(*show, *JSON).json["anomalies"]
    story.correct()
    after = story.cli(*show, *JSON).json["anomalies"]
    assert len(after) == len(before) + 1
    assert "P#2 is dated 2025-02-01" in after[-1]
    assert "P#2" in story.cli(*show).out
    # A fact of a later day than the view's is not there yet.
    earlier = story.cli("project", "show", "P", "--as-of", "2024-06-30", *JSON)
    assert earlier.json["anomalies"] == []
    verified = story.cli("audit", "verify")
    assert NAMED in verified.out
    assert "P#2 is dated 2025-02-01" in verified.out
    notes = story.cli("audit", "verify", *JSON).json["record_time_corrections"]
    assert len(notes) == 2


def test_history_shows_stamp_and_corrected_moment(story: Story) -> None:
    story.correct()
    rows = story.cli("project", "history", "P", *JSON).json
    assert [row.get("counts_as_recorded_at") for row in rows] == [
        None,
        "2024-06-02T09:00:00+08:00",
        "2024-06-02T09:00:00+08:00",
    ]
    assert rows[1]["recorded_at"] == WRONG.isoformat()
    assert "2024-06-02 09:00" in rows[1]["corrected"]
    assert "county#1" in rows[1]["corrected"]


@pytest.mark.parametrize("ending", ["xlsx", "pdf", "docx"])
def test_documents_name_it_and_earlier_ones_still_check(
    story: Story, tmp_path: Path, ending: str
) -> None:
    report = ("report", "month", "2024-06", "--format", ending, "--to")
    assert story.cli(*report, tmp_path / "earlier").code == 0
    (earlier,) = (tmp_path / "earlier").iterdir()
    story.correct()
    assert story.cli("audit", "document", earlier).code == 0
    answer = story.cli(*report, tmp_path / "later")
    assert (answer.code, NAMED in answer.err) == (0, True)
    (later,) = (tmp_path / "later").iterdir()
    assert story.cli("audit", "document", later).code == 0
    document = read_document(later)
    text = "".join("".join([*document.lines, *document.cells.values()]).split())
    assert "第3至4条的录入时间按2024年6月2日09:00计（录入时间更正county#1）" in text


def test_publications_keep_position_tree_and_stamps(story: Story) -> None:
    with Ledger.open(story.cli.url, clock=lambda: JUNE + DAY) as ledger:
        publish_scores(ledger, RequestedAxes(2024, JUNE.date()), Author("clerk-01"))
        # The clock was right again, but the last time was not: its own stamp is a wrong one.
        assert datetime.fromisoformat(ledger.head().recorded_at) == WRONG
    before = story.cli("audit", "publications", *JSON).json
    assert [row["differing"] for row in before] == [[]]
    story.correct(last=5)
    assert story.cli("audit", "publications", *JSON).json == before
