"""Evidence on its way into the ledger: a file's name and digest are recorded, the file itself is kept beside the store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from commands.cli.shared.command_context import store_url
from commands.words.messages import why
from lifecycle.ledger.evidence_store import EvidenceStore, evidence_digest, verify_evidence
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.rejections import Rejected, msg

if TYPE_CHECKING:  # only an audit pays for the walk
    from lifecycle.ledger.verification import VerificationResult


def shelf() -> EvidenceStore:
    """Where this store's evidence is: `LIFECYCLE_EVIDENCE`, beside an SQLite store, else in the user's data folder."""
    folder = os.environ.get("LIFECYCLE_EVIDENCE")
    if folder:
        return EvidenceStore(Path(folder))
    path = sqlite_path(store_url())
    if path is not None:
        return EvidenceStore(path.with_name(f"{path.stem}.evidence"))
    from platformdirs import user_data_path  # noqa: PLC0415 -- a folder that was named does not pay for it

    return EvidenceStore(user_data_path("lifecycle") / "evidence")


def check_evidence(ledger: Ledger, verdict: VerificationResult) -> None:
    """Read the evidence kept again; what is no longer what was recorded joins the differences of an audit."""
    from lifecycle.ledger.audit_expectations import LedgerDifference  # noqa: PLC0415 -- only an audit pays for it

    found = verify_evidence(ledger, shelf())
    for name, count in (
        ("evidence", found.sound + len(found.altered)),
        ("evidence_elsewhere", len(found.absent)),
    ):
        if count:
            verdict.checked[name] = count
    verdict.differences.extend(LedgerDifference(problem) for problem in found.altered)


class Papers:
    """The files given with one record: digested as they are given, kept once the record is decided on."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}

    def digested(self, path: str) -> dict[str, str]:
        """A file's name and SHA-256. Raises `Rejected` where it cannot be read or is too large."""
        file = Path(path).expanduser()
        try:
            sha256 = evidence_digest(file)
        except OSError as error:
            raise Rejected.by(
                "evidence_unreadable",
                msg("{path} cannot be read: {why}"),
                at="evidence",
                path=path,
                why=why(error),
            ) from error
        self._files[sha256] = file
        return {"name": file.name, "sha256": sha256}

    def kept(self, entry: LedgerEntry) -> LedgerEntry:
        """Keep the files of a record that is allowed and about to be appended; the entry is given back."""
        own = shelf() if self._files else None
        for sha256, file in self._files.items():
            if own is not None and own.add(file) != sha256:
                raise Rejected.by(
                    "evidence_changed",
                    msg("{path} changed while it was recorded: try again"),
                    at="evidence",
                    path=file,
                )
        return entry
