"""Words about accounts: their columns, and the roles of readers."""

from __future__ import annotations

from typing import Final

from commands.words.terms import Label, PolicyTerm

ACCOUNT_NAME: Final = Label("User name", "用户名")
_ROLES: Final = {
    "leader": PolicyTerm("leader", "领导"),
    "auditor": PolicyTerm("auditor", "审计"),
    "unit": PolicyTerm("unit", "单位"),
}


def role_name(role: str) -> str:
    """A reader's role in the reader's language."""
    return str(_ROLES[role])
