"""What a system lacks, said at the test that needs it; `make test-windows SUITE=1` counts them."""

from __future__ import annotations

import sys

import pytest


def not_on_windows(reason: str) -> pytest.MarkDecorator:
    """Skip a test, a class or a module under Windows; the reason says what takes its place."""
    return pytest.mark.skipif(sys.platform == "win32", reason=reason)
