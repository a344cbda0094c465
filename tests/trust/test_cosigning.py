"""Cosignatures: made by the follower, kept by the county, published, and checked by everybody."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.ledger.checkpoints import stored_checkpoints
from lifecycle.ledger.cosignature_store import cosigner_keys
from lifecycle.ledger.published_log import published_note
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.cosignatures import CosignerKey, cosignature_of
from lifecycle.log.signed_notes import Checkpoint, Note
from projections.audit.verifier import verify_bundle as verifier
from tests.commands.conftest import Answer, Cli
from tests.county import CountyCli
from tests.outside_changes import change_outside
from tests.postgres import Server
from tests.projections.audit.bundle_parts import verified
from tests.published_logs import PublishedStore, record_month
from tests.trust.roles import ranked_store

NAME = "audit.kaihua.gov.cn"


class Cosigner:
    """An auditor who follows the county's log and cosigns what the witness file holds."""

    def __init__(self, published: PublishedStore, folder: Path, cli: Cli) -> None:
        self.published = published
        self.witness = folder / "witness.jsonl"
        self.key_file = folder / "cosigner.pem"
        self.note_file = folder / "cosigned.txt"
        self.cli = cli

    def create_key(self) -> CosignerKey:
        answer = self.cli("audit", "cosign", "--key-file", self.key_file, "--new", NAME)
        key = CosignerKey.parse(self.key_file.with_suffix(".pub").read_text(encoding="utf-8"))
        assert (answer.code, str(key) in answer.out) == (0, True)
        return key

    def follow(self) -> None:
        options = ("--witness", self.witness, "--key", self.published.key.verifier)
        assert self.cli("audit", "follow", self.published.folder, *options).code == 0

    def cosign(self) -> Answer:
        return self.cli(
            "audit", "cosign", self.witness, self.note_file, "--key-file", self.key_file
        )


@pytest.fixture
def published(store_url: str, tmp_path: Path) -> Iterator[PublishedStore]:
    store = PublishedStore(store_url, tmp_path)
    with store.ledger:
        store.publish()
        yield store


