"""What changes about a project from a day on, and how it progresses (spec 7)."""

from typing import Annotated

from pydantic import field_validator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary
from lifecycle.events.envelope import Dated
from lifecycle.events.field_types import (
    Amount,
    CreditCode,
    Day,
    NotFolded,
    OptionalText,
    Period,
    Proportion,
    Text,
    text,
)
from lifecycle.rejections import msg


class InvestorChanged(Dated):
    """投资主体变更: from its day on another investor stands behind the project (spec 7).

    Without a code the new investor has none. Traits and ratio that are left out stay; an empty list
    of traits is given.
    """

    investor: Annotated[str, text(200)]
    investor_code: CreditCode | None = None
    investor_traits: tuple[vocabulary.TraitWord, ...] | None = None
    outside_ratio: Proportion | None = None
    reason: NotFolded[OptionalText | None] = None
    distinct_because: NotFolded[OptionalText | None] = None

    @field_validator("investor_traits", mode="after")
    @classmethod
    def _as_a_set(cls, traits: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if traits is None else tuple(sorted(set(traits)))

    @field_validator("reason", "distinct_because", mode="after")
    @classmethod
    def _none_if_empty(cls, text: str | None) -> str | None:
        return text or None


class MilestoneReached(Dated):
    """建设节点: construction or production starts, ends or reaches capacity; each once (spec 7)."""

    milestone: vocabulary.MilestoneWord


class ProjectFigureReported(Dated):
    """项目指标: a figure of the project that its rulebook declares, of a period (spec 6).

    A figure and period are reported once; the rulebook says whether periods add up.
    """

    figure: vocabulary.FigureWord
    period: Period
    actual: Amount
    unit_of_measure: NotFolded[OptionalText | None] = None


class FollowedUp(Dated):
    """跟进: what was talked about with the investor, what is next, and when (spec 7)."""

    content: Text
    next_step: OptionalText | None = None
    next_on: Day | None = None

    @field_validator("next_step", mode="after")
    @classmethod
    def _none_if_empty(cls, text: str | None) -> str | None:
        return text or None

    @model_validator(mode="after")
    def _next_is_later(self) -> "FollowedUp":
        if self.next_on is not None and self.next_on <= self.occurred_on:
            raise PydanticCustomError(
                "next_on", msg("next_on must be after the day of the follow-up")
            )
        return self


class ProjectPaused(Dated):
    """暂缓: until it is resumed, nobody is asked to push the project (spec 7)."""

    reason: NotFolded[Text]


class ProjectResumed(Dated):
    """重启: the pause ends (spec 7)."""

    reason: NotFolded[Text]
