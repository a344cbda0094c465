"""`status --metrics`: a store's figures for a monitoring system, on either database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from commands.cli.shared.environment_check import SUBJECTS
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.given import TOWN
from tests.openmetrics import plain_values, samples_of

ACTIVITY = ("record", "ActivityHeld", "--unit", TOWN, "--led-by-head", "true")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and notes of backups, of this test's stores alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))


def hold_activity(cli: Cli) -> None:
    answer = cli(*ACTIVITY, "--activity", "恳谈会", "--occurred-on", "2024-02-01")
    assert answer.code == 0, answer.err


def figures(cli: Cli) -> dict[str, float]:
    answer = cli("status", "--metrics")
    assert answer.code == 0, answer.err
    return plain_values(answer.out)


def test_positions_and_lags_are_those_of_the_store(cli: Cli, tmp_path: Path) -> None:
    before = figures(cli)
    assert before["lifecycle_store_up"] == 1
    assert before["lifecycle_ledger_position"] == cli.events
    assert before["lifecycle_checkpoint_position"] == 0
    assert before["lifecycle_checkpoint_lag"] == cli.events
    # What there is not has no value, for 0 would say that it is up to date.
    assert "lifecycle_query_tables_position" not in before
    assert "lifecycle_backup_timestamp_seconds" not in before
    assert cli("audit", "key", "--new").code == 0
    assert cli("audit", "checkpoint").code == 0
    assert cli("projections", "rebuild").code == 0
    assert cli("backup", tmp_path / "b.zip").code == 0
    covered = cli.events
    hold_activity(cli)
    after = figures(cli)
    assert after["lifecycle_ledger_position"] == covered + 1
    for place in ("query_tables", "checkpoint", "backup"):
        assert after[f"lifecycle_{place}_lag"] == 1, place
    assert after["lifecycle_query_tables_position"] == covered
    assert after["lifecycle_checkpoint_position"] == covered
    assert after["lifecycle_store_size_bytes"] > 10_000


def test_times_are_those_of_the_clock(cli: Cli) -> None:
    assert cli("audit", "key", "--new").code == 0
    assert cli("audit", "checkpoint").code == 0
    with Ledger.open(cli.url) as ledger, ledger.newest_first() as events:
        last = next(events).stamp.recorded_at
        # On a server the database's own clock counts.
        before = ledger.clock()
        values = figures(cli)
        after = ledger.clock()
    assert values["lifecycle_ledger_recorded_timestamp_seconds"] == last.timestamp()
    age = timedelta(seconds=values["lifecycle_checkpoint_age_seconds"])
    assert before - last <= age <= after - last


def test_every_check_has_its_number(cli: Cli) -> None:
    samples = samples_of(cli("status", "--metrics").out)
    checks = {
        dict(labels)["check"]: value
        for (name, labels), value in samples.items()
        if name == "lifecycle_check_problem"
    }
    assert set(checks) == set(SUBJECTS)
    # Events without any backup are warned of.
    assert checks["backup"] == 1
    assert checks["store"] == 0


def test_a_store_that_does_not_open_is_down_and_fails(bare: Cli) -> None:
    answer = bare("status", "--metrics")
    assert answer.code == 1
    assert "lifecycle init" in answer.err
    assert plain_values(answer.out) == {"lifecycle_store_up": 0}
    assert ("lifecycle_check_problem", frozenset({("check", "store")})) in samples_of(answer.out)


@pytest.mark.parametrize("other", [("--check",), ("--unblock",), ("--format", "json")])
def test_it_goes_with_no_other_output(cli: Cli, other: tuple[str, ...]) -> None:
    answer = cli("status", "--metrics", *other)
    assert (answer.code, answer.out) == (2, "")
    assert "--metrics" in answer.err


@pytest.mark.usefixtures("spoken_chinese")
def test_a_chinese_help_is_read_by_the_parser_too(cli: Cli) -> None:
    answer = cli("status", "--metrics")
    assert "条" in answer.out
    assert plain_values(answer.out)["lifecycle_ledger_position"] == cli.events