@pytest.fixture
def county(published: PublishedStore, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(published.url, capsys)


@pytest.fixture
def cosigner(
    published: PublishedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Cosigner:
    return Cosigner(published, tmp_path, Cli("sqlite:////nowhere/no.db", capsys))


@pytest.fixture
def key(cosigner: Cosigner) -> CosignerKey:
    """The cosigner's key, after a first cosignature was made."""
    key = cosigner.create_key()
    cosigner.follow()
    assert cosigner.cosign().code == 0
    return key


def test_a_cosignature_is_kept_published_and_bundled(
    published: PublishedStore, county: Cli, cosigner: Cosigner, key: CosignerKey, tmp_path: Path
) -> None:
    answer = county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
    assert (answer.code, f"was cosigned by {NAME}" in answer.out) == (0, True)
    assert cosigner_keys(published.ledger) == [key]
    note = published_note(published.ledger)
    assert note is not None
    assert cosignature_of(note, key) is not None
    assert note.verify(published.key.verifier) == published.key.verifier
    published.publish()
    assert (published.folder / "checkpoint").read_text(encoding="utf-8") == str(note)
    # A follower reads the log's signature beside it.
    cosigner.follow()

    bundle = tmp_path / "b.zip"
    assert county("audit", "bundle", bundle).code == 0
    manifest = json.loads(zipfile.ZipFile(bundle).read("manifest.json"))
    assert manifest["cosigners"] == [str(key)]
    assert str(cosignature_of(note, key).line) in "".join(manifest["checkpoints"])  # type: ignore[union-attr]


def test_every_reader_of_checkpoints_reads_those_with_a_cosignature(
    published: PublishedStore,
    county: Cli,
    cosigner: Cosigner,
    key: CosignerKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))
    county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
    record_month(published.ledger)
    assert county("audit", "checkpoint", "--witness", tmp_path / "w.jsonl").code == 0
    answer = county("audit", "verify", "--witness", cosigner.witness)
    assert (answer.code, answer.err) == (0, "")
    assert len(stored_checkpoints(published.ledger)) == 3


def test_later_cosignatures_of_a_known_key_need_no_key(
    published: PublishedStore, county: Cli, cosigner: Cosigner, key: CosignerKey
) -> None:
    answer = county("audit", "add-cosignature", cosigner.note_file)
    assert (answer.code, "pass the cosigner's public key" in answer.err) == (1, True)
    county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
    record_month(published.ledger)
    published.publish()
    cosigner.follow()
    cosigner.cosign()
    # An editor may have left its marks.
    text = cosigner.note_file.read_bytes()
    cosigner.note_file.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert county("audit", "add-cosignature", cosigner.note_file).code == 0
    assert len(stored_checkpoints(published.ledger)) == 4


def test_only_one_s_own_checkpoints_take_cosignatures(
    published: PublishedStore, county: Cli, cosigner: Cosigner, key: CosignerKey, tmp_path: Path
) -> None:
    cosigned = Note.parse(cosigner.note_file.read_text(encoding="utf-8"))
    checkpoint = Checkpoint.parse(cosigned.text)
    from commands.handlers.cosigning import load_cosigner

    cosigning_key = load_cosigner(cosigner.key_file)
    rows = {
        "at 99 events": Checkpoint(checkpoint.origin, 99, checkpoint.root),
        "no checkpoint of another/log": Checkpoint("another/log", 99, checkpoint.root),
        "saw another history": Checkpoint(checkpoint.origin, checkpoint.size, b"\1" * 32),
    }
    for words, other in rows.items():
        note = cosigning_key.cosign(published.key.sign(other.text), 1_700_000_000)
        cosigner.note_file.write_text(str(note), encoding="utf-8")
        answer = county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
        assert (answer.code, words in answer.err) == (1, True), answer.err
    cosigner.note_file.write_text("no note", encoding="utf-8")
    assert county("audit", "add-cosignature", cosigner.note_file).code == 3
    other_size = str(cosigned).replace(f"\n{checkpoint.size}\n", "\n3\n")
    cosigner.note_file.write_text(other_size, encoding="utf-8")
    assert county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key).code == 1
    assert cosigner_keys(published.ledger) == []


def test_keys_and_files_that_cannot_be_used_are_told(
    cosigner: Cosigner, key: CosignerKey, tmp_path: Path
) -> None:
    def cosign(*arguments: object) -> tuple[int, str]:
        answer = cosigner.cli("audit", "cosign", *arguments)
        return answer.code, answer.err

    key_file = ("--key-file", cosigner.key_file)
    assert cosign(*key_file, "--new", NAME)[0] == 1  # a key is never overwritten
    for name in ("", "审计 局", "a+b", "a\nb"):
        code, text = cosign("--key-file", tmp_path / "new.pem", "--new", name)
        assert (code, "cannot be a cosigner's name" in text) == (1, True)
    assert not (tmp_path / "new.pem").exists()
    assert cosign(*key_file)[0] == 2
    assert cosign(cosigner.witness, *key_file)[0] == 2
    (tmp_path / "empty.jsonl").write_bytes(b"")
    code, text = cosign(tmp_path / "empty.jsonl", tmp_path / "out", *key_file)
    assert (code, "no checkpoint of any event to cosign" in text) == (1, True)
    assert cosign(cosigner.witness, tmp_path / "out", "--key-file", tmp_path / "no.pem")[0] == 3
    other = CosignerKey(NAME, b"\1" * 32)
    cosigner.key_file.with_suffix(".pub").write_text(f"{other}\n", encoding="utf-8")
    code, text = cosign(cosigner.witness, tmp_path / "out", *key_file)
    assert (code, "is not the public key of" in text) == (3, True)
    assert not (tmp_path / "out").exists()


