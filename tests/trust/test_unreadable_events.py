"""Events of a known topic whose fields cannot be read: refused by name, and mended by a void."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.derived_repair import repair_derived
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.merkle_tree import leaf_hash, leaf_input
from lifecycle.rejections import Rejected, StoreError
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle
from projections.facts.county_facts import county_facts
from projections.facts.narrow_events import share_micro, signed_micro
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.rulebook_in_force import adopted
from tests.given import REPORTED, TOWN, correction, of
from tests.postgres import running_server
from tests.trust.roles import ranked_store

REVIEWED = of("ReviewHeld", "2024-06-01", findings="正常")


@dataclass(frozen=True)
class Insider:
    """A store, who appends to it past our rules, and who repairs it."""

    url: str
    repairer: Author
    append: Callable[[str, str, dict[str, object]], None]

    def opened(self) -> Ledger:
        ledger = Ledger.open(self.url)
        ledger.clock_is_right = True
        return ledger


@pytest.fixture(params=["sqlite", "postgresql"])
def insider(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Insider]:
    if request.param == "sqlite":
        yield _insider_on_sqlite(f"sqlite:///{tmp_path / 'l.db'}")
        return
    with ranked_store(running_server()) as store:
        url = store.url("owner")
        yield Insider(url, Author(store.logins["owner"]), appending(url))


def _insider_on_sqlite(url: str) -> Insider:
    with Ledger.open(url, create=True) as ledger, ledger.unit_of_work(Author("余敏")) as work:
        for record in REPORTED:
            work.record(read_record(record))

    return Insider(url, Author("余敏"), appending(url))


def appending(url: str) -> Callable[[str, str, dict[str, object]], None]:
    """Append past the rules, as a store of an earlier version may have let a login do."""

    def append(stream: str, topic: str, fields: dict[str, object]) -> None:
        now = datetime.now(SHANGHAI).isoformat()
        state = json.dumps(fields | {"recorded_at": now, "recorded_by": "余敏"}).encode()
        with Ledger.open(url) as ledger, ledger.recorder.cursor(write=True) as cursor:
            version = len(ledger.recorder.stored_history(cursor, Stream.of(stream))) + 1
            row = (read_head(cursor).position + 1, stream, version, topic, state)
            ledger.recorder.append_rows(cursor, [row], [leaf_hash(leaf_input(*row[1:]))], now)

    return append


def score(ledger: Ledger) -> object:
    view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
    assert adopted(county_facts(ledger, view.position)) == []
    return evaluate(ledger, view)


UNIT = f"unit/{TOWN}"
BROKEN: dict[str, tuple[str, str, dict[str, object], str]] = {
    "a field is missing": (UNIT, "ActivityHeld/2", {"occurred_on": "2024-03-01"}, "activity"),
    "a field has another type": (
        "project/P",
        "ConsultationHeld/1",
        {"occurred_on": 5, "outcome": "passed"},
        "occurred_on",
    ),
    "a day does not exist": (
        "project/P",
        "ConsultationHeld/1",
        {"occurred_on": "2024-02-31", "outcome": "passed"},
        "occurred_on",
    ),
    "a month does not exist": (UNIT, "RoutineAssessed/1", {"month": "2024-99"}, "month"),
    "a correction corrects nothing": (
        "project/P",
        "FactCorrected/1",
        {"occurred_on": "2024-03-01", "replacement": None, "reason": "误", "approved_by": "甲"},
        "corrects",
    ),
    "a day is missing in the county": (
        "county",
        "MeetingHeld/1",
        {"meeting": "ad_hoc"},
        "occurred_on",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_named_and_a_void_mends_it(
    insider: Insider, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stream_id, topic, fields, field_name = BROKEN[case]
    with insider.opened() as ledger:
        before = score(ledger)
    insider.append(stream_id, topic, fields)
    stream = Stream.of(stream_id)
    with insider.opened() as ledger:
        version, position = len(ledger.stored_history(stream)), ledger.head().position
        place = f"event {version} of {stream_id} at position {position} cannot be read"
        with pytest.raises(StoreError, match=f"{place} .*{field_name}.*--void"):
            score(ledger)
        with pytest.raises(StoreError, match=place):
            ledger.history(stream)
        assert {each.problem.rule for each in verify(ledger).differences} == {"unreadable"}

        ledger.record(read_record(void_of(stream, version)), insider.repairer)

        assert score(ledger).scores == before.scores  # type: ignore[attr-defined]
        assert len(ledger.history(stream)) == version + 1
        readmodels.rebuild(ledger, insider.url)
        result = verify(ledger)
        assert result.differences == []
        assert [each.rule for each in result.not_shown].count("unreadable_void") == 1
        assert not any(repair_derived(ledger).replaced.values())
        ledger.record(read_record(REVIEWED), insider.repairer)
        write_bundle(ledger, tmp_path / "b.zip")
    verify_bundle.main([str(tmp_path / "b.zip")])
    assert capsys.readouterr().out.splitlines()[-1].startswith("CONSISTENT")


REPORT: dict[str, object] = {
    "occurred_on": "2024-03-31",
    "month": "2024-03",
    "fixed_assets": "100",
}
TAX: dict[str, object] = {"occurred_on": "2024-03-31", "month": "2024-03", "amount": "1"}
MEETING: dict[str, object] = {"occurred_on": "2024-03-01", "outcome": "passed"}
NO_VALUES: list[tuple[str, dict[str, object]]] = [
    *(
        ("InvestmentReported/1", REPORT | {"fixed_assets": amount})
        for amount in ("much", "NaN", "1e999999999", "1/3", "9" * 400, "", "-5", "-0.5", "--5")
    ),
    ("InvestmentReported/1", REPORT | {"month": "2024-99"}),
    ("InvestmentReported/1", REPORT | {"month": "2024-3"}),
    ("TaxPaid/1", TAX | {"amount": "-1"}),
    ("TaxPaid/1", TAX | {"month": "March"}),
    ("ConsultationHeld/1", MEETING | {"outcome": "bought"}),
]


@pytest.mark.parametrize(("topic", "fields"), NO_VALUES)
def test_a_value_that_is_none_of_its_field_s_is_named_and_nothing_is_scored(
    insider: Insider, topic: str, fields: dict[str, object]
) -> None:
    insider.append("project/P", topic, fields)
    stream = Stream.of("project/P")
    with insider.opened() as ledger:
        position, version = ledger.head().position, len(ledger.stored_history(stream))
        place = f"event {version} of project/P at position {position} cannot be read"
        with pytest.raises(StoreError, match=place):
            score(ledger)
        with pytest.raises(StoreError, match=place):
            ledger.history(stream)
        [difference] = verify(ledger).differences
        assert difference.problem.rule == "unreadable"
        assert difference.problem.values["position"] == position

        ledger.record(read_record(void_of(stream, version)), insider.repairer)
        assert score(ledger)


def test_points_may_be_negative_and_shares_not_above_all_of_it() -> None:
    assert (signed_micro("-1.5"), share_micro("1"), share_micro("0.35")) == (
        -1_500_000,
        1_000_000,
        350_000,
    )
    with pytest.raises(StoreError, match="where a number belongs"):
        share_micro("1.000001")
    with pytest.raises(StoreError, match="where a number belongs"):
        signed_micro("--1")


def test_of_two_unreadable_events_each_is_voided_on_its_own(insider: Insider) -> None:
    for _time in range(2):
        insider.append(UNIT, "ActivityHeld/2", {"occurred_on": "2024-03-01"})
    unit = Stream.of(UNIT)
    held = of("ActivityHeld", "2024-03-01", activity="赴杭", led_by_head=True) | {"unit": TOWN}
    del held["project"]
    with insider.opened() as ledger:
        for version in (3, 2):
            with pytest.raises(StoreError, match="cannot be read"):
                ledger.record(read_record(held), insider.repairer)
            ledger.record(read_record(void_of(unit, version)), insider.repairer)
        ledger.record(read_record(held), insider.repairer)
        assert verify(ledger).differences == []


def test_until_it_is_voided_nothing_else_of_its_stream_is_corrected(insider: Insider) -> None:
    insider.append("project/P", "ReviewHeld/1", {"occurred_on": "2024-03-01"})
    with insider.opened() as ledger:
        with pytest.raises(StoreError, match="event 2 of project/P"):
            ledger.record(read_record(correction(1, {"name": "新名"})), insider.repairer)
        with pytest.raises(Rejected, match="can only be voided"):
            ledger.record(read_record(correction(2, {"findings": "正常"})), insider.repairer)
        ledger.record(read_record(correction(2, None)), insider.repairer)
        ledger.record(read_record(correction(1, {"name": "新名"})), insider.repairer)
        # Its void is not taken back: nothing of the project could be read any more.
        with pytest.raises(Rejected, match="its void is not voided"):
            ledger.record(read_record(correction(3, None)), insider.repairer)
        assert verify(ledger).differences == []


def void_of(stream: Stream, version: int) -> dict[str, Any]:
    record = correction(version, None)
    del record["project"]
    if stream.kind != "county":
        record[stream.kind] = stream.name
    return record
