"""Projects are found by near names and folded codes, in stores of every version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.derived_repair import repair_derived
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.store_copies import StoreCopy
from lifecycle.ledger.verification import verify
from tests.given import CODE, UNITS, JsonRecord, correction, reported
from tests.ledgers import CLERK, LATER
from tests.outside_changes import change_outside
from tests.store_copies import CopyOf

SILICON, MORE_SILICON = "年产5万吨有机硅材料项目", "年产10万吨有机硅材料"


def _write_silicon(url: str) -> None:
    with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
        for record in (*UNITS, reported("P", name=SILICON)):
            ledger.record(read_record(record), CLERK)


@pytest.fixture
def store_url(copy_of: CopyOf) -> str:
    """The URL of a store with one project of silicon."""
    return copy_of(_write_silicon)


@pytest.fixture
def ledger(store_url: str) -> Iterator[Ledger]:
    with Ledger.open(store_url, clock=lambda: LATER) as ledger:
        yield ledger


def warned(ledger: Ledger, record: JsonRecord) -> list[tuple[str, object]]:
    """Return rule and listed projects of each warning about a record, which is not stored."""
    draft = read_record(record)
    entry = ledger.preview(lambda work: work.record(draft), CLERK)
    return [(problem.rule, problem.values["listed"]) for problem in entry.warnings]


def similar_to(*codes: str) -> list[tuple[str, object]]:
    return [("similar_name", [f"{code} “{SILICON}” (华埠镇)" for code in codes])]


def test_a_near_name_is_found_from_its_report_on(ledger: Ledger) -> None:
    assert warned(ledger, reported("Q", name=MORE_SILICON)) == similar_to("P")
    assert warned(ledger, reported("Q", name="竹制品加工")) == []


def test_the_same_investor_is_a_stronger_sign_than_the_name(ledger: Ledger) -> None:
    same = reported("Q", name=MORE_SILICON, investor="投资方 P")
    ((rule, listed),) = warned(ledger, same)
    assert (rule, listed) == ("same_investor", [f"P “{SILICON}” (华埠镇)"])
    # With a code in one of the reports alone the identities differ, but not the investors.
    coded = reported("Q", name=SILICON, investor="投资方P", investor_code=CODE)
    assert [rule for rule, _listed in warned(ledger, coded)] == ["same_investor"]


def test_the_index_follows_corrections_of_the_name(ledger: Ledger) -> None:
    ledger.record(read_record(correction(1, {"name": "竹制品加工"})), CLERK)
    assert warned(ledger, reported("Q", name=MORE_SILICON)) == []
    ledger.record(read_record(correction(2, None)), CLERK)
    assert warned(ledger, reported("Q", name=MORE_SILICON)) == similar_to("P")
    assert verify(ledger).differences == []


def test_a_change_of_the_investor_leaves_the_name(ledger: Ledger) -> None:
    change = {
        "event": "InvestorChanged",
        "project": "P",
        "occurred_on": "2024-03-01",
        "investor": "新投资方",
    }
    for record in (change, correction(2, None)):
        ledger.record(read_record(record), CLERK)
        assert warned(ledger, reported("Q", name=MORE_SILICON)) == similar_to("P")
        assert verify(ledger).differences == []


def test_names_of_one_batch_are_found_before_they_are_stored(ledger: Ledger) -> None:
    with ledger.unit_of_work(CLERK) as work:
        work.record(read_record(reported("Q", name="锂电池材料")))
        entry = work.record(read_record(reported("R", name="鋰電池材料項目")))
        assert [problem.rule for problem in entry.warnings] == ["similar_name"]
        assert work.alike("project", "ｑ") == "Q"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ledger_claims WHERE kind = 'near'",
        "DELETE FROM ledger_claims WHERE kind = 'code'",
        "INSERT INTO ledger_claims VALUES ('near', 'ffffffffffff', 'project/P', 4)",
        "INSERT INTO ledger_claims VALUES ('code', 'z', 'project/P', 4)",
    ],
)
def test_a_changed_index_is_named_and_repaired(change: str, ledger: Ledger, store_url: str) -> None:
    change_outside(store_url, change)
    differences = verify(ledger).differences
    assert [difference.problem.rule for difference in differences] == ["claims"]
    assert repair_derived(ledger).replaced["claims"] > 0
    assert verify(ledger).differences == []
    assert warned(ledger, reported("Q", name=MORE_SILICON)) == similar_to("P")


def test_a_store_without_the_index_answers_alike_and_gets_it_with_its_next_write(
    store_url: str, ledger: Ledger
) -> None:
    change_outside(
        store_url,
        "DELETE FROM ledger_claims WHERE kind IN ('near', 'code')",
        "UPDATE ledger_head SET schema_version = 2",
    )
    with Ledger.open(store_url, clock=lambda: LATER) as earlier:
        assert verify(earlier).differences == []
        assert warned(earlier, reported("Q", name=MORE_SILICON)) == similar_to("P")
        with earlier.recorder.cursor(write=False):
            assert earlier.head().schema_version == 2
        if store_url.startswith("postgresql"):
            assert not earlier.recorder.upgrade(())
        earlier.record(read_record(reported("Q", name="竹制品加工")), CLERK)
        assert earlier.head().schema_version == 4
        assert verify(earlier).differences == []
        assert warned(earlier, reported("R", name=MORE_SILICON)) == similar_to("P")


def test_a_copy_of_a_store_without_the_index_has_it(
    store_url: str, ledger: Ledger, tmp_path: Path
) -> None:
    change_outside(
        store_url,
        "DELETE FROM ledger_claims WHERE kind IN ('near', 'code')",
        "UPDATE ledger_head SET schema_version = 2",
    )
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    with Ledger.open(store_url, clock=lambda: LATER) as earlier:
        # The copy verifies itself at its end.
        StoreCopy(earlier, target).run("copied: here")
    with Ledger.open(target, clock=lambda: LATER) as copied:
        assert copied.head().schema_version == 4
        with copied.recorder.cursor(write=False) as cursor:
            cursor.execute("SELECT count(*) FROM ledger_claims WHERE kind = 'near'")
            assert cursor.fetchone()[0] > 1
