"""Damaged and malicious input for three readers: bundles, signed texts, and files to import.

Bytes and pieces of a sound file are changed, removed, doubled or inserted at random; in an archive
also inside its members, where the checksums don't show it. `python -m tests.trust.fuzz SECONDS`
spends SECONDS on each reader.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import orjson

from commands.cli.main import run
from commands.handlers.publishing import publish_scores
from commands.intake.ledger_workbook_writer import write_records
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.store import Ledger
from lifecycle.log import witness_file as witness
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.rejections import LedgerError
from lifecycle.rulebook import shipped
from projections.audit.bundles import write_bundle
from projections.audit.certificates import unit_certificate
from projections.audit.verifier import verify_bundle
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes
from tests.given import REPORTED, TOWN, correction, of
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.receipt_files import first_version, signed, unsigned

MOST_MEMORY: Final = 512 << 20
SLOWEST: Final = 20
"""Seconds that one file may take."""

_PIECES: Final = (
    b"",
    b"\x00",
    b"\xff",
    b"\n",
    b"\n\n",
    b"\t",
    b'"',
    b"{",
    b"[" * 5_000,
    b"}",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999999999",
    b"NaN",
    b"1.5",
    b"9" * 5_000,
    b"18446744073709551616",
    "９".encode(),
    "— ".encode(),
    "\u202e".encode(),
    b"\xed\xa0\x80",
    b"project/",
    b"county",
    b"../",
    b"A" * 70_000,
    b"9999-12-31",
    b"0001-01-01",
    b"FactCorrected/1",
    b"ScoresPublished/1",
    b'"corrects":1',
    b'"replacement":null',
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"PK\x05\x06",
)


def damaged(content: bytes, chance: Random) -> bytes:
    """Change a few places of the content."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        width = chance.choice((1, 1, 2, 8, 64, 1024))
        deed = chance.choice(("byte", "piece", "instead", "cut", "double", "swap"))
        if deed == "byte" and at < len(data):
            data[at] = chance.randint(0, 255)
        elif deed == "piece":
            data[at:at] = chance.choice(_PIECES)
        elif deed == "instead":
            data[at : at + width] = chance.choice(_PIECES)
        elif deed == "cut":
            del data[at : at + width]
        elif deed == "double":
            data[at:at] = data[at : at + width] * chance.choice((1, 2, 300))
        else:
            end = chance.randint(0, len(data))
            data[at : at + width], data[end : end + width] = (
                data[end : end + width],
                data[at : at + width],
            )
    return bytes(data)


def damaged_archive(content: bytes, chance: Random) -> bytes:
    """Damage the archive, or its members; a damaged rulebook gets a matching digest."""
    if chance.random() < 0.3:
        return damaged(content, chance)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        wrong = chance.choice(names)
        for name in names:
            data = old.read(name)
            if name == wrong:
                data = damaged(data, chance)
                if name.startswith("rulebooks/"):
                    name = f"rulebooks/{verify_bundle.sha256(data).hex()}.json"  # noqa: PLW2901 -- as its maker would
            new.writestr(name, data)
    return out.getvalue()


# The readers --------------------------------------------------------------------------------------


