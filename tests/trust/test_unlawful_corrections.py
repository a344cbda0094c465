"""A correction put in past the rules keeps nobody from reading, recording, or voiding it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from tests.commands.conftest import Cli
from tests.forged import append_unchecked
from tests.given import REPORTED, JsonRecord, correction, of
from tests.ledgers import CLERK, fill, new_ledger

LAND = of("LandAcquired", area_mu="10", transfer_fee="5", county_state_share="5")
UNLAWFUL = {
    "against the fact's own rules": correction(2, {"transfer_fee": "1"}),
    "of a field it has not": correction(2, {"invented": "1"}),
    "of nothing": correction(9, None),
    "of nothing, with fields": correction(9, {"area_mu": "1"}),
    "of what comes later": correction(4, None),
    "of itself": correction(3, None),
}


def with_unlawful(ledger: Ledger, record: JsonRecord) -> None:
    fill(ledger, [*REPORTED, LAND], keep=False)
    append_unchecked(ledger, record)


@pytest.mark.parametrize("name", UNLAWFUL)
def test_the_stream_goes_on_and_the_correction_is_voided(tmp_path: Path, name: str) -> None:
    with new_ledger(tmp_path) as ledger:
        with_unlawful(ledger, UNLAWFUL[name])
        # Not the same record as the one that voids itself, whose key is taken.
        void = correction(3, None, note="作废")
        ledger.record(read_record(void), CLERK)
        ledger.record(read_record(of("ReviewHeld", "2024-05-01", findings="正常")), CLERK)
        rules = [difference.problem.rule for difference in verify(ledger).differences]

    assert rules == ["unlawful"]


@pytest.mark.parametrize("name", UNLAWFUL)
def test_every_reader_shows_the_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with new_ledger(tmp_path) as ledger:
        with_unlawful(ledger, UNLAWFUL[name])
    cli = Cli(f"sqlite:///{tmp_path / 'ledger.db'}", capsys)

    for command in (
        ("project", "show", "P"),
        ("project", "history", "P"),
        ("explain", "P", "--year", "2024"),
        ("score", "--year", "2024"),
    ):
        answer = cli(*command)
        assert answer.code == 0, answer.err
