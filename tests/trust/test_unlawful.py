"""`audit verify` names each event that `record` would have rejected, and no other."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, strategies as st

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.audit_expectations import LedgerDifference
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected
from tests.compatibility.test_v0_1_0 import FOLDER as FIRST_VERSION
from tests.county import CountyCli
from tests.forged import append_unchecked
from tests.given import OTHER, REPORTED, JsonRecord, correction, of, reported, unit
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.outside_changes import change_outside
from tests.reference.histories import histories
from tests.soak import examples

FILED: Final = of("ProjectFiled", project_code="2401-330824-04-01-000001")
BEFORE: Final = [
    *REPORTED,
    FILED,
    reported("Q"),
    of("ProjectTerminated", "2024-05-01", reason="撤"),
]
UNLAWFUL: Final[dict[str, JsonRecord]] = {
    "no_information": of("ReviewHeld", "2024-03-01", "没有", findings="正常"),
    "code_taken": reported(name="别的", investor="别人"),
    "identity_claimed": reported("R", name="项目P", investor="投资方P"),
    "second": FILED | {"note": "再"},
    "filing_code_taken": FILED | {"project": "Q"},
    "no_statistics": of("InvestmentReported", None, "Q", month="2024-03", fixed_assets="1"),
    "terminated": of("ConsultationHeld", "2024-06-01", outcome="deferred"),
    "second_registration": unit(note="再"),
    "unit_not_registered": reported("R", reporting_unit="没有的镇"),
    "future": of("ReviewHeld", "2031-01-01", findings="正常"),
    "number_order": of(
        "TaskAssigned",
        number="开招办交〔2024〕2号",
        task="办理用地手续",
        responsible_unit=OTHER,
        due_on="2024-04-01",
    ),
    "void_information": correction(1, None),
    "no_such_version": correction(9, None),
    "rulebook_unsound": {
        "event": "RulebookAdopted",
        "occurred_on": "2024-01-01",
        "rulebook_id": "x",
        "digest": "a" * 64,
        "content": "x = 1",
    },
}


def unlawful(differences: list[LedgerDifference]) -> list[tuple[int | None, object]]:
    """The position and the broken rule of each unlawful event; nothing else may differ."""
    places: list[tuple[int | None, object]] = []
    for difference in differences:
        assert difference.problem.rule == "unlawful", str(difference.problem)
        position = None if difference.place is None else difference.place.position
        places.append((position, difference.problem.values["rule"]))
    return places


def draft_is_rejected_by(ledger: Ledger, record: JsonRecord) -> str | None:
    try:
        ledger.preview(lambda work: work.record(read_record(record)), CLERK)
    except Rejected as rejection:
        return rejection.problems[0].rule
    return None


@pytest.mark.parametrize("rule", UNLAWFUL)
def test_an_event_that_record_would_reject_is_named(tmp_path: Path, rule: str) -> None:
    record = UNLAWFUL[rule]
    with new_ledger(tmp_path) as ledger:
        fill(ledger, BEFORE, keep=False)
        assert draft_is_rejected_by(ledger, record) == rule
        assert verify(ledger).differences == []
        position = append_unchecked(ledger, record)
        assert unlawful(verify(ledger).differences) == [(position, rule)]
        # What is recorded on top of it stays lawful.
        ledger.record(read_record(unit("新镇")), CLERK)
        assert unlawful(verify(ledger).differences) == [(position, rule)]


def test_it_is_named_on_either_database(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, BEFORE, keep=False)
        position = append_unchecked(ledger, UNLAWFUL["identity_claimed"])
        rules = [difference.problem.rule for difference in verify(ledger).differences]
        places = [difference.place for difference in verify(ledger).differences]
    assert "unlawful" in rules
    place = places[rules.index("unlawful")]
    assert place is not None
    assert place.position == position


@examples(15)
@given(records=histories())
def test_whatever_was_recorded_is_lawful(records: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        assert verify(ledger).differences == []


@examples(15)
@given(data=st.data())
def test_whatever_record_rejects_is_named_once_it_stands(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        again = dict(data.draw(st.sampled_from(records)))
        again.pop("recorded_at", None)
        again["key"] = "noch einmal"
        rule = draft_is_rejected_by(ledger, again)
        position = append_unchecked(ledger, again)
        expected = [] if rule is None else [(position, rule)]
        assert unlawful(verify(ledger).differences) == expected


def test_what_the_first_version_recorded_is_lawful(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(gzip.decompress((FIRST_VERSION / "ledger.db.gz").read_bytes()))
    with Ledger.open(f"sqlite:///{path}") as ledger:
        assert verify(ledger).differences == []


def test_names_that_only_look_different_were_lawful_before(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, [unit("ABC")], keep=False)
        append_unchecked(ledger, unit("ＡＢＣ"))
        assert unlawful(verify(ledger).differences) == [(2, "second_registration")]
        change_outside(
            f"sqlite:///{tmp_path / 'ledger.db'}", "UPDATE ledger_upgrades SET position = 2"
        )
        assert verify(ledger).differences == []


def test_a_termination_before_later_facts_was_lawful_before(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, [*REPORTED, of("ReviewHeld", findings="正常"), FILED], keep=False)
        early = of("ProjectTerminated", "2024-02-01", reason="撤")
        position = append_unchecked(ledger, early)
        assert unlawful(verify(ledger).differences) == [(position, "facts_after_termination")]
        # A correction of another fact of the project is lawful all the same.
        ledger.record(read_record(correction(2, {"note": "复核"})), CLERK)
        assert unlawful(verify(ledger).differences) == [(position, "facts_after_termination")]
        change_outside(
            f"sqlite:///{tmp_path / 'ledger.db'}",
            f"UPDATE ledger_upgrades SET position = {position}",
        )
        assert verify(ledger).differences == []


def test_a_second_project_let_in_by_a_deleted_claim_is_named(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, REPORTED, keep=False)
        change_outside(store_url, "DELETE FROM ledger_claims WHERE kind = 'identity'")
        entry = ledger.record(read_record(UNLAWFUL["identity_claimed"]), CLERK)
        differences = verify(ledger).differences
    named = {
        (difference.problem.rule, difference.problem.values.get("position"))
        for difference in differences
    }
    assert ("unlawful", entry.position) in named


def test_an_event_out_of_its_stream_s_order_is_named(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, REPORTED, keep=False)
        change_outside(
            f"sqlite:///{tmp_path / 'ledger.db'}",
            "UPDATE ledger_events SET originator_version = 7 WHERE rowid = 4",
        )
        named = {
            difference.problem.rule: difference.problem.values
            for difference in verify(ledger).differences
        }
    assert named["unlawful"]["rule"] == "version"


def test_the_command_names_it_in_words(county: CountyCli) -> None:
    with Ledger.open(county.url) as ledger:
        append_unchecked(ledger, unit("华埠镇"))
    verdict = county("audit", "verify")
    assert verdict.code == 1
    assert "breaks the rule second_registration" in verdict.err
