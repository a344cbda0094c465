"""What to try on the demo county once it is made."""

from __future__ import annotations

from datetime import date
from typing import Final

YEAR: Final = 2024
MORNING: Final = date(2024, 6, 12)
MONTH: Final = "2024-10"

# The arguments of `lifecycle`, from the easiest to the rarest; `{jsonl}` is the county as JSONL.
NEXT_COMMANDS: Final = (
    "serve",
    f"report month {MONTH}",
    "audit verify",
    f"explain 华埠镇 --year {YEAR}",
    "project list --unit 华埠镇",
    "project history KH-2024-016",
    f"score --year {YEAR} --as-of {YEAR}-06-30",
    f"score --year {YEAR} --known-at {YEAR}-07-01",
    f"today --as-of {MORNING} --unit 林山乡",
    f"board {MONTH}",
    "board 2024-06 --unit 林山乡",
    f"targets --year {YEAR}",
    "import {jsonl} --keep-recorded-at",
    "rulebook show kaihua-2024",
)
