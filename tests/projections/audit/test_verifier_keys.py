"""The standalone verifier's signatures and hashes, and the signing keys of a ledger one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.checkpoints import change_signer, create_signer, sign_checkpoint, signers
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.log.merkle_tree import Frontier, sm3
from lifecycle.log.signed_notes import Checkpoint
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle as verifier
from tests.given import REPORTED
from tests.ledgers import CLERK, fill, new_ledger
from tests.projections.audit.bundle_parts import CONSISTENT, BundleParts, Verify, verified


@given(st.binary(max_size=300))
def test_its_sm3_agrees_with_the_product_s(message: bytes) -> None:
    assert verifier.sm3(message) == sm3(message)


# RFC 8032, section 7.1, TEST 1 to 3: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f"
            "b8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da08"
            "5ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18"
            "ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_a_signature_holds_for_its_message_alone(
    public: str,
    message: str,
    signature: str,
) -> None:
    key = bytes.fromhex(public)
    text = bytes.fromhex(message)
    signed = bytes.fromhex(signature)

    assert verifier.signature_holds(key, signed, text)
    assert not verifier.signature_holds(key, signed, text + b"x")


@pytest.mark.parametrize("at", [0, 31, 32, 63])
@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_a_signature_with_one_bit_changed_does_not_hold(
    public: str,
    message: str,
    signature: str,
    at: int,
) -> None:
    changed = bytearray.fromhex(signature)
    changed[at] ^= 1

    assert not verifier.signature_holds(
        bytes.fromhex(public),
        bytes(changed),
        bytes.fromhex(message),
    )


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_a_second_signature_made_by_adding_the_order_does_not_hold(
    public: str,
    message: str,
    signature: str,
) -> None:
    signed = bytes.fromhex(signature)
    number = int.from_bytes(signed[32:], "little") + verifier.ORDER
    malleated = signed[:32] + number.to_bytes(32, "little")

    assert not verifier.signature_holds(
        bytes.fromhex(public),
        malleated,
        bytes.fromhex(message),
    )


def write_bundle_with_a_changed_key(
    folder: Path,
    *,
    endorsed: bool,
) -> tuple[SigningKey, SigningKey, int]:
    """Write a bundle whose key changed; return the old key, the new one and the size."""
    with new_ledger(folder) as ledger:
        old = create_signer(ledger, folder / "old.pem")
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, old)
        new = SigningKey.create(ledger.head().origin, folder / "new.pem")
        change_signer(ledger, CLERK, new, "交接", old if endorsed else None)
        sign_checkpoint(ledger, new)
        write_bundle(ledger, folder / "b.zip")
        return old, new, ledger.head().position


@pytest.mark.parametrize(
    ("endorsed", "words"),
    [
        (True, "the previous key signed for it"),
        (False, "the previous key did not sign for it"),
    ],
)
def test_a_changed_key_is_followed(
    tmp_path: Path,
    verify: Verify,
    endorsed: bool,
    words: str,
) -> None:
    _, new, size = write_bundle_with_a_changed_key(tmp_path, endorsed=endorsed)

    lines = verify(tmp_path / "b.zip", "--key", new.verifier)

    assert lines[-1] == verified(size, size)
    text = "\n".join(lines)
    assert words in text
    assert f"signed the tree of the first {size} events" in text


def test_the_old_key_vouches_for_a_new_one_that_it_signed_for(
    tmp_path: Path,
    verify: Verify,
) -> None:
    old, _, size = write_bundle_with_a_changed_key(tmp_path, endorsed=True)

    text = "\n".join(verify(tmp_path / "b.zip", "--key", old.verifier))

    assert f"signed the tree of the first {size} events" in text
    assert "come after the last signed checkpoint" not in text


def test_the_old_key_reaches_no_further_than_itself_without_its_signature(
    tmp_path: Path,
    verify: Verify,
) -> None:
    old, _, size = write_bundle_with_a_changed_key(tmp_path, endorsed=False)

    text = "\n".join(verify(tmp_path / "b.zip", "--key", old.verifier))

    assert f"signed the tree of the first {size - 1} events" in text
    assert "the last 1 events come after the last signed checkpoint" in text


def test_a_forged_endorsement_is_rejected(
    tmp_path: Path,
    verify: Verify,
) -> None:
    with new_ledger(tmp_path) as ledger:
        create_signer(ledger, tmp_path / "old.pem")
        new = SigningKey.create(ledger.head().origin, tmp_path / "new.pem")
        change_signer(ledger, CLERK, new, "交接", new)  # the new key signs for itself
        assert [signer.endorsed for signer in signers(ledger)] == [True, False]
        write_bundle(ledger, tmp_path / "b.zip")

    assert verify(tmp_path / "b.zip")[-1].startswith("DIFFERS: ")


def write_bundle_signed_out_of_turn(folder: Path, signer: str, size: int) -> Path:
    """Write a bundle of two keys, the second from position 4 on, and one more checkpoint."""
    with new_ledger(folder) as ledger:
        keys = {"old": create_signer(ledger, folder / "old.pem")}
        fill(ledger, REPORTED[:3], keep=False)
        keys["new"] = SigningKey.create(ledger.head().origin, folder / "new.pem")
        change_signer(ledger, CLERK, keys["new"], "交接", keys["old"])
        fill(ledger, REPORTED[3:], keep=False)
        sign_checkpoint(ledger, keys["new"])
        write_bundle(ledger, folder / "b.zip")
        parts = BundleParts.of_bundle(folder / "b.zip", keys[signer])
    tree = Frontier()
    tree.append(event.leaf for event in parts.events[:size])
    parts.manifest["checkpoints"].append(parts.note(size, tree.root()))
    return parts.write(folder / "b.zip")


@pytest.mark.parametrize(
    ("signer", "size", "in_turn"),
    [("old", 3, True), ("old", 4, False), ("new", 3, False), ("new", 4, True)],
)
def test_a_key_signs_from_its_own_change_to_the_next(
    tmp_path: Path, verify: Verify, signer: str, size: int, *, in_turn: bool
) -> None:
    last_line = verify(write_bundle_signed_out_of_turn(tmp_path, signer, size))[-1]

    if in_turn:
        assert last_line == CONSISTENT
    else:
        assert last_line.startswith(f"DIFFERS: a checkpoint of {size} events is signed by ")
        assert last_line.endswith(", which did not sign for the ledger at that size")


@pytest.mark.parametrize(
    ("timestamp", "is_timely"),
    [(0, True), ((1 << 63) - 1, True), (1 << 63, False), ((1 << 64) - 1, False)],
)
def test_a_cosignature_holds_with_any_moment_of_63_bits(
    tmp_path: Path, timestamp: int, *, is_timely: bool
) -> None:
    cosigner = SigningKey.create("audit", tmp_path / "c.pem")
    checkpoint = Checkpoint("county", 7, bytes(32))
    note = SigningKey.create("county", tmp_path / "k.pem").sign(checkpoint.text)
    cosigned = str(cosigner.cosign(note, timestamp))
    key = verifier.PublicKey(str(cosigner.cosigner), verifier.COSIGNATURE)

    if is_timely:
        assert list(verifier.cosigned_at(cosigned, key)) == [(7, timestamp)]
    else:
        with pytest.raises(verifier.VerificationError, match="the cosignature of audit"):
            list(verifier.cosigned_at(cosigned, key))


def test_a_key_that_was_replaced_stays_so_when_the_next_one_is(tmp_path: Path) -> None:
    written = [str(SigningKey.create("county", tmp_path / f"{n}.pem").verifier) for n in range(3)]
    keys = [verifier.PublicKey(written[0])]

    for position, key in ((5, written[1]), (9, written[2])):
        state = json.dumps({"verifier_key": key, "reason": "交接"}).encode()
        event = verifier.StoredEvent(position, "county", 1, "SigningKeyChanged/1", state)
        verifier.follow_key_change(event, "county", keys)

    assert [(key.since, key.until) for key in keys] == [(0, 5), (5, 9), (9, 1 << 63)]


def test_a_key_that_comes_back_signs_again(tmp_path: Path, verify: Verify) -> None:
    with new_ledger(tmp_path) as ledger:
        first = create_signer(ledger, tmp_path / "a.pem")
        second = SigningKey.create(ledger.head().origin, tmp_path / "b.pem")
        change_signer(ledger, CLERK, second, "交接", first)
        sign_checkpoint(ledger, second)
        change_signer(ledger, CLERK, first, "交接", second)
        sign_checkpoint(ledger, first)
        write_bundle(ledger, tmp_path / "b.zip")

    assert verify(tmp_path / "b.zip", "--key", first.verifier)[-1] == verified(2, 2)
