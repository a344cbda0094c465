"""What version 0.1.0 wrote opens, verifies and gives the results that it gave then.

The files in `v0_1_0` were written by the program of that version and are never written again:
a store with 670 events, its bundle, certificate, receipts, witness file and printed results.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from projections.audit.verifier import verifier_source
from tests.commands.conftest import Answer, Cli

FOLDER = Path(__file__).parent / "v0_1_0"
DAYS = ("2024-03-31", "2024-06-30", "2024-12-31")
COMMANDS = {
    "score": ("score", "--year", "2024"),
    "explain-unit": ("explain", "华埠镇", "--year", "2024"),
    "deadlines": ("deadlines",),
    "sheets-list": ("sheets", "list"),
    "sheets-due": ("sheets", "due"),
    "targets": ("targets",),
}


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`lifecycle` on a copy of the store, to open as any store."""
    path = tmp_path / "ledger.db"
    path.write_bytes(gzip.decompress((FOLDER / "ledger.db.gz").read_bytes()))
    return Cli(f"sqlite:///{path}", capsys)


def printed(name: str) -> Any:
    return json.loads((FOLDER / "results" / f"{name}.json").read_text(encoding="utf-8"))


def without_additions(result: Any) -> Any:
    """A result without what results have gained since: what points rest on, what is passed over."""
    if not isinstance(result, dict):
        return result
    kept = {name: value for name, value in result.items() if name != "units"}
    if "lines" in kept:
        kept["not_counted"] = [row for row in kept["not_counted"] if "what" not in row]
    else:
        kept.pop("not_counted", None)
    if "units" in result:
        kept["units"] = [
            {name: value for name, value in row.items() if name != "rests_on"}
            for row in result["units"]
        ]
    return kept


def without_unit_names(value: Any) -> Any:
    """Results as 0.1.0 printed them: it had no renamed units, and rows named units once."""
    if isinstance(value, list):
        return [without_unit_names(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    fields = {name: without_unit_names(entry) for name, entry in value.items()}
    if "unit" in fields and "name" in fields:
        assert fields.pop("name") == fields["unit"]
    return fields


def verify_with(program: Path, file: str, *arguments: object) -> Answer:
    command = [sys.executable, "-I", str(program), str(FOLDER / file), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return Answer(run.returncode, run.stdout, run.stderr)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", COMMANDS)
def test_the_store_gives_the_results_of_that_version(store: Cli, name: str, day: str) -> None:
    answer = store(*COMMANDS[name], "--as-of", day, "--format", "json")

    assert answer.code == 0, answer.err
    assert without_unit_names(without_additions(answer.json)) == printed(f"{name}-{day}")


def test_the_board_equals_the_one_of_that_version(store: Cli) -> None:
    answer = store("board", "2024-05", "--format", "json")

    assert without_unit_names(without_additions(answer.json)) == printed("board-2024-05")


def test_the_store_its_receipts_and_its_witness_file_verify(store: Cli) -> None:
    files = [FOLDER / name for name in ("receipts.json", "adoption-receipt.json")]
    receipts = [part for file in files for part in ("--receipt", file)]
    answer = store("audit", "verify", "--witness", FOLDER / "witness.txt", *receipts)

    assert answer.code == 0, answer.out + answer.err
    assert "VERIFIED" in answer.out


def test_its_publications_are_recomputed_to_the_same_numbers(store: Cli) -> None:
    answer = store("audit", "publications", "--format", "json")

    # What a publication rests on is shown since; what was shown then stays.
    shown_then = printed("publications")
    for row, row_then in zip(answer.json, shown_then, strict=True):
        assert {name: row[name] for name in row_then} == row_then
        assert row["official"]


VERIFIED_0_1 = "VERIFIED up to position 669; events behind it that nothing outside vouches for: 0"


@pytest.mark.parametrize(
    ("file", "verdict"), [("bundle.zip", VERIFIED_0_1), ("certificate.json", "CONSISTENT: ")]
)
def test_the_present_verifier_reads_its_files(file: str, verdict: str, tmp_path: Path) -> None:
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(verifier_source())
    witness = ("--witness", FOLDER / "witness.txt") if file == "bundle.zip" else ()
    answer = verify_with(program, file, *witness)

    assert answer.out.splitlines()[-1].startswith(verdict), answer.out + answer.err


def test_the_lines_of_its_certificate_are_not_shown_whoever_vouches(tmp_path: Path) -> None:
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(verifier_source())
    key = json.loads((FOLDER / "certificate.json").read_bytes())["key"]
    answer = verify_with(program, "certificate.json", "--key", key)

    assert answer.code == 1
    assert answer.out.splitlines()[-1].startswith(
        "CONSISTENT: the lines of a certificate/1 are not shown"
    )


@pytest.mark.parametrize("name", ["receipts", "adoption-receipt"])
def test_its_receipts_vouch_for_its_bundle(name: str, tmp_path: Path) -> None:
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(verifier_source())
    answer = verify_with(program, "bundle.zip", "--receipt", FOLDER / f"{name}.json")

    size = json.loads((FOLDER / f"{name}.json").read_bytes())["tree_size"]
    assert f"VERIFIED up to position {size}; " in answer.out


def test_a_receipt_of_an_event_after_the_bundle_differs(tmp_path: Path) -> None:
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(verifier_source())
    answer = verify_with(program, "bundle.zip", "--receipt", FOLDER / "late-receipt.json")

    assert answer.code == 1
    assert "late-receipt.json covers 670 events; the bundle has 669" in answer.out
