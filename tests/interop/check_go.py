"""Go's own `sumdb/note` and `sumdb/tlog` read our checkpoint and tiles: `make test-interop`.

The program is `tests/interop/go/main.go`. Debian's packages golang-go and golang-golang-x-mod-dev
bring all that it needs.
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from commands.handlers.cosigning import cosign_last_line, create_cosigner, load_cosigner
from commands.handlers.following import follow_log
from commands.intake.published_files import published_files
from commands.web.application import application
from lifecycle.ledger.cosignature_store import add_cosignature
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import Frontier, leaf_hash, leaf_input
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.witness_file import read_witness_file
from projections.audit.tile_folder import write_tile_folder
from tests.ledgers import LATER
from tests.log_tiles import tile_contents
from tests.published_logs import PublishedStore, record_month

SOURCE = Path(__file__).parent / "go" / "main.go"
PACKAGES = "/usr/share/gocode"
MONTHS = 3


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled program; it builds from Debian's packages, without the network."""
    folder = tmp_path_factory.mktemp("go")
    settings = {
        "GO111MODULE": "off",
        "GOPATH": os.environ.get("GOPATH", PACKAGES),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
    }
    program = folder / "readlog"
    subprocess.run(
        ["go", "build", "-o", str(program), str(SOURCE)], env=os.environ | settings, check=True
    )
    return program


def read_log(program: Path, address: object, *arguments: object) -> tuple[int, str]:
    """Run the program; return its exit code and all that it printed."""
    finished = subprocess.run(
        [str(program), *map(str, arguments), str(address)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return finished.returncode, finished.stdout + finished.stderr


@pytest.fixture
def published(store_url: str, tmp_path: Path) -> PublishedStore:
    """A store that was published each month; the first checkpoint is kept as `earlier`."""
    store = PublishedStore(store_url, tmp_path)
    for month in range(MONTHS):
        record_month(store.ledger, 300 * month)
        store.publish()
        earlier = tmp_path / "earlier"
        if not earlier.exists():
            earlier.write_bytes((store.folder / "checkpoint").read_bytes())
    return store


def write_entries(ledger: Ledger, path: Path) -> int:
    """Write what the leaves hash, from the first event; return how many."""
    lines: list[bytes] = []
    with ledger.recorder.cursor(write=False) as cursor:
        for row in ledger.recorder.between(cursor, 1, ledger.head().position):
            entry = leaf_input(row[1], row[2], row[3], bytes(row[4]))
            lines.append(base64.b64encode(entry))
    path.write_bytes(b"\n".join(lines) + b"\n")
    return len(lines)


def options(published: PublishedStore, tmp_path: Path) -> list[object]:
    count = write_entries(published.ledger, tmp_path / "entries")
    assert count == published.ledger.head().position
    files = ["-earlier", tmp_path / "earlier", "-entries", tmp_path / "entries"]
    return ["-key", published.key.verifier, *files]


def expected(published: PublishedStore, signers: str) -> str:
    size = published.ledger.head().position
    first = size - 300 * (MONTHS - 1)
    return (
        f"checkpoint of {size} events, signed by {signers}\n"
        f"continues the checkpoint of {first} events\n"
        f"{size} entries are in the tree\n"
    )


def test_go_reads_the_folder(program: Path, published: PublishedStore, tmp_path: Path) -> None:
    arguments = options(published, tmp_path)
    origin = published.ledger.head().origin
    assert read_log(program, published.folder, *arguments) == (0, expected(published, origin))


def test_go_reads_the_pages(program: Path, published: PublishedStore, tmp_path: Path) -> None:
    arguments = options(published, tmp_path)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application(published.ledger, None, lambda _line: None), lifespan="off", log_level="error"
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        outcome = read_log(program, address, *arguments)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
    assert outcome == (0, expected(published, published.ledger.head().origin))


def test_go_verifies_a_cosignature(
    program: Path, published: PublishedStore, tmp_path: Path
) -> None:
    witness = tmp_path / "witness.jsonl"
    read = published_files(str(published.folder))
    follow_log(str(published.folder), read, witness, [], published.key.verifier)
    cosigner = create_cosigner("audit.kaihua.gov.cn", tmp_path / "cosigner.pem")
    cosigned = cosign_last_line(
        read_witness_file(witness), load_cosigner(tmp_path / "cosigner.pem"), LATER
    )
    add_cosignature(published.ledger, cosigned, cosigner)
    write_tile_folder(published.ledger, published.folder)
    arguments = [*options(published, tmp_path), "-cosigner", cosigner]
    signers = f"{published.ledger.head().origin}, audit.kaihua.gov.cn"
    assert read_log(program, published.folder, *arguments) == (0, expected(published, signers))


def test_go_rejects_what_was_changed(
    program: Path, published: PublishedStore, tmp_path: Path
) -> None:
    arguments = options(published, tmp_path)
    tile = published.folder / "tile/0/001"
    content = bytearray(tile.read_bytes())
    content[100] ^= 1
    tile.write_bytes(content)
    code, text = read_log(program, published.folder, *arguments)
    assert (code, "are in the tree" in text) == (1, False), text
    tile.unlink()
    published.publish()
    assert read_log(program, published.folder, *arguments)[0] == 0
    earlier = tmp_path / "earlier"
    root = Checkpoint(published.ledger.head().origin, 300, b"\1" * 32)
    earlier.write_text(str(published.key.sign(root.text)), encoding="utf-8")
    code, text = read_log(program, published.folder, *arguments)
    assert (code, "invalid transparency proof" in text) == (1, True), text


def test_go_reads_the_specification_s_tree_of_70000(program: Path, tmp_path: Path) -> None:
    entries = [b"entry %d" % number for number in range(70_000)]
    leaves = [leaf_hash(entry) for entry in entries]
    for tile, content in tile_contents(leaves).items():
        path = tmp_path / "log" / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    key = SigningKey.create("example.com/log", tmp_path / "key.pem")
    for name, size in (("earlier", 65_537), ("log/checkpoint", 70_000)):
        frontier = Frontier()
        frontier.append(leaves[:size])
        checkpoint = Checkpoint("example.com/log", size, frontier.root())
        (tmp_path / name).write_text(str(key.sign(checkpoint.text)), encoding="utf-8")
    (tmp_path / "entries").write_bytes(b"\n".join(map(base64.b64encode, entries[:1000])) + b"\n")
    files = ("-earlier", tmp_path / "earlier", "-entries", tmp_path / "entries")
    outcome = read_log(program, tmp_path / "log", "-key", key.verifier, *files)
    assert outcome == (
        0,
        (
            "checkpoint of 70000 events, signed by example.com/log\n"
            "continues the checkpoint of 65537 events\n"
            "1000 entries are in the tree\n"
        ),
    )
