"""Take in a record's evidence: the event holds name and digest, the evidence store the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from commands.words.messages import why
from lifecycle.ledger.evidence_store import EvidenceStore, evidence_digest
from lifecycle.rejections import Rejected, msg


class EvidenceIntake:
    """The evidence of one record: digested when it is named, stored once the record is accepted."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store
        self._files: dict[str, Path] = {}
        self._named: list[dict[str, str]] = []

    def digest(self, path: str) -> dict[str, str]:
        """Return a file's name and SHA-256 as an event holds them.

        Raises `Rejected` if the file cannot be read or is too large.
        """
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
        # Two names of one content are stored once.
        self._files[sha256] = file
        named = {"name": file.name, "sha256": sha256}
        self._named.append(named)
        return named

    @property
    def named(self) -> list[dict[str, str]]:
        """Name and SHA-256 of each file that was named, as an event holds them."""
        return [*self._named]

    @property
    def files(self) -> Mapping[str, Path]:
        """The files that were named, by digest."""
        return self._files

    def store(self) -> list[str]:
        """Store the files, and return their digests.

        Raises `Rejected` if one has changed since it was digested.

        Called inside the decision, before the event is appended: an event never names a file that
        is not there, and a stored file that no event names does no harm.
        """
        for sha256, file in self._files.items():
            # The file is read again when it is stored: what the event names must be what is kept.
            if self._store.add(file) != sha256:
                raise Rejected.by(
                    "evidence_changed",
                    msg("{path} changed while it was being recorded: try again"),
                    at="evidence",
                    path=file,
                )
        return [*self._files]
