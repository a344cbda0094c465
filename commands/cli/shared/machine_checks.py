"""What is checked of the machine: free space, permissions of files, optional parts."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from commands.cli.shared.data_folder import data_folder
from commands.cli.shared.environment_check import EnvironmentCheck
from commands.cli.shared.extras import EXTRA_OF, FOR_FEW
from commands.cli.shared.shell_words import shell_quoted
from commands.cli.shared.store_access import evidence_store_of
from commands.words.messages import _, say
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.rejections import msg

_MIB: Final = 1024 * 1024
_LEAST_FREE: Final = 200 * _MIB
_COPIES: Final = 3
"""A backup is made beside the store, packed, and read back."""


def machine_checks(url: str) -> list[EnvironmentCheck]:
    """Return the checks that need no open store."""
    return [_check_permissions(url), _check_disk(url), _check_extras()]


def _check_disk(url: str) -> EnvironmentCheck:
    path = sqlite_path(url)
    folder = _existing(data_folder() if path is None else path.absolute().parent)
    free = shutil.disk_usage(folder).free
    size = path.stat().st_size if path is not None and path.exists() else 0
    finding = say(msg("{free} MiB free at {folder}"), free=free // _MIB, folder=folder)
    if free < _LEAST_FREE:
        return EnvironmentCheck("disk", "fail", finding, _("make room: nothing can be recorded"))
    if free < _COPIES * size:
        advice = say(
            msg("a backup needs up to {needed} MiB: make room, or back up to another disk"),
            needed=_COPIES * size // _MIB,
        )
        return EnvironmentCheck("disk", "warn", finding, advice)
    return EnvironmentCheck("disk", "ok", finding)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _check_permissions(url: str) -> EnvironmentCheck:
    """Look for what accounts outside the office's group may do; Windows has access lists."""
    if sys.platform == "win32":
        return EnvironmentCheck("permissions", "ok", _("by the folder's access list"))
    path = sqlite_path(url)
    changeable = [] if path is None else [path, path.absolute().parent]
    for place in changeable:
        if place.exists() and _others_may_change(place):
            return EnvironmentCheck(
                "permissions",
                "fail",
                say(msg("every account of this machine can change {path}"), path=place),
                say(msg("run chmod o-w {path}"), path=shell_quoted(place)),
            )
    evidence = evidence_store_of(url).folder
    if evidence.exists() and evidence.stat().st_mode & stat.S_IROTH:
        return EnvironmentCheck(
            "permissions",
            "warn",
            say(msg("every account of this machine can read {path}"), path=evidence),
            say(msg("run chmod -R o-rwx {path}"), path=shell_quoted(evidence)),
        )
    return EnvironmentCheck("permissions", "ok", _("closed to other accounts"))


def _others_may_change(place: Path) -> bool:
    mode = place.stat().st_mode
    # In a folder such as /tmp nobody replaces another's files.
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def may_write_beside(path: Path) -> bool:
    """Return whether a store's file and folder can be written by this account."""
    folder = path.absolute().parent
    return os.access(path, os.W_OK) and os.access(folder, os.W_OK)


def _check_extras() -> EnvironmentCheck:
    absent = {extra for module, extra in EXTRA_OF.items() if find_spec(module) is None}
    missing = sorted(absent - FOR_FEW)
    if not missing:
        return EnvironmentCheck("extras", "ok", _("all installed"))
    extras = ",".join(missing)
    return EnvironmentCheck(
        "extras",
        "warn",
        say(msg("not installed: {names}"), names=missing),
        say(msg('where they are needed: pip install "lifecycle[{extras}]"'), extras=extras),
    )