def test_a_key_with_a_passphrase_asks_for_it(
    cosigner: Cosigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_PASSPHRASE", "开化")
    options = ("--key-file", cosigner.key_file, "--new", NAME, "--passphrase")
    assert cosigner.cli("audit", "cosign", *options).code == 0
    cosigner.follow()
    assert cosigner.cosign().code == 0
    monkeypatch.delenv("LIFECYCLE_PASSPHRASE")
    assert cosigner.cosign().code == 3


# The stand-alone verifier -------------------------------------------------------------------------


class Verified:
    """What the stand-alone verifier says of a bundle."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        capsys.readouterr()
        self.code = verifier.main([str(argument) for argument in arguments])
        self.lines = capsys.readouterr().out.splitlines()


@pytest.fixture
def bundle(
    published: PublishedStore, county: Cli, cosigner: Cosigner, key: CosignerKey, tmp_path: Path
) -> Path:
    county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
    record_month(published.ledger)
    path = tmp_path / "b.zip"
    county("audit", "bundle", path)
    return path


def test_a_cosigner_whose_key_is_known_outside_vouches(
    published: PublishedStore, bundle: Path, key: CosignerKey, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = Verified(capsys, bundle)
    assert (alone.code, alone.lines[-1].startswith("CONSISTENT")) == (1, True)
    (remark,) = [line for line in alone.lines if f"--cosigner: {key}" in line]
    assert remark.startswith(f"note: {NAME} cosigned the first ")
    size = published.ledger.head().position
    cosigned = size - 300
    vouched = Verified(capsys, bundle, "--cosigner", key)
    assert (vouched.code, vouched.lines[-1]) == (0, verified(cosigned, size))
    assert any(f"ok: {NAME}, whom you trust, cosigned the" in line for line in vouched.lines)


def test_a_cosigner_who_cosigned_nothing_is_a_difference(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = CosignerKey(NAME, b"\1" * 32)
    verdict = Verified(capsys, bundle, "--cosigner", stranger)
    assert (verdict.code, verdict.lines[-1]) == (
        1,
        f"DIFFERS: no checkpoint is cosigned by the cosigner that you trust, {stranger}",
    )


def test_a_key_of_another_kind_cannot_be_used(
    published: PublishedStore, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for written in (published.key.verifier, "x", f"{NAME}+00000000+BAAA"):
        assert Verified(capsys, bundle, "--cosigner", written).code == 3
    (tmp_path / "c.json").write_text("{}", encoding="utf-8")
    certificate = Verified(capsys, tmp_path / "c.json", "--cosigner", CosignerKey(NAME, b"\1" * 32))
    assert (certificate.code, "only be checked against a bundle" in certificate.lines[-1]) == (
        3,
        True,
    )


def rewritten(bundle: Path, old: str, new: str) -> None:
    """Replace a text in the manifest."""
    with zipfile.ZipFile(bundle) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    text = json.dumps(manifest, ensure_ascii=False)
    assert old in text
    members["manifest.json"] = text.replace(old, new).encode()
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("listed", [True, False])
def test_a_changed_cosignature_is_a_difference(
    published: PublishedStore,
    bundle: Path,
    key: CosignerKey,
    capsys: pytest.CaptureFixture[str],
    *,
    listed: bool,
) -> None:
    cosignatures = [cosignature_of(note, key) for note in stored_checkpoints(published.ledger)]
    (line,) = [cosignature.line for cosignature in cosignatures if cosignature is not None]
    signature = bytearray(line.signature)
    signature[20] ^= 1
    changed = line.__class__(line.name, line.key_id, bytes(signature))
    rewritten(bundle, str(line).strip(), str(changed).strip())
    if not listed:
        rewritten(bundle, f'"{key}"', "")
    arguments = () if listed else ("--cosigner", key)
    verdict = Verified(capsys, bundle, *arguments)
    assert (verdict.code, verdict.lines[-1]) == (
        1,
        f"DIFFERS: the cosignature of {NAME} on a checkpoint does not hold",
    )


def verdict_of(county: Cli, *arguments: object) -> tuple[int, str, int]:
    """The exit code, the verdict and up to where it reaches."""
    answer = county("audit", "verify", "--format", "json", *arguments)
    return answer.code, answer.json["verdict"], answer.json["vouched_up_to"]


def test_audit_verify_takes_a_cosigner_s_word_if_the_key_is_given(
    published: PublishedStore, county: Cli, cosigner: Cosigner, key: CosignerKey
) -> None:
    cosigned = published.ledger.head().position
    county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
    record_month(published.ledger)
    assert verdict_of(county) == (1, "CONSISTENT", 0)
    assert verdict_of(county, "--cosigner", key) == (0, "VERIFIED", cosigned)
    assert "cosignatures: 1 checked" in county("audit", "verify").out
    stranger = CosignerKey(NAME, b"\1" * 32)
    answer = county("audit", "verify", "--cosigner", stranger)
    assert (answer.code, "no checkpoint is cosigned by the cosigner" in answer.err) == (1, True)
    assert county("audit", "verify", "--cosigner", published.key.verifier).code == 3


def test_a_changed_cosignature_in_the_store_is_told(
    published: PublishedStore, county: Cli, cosigner: Cosigner, key: CosignerKey
) -> None:
    county("audit", "add-cosignature", cosigner.note_file, "--cosigner", key)
    notes = stored_checkpoints(published.ledger)
    (cosigned,) = [note for note in notes if len(note.signatures) == 2]
    line = cosigned.signatures[1]
    octets = bytes([line.signature[0] ^ 1]) + line.signature[1:]
    changed = line.__class__(line.name, line.key_id, octets)
    note = Note(cosigned.text, (cosigned.signatures[0], changed))
    change_outside(
        published.url,
        ("UPDATE ledger_checkpoints SET note = ? WHERE signer = ?", (str(note), str(key))),
    )
    answer = county("audit", "verify")
    assert (answer.code, f"the cosignature of {NAME} is not valid" in answer.err) == (1, True)


@pytest.mark.parametrize(("rank", "code"), [("manager", 0), ("clerk", 1), ("auditor", 1)])
def test_owner_and_managers_keep_cosignatures_and_nobody_else(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], rank: str, code: int
) -> None:
    cosigning_key = SigningKey.create(NAME, tmp_path / "cosigner.pem")
    with ranked_store(server) as ranked:
        with Ledger.open(ranked.url("owner")) as ledger:
            (note,) = stored_checkpoints(ledger)
        path = tmp_path / "cosigned.txt"
        path.write_text(str(cosigning_key.cosign(note, 1_700_000_000)), encoding="utf-8")
        county = Cli(ranked.url(rank), capsys)
        answer = county("audit", "add-cosignature", path, "--cosigner", cosigning_key.cosigner)
        assert answer.code == code, answer.err
        assert ("[keeps_no_checkpoints]" in answer.err) == bool(code)
        with Ledger.open(ranked.url("owner")) as ledger:
            assert len(cosigner_keys(ledger)) == 1 - code


def test_what_is_no_key_or_no_file_cannot_be_used(tmp_path: Path, county: CountyCli) -> None:
    witness = tmp_path / "witness.jsonl"
    answer = county("audit", "follow", tmp_path, "--witness", witness, "--key", "x")
    assert (answer.code, "is not an Ed25519 verifier key" in answer.err) == (3, True)
    key_file = tmp_path / "cosigner.pem"
    assert county("audit", "cosign", "--key-file", key_file, "--new", NAME).code == 0
    answer = county("audit", "cosign", witness, tmp_path / "note.txt", "--key-file", key_file)
    assert (answer.code, "No such file or directory" in answer.err) == (3, True)
