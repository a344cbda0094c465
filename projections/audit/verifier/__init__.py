"""The standalone verifier: one file that an auditor can read and run with nothing of ours."""

from __future__ import annotations

import hashlib
from pathlib import Path


def verifier_source() -> bytes:
    """Return the standalone verifier as shipped."""
    return Path(__file__).with_name("verify_bundle.py").read_bytes()


def verifier_digest() -> str:
    """Return the SHA-256 of the verifier as shipped, by which an outsider compares a copy."""
    return hashlib.sha256(verifier_source()).hexdigest()
