"""What a unit does and what is said of it (spec 1, unit events)."""

from __future__ import annotations

from typing import ClassVar

from lifecycle.events import vocabulary as v
from lifecycle.events.envelope import Dated, Monthly, StreamKind
from lifecycle.events.field_types import (
    Amount,
    Code,
    Count,
    NotFolded,
    OptionalText,
    Period,
    Points,
    Text,
    Truth,
)

UNIT: tuple[StreamKind, ...] = ("unit",)


class UnitRegistered(Dated):
    """单位登记 in an assessment sequence (考核序列, 考(一)); it holds whatever the as-of date."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    sequence: Text
    category: v.Category


class ActivityHeld(Dated):
    """活动组织, led by the unit's head or not (意1)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    version: ClassVar[int] = 2  # 1 called the activity's title `topic`
    activity: Text
    led_by_head: Truth


class RoutineAssessed(Monthly):
    """日常工作: a month's mark for an item; may be negative."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    item: Text
    points: Points


class AwardWon(Dated):
    """获评能手 (考(八)3)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    title: v.Award
    person: Text


class CadreSeconded(Dated):
    """选派干部 to an area group or the landing group (考(八)5)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    person: Text
    group: v.SecondmentGroup


class LandingServiceFailed(Dated):
    """落地服务失职 (考(八)5)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    failure: v.LandingFailure
    about_project: NotFolded[Code | None] = None


class MajorProjectSupported(Dated):
    """配合市对县重大项目考核 (考(八)6)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    about_project: Code


class UnitListed(Monthly):
    """红黑榜: on a month's red or black board (三.4, 考(八)4)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    board: v.BoardColour
    reason: Text


class IndicatorReported(Dated):
    """单位指标: a figure that no project carries, for rules that score such; several of one indicator add up."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    indicator: Text
    period: Period
    actual: Amount
    target: Amount | None = None
    shared_by: Count = 1
    unit_of_measure: NotFolded[OptionalText | None] = None
