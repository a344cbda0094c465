"""Settings that an office writes in TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from lifecycle.rejections import Rejected, msg


def settings_table(path: Path, content: bytes, rule: str) -> dict[str, Any]:
    """Parse the content of a file.

    Raises `Rejected` by the rule where it is no TOML.
    """
    try:
        # The editor of Windows writes a byte-order mark.
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Rejected.by(
            rule, msg("{path} is not a TOML file: {why}"), path=path, why=str(error)
        ) from None
