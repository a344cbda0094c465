"""Bundles made to harm, or damaged at random: rejected, in little memory, without a crash."""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle as verifier
from tests.given import REPORTED
from tests.ledgers import fill, new_ledger
from tests.platforms import not_on_windows
from tests.projections.audit.archive_members import Members, read_members, write_members
from tests.projections.audit.bundle_parts import Verify
from tests.soak import examples

MEBIBYTE = 1 << 20


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundle of a ledger with three units and a project."""
    folder = tmp_path_factory.mktemp("small")
    with new_ledger(folder) as ledger:
        key = create_signer(ledger, folder / "k.pem")
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, key)
        write_bundle(ledger, folder / "b.zip")
    return (folder / "b.zip").read_bytes()


@pytest.fixture
def members(
    small_bundle: bytes,
    tmp_path: Path,
) -> Members:
    """Its members."""
    path = tmp_path / "small.zip"
    path.write_bytes(small_bundle)
    return read_members(path)


def check_rejected_in_little_memory(
    verify: Verify,
    path: Path,
) -> None:
    tracemalloc.start()
    lines = verify(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert lines[0].startswith(("DIFFERS: ", "UNUSABLE: "))
    assert peak < 64 * MEBIBYTE


def pack_a_bomb(members: Members) -> None:
    members["README.txt"] = bytes(64 * MEBIBYTE)


def climb_out_of_the_folder(members: Members) -> None:
    members["../../etc/passwd"] = b"x"


def name_an_absolute_path(members: Members) -> None:
    members["/etc/passwd"] = b"x"


def write_a_long_line(members: Members) -> None:
    members["events.txt"] = b"x" * (5 * MEBIBYTE)


def nest_deeply(members: Members) -> None:
    members["manifest.json"] = b"[" * 200_000


def write_a_float(members: Members) -> None:
    members["manifest.json"] = b'{"tree_size":1.5}'


@pytest.mark.parametrize(
    "change",
    [
        pack_a_bomb,
        climb_out_of_the_folder,
        name_an_absolute_path,
        write_a_long_line,
        nest_deeply,
        write_a_float,
    ],
)
def test_hostile_members_are_rejected(
    members: Members,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Members], None],
) -> None:
    change(members)

    check_rejected_in_little_memory(verify, write_members(tmp_path / "evil.zip", members))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_one_name_is_rejected(
    small_bundle: bytes,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(small_bundle)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("calendar.txt", b"x")

    check_rejected_in_little_memory(verify, path)


def directory_of(count: int) -> bytes:
    """A directory of so many members of no content; the end can count 65,535 of them only."""
    fields = (20, 3, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    entry = struct.pack("<4sBBHHHHHIIIHHHHHII", b"PK\x01\x02", *fields) + b"x"
    counted = count & 0xFFFF
    size = count * len(entry)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, counted, counted, size, 0, 0)
    return entry * count + end


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK but no archive", id="no archive"),
        pytest.param(directory_of(1_000_000), id="a million members"),
        pytest.param(directory_of(16 * (1 << 16) + 7), id="a million members counted as seven"),
    ],
)
def test_a_file_that_only_looks_like_a_bundle_is_rejected(
    tmp_path: Path,
    verify: Verify,
    content: bytes,
) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(content)

    check_rejected_in_little_memory(verify, path)


VERDICT = "VERIFIED up to position 4; events behind it that nothing outside vouches for: 0"


@pytest.mark.parametrize("hidden", ["\n", "\r", "\u2028", "\x1b[8m", "\x9b2K", "\u202e", "\ud800"])
def test_no_text_in_a_file_adds_a_verdict_or_hides_ours(
    members: Members,
    tmp_path: Path,
    verify: Verify,
    hidden: str,
) -> None:
    table = json.loads(members["working-days.json"])
    table["source"] = f"x{hidden}{VERDICT}{hidden}"
    members["working-days.json"] = json.dumps(table).encode()
    key = json.loads(members["manifest.json"])
    key["origin"] = f"x{hidden}{VERDICT}"
    path = write_members(tmp_path / "evil.zip", members)

    lines = verify(path)

    assert not [line for line in lines if line.startswith("VERIFIED")]
    assert all(line.isprintable() for line in lines)
    members["manifest.json"] = json.dumps(key).encode()
    (*_, verdict) = verify(write_members(path, members))
    assert not verdict.startswith("VERIFIED")
    assert verdict.isprintable()


@not_on_windows("Windows has no pipes among files")
@pytest.mark.parametrize("option", [None, "--witness", "--receipt"])
@pytest.mark.parametrize("device", ["pipe", "/dev/zero"])
def test_a_pipe_or_a_device_is_no_file(
    small_bundle: bytes,
    tmp_path: Path,
    verify: Verify,
    option: str | None,
    device: str,
) -> None:
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(small_bundle)
    path = tmp_path / "pipe" if device == "pipe" else Path(device)
    if device == "pipe":
        os.mkfifo(path)

    (line,) = verify(path) if option is None else verify(bundle, option, path)[-1:]

    assert line == f"UNUSABLE: {path} is no regular file"


@examples(60)
@given(st.data())
def test_no_damage_crashes_it(
    small_bundle: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    damaged = bytearray(small_bundle)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(len(damaged) // 2, len(damaged)))
    path = tmp_path_factory.mktemp("damaged") / "b.zip"
    path.write_bytes(bytes(damaged[:length]))

    assert verifier.main([str(path)]) in (1, 3)
