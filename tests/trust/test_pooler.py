"""A store behind pgbouncer in transaction mode takes and gives what it does without."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from commands.demo.county_records import records
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.ledgers import fill
from tests.pooler import Pooler, pooler_program
from tests.postgres import Server

ROOT: Final = Path(__file__).parents[2]
PROCESSES: Final = 4
EACH: Final = 12
_RECORD_MANY: Final = """
import sys
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from tests.given import of
from tests.ledgers import CLERK
url, number, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Ledger.open(url) as ledger:
    for turn in range(count):
        review = of("ReviewHeld", "2025-03-20", "KH-2024-016", findings=f"{number}-{turn}")
        ledger.record(read_record(review), CLERK)
"""


@pytest.fixture
def pooler(server: Server) -> Iterator[Pooler]:
    """pgbouncer before the run's server."""
    program = pooler_program()
    if program is None:
        pytest.skip("pgbouncer is not installed; on Debian: apt-get install -y pgbouncer")
    pooler = Pooler(server, program)
    try:
        pooler.wait()
        yield pooler
    finally:
        pooler.stop()


def test_everything_works_through_a_pooler_in_transaction_mode(
    pooler: Pooler, postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = postgres_url.partition("@/")[2].partition("?")[0]
    direct, pooled = Cli(postgres_url, capsys), Cli(pooler.url(database), capsys)
    environment = pytest.MonkeyPatch()
    environment.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))
    environment.setenv("LIFECYCLE_EVIDENCE", str(tmp_path / "evidence"))
    try:
        assert pooled("init").code == 0
        with Ledger.open(pooled.url) as ledger:
            fill(ledger, records())
        before = pooled.events
        command = [sys.executable, "-c", _RECORD_MANY, pooled.url]
        clerks = [
            subprocess.Popen([*command, str(number), str(EACH)], cwd=ROOT)
            for number in range(PROCESSES)
        ]
        assert [clerk.wait() for clerk in clerks] == [0] * PROCESSES
        assert pooled.events == direct.events == before + PROCESSES * EACH

        for words in (
            ("projections", "rebuild"),
            ("projections", "status"),
            ("publish", "scores", "--year", "2024", "--as-of", "2024-12-31"),
            ("score", "--year", "2024"),
            ("audit", "checkpoint", "--witness", tmp_path / "w.txt"),
            ("audit", "verify"),
            ("backup", tmp_path / "b.zip"),
            ("copy", "--to", tmp_path / "copy.db"),
        ):
            answer = pooled(*words)
            assert answer.code == 0, (words, answer.out, answer.err)
        for cli in (direct, pooled):
            verified = json.loads(cli("audit", "verify", "--format", "json").out)
            assert verified["verdict"] == "VERIFIED"
    finally:
        environment.undo()
