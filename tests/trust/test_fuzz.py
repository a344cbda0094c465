"""No input brings a reader down: a few files in `make test`, ten minutes each in `make soak`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.soak import SOAK, examples
from tests.trust.fuzz import timed
from tests.trust.fuzz_readers import READERS

SECONDS = os.environ.get("LIFECYCLE_FUZZ_SECONDS", "600")


@pytest.mark.parametrize("name", [*READERS])
def test_no_file_brings_a_reader_down(name: str, tmp_path: Path) -> None:
    reader = READERS[name](tmp_path)

    @examples(60)
    @given(st.randoms(use_true_random=True))
    def tried(chance: object) -> None:
        with timed():
            reader(chance)  # type: ignore[arg-type]  # Hypothesis' own Random

    tried()


@pytest.mark.skipif(not SOAK, reason="ten minutes each")
@pytest.mark.parametrize("name", [*READERS])
def test_no_file_brings_a_reader_down_in_ten_minutes(name: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "tests.trust.fuzz", SECONDS, name],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    print(process.stdout)
