"""An archive whose directory leads before the file's beginning is rejected by its own name."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Final

import pytest

from projections.audit.verifier import verify_bundle
from tests.commands.conftest import Cli

_END_RECORD: Final = 22
_DIRECTORY_OFFSET: Final = 16


def led_astray(member: str) -> bytes:
    """An archive of one member whose end record tells a place behind the directory's own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "{}")
    content = bytearray(file.getvalue())
    place = len(content) - _END_RECORD + _DIRECTORY_OFFSET
    (offset,) = struct.unpack_from("<L", content, place)
    struct.pack_into("<L", content, place, offset + 5)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "member", "command"),
    [
        ("台账.xlsx", "[Content_Types].xml", ("import",)),
        ("备份.lifecycle", "backup.json", ("restore",)),
    ],
)
def test_a_command_names_the_damaged_file(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    member: str,
    command: tuple[str, ...],
) -> None:
    cli = Cli(f"sqlite:///{tmp_path / 'l.db'}", capsys)
    if command == ("import",):
        assert cli("init").code == 0
    path = tmp_path / name
    path.write_bytes(led_astray(member))

    answer = cli(*command, path)

    assert answer.code == 3
    assert str(path) in answer.err
    assert "begins before the file" in answer.err


def test_the_verifier_names_the_member(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(led_astray("manifest.json"))

    assert verify_bundle.main([str(path)]) == 3
    assert "manifest.json begins before the file" in capsys.readouterr().out
