"""What the county as a whole decides and publishes (spec 1, county events; spec 4, publications)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from lifecycle.events import vocabulary as v
from lifecycle.events.envelope import Dated, StreamKind
from lifecycle.events.field_types import (
    Amount,
    Code,
    Count,
    Day,
    Month,
    NamesUnit,
    NotFolded,
    OptionalText,
    Sha256,
    Text,
    Year,
)

COUNTY: tuple[StreamKind, ...] = ("county",)


class RulebookAdopted(Dated):
    """采用规则手册: the full text with its digest, so that the ledger alone can yield every score again."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    rulebook_id: Code
    digest: Sha256
    content: NotFolded[Annotated[str, Field(min_length=1, max_length=400_000)]]


class TargetSet(Dated):
    """下达目标 for a year: the county's, or one unit's (意二, 考核 annex 1)."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    year: Year
    indicator: Text
    amount: Amount
    for_unit: NamesUnit[Code | None] = None


class MeetingHeld(Dated):
    """召开会议 (意2)."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    meeting: v.Meeting
    decisions: NotFolded[OptionalText | None] = None


class Publication(Dated):
    """A frozen result with everything needed to obtain it again (spec 4): axes, digests, tree, and the result itself."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    year: Year
    as_of: Day
    position: Count
    rulebook_id: Code
    rulebook_digest: Sha256
    calendar_digest: Sha256
    evaluator: Text
    tree_size: Count
    root: Sha256
    result: NotFolded[dict[str, object]]


class ScoresPublished(Publication):
    """公布得分."""


class BoardPublished(Publication):
    """公布红黑榜 of a month (三.4)."""

    month: Month


class SigningKeyChanged(Dated):
    """更换签名密钥: from here on another key signs checkpoints; the one before signs that it is so, unless it was lost."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    verifier_key: NotFolded[Text]
    endorsement: NotFolded[OptionalText | None] = None
    reason: NotFolded[Text]
