"""`audit follow`: a witness that needs nobody's memory, from a folder, a URL or the pages."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn

from commands.web.application import application
from lifecycle.ledger.checkpoints import change_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.continuation import compare_with_witness
from lifecycle.log.witness_file import read_witness_file
from tests.commands.conftest import Cli
from tests.ledgers import CLERK, fill
from tests.outside_changes import change_outside
from tests.published_logs import PublishedStore, activity, record_month


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder as any web server does."""

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """Serve a folder; yields its address."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class Follower:
    """An auditor's computer: a witness file and no store."""

    def __init__(self, published: PublishedStore, folder: Path, cli: Cli) -> None:
        self.published = published
        self.address: object = published.folder
        self.witness = folder / "witness.jsonl"
        self._cli = cli

    def follow(self, *arguments: object) -> tuple[int, str]:
        """Follow; return the exit code and everything that was printed."""
        answer = self._cli("audit", "follow", self.address, "--witness", self.witness, *arguments)
        return answer.code, answer.out + answer.err

    def begin(self) -> None:
        """Follow for the first time, with the key."""
        code, text = self.follow("--key", self.published.key.verifier)
        assert (code, "CONTINUES" in text) == (0, True)

    @property
    def content(self) -> bytes:
        return self.witness.read_bytes() if self.witness.exists() else b""

    @property
    def sizes(self) -> list[int]:
        return [line.checkpoint.size for line in read_witness_file(self.witness)]


@pytest.fixture
def published(store_url: str, tmp_path: Path) -> Iterator[PublishedStore]:
    store = PublishedStore(store_url, tmp_path)
    with store.ledger:
        record_month(store.ledger)
        store.publish()
        yield store


