"""`python -m commands` is `lifecycle`."""

from __future__ import annotations

from commands.cli.main import main

main()
