"""Output files are complete or absent."""

from pathlib import Path

import pytest

from lifecycle.atomic_file import build_atomically, write_atomically


def test_a_file_replaces_the_previous_one(tmp_path: Path) -> None:
    path = tmp_path / "成绩.json"
    path.write_bytes(b"before")
    write_atomically(path, b"after")
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_build_leaves_the_old_file_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"before")

    def build(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 -- the builder's own error passes through
        build_atomically(path, build)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_names_the_file_that_the_caller_knows(tmp_path: Path) -> None:
    path = tmp_path / "no folder" / "report.xlsx"
    with pytest.raises(FileNotFoundError) as failure:
        write_atomically(path, b"content")
    assert failure.value.filename == str(path)
