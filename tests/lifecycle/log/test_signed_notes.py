"""Signed notes and checkpoints: Go's published notes verify; malformed ones are rejected."""

from __future__ import annotations

import base64
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, strategies as st

from lifecycle.ledger.signing_key import SigningKey, is_encrypted
from lifecycle.log.signed_notes import (
    Checkpoint,
    Note,
    NoteError,
    Signature,
    VerifierKey,
    signature_is_valid,
)
from lifecycle.rejections import Rejected, StoreError
from tests.platforms import not_on_windows

# golang.org/x/mod/sumdb/note, its documentation and tests: a key pair and a note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
SIGNED = f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"


def test_gos_published_note_verifies() -> None:
    note = Note.parse(SIGNED)
    assert note.text == TEXT
    assert str(note.verify(VerifierKey.parse(PETER))) == PETER
    assert str(note) == SIGNED


def test_gos_published_key_signs_the_same_note() -> None:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(PETER_SECRET)[1:])
    assert str(SigningKey("PeterNeumann", private).sign(TEXT)) == SIGNED


def test_gos_published_key_mangled_is_rejected() -> None:
    VerifierKey.parse(PETER)
    for start in range(len(PETER)):
        for end in range(start + 1, len(PETER) + 1):
            if (start, end) != (0, len(PETER)):
                with pytest.raises(NoteError):
                    VerifierKey.parse(PETER[start:end])
    for wrong in (  # of the wrong length, of an unknown algorithm
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ):
        with pytest.raises(NoteError):
            VerifierKey.parse(wrong)


def test_a_key_with_a_plus_in_its_base64_round_trips() -> None:
    key = VerifierKey("a", bytes(2) + b"\xfb\xef\xbe" + bytes(27))
    assert "++++" in str(key)
    assert VerifierKey.parse(str(key)) == key


@pytest.mark.parametrize(
    "written",
    [
        "",
        "\n",
        "text\n",
        "\n\n— a b\n",
        SIGNED[:-1],
        SIGNED + "x",
        SIGNED.replace("— ", "- "),
        SIGNED.replace("Neumann x", "Neumann  x"),
        SIGNED.replace("x08go", "x08g"),
        SIGNED.replace("\n\n", "\n"),
        SIGNED.replace("If", "\tIf"),
        f"{TEXT}\n— Peter AAAAAA==\n",
        "a" * (1 << 20) + SIGNED,
        TEXT + "\n" + "— a AAAAAAAA\n" * 101,
    ],
)
def test_an_invalid_note_is_rejected(written: str) -> None:
    with pytest.raises(NoteError):
        Note.parse(written).verify(VerifierKey.parse(PETER))


@given(st.integers(0, len(TEXT) - 2), st.characters(min_codepoint=33, max_codepoint=0x9FFF))
def test_a_changed_text_fails_verification(at: int, character: str) -> None:
    if TEXT[at] != character:
        with pytest.raises(NoteError):
            Note.parse(SIGNED[:at] + character + SIGNED[at + 1 :]).verify(VerifierKey.parse(PETER))


def test_a_signature_of_an_unknown_key_is_ignored_and_insufficient_alone(
    tmp_path: Path,
) -> None:
    stranger = SigningKey.create("stranger", tmp_path / "k").sign(TEXT).signatures[0]
    countersigned = Note(TEXT, (stranger, *Note.parse(SIGNED).signatures))
    assert countersigned.verify(VerifierKey.parse(PETER)).name == "PeterNeumann"
    with pytest.raises(NoteError, match="no known key"):
        Note(TEXT, (stranger,)).verify(VerifierKey.parse(PETER))
    short = Signature("PeterNeumann", VerifierKey.parse(PETER).id, b"short")
    with pytest.raises(NoteError, match="is not valid"):
        Note(TEXT, (short,)).verify(VerifierKey.parse(PETER))


@given(st.text())
def test_no_text_brings_the_parsers_down(written: str) -> None:
    for parse in (Note.parse, Checkpoint.parse, VerifierKey.parse):
        with suppress(NoteError):
            assert str(parse(written))


