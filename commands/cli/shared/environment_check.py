"""A check of the environment: what is so, whether that is right, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from commands.words.messages import say
from lifecycle.rejections import LedgerError, Problem, msg

CheckState = Literal["ok", "warn", "fail"]

SUBJECTS: Final = {
    "store": msg("store"),
    "recording": msg("recording"),
    "database": msg("database"),
    "permissions": msg("file permissions"),
    "clock": msg("clock"),
    "disk": msg("free space"),
    "extras": msg("optional parts"),
    "key": msg("signing key"),
    "backup": msg("last backup"),
    "calendar": msg("working days"),
    "query_tables": msg("query tables"),
}
"""What each check looks at."""
STATES: Final[dict[CheckState, str]] = {
    "ok": msg("ok"),
    "warn": msg("warning"),
    "fail": msg("failed"),
}


@dataclass(frozen=True, slots=True)
class EnvironmentCheck:
    """The result of a check, by the name of what it looks at.

    `finding` and `advice` are texts in the reader's language.
    """

    check: str
    state: CheckState
    finding: str
    advice: str = ""


def failed_by(name: str, error: LedgerError | OSError) -> EnvironmentCheck:
    """Return the failed check that an error makes."""
    if isinstance(error, LedgerError):
        return EnvironmentCheck(name, "fail", say(error.template, **error.values))
    return EnvironmentCheck(name, "fail", str(error))


def noted_by(
    name: str,
    problem: Problem,
    state: CheckState = "warn",
) -> EnvironmentCheck:
    """Return the check that a problem makes."""
    return EnvironmentCheck(name, state, say(problem.template, **problem.values))


def has_failed(checks: Sequence[EnvironmentCheck]) -> bool:
    """Return whether anything is not in order."""
    return any(check.state == "fail" for check in checks)