class Bundles:
    """A bundle or a certificate, for the standalone verifier."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with new_ledger(folder, "bundled") as ledger:
            key = create_signer(ledger, folder / "k.pem")
            more = [
                of("ConsultationHeld", "2024-02-01", outcome="passed"),
                of(
                    "AgreementSigned",
                    "2024-03-01",
                    contract_investment="9000",
                    contract_fixed_assets="8000",
                ),
            ]
            fill(
                ledger,
                [*REPORTED, *more, correction(3, {"contract_fixed_assets": "7000"})],
                keep=False,
            )
            from datetime import date

            view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
            publish_scores(ledger, RequestedAxes(2024, view.as_of), CLERK)
            note = sign_checkpoint(ledger, key)
            write_bundle(ledger, folder / "b.zip")
            self.certificate = orjson.dumps(unit_certificate(ledger, view, TOWN, note).as_json())
        self.bundle = (folder / "b.zip").read_bytes()

    def __call__(self, chance: Random) -> None:
        """A verdict with its exit code, nothing else."""
        content = (
            damaged_archive(self.bundle, chance)
            if chance.random() < 0.7
            else damaged(self.certificate, chance)
        )
        path = self.folder / "file"
        path.write_bytes(content)
        with redirect_stdout(io.StringIO()) as output:
            code = verify_bundle.main([str(path)])
        last_line = output.getvalue().rstrip().rpartition("\n")[2]
        assert (code, last_line.partition(" ")[0]) in (
            (1, "CONSISTENT:"),
            (1, "DIFFERS:"),
            (3, "UNUSABLE:"),
        ), output.getvalue()


class Notes:
    """Notes, checkpoints, keys, witness files, receipts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with new_ledger(folder, "noted") as ledger:
            key = create_signer(ledger, folder / "n.pem")
            entries = fill(ledger, REPORTED, keep=False)
            note = sign_checkpoint(ledger, key)
            witness.append_witness_line(folder / "w.jsonl", key.verifier, note, ledger.leaves(1, 4))
            self.receipts = [
                signed(ledger, entries, key).encode(),
                unsigned(ledger, entries).encode(),
                first_version(ledger, entries),
            ]
        self.note, self.key = str(note), str(key.verifier)
        self.lines = (folder / "w.jsonl").read_bytes()

    def __call__(self, chance: Random) -> None:
        """Read, or rejected with our own message."""
        for parse, sound in (
            (Note.parse, self.note),
            (Checkpoint.parse, self.note.partition("\n\n")[0] + "\n"),
            (VerifierKey.parse, self.key),
        ):
            with suppress(NoteError):
                assert str(
                    parse(
                        damaged(sound.encode(), chance).decode(
                            errors=chance.choice(("replace", "ignore", "surrogateescape"))
                        )
                    )
                )
        with suppress(LedgerError):
            Receipts.parse(damaged(chance.choice(self.receipts), chance), "r")
        path = self.folder / "damaged.jsonl"
        path.write_bytes(damaged(self.lines, chance))
        with suppress(LedgerError):
            witness.read_witness_file(path)


class Imports:
    """Files to import: JSONL, CSV, XLSX; a rejected file records nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        records = [
            *REPORTED,
            of("ConsultationHeld", "2024-02-01", outcome="passed"),
            correction(1, {"planned_investment": "5000"}),
        ]
        write_records(folder / "sound.xlsx", records)
        csv = (
            "event,unit,occurred_on,sequence,category\n"
            "UnitRegistered,甲镇,2024-01-01,乡镇,township\n"
            "UnitRegistered,乙镇,2024-01-02,乡镇,township\n"
        )
        self.sound = {
            "jsonl": b"\n".join(map(orjson.dumps, records)) + b"\n",
            "csv": csv.encode(),
            "xlsx": (folder / "sound.xlsx").read_bytes(),
        }
        self.url = f"sqlite:///{folder / 'imports.db'}"
        with Ledger.open(self.url, create=True, clock=lambda: LATER) as ledger:
            self.before = ledger.head().position

    def __call__(self, chance: Random) -> None:
        """Accepted in a dry run, or rejected; never an internal error."""
        form = chance.choice([*self.sound])
        path = self.folder / f"damaged.{form}"
        path.write_bytes((damaged_archive if form == "xlsx" else damaged)(self.sound[form], chance))
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as output:
            code = run(["--db", self.url, "import", str(path), "--dry-run"])
        assert code in (0, 1, 3), output.getvalue()
        assert "internal error" not in output.getvalue(), output.getvalue()


READERS: Final[dict[str, Callable[[Path], Callable[[Random], None]]]] = {
    "bundles": Bundles,
    "notes": Notes,
    "imports": Imports,
}


@contextmanager
def timed() -> Iterator[None]:
    """Stop a reader that takes too long."""

    def stop(*_: object) -> None:
        raise AssertionError(f"a file took over {SLOWEST} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SLOWEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main(seconds: float, only: str | None = None) -> None:
    """Run each reader for so many seconds from a new seed; a file that fails is kept and named."""
    os.environ["LIFECYCLE_DEBUG"] = "1"
    for name, reader in READERS.items():
        if only not in (None, name):
            continue
        with TemporaryDirectory() as folder:
            tried, act, until = 0, reader(Path(folder)), time.monotonic() + seconds
            while time.monotonic() < until:
                seed = time.time_ns()
                try:
                    with timed():
                        act(Random(seed))
                except BaseException:
                    print(f"{name}: Random({seed}) brings it down", flush=True)
                    raise
                tried += 1
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        result = f"{tried} files in {seconds:.0f} s without a crash"
        print(f"{name}: {result}; peak memory {peak >> 20} MiB", flush=True)
        assert peak <= MOST_MEMORY


if __name__ == "__main__":
    main(float(sys.argv[1]), *sys.argv[2:])