def test_a_checkpoint_is_origin_size_and_root() -> None:
    # The example of the format's own page, c2sp.org/tlog-checkpoint.
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.parse(text)
    assert (checkpoint.origin, checkpoint.size, len(checkpoint.root), checkpoint.tree_hash) == (
        "example.com/behind-the-sofa",
        20852163,
        32,
        "sha256",
    )
    assert checkpoint.text == text
    sm3 = Checkpoint("a", 1, b"r" * 32, "sm3")
    assert Checkpoint.parse(sm3.text) == sm3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nAA==\n",
        "a\n-1\nAA==\n",
        "a\n1\n?\n",
        "\n1\nAA==\n",
        "a\n1\nAA==",
        "a\n1\nAA==\nmore",
        "a\n1\nAA==\n\n",
    ],
)
def test_an_invalid_checkpoint_is_rejected(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


# Limits -------------------------------------------------------------------------------------------


def test_a_note_with_two_signatures_round_trips(tmp_path: Path) -> None:
    countersigned = Note(
        TEXT,
        (
            SigningKey.create("a", tmp_path / "a").sign(TEXT).signatures[0],
            *Note.parse(SIGNED).signatures,
        ),
    )
    assert Note.parse(str(countersigned)) == countersigned
    assert str(countersigned).count("\n— ") == 2


def test_a_text_can_contain_an_empty_line(tmp_path: Path) -> None:
    written = str(SigningKey.create("a", tmp_path / "a").sign("one\n\ntwo\n"))
    assert Note.parse(written).text == "one\n\ntwo\n"


def test_the_limits_of_a_note_are_its_own() -> None:
    line = "— a AAAAAAAA\n"  # six octets: a key's id, and two of a signature
    assert len(Note.parse(f"{TEXT}\n{line * 100}").signatures) == 100
    rest = f"\n\n{line}"
    assert Note.parse("a" * ((1 << 20) - len(rest)) + rest).text.startswith("aaa")
    for wrong, why in (
        ("a" * ((1 << 20) - len(rest) + 1) + rest, "at most 1 MiB"),
        (f"{TEXT}\n{line * 101}", "1 to 100 signatures"),
        (f"\n\n{line}", "a text"),
    ):
        with pytest.raises(NoteError, match=why):
            Note.parse(wrong)
    with pytest.raises(NoteError, match="is not a signature line"):
        Note.parse(f"{TEXT}\n— a AAAAAA==\n")  # a key's id alone
    for letter in ("\t", "\r", "\x00", "\x1f", "\ud800"):
        with pytest.raises(NoteError, match="control characters"):
            Note.parse(f"a{letter}b\n\n{line}")


def test_a_foreign_checkpoint_may_have_extra_lines() -> None:
    checkpoint = Checkpoint.parse("a\n9999999999999999999\nAA==\nsomething else\ntree-hash sm3\n")
    assert (checkpoint.size, checkpoint.root, checkpoint.tree_hash) == (
        9999999999999999999,
        b"\x00",
        "sm3",
    )
    assert Checkpoint.parse("a\n0\nAA==\nsomething else\n").tree_hash == "sha256"
    for wrong in (
        "a\n10000000000000000000\nAA==\n",
        "a\n1\nAA==\n\ntree-hash sm3\n",
        "a\n1\nA\u4e00==\n",
    ):
        with pytest.raises(NoteError):
            Checkpoint.parse(wrong)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "\ud800"])
def test_a_key_s_name_has_no_spaces_and_no_plus(name: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(str(VerifierKey("x", bytes(32))).replace("x", name, 1))


def test_a_signature_of_another_length_is_invalid() -> None:
    key, signed = VerifierKey.parse(PETER), Note.parse(SIGNED).signatures[0].signature
    assert signature_is_valid(key.public, signed, TEXT.encode())
    for wrong in (signed[:-1], signed + b"\x00", b""):
        assert not signature_is_valid(key.public, wrong, TEXT.encode())
    assert not signature_is_valid(b"\xff" * 32, signed, TEXT.encode())
    assert not signature_is_valid(b"short", signed, TEXT.encode())


# The key file -------------------------------------------------------------------------------------


@not_on_windows("permission bits; tests/windows/check_files.py reads the access list")
def test_a_key_is_readable_by_its_owner_alone_and_created_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "k.pem"
    key = SigningKey.create("store", path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not is_encrypted(path)
    assert SigningKey.load("store", path).verifier == key.verifier
    with pytest.raises(Rejected, match="already exists"):
        SigningKey.create("store", path)
    path.chmod(0o640)
    with pytest.raises(StoreError, match="read by others"):
        SigningKey.load("store", path)


def test_a_passphrase_encrypts_the_key(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    key = SigningKey.create("store", path, "钥匙")
    assert is_encrypted(path)
    assert SigningKey.load("store", path, "钥匙").verifier == key.verifier
    for wrong, why in ((None, "passphrase"), ("other", "wrong passphrase")):
        with pytest.raises(StoreError, match=why):
            SigningKey.load("store", path, wrong)


@pytest.mark.parametrize("content", [None, b"", b"no key", "rsa"])
def test_a_file_without_a_key_is_reported(tmp_path: Path, content: bytes | str | None) -> None:
    path = tmp_path / "k.pem"
    if content == "rsa":
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        content = generate_private_key(SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    if isinstance(content, bytes):
        path.write_bytes(content)
        path.chmod(0o600)
    with pytest.raises(StoreError, match="signing key"):
        SigningKey.load("store", path)
    assert not is_encrypted(path)
