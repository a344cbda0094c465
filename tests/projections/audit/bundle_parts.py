"""A small ledger's bundle, taken apart.

A test changes one thing, seals the bundle again as the holder of the key could, and writes it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from commands.handlers.publishing import publish_board, publish_scores
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint, signers
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log import witness_file
from lifecycle.log.merkle_tree import Frontier, leaf_hash, leaf_input
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rulebook import shipped
from projections.audit.bundles import write_bundle
from projections.audit.certificates import unit_certificate
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes
from tests.given import OTHER, REPORTED, TOWN, of
from tests.ledgers import CLERK, fill, new_ledger
from tests.receipt_files import first_version, signed

BOOK = shipped("kaihua-2024")
STRANGER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
OTHER_DIGEST = "00" * 32
FACTS = [
    of("ConsultationHeld", "2024-02-01", outcome="passed"),
    {
        "event": "ActivityHeld",
        "unit": TOWN,
        "occurred_on": "2024-03-01",
        "activity": "推介",
        "led_by_head": True,
    },
    {"event": "UnitListed", "unit": OTHER, "board": "black", "month": "2024-09", "reason": "末位"},
    {"event": "UnitListed", "unit": OTHER, "board": "black", "month": "2024-10", "reason": "末位"},
    {
        "event": "TargetSet",
        "occurred_on": "2024-01-05",
        "year": 2024,
        "indicator": "到位资金",
        "amount": "100",
        "for_unit": TOWN,
    },
]
SIZE = len(REPORTED) + len(FACTS) + 2  # and two publications
CONSISTENT = (
    "CONSISTENT: nothing outside the file vouches for it (--key, --cosigner, --receipt, "
    "--witness): its maker could have invented the whole"
)
Change = Callable[["BundleParts"], object]
Verify = Callable[..., list[str]]


@dataclass
class EventLine:
    """One line of events.txt."""

    stream: str
    version: object  # a test may put anything here
    topic: str
    state: bytes

    @classmethod
    def read(cls, line: bytes) -> EventLine:
        """Split a line."""
        stream, version, topic, state = line.split(b"\t", 3)
        return cls(stream.decode(), int(version), topic.decode(), state)

    @property
    def data(self) -> Any:
        """What the event says."""
        return json.loads(self.state)

    def replace_data(self, data: dict[str, Any]) -> None:
        """Let the event say something else."""
        self.state = json.dumps(data, ensure_ascii=False).encode()

    @property
    def leaf(self) -> bytes:
        """Its leaf hash."""
        return leaf_hash(
            leaf_input(self.stream, int(str(self.version)), self.topic, self.state),
        )

    def written(self) -> bytes:
        """The line as it stands in events.txt."""
        header = f"{self.stream}\t{self.version}\t{self.topic}\t"
        return header.encode() + self.state + b"\n"


@dataclass
class BundleParts:
    """A bundle taken apart, and the key that signs for it."""

    manifest: dict[str, Any]
    events: list[EventLine]
    files: dict[str, bytes]
    key: SigningKey

    @classmethod
    def of_bundle(
        cls,
        path: Path,
        key: SigningKey,
    ) -> BundleParts:
        """Take a bundle apart."""
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        del files["verify_bundle.py"]
        manifest = json.loads(files.pop("manifest.json"))
        lines = files.pop("events.txt").split(b"\n")[:-1]
        events = [EventLine.read(line) for line in lines]
        return cls(manifest, events, files, key)

    def change_last(
        self,
        kind: str,
        change: Callable[[dict[str, Any]], object],
    ) -> None:
        """Change what the last event of a kind says, and seal."""
        of_kind = [event for event in self.events if event.topic.startswith(kind)]
        data = of_kind[-1].data
        change(data)
        of_kind[-1].replace_data(data)
        self.seal()

    def seal(self) -> None:
        """Let every publication name the tree before it, and sign the whole.

        This is what the holder of the key could do.
        """
        tree = Frontier()
        for event in self.events:
            if event.topic.startswith(("ScoresPublished", "BoardPublished")):
                named_tree = {"tree_size": tree.size, "root": tree.root().hex()}
                event.replace_data({**event.data, **named_tree})
            tree.append([event.leaf])
        self.manifest["tree_size"] = tree.size
        self.manifest["root"] = tree.root().hex()
        self.manifest["checkpoints"] = [self.note(tree.size, tree.root())]

    def note(
        self,
        size: int,
        root: bytes,
        **fields: Any,
    ) -> str:
        """A checkpoint signed by the key."""
        checkpoint = {"origin": self.manifest["origin"], "size": size, "root": root, **fields}
        return str(self.key.sign(Checkpoint(**checkpoint).text))

    def write(self, path: Path) -> Path:
        """Write the bundle."""
        files = {
            "manifest.json": json.dumps(self.manifest).encode(),
            "events.txt": b"".join(event.written() for event in self.events),
            **self.files,
        }
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path


@dataclass
class SealedLedger:
    """A small ledger's bundle, certificate, receipts of both versions, and witness file."""

    parts: BundleParts
    certificate: dict[str, Any]
    receipt: dict[str, Any]
    signed_receipt: dict[str, Any]
    witness: list[dict[str, Any]]


def seal_small_ledger(folder: Path) -> SealedLedger:
    """Record, witness, certify, publish and bundle."""
    witness_path = folder / "w.jsonl"
    with new_ledger(folder) as ledger:
        key = create_signer(ledger, folder / "k.pem")
        fill(ledger, REPORTED, keep=False)
        _witness(ledger, key, witness_path)
        entries = fill(ledger, FACTS, keep=False)
        receipt = json.loads(first_version(ledger, entries))
        signed_receipt = json.loads(signed(ledger, entries, key).encode())
        view = View(2024, date(2024, 12, 31), ledger.head().position, BOOK)
        note = _witness(ledger, key, witness_path)
        certified = json.loads(json.dumps(unit_certificate(ledger, view, TOWN, note).as_json()))
        publish_scores(ledger, RequestedAxes(2024, view.as_of), CLERK)
        publish_board(ledger, RequestedAxes(), "2024-10", CLERK)
        sign_checkpoint(ledger, key)
        write_bundle(ledger, folder / "b.zip")
    parts = BundleParts.of_bundle(folder / "b.zip", key)
    lines = witness_path.read_text(encoding="utf-8").splitlines()
    witness = [json.loads(line) for line in lines]
    return SealedLedger(parts, certified, receipt, signed_receipt, witness)


def _witness(
    ledger: Ledger,
    key: SigningKey,
    path: Path,
) -> Note:
    """Sign a checkpoint and write it down in a witness file."""
    note = sign_checkpoint(ledger, key)
    lines_before = witness_file.read_witness_file(path)
    first = 1
    if lines_before:
        first = lines_before[-1].checkpoint.size + 1
    with ledger.recorder.cursor(write=False) as cursor:
        rows = list(ledger.recorder.between(cursor, first, ledger.head().position))
    leaves = [leaf_hash(leaf_input(row[1], row[2], row[3], bytes(row[4]))) for row in rows]
    witness_file.append_witness_line(path, signers(ledger)[-1].key, note, leaves)
    return note


def verified(position: int, size: int) -> str:
    """The last line that the verifier prints where something outside vouches."""
    return (
        f"VERIFIED up to position {position}; events behind it that nothing outside vouches for: "
        f"{size - position}"
    )


def changed_parts(
    sealed: SealedLedger,
    change: Change,
) -> BundleParts:
    """The bundle with something changed."""
    parts = deepcopy(sealed.parts)
    parts.key = sealed.parts.key
    change(parts)
    return parts
