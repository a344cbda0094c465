"""A bundle laid out as a store: the same ledger, or an error that names the file."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint, stored_checkpoints
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError
from projections.audit.bundle_stores import open_bundle
from projections.audit.bundles import write_bundle
from tests.given import REPORTED, World
from tests.soak import examples

MANIFEST, EVENTS = "manifest.json", "events.txt"
# Of the files that other programs read, nothing is looked at.
READ: Final = (MANIFEST, EVENTS)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A signed ledger of four events."""
    folder = tmp_path_factory.mktemp("bundled")
    ledger = World(folder).given(*REPORTED).ledger
    sign_checkpoint(ledger, create_signer(ledger, folder / "key.pem"))
    yield ledger
    ledger.close()


@pytest.fixture(scope="module")
def bundle(store: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its bundle."""
    path = tmp_path_factory.mktemp("bundle") / "b.zip"
    write_bundle(store, path)
    return path


def test_it_is_the_same_ledger(store: Ledger, bundle: Path, tmp_path: Path) -> None:
    with open_bundle(bundle, tmp_path) as laid_out:
        assert laid_out.head() == store.head()
        assert stored_checkpoints(laid_out) == stored_checkpoints(store)
        moment = store.clock()
        assert laid_out.position_at(moment) == store.position_at(moment)
        with laid_out.rows_of_kind("project") as rows, store.rows_of_kind("project") as stored:
            assert list(rows) == [(*row[:4], bytes(row[4])) for row in stored]


def rewritten(bundle: Path, folder: Path, name: str, content: bytes) -> Path:
    path = folder / "rewritten.zip"
    with zipfile.ZipFile(bundle) as archive, zipfile.ZipFile(path, "w") as target:
        for entry in archive.namelist():
            target.writestr(entry, content if entry == name else archive.read(entry))
    return path


@examples(60)
@given(data=st.data())
def test_a_damaged_bundle_is_an_error_or_another_tree(
    store: Ledger, bundle: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(READ))
    with zipfile.ZipFile(bundle) as archive:
        content = bytearray(archive.read(name))
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start, min(start + 40, len(content))))
    content[start:end] = data.draw(st.binary(max_size=20) | st.just(b"9" * 30))
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        path = rewritten(bundle, folder, name, bytes(content))
        # Whatever else it raises would be a traceback to whoever was handed the bundle.
        with suppress(LedgerError), open_bundle(path, folder) as laid_out:
            assert laid_out.tree().root() == store.tree().root()


@pytest.mark.parametrize("name", READ)
def test_a_file_that_is_cut_off_is_an_error(bundle: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(bundle) as archive:
        content = archive.read(name)
    path = rewritten(bundle, tmp_path, name, content[: len(content) // 2])
    with pytest.raises(LedgerError, match=r"rewritten\.zip"):
        open_bundle(path, tmp_path)


def test_an_archive_that_is_cut_off_is_an_error(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(bundle.read_bytes()[:-100])
    with pytest.raises(LedgerError, match=r"cut\.zip"):
        open_bundle(path, tmp_path)
