"""How the standalone verifier opens an archive whose maker may mean harm.

Every limit from both sides.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from projections.audit.verifier import verify_bundle as verifier

TEXT = b"unit/x\t1\tUnitRegistered/1\t{}\n"


def archive(
    path: Path,
    members: dict[str, bytes],
    how: int = zipfile.ZIP_STORED,
) -> str:
    with zipfile.ZipFile(path, "w", how) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return str(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.zip"


def refused(path: str) -> str:
    with pytest.raises(verifier.VerificationError) as failure:
        verifier.open_zip(path)
    return str(failure.value)


def rulebooks(count: int) -> dict[str, bytes]:
    return {f"rulebooks/{number:064x}.json": b"" for number in range(count)}


def test_a_hundred_members_and_no_more(path: Path) -> None:
    with verifier.open_zip(archive(path, rulebooks(100))) as opened:
        assert len(opened.namelist()) == 100
    assert refused(archive(path, rulebooks(101))) == "the archive has too many members"


def test_a_directory_is_not_large(path: Path) -> None:
    data = Path(archive(path, {"events.txt": TEXT})).read_bytes()
    for size, why in (
        (512 * 100, "the archive is damaged"),
        (512 * 100 + 1, "the archive has too many members"),
    ):
        path.write_bytes(data[:-10] + size.to_bytes(4, "little") + data[-6:])
        assert refused(str(path)) == why


def test_what_its_end_says_is_counted_again(path: Path) -> None:
    data = Path(archive(path, rulebooks(101))).read_bytes()
    path.write_bytes(data[:-12] + (1).to_bytes(2, "little") + data[-10:])
    assert refused(str(path)) == "the archive has too many members, or two of one name"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as written:
        for _ in range(2):
            written.writestr("events.txt", TEXT)
    assert refused(str(path)) == "the archive has too many members, or two of one name"


def test_what_is_no_plain_archive_is_refused(path: Path) -> None:
    whole = Path(archive(path, {"events.txt": TEXT})).read_bytes()
    zip64 = whole[:-22] + b"PK\x06\x07" + bytes(16) + whole[-22:]
    for data in (
        b"",
        b"PK",
        whole[:-1],
        whole + b"x",
        whole[:-2] + b"\1\0" + b"x",
        whole[:-2] + b"\1\0",
        whole[:-22] + b"xx" + whole[-20:],
        zip64,
    ):
        path.write_bytes(data)
        assert refused(str(path)) == "the file is not a bundle: no plain zip archive"
    path.write_bytes(b"PK\x05\x06" + bytes(18))  # nothing in it, and sound
    assert verifier.open_zip(str(path)).namelist() == []
    path.write_bytes(whole[:-22] + whole[-22:-10] + b"\xff\0\0\0" + whole[-6:])
    assert refused(str(path)) == "the archive is damaged"


def test_only_members_that_belong_packed_in_the_usual_ways(path: Path) -> None:
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        verifier.open_zip(
            archive(
                path,
                {
                    "events.txt": TEXT,
                    "README.txt": b"",
                    "verify_bundle.py": b"",
                    "calendar.txt": b"",
                    "working-days.json": b"",
                    "manifest.json": b"",
                },
                how,
            )
        ).close()
    assert (
        refused(archive(path, {"events.txt": TEXT}, zipfile.ZIP_BZIP2))
        == "events.txt uses an unusual compression method"
    )
    for name in (
        "../events.txt",
        "/etc/passwd",
        "eventsXtxt",
        "rulebooks/x.json",
        f"rulebooks/{0:064x}.json.exe",
        "x" * 90,
    ):
        assert (
            refused(archive(path, {name: b""}))
            == f"the archive has an unexpected member: {name[:80]!r}"
        )


def test_a_member_is_neither_too_large_nor_packed_too_tightly(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = (
        "events.txt is too large, or compressed too tightly; use --large if you trust its maker"
    )
    monkeypatch.setitem(verifier.LIMITS, "bytes", len(TEXT))
    verifier.open_zip(archive(path, {"events.txt": TEXT})).close()
    monkeypatch.setitem(verifier.LIMITS, "bytes", len(TEXT) - 1)
    assert refused(archive(path, {"events.txt": TEXT})) == message
    monkeypatch.setitem(verifier.LIMITS, "bytes", 1 << 30)
    verifier.open_zip(
        archive(path, {"events.txt": bytes(64 * 400)}, zipfile.ZIP_DEFLATED)
    ).close()  # 64 octets at least are taken for packed
    assert (
        refused(archive(path, {"events.txt": bytes(64 * 400 + 1)}, zipfile.ZIP_DEFLATED)) == message
    )


def test_a_small_member_is_small(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifier, "SMALL", 9)
    with verifier.open_zip(
        archive(path, {"events.txt": b"123456789", "README.txt": b"1234567890"})
    ) as opened:
        assert verifier.read_small(opened, "events.txt") == b"123456789"
        with pytest.raises(verifier.VerificationError, match=r"^README\.txt is too large$"):
            verifier.read_small(opened, "README.txt")
        with pytest.raises(
            verifier.VerificationError, match=r"^calendar\.txt is missing or damaged$"
        ):
            verifier.read_small(opened, "calendar.txt")


def test_a_file_beside_it_is_small_too(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifier, "SMALL", 1)
    path.write_bytes(b"12345678")
    assert verifier.read_file(str(path)) == b"12345678"
    path.write_bytes(b"123456789")
    with pytest.raises(verifier.VerificationError, match=r"b\.zip is too large$"):
        verifier.read_file(str(path))


def lines(
    path: Path,
    data: bytes,
) -> Iterator[bytes]:
    return verifier.read_lines(verifier.open_zip(archive(path, {"events.txt": data})), "events.txt")


def test_lines_are_read_piece_by_piece_and_are_not_long(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert list(lines(path, b"")) == []
    assert list(lines(path, b"a\n\nb\n")) == [b"a", b"", b"b"]
    across = [b"x" * ((1 << 20) - 3), b"yyyyyy", b"z"]
    assert list(lines(path, b"\n".join(across) + b"\n")) == across
    with pytest.raises(
        verifier.VerificationError, match=r"^events\.txt does not end with a line feed$"
    ):
        list(lines(path, b"a\nb"))
    monkeypatch.setattr(verifier, "LONGEST_LINE", 1 << 20)
    assert list(lines(path, b"x" * (1 << 20) + b"\n")) == [b"x" * (1 << 20)]
    with pytest.raises(verifier.VerificationError, match=r"^a line of events\.txt is too long$"):
        list(lines(path, b"x" * ((1 << 20) + (1 << 20)) + b"\n"))


def test_no_more_is_read_at_once_than_is_wanted(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    plainly = verifier.read_block

    def read(
        file: IO[bytes],
        size: int,
        name: str,
    ) -> bytes:
        sizes.append(size)
        return plainly(file, size, name)

    monkeypatch.setattr(verifier, "read_block", read)
    assert list(lines(path, TEXT)) == [TEXT[:-1]]
    with verifier.open_zip(str(path)) as opened:
        verifier.read_small(opened, "events.txt")
    assert sizes == [1 << 20, 1 << 20, verifier.SMALL + 1]


@pytest.mark.parametrize("name", ["events.txt", "manifest.json"])
def test_a_damaged_member_is_named(
    path: Path,
    name: str,
) -> None:
    data = Path(
        archive(path, {name: b"some text that is packed" * 9}, zipfile.ZIP_DEFLATED)
    ).read_bytes()
    at = data.index(name.encode()) + len(name) + 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    with (
        verifier.open_zip(str(path)) as opened,
        pytest.raises(verifier.VerificationError, match=f"^{name} is damaged: "),
    ):
        verifier.read_small(opened, name)
    with (
        verifier.open_zip(str(path)) as opened,
        pytest.raises(verifier.VerificationError, match=f"^{name} is damaged: "),
    ):
        list(verifier.read_lines(opened, name))
    path.write_bytes(b"XX" + data[2:])
    with (
        verifier.open_zip(str(path)) as opened,
        pytest.raises(verifier.VerificationError, match=f"^{name} is missing or damaged$"),
    ):
        verifier.read_small(opened, name)
