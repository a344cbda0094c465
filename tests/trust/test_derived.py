"""What the store keeps beside its events is held against them: claims, numbers, keys, times."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.derived_repair import repair_derived
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.merkle_tree import leaf_hash, leaf_input
from lifecycle.rejections import Conflict, Rejected, StoreError
from tests.commands.conftest import Cli
from tests.county import CountyCli
from tests.given import OTHER, REPORTED, TOWN, correction, of, reported, unit
from tests.ledgers import CLERK, LATER
from tests.outside_changes import Statement, change_outside
from tests.pickling_engine import PicklingEngine
from tests.postgres import Server
from tests.store_copies import CopyOf
from tests.trust.roles import ranked_store

RECORDS: Final = [
    *REPORTED,
    of("ProjectFiled", project_code="2401-330824-04-01-000001"),
    # The name is changed and changed back: the claim starts again at the second correction.
    correction(1, {"name": "别名"}),
    correction(1, {"name": "项目P"}),
    # The filing is voided, the void is voided, and both once more.
    correction(2, None),
    correction(5, None),
    correction(6, None),
    correction(7, None),
    reported("Q"),
    correction(1, {"reporting_unit": OTHER}, "Q"),
]
"""The head, a claim of each kind, and corrections that take claims away and bring them back."""


def write_store(url: str) -> None:
    """Record the records one by one, so that each claim is moved in the database."""
    with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
        for record in RECORDS:
            ledger.record(read_record(record), CLERK)
        ledger.record(read_record(sheet()), CLERK)


@pytest.fixture
def stored_url(copy_of: CopyOf) -> str:
    """The URL of a copy of the store of these records, on either database."""
    return copy_of(write_store)


def sheet() -> dict[str, object]:
    """The first sheet of its sign and year."""
    return of(
        "TaskAssigned",
        "2024-03-01",
        number="开招办交〔2024〕1号",
        task="办理用地手续",
        responsible_unit=TOWN,
        due_on="2024-04-01",
    )


def differing(url: str) -> dict[str, str]:
    """The rules of all differences, with their messages; the same whoever computes the keys."""
    with Ledger.open(url, clock=lambda: LATER) as ledger:
        result = verify(ledger)
        in_parts = verify(ledger, choose_engine=lambda _events: PicklingEngine(1))
    assert repr(in_parts) == repr(result)
    return {difference.problem.rule: str(difference.problem) for difference in result.differences}


ATTACKS: Final[dict[str, tuple[str, str, Statement]]] = {
    "a claim deleted": (
        "claims",
        "the uniqueness claim filing",
        ("DELETE FROM ledger_claims WHERE kind = 'filing'", ()),
    ),
    "a claim invented": (
        "claims",
        "rests on no event",
        ("INSERT INTO ledger_claims VALUES ('filing', 'x', 'project/Q', 3)", ()),
    ),
    "a claim given to another stream": (
        "claims",
        "the uniqueness claim filing",
        ("UPDATE ledger_claims SET stream = 'project/Q' WHERE kind = 'filing'", ()),
    ),
    "a claim made older": (
        "claims",
        "the uniqueness claim identity",
        ("UPDATE ledger_claims SET position = 1 WHERE kind = 'identity'", ()),
    ),
    "a number set back": (
        "numbers",
        "is 0 in the store and 1 by the events",
        ("UPDATE ledger_numbers SET counter = 0", ()),
    ),
    "a number deleted": (
        "numbers",
        "is 0 in the store and 1 by the events",
        ("DELETE FROM ledger_numbers", ()),
    ),
    "a number invented": (
        "numbers",
        "is 7 in the store and 0 by the events",
        ("INSERT INTO ledger_numbers VALUES ('警', 2024, 7)", ()),
    ),
    "a key deleted": (
        "keys",
        "the event at position 2 is missing",
        ("DELETE FROM ledger_keys WHERE position = 2", ()),
    ),
    "a key's digest changed": (
        "keys",
        "the event at position 3 is missing or was changed",
        ("UPDATE ledger_keys SET digest = 'x' WHERE position >= 3", ()),
    ),
    "a key renamed": (
        "keys",
        "the event at position 4 is missing or was changed",
        ("UPDATE ledger_keys SET key = 'x' WHERE position = 4", ()),
    ),
    "a key's position changed": (
        "keys",
        "the event at position 5 is missing or was changed",
        ("UPDATE ledger_keys SET position = 6 WHERE position = 5", ()),
    ),
    "a key's leaf changed": (
        "keys",
        "the event at position 2 is missing or was changed",
        ("UPDATE ledger_keys SET leaf = ? WHERE position = 2", (bytes(32),)),
    ),
    "a key invented": (
        "keys",
        "belongs to no event",
        ("INSERT INTO ledger_keys VALUES ('new', 'd', 3, ?)", (bytes(32),)),
    ),
    "a key invented for an event to come": (
        "keys",
        "belongs to no event",
        ("INSERT INTO ledger_keys VALUES ('new', 'd', 99, ?)", (bytes(32),)),
    ),
    "the head's time put ahead": (
        "head_time",
        "2099",
        ("UPDATE ledger_head SET recorded_at = '2099-01-01T00:00:00+08:00'", ()),
    ),
    "the head's position set back": (
        "head",
        "head says position",
        ("UPDATE ledger_head SET position = position - 3", ()),
    ),
    "the head's position put ahead": (
        "head",
        "head says position",
        ("UPDATE ledger_head SET position = position + 3", ()),
    ),
    "the tree's frontier changed": (
        "tree",
        "the stored tree does not match",
        ("UPDATE ledger_head SET frontier = ?", (bytes(32),)),
    ),
    "a node of the tree invented": (
        "tree",
        "nodes of no events",
        ("INSERT INTO ledger_nodes VALUES (1, 0, ?)", (bytes(32),)),
    ),
    "the head's time set back": (
        "head_time",
        "2001",
        ("UPDATE ledger_head SET recorded_at = '2001-01-01T00:00:00+08:00'", ()),
    ),
}


def test_a_sound_store_has_no_difference(stored_url: str) -> None:
    assert differing(stored_url) == {}


def test_an_empty_store_has_no_difference(store_url: str) -> None:
    Ledger.open(store_url, create=True).close()
    assert differing(store_url) == {}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_derived_place_that_was_changed_is_named(stored_url: str, attack: str) -> None:
    rule, words, statement = ATTACKS[attack]
    change_outside(stored_url, statement)
    differences = differing(stored_url)
    assert list(differences) == [rule]
    assert words in differences[rule]


def test_record_times_that_fall_are_named_by_the_first_event(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    write_store(url)
    statement = (
        "UPDATE ledger_events SET state = CAST(replace(CAST(state AS TEXT), '2030-01-01', ?)"
        " AS BLOB) WHERE rowid = ?"
    )
    for position, day in ((3, "2029-06-01"), (5, "2029-01-01")):
        change_outside(url, (statement, (day, position)))
    assert "position 3 was recorded at 2029-06-01" in differing(url)["time_order"]


def test_an_event_that_cannot_be_read_leaves_nothing_to_compare_with(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    write_store(url)
    change_outside(
        url,
        ("UPDATE ledger_events SET state = ? WHERE rowid = 4", (b"{",)),
        "DELETE FROM ledger_claims",
    )
    differences = differing(url)
    assert "position 4 cannot be read" in differences["unreadable"]
    assert "claims" not in differences


# The repair -------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_derived_place_is_repaired_from_the_events(stored_url: str, attack: str) -> None:
    change_outside(stored_url, ATTACKS[attack][2])
    with Ledger.open(stored_url, clock=lambda: LATER) as ledger:
        assert any(repair_derived(ledger).replaced.values())
        assert verify(ledger).differences == []
        assert not any(repair_derived(ledger).replaced.values())
        # The guards stand again, and the store records as before.
        with pytest.raises((StoreError, Conflict)), ledger.recorder.cursor(write=True) as cursor:
            cursor.execute("DELETE FROM ledger_keys")
        ledger.record(read_record(unit("新单位")), CLERK)
        assert verify(ledger).differences == []


def test_what_follows_is_repaired_beside_events_of_another_s_session(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with ranked_store(server) as ranked:
        url = ranked.url("owner")
        change_outside(
            server.url(ranked.database),
            "UPDATE ledger_logins SET login = 'zhangsan'",
            "DELETE FROM ledger_claims",
        )
        answer = Cli(url, capsys)("audit", "repair")
        assert answer.code == 1
        assert "claims " in answer.out
        assert "these differences lie in the events themselves" in answer.err
        assert "zhangsan" in answer.err
        assert {*differing(url)} == {"author"}
        again = Cli(url, capsys)("audit", "repair")
        assert (again.code, again.out) == (1, "")


def test_lost_nodes_are_restored_from_the_events(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        for number in range(40):
            ledger.record(read_record(unit(f"单位{number}")), CLERK)
        root = ledger.tree().root()
    change_outside(
        store_url, "DELETE FROM ledger_nodes", "UPDATE ledger_head SET position = 3, frontier = ''"
    )
    assert {*differing(store_url)} == {"head", "tree"}
    with Ledger.open(store_url, clock=lambda: LATER) as ledger:
        with pytest.raises(StoreError, match="does not fit a tree of 3 events"):
            ledger.tree()
        assert repair_derived(ledger).replaced["tree"] == 1
        assert verify(ledger).differences == []
        assert ledger.tree().root() == root
        ledger.record(read_record(unit("新单位")), CLERK)
        assert verify(ledger).differences == []


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ledger_keys WHERE position = 2",
        ("UPDATE ledger_keys SET leaf = ? WHERE position = 2", (bytes(32),)),
    ],
)
def test_a_tree_is_not_restored_from_events_that_nothing_vouches_for(
    stored_url: str, change: str | Statement
) -> None:
    change_outside(stored_url, "UPDATE ledger_head SET position = 3", change)
    with (
        Ledger.open(stored_url, clock=lambda: LATER) as ledger,
        pytest.raises(Rejected, match="the events themselves differ"),
    ):
        repair_derived(ledger)


# Decisions --------------------------------------------------------------------------------------


def test_an_invented_claim_locks_nobody_out(stored_url: str) -> None:
    change_outside(
        stored_url,
        (
            "INSERT INTO ledger_claims VALUES ('filing', '2401-330824-04-01-000009', ?, 3)",
            ("project/P",),
        ),
        ("INSERT INTO ledger_claims VALUES ('unit', '没有的镇', 'unit/没有的镇', 1)", ()),
        "DELETE FROM ledger_claims WHERE kind = 'unit' AND value = '马金镇'",
    )
    filed = of("ProjectFiled", "2024-03-01", "Q", project_code="2401-330824-04-01-000009")
    with Ledger.open(stored_url, clock=lambda: LATER) as ledger:
        ledger.record(read_record(filed), CLERK)
        ledger.record(read_record(reported("R", reporting_unit=OTHER)), CLERK)
        with pytest.raises(Rejected, match=r"没有的镇 is not registered.*units: (?!.*没有的镇)"):
            ledger.record(read_record(reported("S", reporting_unit="没有的镇")), CLERK)


@pytest.mark.parametrize("counter", [0, 7])
def test_no_sheet_is_issued_on_a_number_that_was_changed(stored_url: str, counter: int) -> None:
    change_outside(stored_url, ("UPDATE ledger_numbers SET counter = ?", (counter,)))
    following = sheet() | {"number": f"开招办交〔2024〕{counter + 1}号", "task": "另一件"}
    with Ledger.open(stored_url, clock=lambda: LATER) as ledger:
        with pytest.raises(StoreError, match=f"is {counter} in the store and 1 by the events"):
            ledger.record(read_record(following), CLERK)
        assert repair_derived(ledger).replaced["numbers"] == 1
        second = sheet() | {"number": "开招办交〔2024〕2号", "task": "另一件"}
        assert not ledger.record(read_record(second), CLERK).already


def test_an_invented_key_does_not_make_a_record_count_as_recorded(stored_url: str) -> None:
    draft = read_record(unit("新单位", key="新"))
    change_outside(
        stored_url,
        ("INSERT INTO ledger_keys VALUES ('新', ?, 3, ?)", (draft.digest, bytes(32))),
    )
    with (
        Ledger.open(stored_url, clock=lambda: LATER) as ledger,
        pytest.raises(StoreError, match="the key 新 belongs to the event at position 3"),
    ):
        ledger.record(draft, CLERK)


def test_nothing_is_repaired_from_events_that_differ(stored_url: str) -> None:
    column = "rowid" if stored_url.startswith("sqlite") else "notification_id"
    change_outside(
        stored_url,
        "DELETE FROM ledger_claims",
        (f"UPDATE ledger_events SET state = ? WHERE {column} = 2", (b"{}",)),
    )
    before = differing(stored_url)
    with Ledger.open(stored_url, clock=lambda: LATER) as ledger:
        with pytest.raises(Rejected, match="the events themselves differ") as rejected:
            repair_derived(ledger)
        # What differs is named, and not only that something does.
        assert len(rejected.value.problems) > 1
        assert differing(stored_url) == before


def test_an_event_with_the_key_of_another_is_no_ground_for_a_repair(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
        ledger.record(read_record(unit(key="登记")), CLERK)
        ledger.record(read_record(unit(OTHER)), CLERK)
    with Ledger.open(url) as ledger, ledger.recorder.cursor(write=True) as cursor:
        state = next(ledger.recorder.between(cursor, 1, 1))[4]
        row = (3, "unit/新单位", 1, "UnitRegistered/1", state)
        leaf = leaf_hash(leaf_input(*row[1:]))
        ledger.recorder.append_rows(cursor, [row], [leaf], ledger.head().recorded_at)
    with Ledger.open(url) as ledger:
        with pytest.raises(Rejected, match="the event at position 3 has the idempotency key 登记"):
            repair_derived(ledger)
        assert {"claims", "keys"} == {*differing(url)}


def differences_shown(county: CountyCli) -> list[object]:
    differences: list[object] = county("audit", "verify", "--format", "json").json["differences"]
    return differences


def test_the_commands_name_what_differs_and_repair_it(county: CountyCli) -> None:
    assert differences_shown(county) == []
    change_outside(county.url, "DELETE FROM ledger_claims WHERE kind = 'identity'")
    verdict = county("audit", "verify")
    assert verdict.code == 1
    assert "the uniqueness claim identity" in verdict.err
    assert "lifecycle audit repair" in verdict.err
    repair = county("audit", "repair")
    assert repair.code == 0
    assert "claims " in repair.out
    assert differences_shown(county) == []
    assert "nothing to repair" in county("audit", "repair").out
