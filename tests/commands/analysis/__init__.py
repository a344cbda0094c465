"""Tests that need the extra `analysis`, and the programs of analysts: skipped without them."""

import pytest

# Here and not in each module: imports below such a line would stand in the wrong place.
for package in ("pyarrow", "duckdb", "pandas"):
    pytest.importorskip(package)
