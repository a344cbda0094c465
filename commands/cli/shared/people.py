"""The people behind logins: what is stored is the login, what is shown is the name that the configuration gives it."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from commands.words.messages import why
from lifecycle.rejections import StoreError, msg


def configuration_path() -> Path:
    """`LIFECYCLE_CONFIG`, or the file in the user's configuration folder."""
    named = os.environ.get("LIFECYCLE_CONFIG")
    if named:
        return Path(named)
    from platformdirs import user_config_path  # noqa: PLC0415 -- whoever names a file does not pay for it

    return user_config_path("lifecycle") / "config.toml"


@cache
def _names(path: Path) -> dict[str, str]:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else "UTF-8"
        raise StoreError(
            msg("the configuration {path} cannot be read: {why}"), path=path, why=reason
        ) from None
    try:
        found = tomllib.loads(content).get("names", {})
    except tomllib.TOMLDecodeError as error:
        raise StoreError(
            msg("the configuration {path} cannot be read: {why}"), path=path, why=error
        ) from None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise StoreError(
            msg(
                'in the configuration {path}, [names] must give each login a name, such as wangli = "王丽"'
            ),
            path=path,
        )
    return found


def shown(login: str | None) -> str:
    """A login with the name that it is known by: `王丽（wangli）`; alone where it has none."""
    name = _names(configuration_path()).get(login or "")
    return f"{name}（{login}）" if name else login or ""
