"""A small ledger's bundle taken apart, so that a test can change one thing, seal it again as whoever holds the key could, and write it."""

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
from lifecycle.ledger import receipts
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint, signers
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log import witness_file as witness
from lifecycle.log.merkle_tree import Frontier, leaf_hash, leaf_input
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rulebook import shipped
from projections.audit.certificates import certificate, write_bundle
from projections.scoring.evaluation import View
from projections.views.board_view import view_of_month
from tests.given import OTHER, REPORTED, TOWN, of
from tests.ledgers import CLERK, fill, new_ledger

BOOK = shipped("kaihua-2024")
STRANGER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
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
SIZE = len(REPORTED) + len(FACTS) + 2
ELSE = "00" * 32
Change = Callable[["Parts"], object]
Said = Callable[..., list[str]]


@dataclass
class Parts:
    """A bundle taken apart, and the key that signs for it."""

    manifest: dict[str, Any]
    events: list[list[Any]]
    rest: dict[str, bytes]
    key: SigningKey

    def fields(self, kind: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change what the last event of a kind says, and seal."""
        event = next(event for event in reversed(self.events) if event[2].startswith(kind))
        data = json.loads(event[3])
        change(data)
        event[3] = json.dumps(data, ensure_ascii=False).encode()
        self.seal()

    def seal(self) -> None:
        """Let every publication name the tree before it, and sign the whole anew: what whoever holds the key could do."""
        tree = Frontier()
        for event in self.events:
            if event[2].startswith(("ScoresPublished", "BoardPublished")):
                event[3] = json.dumps(
                    {**json.loads(event[3]), "tree_size": tree.size, "root": tree.root().hex()},
                    ensure_ascii=False,
                ).encode()
            tree.append([leaf_hash(leaf_input(event[0], int(event[1]), event[2], event[3]))])
        self.manifest |= {
            "tree_size": tree.size,
            "root": tree.root().hex(),
            "checkpoints": [self.note(tree.size, tree.root())],
        }

    def note(self, size: int, root: bytes, **others: Any) -> str:
        """A checkpoint signed by the key."""
        return str(
            self.key.sign(
                Checkpoint(
                    **{"origin": self.manifest["origin"], "size": size, "root": root, **others}
                ).text
            )
        )

    def write(self, path: Path) -> Path:
        """Put it together again."""
        lines = b"".join(
            b"\t".join([stream.encode(), str(version).encode(), topic.encode(), state]) + b"\n"
            for stream, version, topic, state in self.events
        )
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in {
                "manifest.json": json.dumps(self.manifest).encode(),
                "events.txt": lines,
                **self.rest,
            }.items():
                archive.writestr(name, data)
        return path


@dataclass
class Made:
    """A small ledger's bundle, a certificate, a receipt and a witness file of it."""

    parts: Parts
    certificate: dict[str, Any]
    receipt: dict[str, Any]
    witness: list[dict[str, Any]]


def make(folder: Path) -> Made:
    """Record, witness, certify, publish and bundle."""
    with new_ledger(folder) as ledger:
        key = create_signer(ledger, folder / "k.pem")
        fill(ledger, REPORTED, keep=False)
        _witnessed(ledger, key, folder / "w.jsonl")
        entries = fill(ledger, FACTS, keep=False)
        receipt = json.loads(receipts.written(entries, ledger.head()))
        view = View(2024, date(2024, 12, 31), ledger.head().position, BOOK)
        note = _witnessed(ledger, key, folder / "w.jsonl")
        told = json.loads(json.dumps(certificate(ledger, view, TOWN, note)))
        publish_scores(ledger, view, CLERK)
        publish_board(ledger, view_of_month(view, "2024-10"), "2024-10", CLERK)
        sign_checkpoint(ledger, key)
        write_bundle(ledger, folder / "b.zip")
    with zipfile.ZipFile(folder / "b.zip") as archive:
        content = {
            name: archive.read(name) for name in archive.namelist() if name != "verify_bundle.py"
        }
    events = [
        [stream.decode(), int(version), topic.decode(), state]
        for stream, version, topic, state in (
            line.split(b"\t", 3) for line in content.pop("events.txt").split(b"\n")[:-1]
        )
    ]
    parts = Parts(json.loads(content.pop("manifest.json")), events, content, key)
    lines = [
        json.loads(line) for line in (folder / "w.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return Made(parts, told, receipt, lines)


def _witnessed(ledger: Ledger, key: SigningKey, path: Path) -> Note:
    note, before = sign_checkpoint(ledger, key), witness.read_witness_file(path)
    with ledger.recorder.cursor(write=False) as cursor:
        rows = list(
            ledger.recorder.between(
                cursor, before[-1].checkpoint.size + 1 if before else 1, ledger.head().position
            )
        )
    witness.append_witness_line(
        path,
        signers(ledger)[-1].key,
        note,
        [leaf_hash(leaf_input(row[1], row[2], row[3], bytes(row[4]))) for row in rows],
    )
    return note


def parted(made: Made, change: Change) -> Parts:
    """The bundle with something changed."""
    parts = deepcopy(made.parts)
    parts.key = made.parts.key
    change(parts)
    return parts