@pytest.fixture
def follower(
    published: PublishedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Follower:
    return Follower(published, tmp_path, Cli("sqlite:////nowhere/no.db", capsys))


def test_each_run_adds_what_is_new_and_the_file_is_a_witness_file(
    published: PublishedStore, follower: Follower
) -> None:
    follower.begin()
    first = published.ledger.head().position
    code, text = follower.follow()
    assert (code, f"still has {first} events" in text) == (0, True)
    record_month(published.ledger, 300)
    published.publish()
    code, text = follower.follow()
    assert (code, "300 more than in the last line" in text) == (0, True)
    assert follower.sizes == [first, first + 300]
    result = verify(published.ledger, [follower.witness])
    assert (result.differences, result.checked["witnessed"]) == ([], 2)


@pytest.mark.parametrize("form", ["folder", "file", "http", "http without slash"])
def test_the_same_is_read_from_every_kind_of_address(
    published: PublishedStore, follower: Follower, form: str
) -> None:
    with web_server(published.folder) as address:
        addresses = {
            "folder": str(published.folder),
            "file": published.folder.as_uri(),
            "http": address,
            "http without slash": address.rstrip("/"),
        }
        follower.address = addresses[form]
        follower.begin()
        record_month(published.ledger, 300)
        published.publish()
        assert follower.follow()[0] == 0
    assert len(follower.sizes) == 2


def test_the_pages_are_followed_over_a_socket(
    published: PublishedStore, follower: Follower
) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application(published.ledger, None, lambda _line: None), lifespan="off", log_level="error"
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    follower.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        follower.begin()
        record_month(published.ledger, 300)
        sign_checkpoint(published.ledger, published.key)
        assert follower.follow()[0] == 0
    finally:
        server.should_exit = True
        thread.join(timeout=20)
    assert len(follower.sizes) == 2


def rewrite(published: PublishedStore, tmp_path: Path, first_activity: int) -> None:
    """The county begins again, with the same key and name, and publishes other events."""
    origin = published.ledger.head().origin
    url = f"sqlite:///{tmp_path / 'again.db'}"
    (tmp_path / "again").mkdir()
    again = PublishedStore(url, tmp_path / "again")
    again.key = SigningKey.load(origin, tmp_path / "key.pem")
    again.ledger.close()
    change_outside(
        url,
        (
            "UPDATE ledger_head SET origin = ?, signer = ?",
            (origin, str(published.key.verifier)),
        ),
    )
    again.ledger = Ledger.open(url)
    fill(again.ledger, [activity(first_activity + number) for number in range(400)], keep=False)
    shutil.rmtree(published.folder)
    again.folder = published.folder
    again.publish()
    again.ledger.close()


def test_a_rewritten_history_is_told_with_both_checkpoints(
    published: PublishedStore, follower: Follower, tmp_path: Path
) -> None:
    follower.begin()
    before = follower.content
    witnessed = (published.folder / "checkpoint").read_text(encoding="utf-8")
    units = published.ledger.head().position - 300
    rewrite(published, tmp_path, 5)
    code, text = follower.follow()
    assert code == 1
    assert "DIFFERS: the history of" in text
    # Recorded at another moment, even the first event has other bytes; at the latest the first
    # activity is another one.
    assert "first difference: position " in text
    named = int(text.partition("first difference: position ")[2].partition("\n")[0])
    assert named <= units + 1
    now = (published.folder / "checkpoint").read_text(encoding="utf-8")
    for note in (witnessed, now):
        root = note.splitlines()[2]
        assert root in text
    assert "keep both checkpoints" in text
    assert follower.content == before
    code, text = follower.follow("--format", "json")
    assert (code, '"verdict": "DIFFERS"' in text, f'"first_difference": {named}' in text) == (
        1,
        True,
        True,
    )


def test_a_history_that_was_cut_back_is_told(
    published: PublishedStore, follower: Follower, tmp_path: Path
) -> None:
    shutil.copytree(published.folder, tmp_path / "old")
    record_month(published.ledger, 300)
    published.publish()
    follower.begin()
    before = follower.content
    follower.address = tmp_path / "old"
    code, text = follower.follow()
    assert (code, "history was cut back, or an old copy is published" in text) == (1, True)
    assert "first difference" not in text
    assert follower.content == before


def test_a_changed_key_has_to_be_confirmed(
    published: PublishedStore, follower: Follower, tmp_path: Path
) -> None:
    follower.begin()
    new = SigningKey.create(published.ledger.head().origin, tmp_path / "new.pem")
    change_signer(published.ledger, CLERK, new, "换岗", published.key)
    published.key = new
    published.publish()
    code, text = follower.follow()
    assert (code, "not signed by the key that you trust" in text) == (1, True)
    assert len(follower.sizes) == 1
    assert follower.follow("--key", new.verifier)[0] == 0
    assert follower.follow()[0] == 0
    assert len(follower.sizes) == 2


def test_the_first_run_needs_the_key(follower: Follower) -> None:
    code, text = follower.follow()
    assert (code, "pass the ledger's public key with --key" in text) == (2, True)
    assert follower.follow("--key", "x")[0] == 3
    assert follower.content == b""


@pytest.mark.parametrize("tile", ["tile/0/000", "tile/1/000.p/1"])
@pytest.mark.parametrize("damage", ["removed", "cut", "changed"])
def test_tiles_that_are_gone_or_damaged_are_told_and_nothing_is_added(
    published: PublishedStore, follower: Follower, tile: str, damage: str
) -> None:
    path = published.folder / tile
    content = path.read_bytes()
    if damage == "removed":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(content[:-1])
    else:
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    code, text = follower.follow("--key", published.key.verifier)
    if tile.startswith("tile/1"):
        # A follower that reads every leaf needs no tile above.
        assert code == 0
        return
    assert code == (3 if damage == "removed" else 1), text
    assert tile in text or "do not lead to the root" in text
    assert follower.content == b""


def test_a_partial_tile_that_was_replaced_by_the_full_one_is_read_from_it(
    published: PublishedStore, follower: Follower
) -> None:
    size = published.ledger.head().position
    record_month(published.ledger, 300)
    leaves = published.ledger.leaves(257, 512)
    (published.folder / f"tile/0/001.p/{size - 256}").unlink()
    (published.folder / "tile/0/001").write_bytes(b"".join(leaves))
    follower.begin()
    assert follower.sizes == [size]


def test_the_published_log_of_another_ledger_is_rejected(
    published: PublishedStore, follower: Follower, tmp_path: Path
) -> None:
    follower.begin()
    (tmp_path / "other").mkdir()
    other = PublishedStore(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other")
    other.publish()
    follower.address = other.folder
    code, text = follower.follow("--key", other.key.verifier)
    assert (code, "the witness file is of" in text) == (1, True)
    assert len(follower.sizes) == 1


def test_what_cannot_be_reached_or_read_exits_with_3(
    published: PublishedStore, follower: Follower, tmp_path: Path
) -> None:
    key = ("--key", published.key.verifier)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "checkpoint").write_text("<html>", encoding="utf-8")
    (tmp_path / "long").mkdir()
    (tmp_path / "long" / "checkpoint").write_bytes(b"\n" * 2_000_000)
    (tmp_path / "folder" / "checkpoint").mkdir(parents=True)
    addresses = (
        f"http://127.0.0.1:{port}",
        tmp_path / "nowhere",
        tmp_path / "page",
        tmp_path / "long",
        tmp_path / "folder",
        "ftp://county.example/log",
        "http://",
        "http://[",
    )
    for address in addresses:
        follower.address = address
        code, text = follower.follow(*key)
        assert (code, "internal error" in text) == (3, False), (address, text)
    assert follower.content == b""


def test_a_line_that_another_process_added_meanwhile_is_not_written_twice(
    published: PublishedStore, follower: Follower
) -> None:
    # A patch of its own: to undo the test's would undo the language that it runs in.
    with pytest.MonkeyPatch.context() as patch:

        def compare_slowly(*arguments: Any) -> object:
            outcome = compare_with_witness(*arguments)
            patch.undo()
            follower.begin()
            return outcome

        patch.setattr("commands.handlers.following.compare_with_witness", compare_slowly)
        code, text = follower.follow("--key", published.key.verifier)
    assert (code, "run again" in text) == (3, True)
    assert len(follower.sizes) == 1
