"""The words of a region's results: the verdicts on its members' ledgers."""

from __future__ import annotations

from typing import Final

from commands.words.terms import Label, PolicyTerm

VERDICTS: Final[dict[str, Label]] = {
    "VERIFIED": Label("verified", "核验通过"),
    "DIFFERS": Label("differs", "核验不符"),
    "NOT_SIGNED": Label("not signed", "签名不符"),
    "TOO_OLD": Label("too old", "数据过旧"),
    "NEWER_VERSION": Label("newer version", "版本过新"),
    "UNUSABLE": Label("unusable", "不可用"),
    "MISSING": Label("missing", "缺失"),
}
"""By the verdict in JSON."""
WHOLE_REGION: Final = PolicyTerm("whole region", "全域")
