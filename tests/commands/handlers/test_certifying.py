"""A certificate rests on a checkpoint signed now, or, without the key, on the last one kept."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest

from commands.handlers.certifying import certify_unit
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import Rejected, StoreError
from projections.audit.verifier import verify_bundle as verifier
from projections.views.requested_axes import RequestedAxes
from tests.given import REPORTED, TOWN, World, of
from tests.outside_changes import change_outside

AXES = RequestedAxes(2024, date(2024, 12, 31))
LATER_EVENT = of("ConsultationHeld", "2024-02-01", outcome="passed")


def no_key() -> NoReturn:
    raise StoreError("the key is locked")


@pytest.fixture
def key(world: World, tmp_path: Path) -> SigningKey:
    return create_signer(world.ledger, tmp_path / "key.pem")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).given(*REPORTED)


def test_with_the_key_it_rests_on_the_whole_ledger(world: World, key: SigningKey) -> None:
    basis = certify_unit(world.ledger, AXES, TOWN, lambda: key)
    assert (basis.left_out, basis.unsigned) == (0, None)
    size = Checkpoint.parse(basis.certificate.checkpoint.text).size
    assert basis.certificate.view.position == size == len(REPORTED)


def test_without_the_key_it_rests_on_the_last_checkpoint(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    sign_checkpoint(world.ledger, key)
    world.record(LATER_EVENT)
    basis = certify_unit(world.ledger, AXES, TOWN, no_key)
    assert basis.left_out == 1
    assert str(basis.unsigned) == "the key is locked"
    assert basis.certificate.view.position == len(REPORTED)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(basis.certificate.as_json()), encoding="utf-8")
    assert verifier.main([str(path), "--key", str(key.verifier)]) == 0


def test_what_was_known_lies_at_most_at_that_checkpoint(world: World, key: SigningKey) -> None:
    sign_checkpoint(world.ledger, key)
    world.record(LATER_EVENT)
    axes = RequestedAxes(2024, date(2024, 12, 31), world.ledger.clock())
    basis = certify_unit(world.ledger, axes, TOWN, no_key)
    assert basis.certificate.view.position == len(REPORTED)


def test_without_key_and_checkpoint_there_is_no_certificate(world: World, key: SigningKey) -> None:
    with pytest.raises(Rejected, match="the key is locked") as rejection:
        certify_unit(world.ledger, AXES, TOWN, no_key)
    assert rejection.value.problems[0].rule == "no_checkpoint"


def test_a_checkpoint_that_the_stored_tree_does_not_give_is_rejected(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    note = sign_checkpoint(world.ledger, key)
    root = note.text.split("\n")[2]
    forged = key.sign(note.text.replace(root, base64.b64encode(bytes(32)).decode()))
    change = ("UPDATE ledger_checkpoints SET note = ?", (str(forged),))
    change_outside(f"sqlite:///{tmp_path}/ledger.db", change)
    with pytest.raises(Rejected, match="audit verify") as rejection:
        certify_unit(world.ledger, AXES, TOWN, no_key)
    assert rejection.value.problems[0].rule == "not_continued"


def test_a_rewritten_history_gets_no_certificate(
    world: World, key: SigningKey, tmp_path: Path
) -> None:
    note = sign_checkpoint(world.ledger, key)
    forged = key.sign(note.text.replace("\n4\n", "\n3\n"))
    change = ("UPDATE ledger_checkpoints SET note = ?", (str(forged),))
    change_outside(f"sqlite:///{tmp_path}/ledger.db", change)
    with pytest.raises(Rejected) as rejection:
        certify_unit(world.ledger, AXES, TOWN, lambda: key)
    assert rejection.value.problems[0].rule == "not_continued"
