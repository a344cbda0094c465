"""Signing: the first key, checkpoints, an auditor's witness file, and a change of key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands.handlers.recording import record_event
from commands.handlers.signing import (
    change_key,
    create_first_key,
    sign_checkpoint,
    sign_for_witness,
)
from lifecycle.ledger.checkpoints import signers
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.witness_file import read_witness_file
from lifecycle.rejections import Rejected
from tests.given import REPORTED, World, reported
from tests.ledgers import CLERK


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).given(*REPORTED)


@pytest.fixture
def key(world: World, tmp_path: Path) -> SigningKey:
    return create_first_key(world.ledger, tmp_path / "first.pem")


def test_a_store_has_one_first_key(world: World, key: SigningKey, tmp_path: Path) -> None:
    assert [signer.key for signer in signers(world.ledger)] == [key.verifier]
    with pytest.raises(Rejected) as rejected:
        create_first_key(world.ledger, tmp_path / "second.pem")
    assert rejected.value.problems[0].rule == "signer_exists"


def test_a_checkpoint_covers_the_current_tree(world: World, key: SigningKey) -> None:
    checkpoint = Checkpoint.parse(sign_checkpoint(world.ledger, key).text)
    assert (checkpoint.size, checkpoint.root) == (4, world.ledger.tree().root())


def test_a_changed_key_is_endorsed_by_the_previous_one(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    change_key(world.ledger, CLERK, tmp_path / "next.pem", reason="到期", previous=key)
    assert [signer.endorsed for signer in signers(world.ledger)] == [True, True]


def test_after_a_lost_key_nobody_endorses_the_next(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    change_key(world.ledger, CLERK, tmp_path / "next.pem", reason="遗失", previous=None)
    assert [signer.endorsed for signer in signers(world.ledger)] == [True, False]


def test_a_change_without_a_reason_leaves_no_key_behind(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    path = tmp_path / "next.pem"
    with pytest.raises(Rejected):
        change_key(world.ledger, CLERK, path, reason="", previous=key)
    assert not path.exists()


def test_each_signing_adds_a_line_to_the_witness_file(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    witness = tmp_path / "witness.jsonl"
    sign_for_witness(world.ledger, lambda: key, witness)
    world.record(reported("Q"))
    sign_for_witness(world.ledger, lambda: key, witness)
    assert [line.checkpoint.size for line in read_witness_file(witness)] == [4, 5]


def test_a_rolled_back_store_is_not_witnessed(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    witness = tmp_path / "witness.jsonl"
    world.ledger.close()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "old.db")
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        record_event(ledger, reported("Q"), CLERK)
        sign_for_witness(ledger, lambda: key, witness)
    lines = witness.read_bytes()
    with Ledger.open(f"sqlite:///{tmp_path / 'old.db'}") as ledger, pytest.raises(Rejected):
        sign_for_witness(ledger, lambda: key, witness)
    assert witness.read_bytes() == lines
