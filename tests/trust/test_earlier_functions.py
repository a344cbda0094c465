"""A store on PostgreSQL after an update of the program, before its owner runs `init --upgrade`.

Functions, known events and their fields are an earlier version's until then. Everybody is told so,
and nobody is left with an error that names no way out.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.words.messages import choose_language
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.commands.conftest import Cli
from tests.given import JsonRecord, reported
from tests.lifecycle.deciding.test_declared_words import CAPITAL, MINING, adopted, figure
from tests.postgres import running_server
from tests.trust.roles import RankedStore, ranked_store

NEW_CHECK = "WHEN rule.shape IS NULL THEN false\n                    WHEN entry.kind"
EARLIER_TOPICS = (
    "DELETE FROM lifecycle.ledger_topics WHERE topic = 'ProjectFigureReported/1'",
    "DELETE FROM lifecycle.ledger_fields WHERE shape = 'ProjectFigureReported/1'",
)
CLOSED_LIST = (
    "UPDATE lifecycle.ledger_fields SET pattern = NULL, words = ARRAY['industrial', 'other']"
    " WHERE shape = 'InformationReported/1' AND field = 'sector'"
)
EARLIER_FIELDS = (CLOSED_LIST,)
SENTENCE = "runs `lifecycle init --upgrade`"
NEW_RECORDS = [figure(), reported("R", sector="mining")]


@pytest.fixture
def store() -> Iterator[RankedStore]:
    with ranked_store(running_server()) as ranked:
        yield ranked


def change(store: RankedStore, statements: tuple[str, ...]) -> None:
    with store.connect("owner") as connection:
        for statement in statements:
            connection.execute(statement.encode())


def earlier_check(store: RankedStore) -> tuple[str, ...]:
    """The function of before it rejected a field that no shape knows."""
    with store.connect("owner") as connection:
        row = connection.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'ledger_first_unreadable'"
        ).fetchone()
    assert row is not None
    definition = str(row[0])
    assert NEW_CHECK in definition
    return (definition.replace(NEW_CHECK, "WHEN entry.kind"),)


def limits(store: RankedStore, rank: str) -> list[str]:
    with Ledger.open(store.url(rank)) as ledger:
        return [problem.rule for problem in ledger.recorder.limits()]


def record(store: RankedStore, rank: str, fields: JsonRecord) -> None:
    with Ledger.open(store.url(rank)) as ledger:
        ledger.clock_is_right = True
        ledger.record(read_record(fields), Author(store.logins[rank]))


@pytest.mark.parametrize("part", ["topics", "fields", "functions"])
def test_everybody_learns_that_the_owner_has_to_upgrade(
    store: RankedStore, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "outdated" not in limits(store, "clerk")
    earlier = {"topics": EARLIER_TOPICS, "fields": EARLIER_FIELDS}
    change(store, earlier.get(part) or earlier_check(store))
    for rank in ("owner", "manager", "clerk", "auditor"):
        assert "outdated" in limits(store, rank)
    cli = Cli(store.url("clerk"), capsys)
    status = cli("status")
    assert (status.code, f"{store.logins['owner']}, {SENTENCE}" in status.err) == (0, True)
    check = cli("status", "--check", "--format", "json")
    (database,) = [row for row in check.json if row["check"] == "database"]
    assert (database["state"], SENTENCE in database["advice"]) == ("warn", True)

    assert cli("init", "--upgrade").code == 1
    assert Cli(store.url("owner"), capsys)("init", "--upgrade").code == 0
    for rank in ("owner", "clerk"):
        assert "outdated" not in limits(store, rank)


@pytest.mark.parametrize("part", ["topics", "fields", "functions"])
def test_whatever_differs_is_noticed(store: RankedStore, part: str) -> None:
    statement = {
        "topics": "UPDATE lifecycle.ledger_topics SET reserved = NOT reserved",
        "fields": "DELETE FROM lifecycle.ledger_fields WHERE field = 'note'",
        "functions": "DROP FUNCTION lifecycle.ledger_signing_facts",
    }[part]
    change(store, (statement,))
    assert "outdated" in limits(store, "auditor")


@pytest.mark.parametrize("rank", ["clerk", "manager"])
def test_what_the_database_does_not_know_yet_is_rejected_with_the_way_out(
    store: RankedStore, rank: str
) -> None:
    record(store, "manager", adopted(MINING + CAPITAL))
    change(store, EARLIER_TOPICS + EARLIER_FIELDS)
    with Ledger.open(store.url(rank)) as ledger:
        before = ledger.head()
    for fields, rule in zip(NEW_RECORDS, ("unknown_topic", "fields"), strict=True):
        with pytest.raises(Rejected, match=SENTENCE) as rejection:
            record(store, rank, fields)
        assert [problem.rule for problem in rejection.value.problems] == [rule]
    with Ledger.open(store.url(rank)) as ledger:
        assert ledger.head() == before
    record(store, rank, reported("S"))

    with Ledger.open(store.url("owner")) as ledger:
        assert not ledger.recorder.upgrade([])
    for fields in NEW_RECORDS:
        record(store, rank, fields)


@pytest.mark.parametrize(("language", "needle"), [("en", SENTENCE), ("zh", "请数据库所有者运行")])
def test_a_function_that_is_missing_is_no_riddle(
    store: RankedStore,
    language: str,
    needle: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    choose_language()
    change(store, ("DROP FUNCTION lifecycle.ledger_append",))
    unit = ("--unit", "华埠镇", "--activity", "赴杭", "--occurred-on", "2024-03-01")
    cli = Cli(store.url("clerk"), capsys)
    answer = cli("record", "ActivityHeld", *unit, "--led-by-head", "是", "--clock-is-right")
    assert (answer.code, needle in answer.err) == (3, True), answer.err
    assert "Traceback" not in answer.err
