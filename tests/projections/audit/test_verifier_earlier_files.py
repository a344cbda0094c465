"""Files of version 0.1.0 before the verifier of today.

Boards are computed by the rules of then, events are read in their first shape, and no cosigners
are listed.
"""

from __future__ import annotations

from tests.compatibility.test_v0_1_0 import FOLDER, VERIFIED_0_1
from tests.projections.audit.bundle_parts import Verify

PUBLICATIONS = (
    "publication county#62 (ScoresPublished 2024, as of 2024-06-30)",
    "publication county#63 (BoardPublished 2024, as of 2024-05-31)",
    "publication county#64 (ScoresPublished 2024, as of 2024-12-31)",
)


def test_a_bundle_of_0_1_0_is_verified_by_what_was_kept_beside_it(verify: Verify) -> None:
    witness = ("--witness", FOLDER / "witness.txt")
    receipts = ("--receipt", FOLDER / "receipts.json")

    lines = verify(FOLDER / "bundle.zip", *witness, *receipts)

    assert lines[-1] == VERIFIED_0_1
    for publication in PUBLICATIONS:
        recomputed = f"ok: {publication}: all 31 units, recomputed, have the published points"
        assert sum(line.startswith(recomputed) for line in lines) == 1
        assert sum(line.startswith(f"ok: {publication} is official: ") for line in lines) == 1
