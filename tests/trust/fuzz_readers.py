"""The readers of files from outside, each with sound files to damage.

Calling one damages a file and reads it: accepted, or rejected with a sentence of ours.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson

from commands.cli.main import run
from commands.handlers.cosigning import read_note
from commands.handlers.following import follow_log
from commands.handlers.publishing import publish_scores
from commands.intake.ledger_workbook_writer import write_records
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.published_log import StoredTiles
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log import witness_file as witness
from lifecycle.log.cosignatures import CosignerKey, cosignature_of
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.log.tiles import tiles_of
from lifecycle.rejections import LedgerError
from lifecycle.rulebook import shipped
from projections.audit.bundles import write_bundle
from projections.audit.certificates import unit_certificate
from projections.audit.verifier import verify_bundle
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes
from tests.given import REPORTED, TOWN, correction, of
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.published_logs import record_month
from tests.receipt_files import first_version, signed, unsigned
from tests.trust.fuzz_damage import damaged, damaged_archive

MOMENT: Final = 1_700_000_000


def verdict(*arguments: object) -> tuple[int, str]:
    """The standalone verifier's exit code and the word that it ends with."""
    with redirect_stdout(io.StringIO()) as output:
        code = verify_bundle.main([str(argument) for argument in arguments])
    last_line = output.getvalue().rstrip().rpartition("\n")[2]
    return code, last_line.partition(" ")[0].rstrip(":")


VERDICTS: Final = ((0, "VERIFIED"), (1, "CONSISTENT"), (1, "DIFFERS"), (3, "UNUSABLE"))


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
        # The maker's own file never vouches for itself.
        assert verdict(path) in VERDICTS[1:]


class ReceiptFiles:
    """Receipts of either version, for the product and for the standalone verifier."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with new_ledger(folder, "receipted") as ledger:
            key = create_signer(ledger, folder / "r.pem")
            entries = fill(ledger, REPORTED, keep=False)
            self.sound = [
                signed(ledger, entries, key).encode(),
                unsigned(ledger, entries).encode(),
                first_version(ledger, entries),
            ]
            sign_checkpoint(ledger, key)
            write_bundle(ledger, folder / "r.zip")

    def __call__(self, chance: Random) -> None:
        """Read or rejected."""
        content = damaged(chance.choice(self.sound), chance)
        with suppress(LedgerError):
            Receipts.parse(content, "r")
        path = self.folder / "damaged.json"
        path.write_bytes(content)
        assert verdict(self.folder / "r.zip", "--receipt", path) in VERDICTS


class WitnessFiles:
    """Witness files of several lines, for the product and for the standalone verifier."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / "w.jsonl"
        with new_ledger(folder, "witnessed") as ledger:
            key = create_signer(ledger, folder / "w.pem")
            before = 0
            for records in (REPORTED, [of("ConsultationHeld", "2024-02-01", outcome="passed")]):
                fill(ledger, records, keep=False)
                size = ledger.head().position
                note = sign_checkpoint(ledger, key)
                leaves = ledger.leaves(before + 1, size)
                witness.append_witness_line(path, key.verifier, note, leaves)
                before = size
            write_bundle(ledger, folder / "w.zip")
        self.sound = path.read_bytes()

    def __call__(self, chance: Random) -> None:
        """Read or rejected."""
        path = self.folder / "damaged.jsonl"
        path.write_bytes(damaged(self.sound, chance))
        with suppress(LedgerError):
            witness.read_witness_file(path)
        assert verdict(self.folder / "w.zip", "--witness", path) in VERDICTS


