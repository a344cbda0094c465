"""The standalone verifier's options, each named where what it is given cannot be used."""

from __future__ import annotations

import errno
import io
import os
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from projections.audit.verifier import verify_bundle as verifier
from tests.projections.audit.bundle_parts import CONSISTENT, STRANGER, SealedLedger, Verify

COSIGNER_OF_NOBODY = "witness.example+0a5a1d3b+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--key", "nonsense"), "'nonsense' is not an Ed25519 verifier key"),
        (("--key", COSIGNER_OF_NOBODY), f"'{COSIGNER_OF_NOBODY}' is not an Ed25519 verifier key"),
        (("--cosigner", "nonsense"), "'nonsense' is not an Ed25519 cosigner key"),
        (("--cosigner", STRANGER), f"'{STRANGER}' is not an Ed25519 cosigner key"),
    ],
)
def test_a_key_that_is_none_is_named(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    option: tuple[str, str],
    sentence: str,
) -> None:
    assert verify(sealed.parts.write(tmp_path / "b.zip"), *option) == [f"UNUSABLE: {sentence}"]


@pytest.mark.parametrize("option", ["--key", "--cosigner"])
def test_a_key_whose_name_no_text_can_have_is_named_by_its_option(
    sealed: SealedLedger, tmp_path: Path, verify: Verify, option: str
) -> None:
    # A byte that is no UTF-8, as an argument hands it on.
    (line,) = verify(sealed.parts.write(tmp_path / "b.zip"), option, "\udcff+00000000+AA==")
    assert line.startswith(f"UNUSABLE: {option} is damaged: UnicodeEncodeError")


def test_what_the_ledger_knew_at_the_end_of_a_day_is_told(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    path = sealed.parts.write(tmp_path / "b.zip")

    before = verify(path, "--known-at", "1999-12-31")

    known = "ok: as known at 1999-12-31T23:59:59.999999+08:00 the ledger ends at position 0"
    assert known in before
    assert before[-1] == CONSISTENT
    assert not any("as known at" in line for line in verify(path))


def test_a_moment_that_is_none_is_named(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    (line,) = verify(sealed.parts.write(tmp_path / "b.zip"), "--known-at", "gestern")
    assert line.startswith("UNUSABLE: --known-at")


def test_a_day_whose_end_no_calendar_reaches_is_named_by_its_option(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    (line,) = verify(sealed.parts.write(tmp_path / "b.zip"), "--known-at", "9999-12-31")
    assert line.startswith("UNUSABLE: --known-at is damaged: OverflowError")


def test_a_file_is_not_called_unreadable_where_the_reader_of_the_output_has_left(
    sealed: SealedLedger, tmp_path: Path
) -> None:
    path = sealed.parts.write(tmp_path / "b.zip")
    reading, writing = os.pipe()
    os.close(reading)
    # Unbuffered, so that nothing is left to be written when it is closed.
    with (
        io.TextIOWrapper(os.fdopen(writing, "wb", buffering=0), write_through=True) as output,
        redirect_stdout(output),
        pytest.raises(OSError) as failure,  # noqa: PT011 -- Windows has a class of its own
    ):
        verifier.main([str(path)])
    assert verifier.has_no_reader(failure.value)


def test_what_prints_nothing_is_printed_by_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    verifier.print_line("县\u3000镇 \x1b[2J\n\u202e é")
    assert capsys.readouterr().out == "县\u3000镇 \\x1b[2J\\n\\u202e é\n"


@pytest.mark.parametrize(
    ("system", "error", "has_left"),
    [
        ("posix", BrokenPipeError(errno.EPIPE, "Broken pipe"), True),
        ("posix", OSError(errno.EINVAL, "Invalid argument"), False),
        ("nt", BrokenPipeError(errno.EPIPE, "Broken pipe"), True),
        ("nt", OSError(errno.EINVAL, "Invalid argument"), True),
        ("nt", OSError(errno.EINVAL, "Invalid argument", "b.zip"), False),
        ("nt", OSError(errno.ENOSPC, "No space left"), False),
    ],
)
def test_a_reader_who_has_left_is_told_from_a_file_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, system: str, error: OSError, *, has_left: bool
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "name", system)
        answer = verifier.has_no_reader(error)
    assert answer is has_left
