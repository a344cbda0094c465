"""C2SP tlog-cosignature: the specification's example, and what makes a cosignature invalid."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.signing_key import SigningKey
from lifecycle.log.cosignatures import (
    CosignerKey,
    cosignature_of,
    cosigned_message,
    with_cosignature,
)
from lifecycle.log.signed_notes import Note, NoteError, Signature, VerifierKey

# The example of the specification. Its keys are not given there.
EXAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 \
jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ\
+qnA==
"""
EXAMPLE_MESSAGE = """\
cosignature/v1
time 1679315147
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""
MOMENT = 1_700_000_000


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.create("audit.kaihua.gov.cn", tmp_path / "cosigner.pem")


@pytest.fixture
def log_note(tmp_path: Path) -> Note:
    log_key = SigningKey.create("lifecycle/log", tmp_path / "log.pem")
    return log_key.sign("lifecycle/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")


def test_the_specification_s_example_is_read() -> None:
    note = Note.parse(EXAMPLE)
    cosignature = note.signatures[1]
    assert cosignature.name == "witness.example.com/w1"
    (timestamp,) = struct.unpack_from(">Q", cosignature.signature)
    assert len(cosignature.signature) == 8 + 64
    assert cosigned_message(note.text, timestamp).decode() == EXAMPLE_MESSAGE
    # Another key of the same name is unknown, and so is its line.
    assert cosignature_of(note, CosignerKey("witness.example.com/w1", b"\1" * 32)) is None


def test_a_cosignature_is_valid_beside_the_log_s_signature(key: SigningKey, log_note: Note) -> None:
    note = Note.parse(str(key.cosign(log_note, MOMENT)))
    assert note.text == log_note.text
    assert note.signatures[0] == log_note.signatures[0]
    cosignature = cosignature_of(note, key.cosigner)
    assert cosignature is not None
    assert cosignature.timestamp == MOMENT
    assert cosignature.made_at == "2023-11-14T22:13:20+00:00"
    # Whoever knows only the log's key is not disturbed by it.
    with pytest.raises(NoteError, match="no known key signed"):
        note.verify(key.verifier)


@pytest.mark.parametrize("octet", [0, 7, 8, 71])
def test_a_changed_cosignature_is_rejected(key: SigningKey, log_note: Note, octet: int) -> None:
    line = key.cosign(log_note, MOMENT).signatures[1]
    changed = bytearray(line.signature)
    changed[octet] ^= 1
    note = Note(log_note.text, (Signature(line.name, line.key_id, bytes(changed)),))
    with pytest.raises(NoteError, match=r"cosignature of audit\.kaihua\.gov\.cn is not valid"):
        cosignature_of(note, key.cosigner)


@pytest.mark.parametrize("size", [1, 7, 8, 71, 73])
def test_a_cosignature_of_another_length_is_rejected(
    key: SigningKey, log_note: Note, size: int
) -> None:
    line = key.cosign(log_note, MOMENT).signatures[1]
    octets = (line.signature + b"\0")[:size]
    note = Note(log_note.text, (Signature(line.name, line.key_id, octets),))
    with pytest.raises(NoteError, match="is not valid"):
        cosignature_of(note, key.cosigner)


def test_a_cosignature_of_another_text_is_rejected(key: SigningKey, log_note: Note) -> None:
    line = key.cosign(log_note, MOMENT).signatures[1]
    with pytest.raises(NoteError, match="is not valid"):
        cosignature_of(Note(log_note.text.replace("\n3\n", "\n4\n"), (line,)), key.cosigner)


def test_a_log_s_own_signature_is_no_cosignature(key: SigningKey, log_note: Note) -> None:
    """Type octet 4 and 1 give other ids, so that the same key's lines are told apart."""
    assert key.cosigner.id != key.verifier.id
    signed = key.sign(log_note.text)
    assert cosignature_of(signed, key.cosigner) is None
    signature = signed.signatures[0].signature
    with pytest.raises(NoteError, match="is not valid"):
        cosignature_of(with_cosignature(log_note, key.cosigner, 0, signature), key.cosigner)


@pytest.mark.parametrize("timestamp", [0, (1 << 63) - 1])
def test_every_moment_of_the_format_is_shown(
    key: SigningKey, log_note: Note, timestamp: int
) -> None:
    cosignature = cosignature_of(key.cosign(log_note, timestamp), key.cosigner)
    assert cosignature is not None
    assert cosignature.timestamp == timestamp
    assert cosignature.made_at


def test_a_moment_beyond_63_bits_is_rejected(key: SigningKey, log_note: Note) -> None:
    with pytest.raises(NoteError, match="is not valid"):
        cosignature_of(key.cosign(log_note, 1 << 63), key.cosigner)


def test_keys_are_written_and_read(key: SigningKey) -> None:
    assert CosignerKey.parse(str(key.cosigner)) == key.cosigner
    assert VerifierKey.parse(str(key.verifier)) == key.verifier
    with pytest.raises(NoteError, match="not a cosigner's key"):
        CosignerKey.parse(str(key.verifier))
    with pytest.raises(NoteError, match="not an Ed25519 verifier key"):
        VerifierKey.parse(str(key.cosigner))


@given(st.text())
def test_what_is_no_key_is_rejected(text: str) -> None:
    with pytest.raises(NoteError):
        CosignerKey.parse(text)
