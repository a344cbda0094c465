"""Land and buildings that the county offers to investors (资源清单, 意8; spec 7)."""

from typing import Annotated, ClassVar

from pydantic import field_validator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary
from lifecycle.events.envelope import Dated, StreamKind
from lifecycle.events.field_types import Amount, Code, Day, NotFolded, Text, text
from lifecycle.rejections import msg

RESOURCE: tuple[StreamKind, ...] = ("resource",)
_Title = Annotated[str, text(200)]
_Industry = Annotated[str, text(64)]


class ResourceListed(Dated):
    """资源入库: the county offers land or a building; at least one area says how much of it."""

    streams: ClassVar[tuple[StreamKind, ...]] = RESOURCE
    kind: vocabulary.ResourceKind
    name: _Title
    location: _Title
    area_mu: Amount | None = None
    floor_area_m2: Amount | None = None
    industries: tuple[_Industry, ...] = ()
    price: Amount | None = None
    price_per: vocabulary.PriceUnit | None = None
    available_on: Day | None = None

    @field_validator("industries", mode="after")
    @classmethod
    def _as_a_set(cls, industries: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(industries)))

    @model_validator(mode="after")
    def _has_an_area(self) -> "ResourceListed":
        if self.area_mu is None and self.floor_area_m2 is None:
            raise PydanticCustomError(
                "area", msg("give area_mu or floor_area_m2, or both: what has no area is not free")
            )
        return self


class ResourceChanged(Dated):
    """资源变更: from its day on the fields that it gives hold; the others stay as they were."""

    streams: ClassVar[tuple[StreamKind, ...]] = RESOURCE
    kind: vocabulary.ResourceKind | None = None
    name: _Title | None = None
    location: _Title | None = None
    area_mu: Amount | None = None
    floor_area_m2: Amount | None = None
    industries: tuple[_Industry, ...] | None = None
    price: Amount | None = None
    price_per: vocabulary.PriceUnit | None = None
    available_on: Day | None = None

    @field_validator("industries", mode="after")
    @classmethod
    def _as_a_set(cls, industries: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if industries is None else tuple(sorted(set(industries)))

    @model_validator(mode="after")
    def _changes_a_field(self) -> "ResourceChanged":
        if all(getattr(self, name) is None for name in CHANGEABLE):
            raise PydanticCustomError(
                "change", msg("give at least one of {fields}"), {"fields": ", ".join(CHANGEABLE)}
            )
        return self


CHANGEABLE = (
    "kind",
    "name",
    "location",
    "area_mu",
    "floor_area_m2",
    "industries",
    "price",
    "price_per",
    "available_on",
)
"""What a change may say of a resource."""


class ResourceAllotted(Dated):
    """匹配落地: a project takes of it; without an area, all that is free on its day."""

    streams: ClassVar[tuple[StreamKind, ...]] = RESOURCE
    project: Code
    area_mu: Amount | None = None
    floor_area_m2: Amount | None = None


class ResourceReleased(Dated):
    """退回: a project gives back all that it has of it."""

    streams: ClassVar[tuple[StreamKind, ...]] = RESOURCE
    project: Code


class ResourceWithdrawn(Dated):
    """资源出库: from its day on it is no longer offered."""

    streams: ClassVar[tuple[StreamKind, ...]] = RESOURCE
    reason: NotFolded[Text]


ResourceEvent = (
    ResourceListed | ResourceChanged | ResourceAllotted | ResourceReleased | ResourceWithdrawn
)
"""Everything that happens to a resource."""
