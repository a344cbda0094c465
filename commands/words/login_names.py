"""The people behind logins: the ledger stores the login, readers see the configured name."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from platformdirs import user_config_path

from commands.words.messages import why
from lifecycle.rejections import StoreError, msg


def named_login(login: str | None) -> str:
    """Show a login with its configured name, `王丽（wangli）`, or alone where it has none."""
    if not login:
        return ""
    name = _names(_configuration_path()).get(login)
    return f"{name}（{login}）" if name else login


def _configuration_path() -> Path:
    """`LIFECYCLE_CONFIG`, or the file in the user's configuration folder."""
    path = os.environ.get("LIFECYCLE_CONFIG")
    return Path(path) if path else user_config_path("lifecycle") / "config.toml"


@cache
def _names(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        # The file is optional: without it the logins themselves are shown.
        return {}
    except OSError as error:
        raise _unreadable(path, why(error)) from None
    except UnicodeDecodeError:
        raise _unreadable(path, "UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, error) from None
    names = content.get("names", {})
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise StoreError(
            msg(
                "in the configuration {path}, [names] must give each login a name,"
                ' such as wangli = "王丽"'
            ),
            path=path,
        )
    return names


def _unreadable(path: Path, reason: object) -> StoreError:
    template = msg("the configuration {path} cannot be read: {why}")
    return StoreError(template, path=path, why=reason)
