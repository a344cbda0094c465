"""A unit of work decides on stored and pending events alike, flushed or not."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Conflict, Rejected, StoreError
from tests.given import OTHER, REPORTED, TOWN, UNITS, correction, of, reported, unit
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.outside_changes import change_outside

FILED = of("ProjectFiled", "2024-03-20", project_code="2403-330824-04-01-123456")


def task(number: int, **changes: object) -> dict[str, object]:
    fields = {
        "number": f"开招办交〔2024〕{number}号",
        "task": f"第{number}件",
        "responsible_unit": TOWN,
        "due_on": "2024-04-01",
    }
    return of("TaskAssigned", "2024-03-01", **fields) | changes


def rejected_rules(work: UnitOfWork, record: dict[str, object]) -> list[str]:
    with pytest.raises(Rejected) as rejection:
        work.record(read_record(record))
    return [problem.rule for problem in rejection.value.problems]


@pytest.mark.parametrize("flushed", [False, True])
def test_later_drafts_are_checked_against_pending_events(store_url: str, flushed: bool) -> None:
    with (
        Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger,
        ledger.unit_of_work(CLERK) as work,
    ):
        for record in (*REPORTED, FILED | {"key": "k"}, task(1)):
            work.record(read_record(record))
        if flushed:
            work.flush()
        assert work.pending_count == (0 if flushed else 6)
        assert rejected_rules(work, unit(sequence="别的")) == ["second_registration"]
        assert rejected_rules(work, reported("Q", name="项目P", investor="投资方P")) == [
            "identity_claimed"
        ]
        work.record(read_record(reported("Q")))
        assert rejected_rules(work, {**FILED, "project": "Q"}) == ["filing_code_taken"]
        assert rejected_rules(work, {**FILED, "key": "k", "project": "Q"}) == ["key_conflict"]
        assert rejected_rules(work, task(3)) == ["number_order"]
        assert work.record(read_record(task(2, project="Q"))).ref == "Q#2"
        assert work.record(read_record(FILED | {"key": "k"})).already
        assert work.record(read_record(reported("Q"))).already
        near = work.record(read_record(reported("R", name="关于项目P的项目Q")))
        nearer = work.record(read_record(reported("S", name="关于项目P的项目")))
        assert (
            [warning.rule for warning in near.warnings],
            [warning.rule for warning in nearer.warnings],
        ) == ([], ["similar_name"])
        assert work.nearest_units("华埠")[0] == TOWN


@pytest.mark.parametrize("known", [False, True])
def test_a_correction_in_a_batch_sees_pending_events(store_url: str, known: bool) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        with ledger.unit_of_work(CLERK) as work:
            for record in (*REPORTED, FILED):
                work.record(read_record(record))
            if known:
                assert work.is_unit(OTHER)
                assert rejected_rules(work, reported("Q", name="项目P", investor="投资方P")) == [
                    "identity_claimed"
                ]
            work.record(read_record(correction(2, None)))
            work.record(read_record(correction(1, {"name": "新名", "reporting_unit": OTHER})))
            for record in (
                reported("Q", name="项目P", investor="投资方P"),
                {**FILED, "project": "Q"},
            ):
                work.record(read_record(record))
            assert rejected_rules(work, correction(3, None)) == ["filing_code_taken"]
            void_unit = {
                "event": "FactCorrected",
                "unit": TOWN,
                "occurred_on": "2024-06-01",
                "corrects": 1,
                "replacement": None,
                "reason": "误",
                "approved_by": "余",
            }
            assert rejected_rules(work, void_unit) == ["unit_in_use"]  # by Q
            work.record(read_record(correction(1, {"reporting_unit": OTHER}, "Q")))
            work.record(read_record(void_unit))
            assert not work.is_unit(TOWN)
            assert rejected_rules(work, reported("S")) == ["unit_not_registered"]
        assert [item.version for item in ledger.history(Stream("project", "P"))] == [1, 2, 3, 4]


def test_a_rejection_leaves_the_unit_of_work_unchanged(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.unit_of_work(CLERK) as work:
        for record in REPORTED:
            work.record(read_record(record))
        for bad in (
            reported("Q", reporting_unit="无"),
            task(5),
            correction(9, None),
            correction(1, {"name": "项目P"}, "无"),
        ):
            with pytest.raises(Rejected):
                work.record(read_record(bad))
        assert work.record(read_record(task(1))).position == len(REPORTED) + 1
    with new_ledger(tmp_path) as ledger:
        assert ledger.head().position == ledger.tree().size == len(REPORTED) + 1


def test_keys_looked_up_at_once_are_the_same_keys(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, [*REPORTED, FILED | {"key": "k"}, correction(1, {"name": "新名"})], keep=False)
        drafts = [
            read_record(record)
            for record in (
                *REPORTED,
                FILED | {"key": "k"},
                correction(1, {"name": "新名"}),
                reported("Q"),
                reported("Q"),
            )
        ]
        with ledger.unit_of_work(CLERK) as work:
            work.prefetch(drafts)
            work.prefetch(drafts)
            entries = [work.record(draft) for draft in drafts]
        assert [entry.already for entry in entries] == [True] * 6 + [False, True]
        assert [entry.position for entry in entries] == [1, 2, 3, 4, 5, 6, 7, 7]


def outcomes(work: UnitOfWork, records: list[dict[str, object]]) -> list[object]:
    """Record what is allowed: the name of each event, or the rules by which it is rejected."""
    outcomes: list[object] = []
    for record in records:
        try:
            entry = work.record(read_record(record), from_file=True)
        except Rejected as rejection:
            outcomes.append([problem.rule for problem in rejection.problems])
        else:
            outcomes.append((entry.ref, entry.already))
    return outcomes


def test_what_is_looked_up_at_once_decides_as_what_is_looked_up_one_by_one(store_url: str) -> None:
    batch = [
        reported("Q", name="项目P", investor="投资方P"),
        reported("P"),
        reported("p"),
        reported("Q"),
        FILED | {"project": "Q"},
        FILED,
        unit("新镇"),
        unit("新镇", sequence="县级部门"),
        unit(TOWN, occurred_on="2024-01-05"),
        of("ReviewHeld", "2024-04-01", "Q", findings="正常"),
        of("ReviewHeld", "2024-04-01", "Z", findings="正常"),
    ]
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, [*REPORTED, FILED], keep=False)
        by_way: dict[bool, list[object]] = {}
        for is_prefetched in (False, True):
            with pytest.raises(_NothingKept), ledger.unit_of_work(CLERK) as work:
                drafts = []
                for record in batch:
                    with suppress(Rejected):
                        drafts.append(read_record(record))
                if is_prefetched:
                    work.prefetch(drafts)
                first = outcomes(work, batch)
                work.flush()
                # What was looked up before the flush holds no longer.
                by_way[is_prefetched] = first + outcomes(work, batch)
                raise _NothingKept
    assert by_way[True] == by_way[False]
    assert ["identity_claimed"] in by_way[True]
    assert ["filing_code_taken"] in by_way[True]


class _NothingKept(Exception):  # noqa: N818 -- leaves the transaction, no error
    """Leaves a unit of work without keeping what it recorded."""


def test_a_stream_without_its_first_event_is_damaged_and_not_new(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, [*REPORTED, FILED], keep=False)
    change_outside(
        store_url,
        "DELETE FROM ledger_events WHERE originator_id = 'project/P' AND originator_version = 1",
    )
    with (
        Ledger.open(store_url, clock=lambda: LATER) as ledger,
        pytest.raises(StoreError, match="event 1 of project/P is missing"),
        ledger.unit_of_work(CLERK) as work,
    ):
        draft = read_record(reported("P", name="新名"))
        work.prefetch([draft])
        work.record(draft)


def test_states_evicted_from_the_cache_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lifecycle.ledger.ledger_states._MOST_STATES", 2)
    with new_ledger(tmp_path) as ledger, ledger.unit_of_work(CLERK) as work:
        for record in (*UNITS, *(reported(f"P{number}") for number in range(5))):
            work.record(read_record(record))
            work.flush()
        assert len(work._states) == 2
        assert rejected_rules(work, reported("P0", investor="别家")) == ["code_taken"]
        assert work.record(read_record(correction(1, {"name": "新名"}, "P1"))).ref == "P1#2"


def test_a_dry_run_records_nothing(store_url: str) -> None:
    class Enough(Exception):  # noqa: N818 -- no error
        pass

    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, REPORTED, keep=False)
        before = ledger.head()
        with pytest.raises(Enough), ledger.unit_of_work(CLERK) as work:
            work.record(read_record(FILED))
            work.flush()
            work.record(read_record(task(1)))
            raise Enough
        assert ledger.head() == before
        assert [entry.position for entry in fill(ledger, [FILED, task(1)], keep=False)] == [5, 6]


def test_an_attempt_that_records_nothing_appends_nothing(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, REPORTED, keep=False)
        before = ledger.head()
        assert ledger.execute(lambda work: work.is_unit(TOWN), CLERK)
        assert ledger.record(read_record(reported()), CLERK).already
        assert ledger.head() == before
        with ledger.recorder.cursor(write=False) as cursor:
            work = UnitOfWork(ledger.recorder, cursor, CLERK, LATER)
        work.commit()  # nothing is pending, so the closed cursor is not used


def test_an_attempt_can_correct_its_own_pending_event(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, REPORTED, keep=False)
        wrong, right = FILED | {"note": "误"}, correction(2, {"note": None})
        entries = ledger.execute(
            lambda work: [work.record(read_record(record)) for record in (wrong, right, task(1))],
            CLERK,
        )
        assert [(entry.ref, entry.position) for entry in entries] == [
            ("P#2", 5),
            ("P#3", 6),
            ("P#4", 7),
        ]
        assert [item.version for item in ledger.history(Stream("project", "P"))] == [1, 2, 3, 4]
        assert ledger.head().position == ledger.tree().size == 7


def test_a_unit_of_work_that_always_loses_the_race_is_reported(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lifecycle.ledger.store._OPTIMISTIC_ATTEMPTS", 99)
    with Ledger.open(store_url, create=True) as ledger, Ledger.open(store_url) as other_process:
        number = iter(range(99))

        def act(work: UnitOfWork) -> str:
            other_process.record(read_record(unit(f"第{next(number)}镇")), CLERK)
            return work.record(read_record(unit("慢镇"))).ref

        with pytest.raises(Conflict, match="20 times"):
            ledger.execute(act, CLERK)
        assert ledger.head().position == 20
