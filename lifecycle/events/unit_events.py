"""What a unit does, and how it is assessed (spec 1, unit events)."""

from typing import ClassVar

from lifecycle.events import vocabulary
from lifecycle.events.envelope import Dated, Monthly, StreamKind
from lifecycle.events.field_types import (
    Amount,
    Code,
    Count,
    NamesUnit,
    NotFolded,
    OptionalText,
    Period,
    Points,
    Text,
    Truth,
)

UNIT: tuple[StreamKind, ...] = ("unit",)


class UnitRegistered(Dated):
    """单位登记: registers a unit in a sequence (考核序列, 考(一)), from its day on (spec 7)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    sequence: Text
    category: vocabulary.CategoryWord


class UnitRenamed(Dated):
    """单位更名: from its day on the unit is shown by another name; its identity stays (spec 7)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    name: Code


class UnitRegrouped(Dated):
    """序列调整: from its day on the unit stands in another sequence, or is of another category."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    sequence: Text
    category: vocabulary.CategoryWord | None = None


class UnitDissolved(Dated):
    """单位撤并: from its day on the unit no longer exists; its successor has what it earned."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    successor: NamesUnit[Code | None] = None


UnitChange = UnitRenamed | UnitRegrouped | UnitDissolved
"""What changes a unit from a day on, which a dissolution ends."""


class ActivityHeld(Dated):
    """活动组织: an investment promotion activity, led by the head of the unit or not (意1)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    version: ClassVar[int] = 2  # version 1 called `activity` `topic`
    activity: Text
    led_by_head: Truth


class RoutineAssessed(Monthly):
    """日常工作: a month's points for one item of routine work; they may be negative."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    item: Text
    points: Points


class AwardWon(Dated):
    """获评能手: a person of the unit wins an award (考(八)3)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    title: vocabulary.Award
    person: Text


class CadreSeconded(Dated):
    """选派干部: a cadre is seconded to an area group or to the landing group (考(八)5)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    person: Text
    group: vocabulary.SecondmentGroup


class LandingServiceFailed(Dated):
    """落地服务保障不力: the unit failed to serve a project that settles (考(八)5)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    failure: vocabulary.LandingFailure
    about_project: NotFolded[Code | None] = None


class MajorProjectSupported(Dated):
    """配合市对县重大项目考核: support in the city's assessment of major projects (考(八)6)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    about_project: Code


class UnitListed(Monthly):
    """红黑榜: the unit is on the red or the black list of a month (三.4, 考(八)4)."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    board: vocabulary.BoardColour
    reason: Text


class IndicatorReported(Dated):
    """单位指标: a figure of the unit that no project carries; several of one indicator add up."""

    streams: ClassVar[tuple[StreamKind, ...]] = UNIT
    indicator: Text
    period: Period
    actual: Amount
    target: Amount | None = None
    shared_by: Count = 1
    unit_of_measure: NotFolded[OptionalText | None] = None
