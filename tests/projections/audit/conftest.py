"""What the verifier's tests share.

A small sealed ledger, and the lines that the verifier prints.
"""

from __future__ import annotations

import pytest

from projections.audit.verifier import verify_bundle as verifier
from tests.projections.audit.bundle_parts import SealedLedger, Verify, seal_small_ledger

EXIT_CODES = {"VERIFIED": 0, "CONSISTENT": 1, "DIFFERS": 1, "UNUSABLE": 3}


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> SealedLedger:
    """A small ledger's bundle, certificate, receipt and witness file."""
    return seal_small_ledger(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    """The lines that the verifier prints; the last must go with its exit code."""

    def run(*arguments: object) -> list[str]:
        capsys.readouterr()
        code = verifier.main([str(argument) for argument in arguments])
        lines = capsys.readouterr().out.splitlines()
        word = lines[-1].partition(" ")[0].rstrip(":")
        assert EXIT_CODES[word] == code
        return lines

    return run