class Notes:
    """Notes, checkpoints, keys, cosignatures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        log_key = SigningKey.create("lifecycle/log", folder / "n.pem")
        key = SigningKey.create("audit.kaihua.gov.cn", folder / "c.pem")
        checkpoint = Checkpoint("lifecycle/log", 4, b"\1" * 32)
        self.cosigner = key.cosigner
        self.note = key.cosign(log_key.sign(checkpoint.text), MOMENT)
        parsers: list[tuple[Callable[[str], Any], str]] = [
            (Note.parse, str(self.note)),
            (Checkpoint.parse, checkpoint.text),
            (VerifierKey.parse, str(log_key.verifier)),
            (CosignerKey.parse, str(key.cosigner)),
        ]
        self.parsers = parsers

    def __call__(self, chance: Random) -> None:
        """Read, or rejected with our own message."""
        for parse, sound in self.parsers:
            errors = chance.choice(("replace", "ignore", "surrogateescape"))
            text = damaged(sound.encode(), chance).decode(errors=errors)
            with suppress(NoteError):
                assert str(parse(text))
        path = self.folder / "damaged.txt"
        path.write_bytes(damaged(str(self.note).encode(), chance))
        with suppress(LedgerError):
            note = read_note(path)
            cosignature = cosignature_of(note, self.cosigner)
            # What the key did not sign never passes.
            assert cosignature is None or note.text == self.note.text


class Tiles:
    """A published log with one or two damaged files, for a follower."""

    def __init__(self, folder: Path) -> None:
        self.witness = folder / "witness.jsonl"
        self.files: dict[str, bytes] = {}
        with new_ledger(folder, "published") as ledger:
            key = create_signer(ledger, folder / "t.pem")
            fill(ledger, REPORTED, keep=False)
            record_month(ledger)
            note = sign_checkpoint(ledger, key)
            before = ledger.head().position
            leaves = ledger.leaves(1, before)
            witness.append_witness_line(self.witness, key.verifier, note, leaves)
            self.witnessed = self.witness.read_bytes()
            record_month(ledger, before)
            note = sign_checkpoint(ledger, key)
            self.files["checkpoint"] = str(note).encode()
            size = ledger.head().position
            with ledger.recorder.cursor(write=False) as cursor:
                stored_tiles = StoredTiles(ledger.recorder, cursor)
                for tile in tiles_of(size):
                    self.files[tile.path] = stored_tiles.read(tile)
            self.new_leaves = ledger.leaves(before + 1, size)
        self.lines = witness.read_witness_file(self.witness)
        self.key = key.verifier

    def __call__(self, chance: Random) -> None:
        """Followed as if nothing were damaged, or rejected; damage is never told as a fork."""
        files = dict(self.files)
        for path in chance.choices([*files], k=chance.randint(1, 2)):
            files[path] = damaged(files[path], chance)
        if chance.random() < 0.1:
            del files[chance.choice([*files])]
        self.witness.write_bytes(self.witnessed)
        with suppress(LedgerError):
            followed = follow_log("log", files.get, self.witness, self.lines, self.key)
            assert followed.fork is None
            assert followed.added == len(self.new_leaves)
            last_line = witness.read_witness_file(self.witness)[-1]
            assert last_line.leaf_prefixes == b"".join(leaf[:8] for leaf in self.new_leaves)
            return
        assert self.witness.read_bytes() == self.witnessed


class Imports:
    """Files to import in one form; a rejected file records nothing."""

    form = "jsonl"
    damage = staticmethod(damaged)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sound = self.sound_file()
        self.url = f"sqlite:///{folder / 'imports.db'}"
        with Ledger.open(self.url, create=True, clock=lambda: LATER) as ledger:
            self.before = ledger.head()

    def sound_file(self) -> bytes:
        """Every line is read."""
        return b"\n".join(map(orjson.dumps, RECORDS)) + b"\n"

    def __call__(self, chance: Random) -> None:
        """Accepted in a dry run, or rejected; never an internal error."""
        path = self.folder / f"damaged.{self.form}"
        path.write_bytes(self.damage(self.sound, chance))
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as output:
            code = run(["--db", self.url, "import", str(path), "--dry-run"])
        assert code in (0, 1, 3), output.getvalue()
        assert "internal error" not in output.getvalue(), output.getvalue()


RECORDS: Final = [
    *REPORTED,
    of("ConsultationHeld", "2024-02-01", outcome="passed"),
    correction(1, {"planned_investment": "5000"}),
]


class CsvImports(Imports):
    """CSV."""

    form = "csv"

    def sound_file(self) -> bytes:
        """Two units."""
        text = (
            "event,unit,occurred_on,sequence,category\n"
            "UnitRegistered,甲镇,2024-01-01,乡镇,township\n"
            "UnitRegistered,乙镇,2024-01-02,乡镇,township\n"
        )
        return text.encode()


class WorkbookImports(Imports):
    """Workbooks, damaged inside their members too."""

    form = "xlsx"
    damage = staticmethod(damaged_archive)

    def sound_file(self) -> bytes:
        """The records as a ledger workbook."""
        write_records(self.folder / "sound.xlsx", RECORDS)
        return (self.folder / "sound.xlsx").read_bytes()


READERS: Final[dict[str, Callable[[Path], Callable[[Random], None]]]] = {
    "bundles": Bundles,
    "receipts": ReceiptFiles,
    "witness files": WitnessFiles,
    "notes": Notes,
    "tiles": Tiles,
    "workbooks": WorkbookImports,
    "csv": CsvImports,
    "jsonl": Imports,
}
