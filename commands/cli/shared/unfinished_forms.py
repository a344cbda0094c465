"""What was typed at prompts and not recorded: kept in a file, and offered by the next `record`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from commands.cli.shared.data_folder import data_folder
from lifecycle.atomic_file import write_atomically
from lifecycle.events import BY_NAME
from lifecycle.ledger.recorders import sqlite_path

_FORMAT: Final = "lifecycle-form/1"
_OWNER_ONLY: Final = 0o700
_SUFFIX: Final = ".form.json"


class UnfinishedForm(NamedTuple):
    """The records that were being typed, and the evidence files by digest."""

    records: list[dict[str, Any]]
    evidence_files: dict[str, str]


class UnfinishedForms:
    """The unfinished forms of one store and one user of this machine, one for each kind of form."""

    def __init__(self, store_url: str) -> None:
        path = sqlite_path(store_url)
        place = store_url if path is None else str(path.resolve())
        # An URL may hold a password, and a path what no file name may.
        self._prefix = hashlib.sha256(place.encode()).hexdigest()[:16]
        self._folder = data_folder() / "unfinished"

    def keep(
        self,
        form: str,
        records: Sequence[Mapping[str, Any]],
        evidence_files: Mapping[str, Path],
    ) -> None:
        """Keep what was typed so far, in place of what was kept before."""
        files = {sha256: str(path.resolve()) for sha256, path in evidence_files.items()}
        content = {"format": _FORMAT, "records": list(records), "evidence_files": files}
        # What is typed may name persons.
        self._folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
        # After each answer: a machine that loses power keeps the form.
        write_atomically(self._path(form), orjson.dumps(content))

    def of(self, form: str) -> UnfinishedForm | None:
        """Return what was typed and not recorded; None where there is nothing usable."""
        try:
            content = orjson.loads(self._path(form).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            return None
        records = [record for record in content["records"] if record.get("event") in BY_NAME]
        return UnfinishedForm(records, content["evidence_files"]) if records else None

    def names(self) -> list[str]:
        """Return the kinds of the forms that are unfinished."""
        paths = sorted(self._folder.glob(f"{self._prefix}-*{_SUFFIX}"))
        start = len(self._prefix) + 1
        return [path.name[start : -len(_SUFFIX)] for path in paths]

    def remove(self, form: str) -> None:
        """Forget a form: it was recorded, or the clerk begins anew."""
        with suppress(OSError):
            self._path(form).unlink()

    def _path(self, form: str) -> Path:
        return self._folder / f"{self._prefix}-{form}{_SUFFIX}"
