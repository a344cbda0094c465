"""Cosign what a witness file recorded, with a key of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.log.cosignatures import CosignerKey, cosignature_of
from lifecycle.log.signed_notes import Note, NoteError
from lifecycle.log.text_lines import lines_without_marks
from lifecycle.log.witness_file import WitnessLine
from lifecycle.regular_file import read_regular
from lifecycle.rejections import Rejected, StoreError, msg


def create_cosigner(
    name: str,
    path: Path,
    passphrase: str | None = None,
) -> CosignerKey:
    """Create a cosigner's key; its public key is written beside it.

    Raises `Rejected` where the file exists or the name cannot stand in a signature line.
    """
    _require_name(name)
    key = SigningKey.create(name, path, passphrase)
    write_atomically(public_key_file(path), f"{key.cosigner}\n".encode())
    return key.cosigner


def _require_name(name: str) -> None:
    # The written form has to be read again: no blanks, no plus sign, not empty.
    try:
        CosignerKey.parse(str(CosignerKey(name, bytes(32))))
    except (NoteError, UnicodeEncodeError):
        raise Rejected.by(
            "cosigner_name",
            msg(
                "{name} cannot be a cosigner's name: it needs one character at least, and no blank "
                "or plus sign, such as audit.kaihua.gov.cn"
            ),
            name=name,
        ) from None


def public_key_file(path: Path) -> Path:
    """Return the file beside a cosigner's key that holds its name and public key."""
    return path.with_suffix(".pub")


def load_cosigner(path: Path, passphrase: str | None = None) -> SigningKey:
    """Load a cosigner's key. Raises `StoreError`."""
    public_path = public_key_file(path)
    try:
        public = CosignerKey.parse(public_path.read_text(encoding="utf-8"))
    except (OSError, ValueError, NoteError):
        raise StoreError(
            msg(
                "{path} is not a cosigner's public key; `lifecycle audit cosign --new` creates one"
            ),
            path=public_path,
        ) from None
    key = SigningKey.load(public.name, path, passphrase)
    if key.cosigner != public:
        raise StoreError(
            msg("{public} is not the public key of {path}"), public=public_path, path=path
        )
    return key


def cosign_last_line(
    lines: Sequence[WitnessLine],
    key: SigningKey,
    moment: datetime,
) -> Note:
    """Return the last checkpoint of a witness file with a cosignature.

    C2SP tlog-cosignature: it states that this is the largest consistent tree that the cosigner saw.
    The file's last line is, since a line is added only where it continues the one before. Raises
    `Rejected` where the file vouches for no event.
    """
    if not lines or not lines[-1].checkpoint.size:
        raise Rejected.by(
            "nothing_witnessed", msg("the witness file has no checkpoint of any event to cosign")
        )
    newest = lines[-1].note
    # Under the log's own signature, which comes first: a cosigner vouches for no other cosigner.
    log_note = Note(newest.text, newest.signatures[:1])
    return key.cosign(log_note, int(moment.timestamp()))


def read_note(path: Path) -> Note:
    """Read a file with a signed note; marks and CRLF of an editor do no harm.

    Raises `StoreError` where it is none.
    """
    lines = lines_without_marks(read_regular(path))
    try:
        return Note.parse((b"\n".join(lines) + b"\n").decode())
    except (NoteError, UnicodeDecodeError):
        raise StoreError(msg("{path} is not a signed checkpoint"), path=path) from None


def cosigner_of_note(note: Note, known: Sequence[CosignerKey]) -> CosignerKey:
    """Return the known cosigner who cosigned a note. Raises `Rejected` where there is none."""
    for key in known:
        if cosignature_of(note, key) is not None:
            return key
    raise Rejected.by(
        "unknown_cosigner",
        msg(
            "the note is cosigned by none of the cosigners that the store knows; pass the "
            "cosigner's public key with --cosigner"
        ),
    )
