"""What the county as a whole decides and publishes (spec 1, spec 4)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary
from lifecycle.events.envelope import Dated, EventValue, StreamKind
from lifecycle.events.field_types import (
    Amount,
    Code,
    Count,
    Day,
    Moment,
    Month,
    NamesUnit,
    NotFolded,
    OptionalText,
    Period,
    Sha256,
    Text,
    Truth,
    Year,
)
from lifecycle.rejections import msg
from lifecycle.working_days import SATURDAY

COUNTY: tuple[StreamKind, ...] = ("county",)
MOST_DAYS: Final = 100
"""Days off, or worked weekends, of one arrangement; a year has about 30."""
DECEMBER: Final = 12


class RulebookAdopted(Dated):
    """采用规则手册: contains the full text, so that scores follow from the ledger alone."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    rulebook_id: Code
    digest: Sha256
    content: NotFolded[Annotated[str, Field(min_length=1, max_length=400_000)]]


class TargetSet(Dated):
    """下达目标: the target of the county or of one unit, for a year or a period within it.

    Those of the year are 意二 and annex 1 of 考核办法.
    """

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    year: Year
    indicator: Text
    amount: Amount
    for_unit: NamesUnit[Code | None] = None
    period: Period | None = None

    @model_validator(mode="after")
    def _period_within_year(self) -> "TargetSet":
        # The year's own target names no period, so that it is written in one way only.
        if self.period is not None and not self.period.startswith(f"{self.year}-"):
            raise PydanticCustomError(
                "target_period",
                msg(
                    "period must be a half-year, quarter or month of {year}; the target of the "
                    "year itself has none"
                ),
                {"year": self.year},
            )
        return self


class MeetingHeld(Dated):
    """召开会议: a meeting of the working mechanism (意2)."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    meeting: vocabulary.Meeting
    decisions: NotFolded[OptionalText | None] = None


class WorkingDaysArranged(Dated):
    """放假安排: the State Council's arrangement of a year's days off and worked weekends.

    Recorded once it is published, with the notice as `source_ref`, for a year that the shipped
    calendar does not know, or that was rearranged. `off` lists the days off; weekends among them
    change nothing. `worked` lists the Saturdays and Sundays that are worked instead.
    """

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    year: Year
    off: Annotated[tuple[Day, ...], Field(min_length=1, max_length=MOST_DAYS)]
    worked: Annotated[tuple[Day, ...], Field(max_length=MOST_DAYS)] = ()

    @model_validator(mode="after")
    def _days_of_the_year(self) -> "WorkingDaysArranged":
        for problem in self._day_problems():
            raise problem
        return self

    def _day_problems(self) -> Iterator[PydanticCustomError]:
        # A notice may move the last days of December before, as that of 2019 did.
        first = date(self.year - 1, DECEMBER, 1)
        last = date(self.year, DECEMBER, 31)
        for day in (*self.off, *self.worked):
            if not first <= day <= last:
                yield PydanticCustomError(
                    "foreign_day",
                    msg("{day} does not belong to the arrangement of {year}"),
                    {"day": day.isoformat(), "year": self.year},
                )
        for day in self.worked:
            if day.weekday() < SATURDAY:
                yield PydanticCustomError(
                    "weekday_worked",
                    msg("{day} is neither a Saturday nor a Sunday, so it is worked anyway"),
                    {"day": day.isoformat()},
                )
        for day in sorted({*self.off} & {*self.worked}):
            yield PydanticCustomError(
                "off_and_worked",
                msg("{day} is listed both as off and as worked"),
                {"day": day.isoformat()},
            )


class PublishedMember(EventValue):
    """A region's member as a publication counts it, and the tree that its key had signed (spec 8).

    `position` is the last event that counts, of the `tree_size` events that `checkpoint`, a signed
    note, covers. `left_out` is the reason of a person who named it as absent.
    """

    unit: Code
    verdict: Code
    counted: Truth
    position: Annotated[int, Field(ge=0)] | None = None
    origin: Text | None = None
    tree_size: Count | None = None
    root: Sha256 | None = None
    checkpoint: Annotated[str, Field(min_length=1, max_length=1 << 20)] | None = None
    left_out: Text | None = None

    @model_validator(mode="after")
    def _names_its_tree(self) -> "PublishedMember":
        tree = (self.position, self.origin, self.tree_size, self.root, self.checkpoint)
        if self.counted and None in tree:
            raise PydanticCustomError(
                "member_tree",
                msg("{unit} counts, so its position and its signed tree are needed"),
                {"unit": self.unit},
            )
        return self

    @property
    def is_complete(self) -> bool:
        """Whether all that its key had signed counts, or a person named it as absent."""
        if self.left_out is not None:
            return True
        return self.counted and self.position == self.tree_size


class Publication(Dated):
    """Base of publications: a frozen result, and all that is needed to recompute it (spec 4).

    `unofficial` is the reason of one that is not official: by a rulebook that is not in force, of
    what was known before the ledger's end, or without members that nobody named as absent.
    `members` are those of a region, whose ledgers hold the projects.
    """

    version: ClassVar[int] = 2
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
    unofficial: Text | None = None
    # Left out where there are none: the bytes of a county's publication stay as they were.
    members: NotFolded[list[PublishedMember] | None] = Field(default=None, max_length=10_000)
    result: NotFolded[dict[str, object]]


class ScoresPublished(Publication):
    """公布得分: publishes the scores of a year."""


class BoardPublished(Publication):
    """公布红黑榜: publishes the red and black lists of a month (三.4)."""

    month: Month


class SigningKeyChanged(Dated):
    """更换签名密钥: a new key signs checkpoints; the old one endorses it unless it is lost."""

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    verifier_key: NotFolded[Text]
    endorsement: NotFolded[OptionalText | None] = None
    reason: NotFolded[Text]


class RecordTimeCorrected(Dated):
    """更正录入时间: the events from position to position count as recorded at another moment.

    What a wrong clock stamped stays as it is stored. `first` and `last` are positions in the
    ledger; the correction counts at every K, and of several over one position the last (spec 4).
    """

    streams: ClassVar[tuple[StreamKind, ...]] = COUNTY
    first: NotFolded[Count]
    last: NotFolded[Count]
    recorded_at: NotFolded[Moment]
    reason: NotFolded[Text]
    approved_by: NotFolded[Text]
