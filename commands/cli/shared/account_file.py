"""The file of accounts that `serve` and `serve account` use."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from platformdirs import user_data_path

from commands.web.accounts import Accounts

# Under this key of the context's `meta` the group leaves what was typed.
ACCOUNT_FILE_KEY: Final = "accounts"


def open_accounts() -> Accounts:
    """Open the file that was typed, or the one in the user's data folder."""
    typed: Path | None = click.get_current_context().meta[ACCOUNT_FILE_KEY]
    return Accounts(typed or user_data_path("lifecycle") / "accounts.json")
