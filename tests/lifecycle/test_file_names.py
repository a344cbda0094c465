"""No file is written where nobody finds it again."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath

import pytest

from lifecycle.atomic_file import write_atomically
from lifecycle.file_names import HIDDEN_STREAM, names_hidden_stream
from lifecycle.ledger.store import Ledger
from lifecycle.private_files import create_private_file
from lifecycle.rejections import StoreError


@pytest.mark.parametrize(
    ("path", "is_hidden"),
    [
        ("D:\\招商\\10:30.xlsx", True),
        ("10:30.xlsx", True),
        ("9:30.xlsx", True),
        ("ab:c\\台账.xlsx", True),
        ("\\\\server\\share\\10:30.xlsx", True),
        ("D:\\招商\\台账.xlsx", False),
        ("D:台账.xlsx", False),
        ("台账.xlsx", False),
        ("\\\\server\\share\\台账.xlsx", False),
        ("\\\\?\\D:\\招商\\台账.xlsx", False),
    ],
)
def test_a_colon_names_a_hidden_stream_unless_it_is_a_drives(path: str, *, is_hidden: bool) -> None:
    assert names_hidden_stream(PureWindowsPath(path)) is is_hidden


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a colon is a character like others")
def test_windows_writes_no_file_with_a_colon(tmp_path: Path) -> None:
    path = tmp_path / "10:30.xlsx"

    for write in (write_atomically, create_private_file):
        with pytest.raises(OSError, match=HIDDEN_STREAM):
            write(path, b"content")
    for store in (str(path), f"sqlite:///{path.as_posix()}"):
        with pytest.raises(StoreError, match="colon"):
            Ledger.open(store, create=True)

    assert list(tmp_path.iterdir()) == []
