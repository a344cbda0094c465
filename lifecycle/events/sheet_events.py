"""The five sheets (五单, 意8): official acts on a project's tasks (spec 3)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary as v
from lifecycle.events.envelope import Dated, Evidence
from lifecycle.events.field_types import Code, Day, NamesUnit, NotFolded, OptionalText, Text, text
from lifecycle.rejections import msg

Number = Annotated[str, text(40)]
"""A sheet's number such as 开招办交〔2024〕1号."""


class Sheet(Dated):
    """A numbered sheet; `sign` is its character in the number."""

    sign: ClassVar[str]
    number: Number


class TaskAssigned(Sheet):
    """任务交办单: a unit is to do something by a day, perhaps to reach a stage."""

    sign: ClassVar[str] = "交"
    task: Text
    responsible_unit: NamesUnit[Code]
    due_on: Day
    stage: v.Stage | None = None
    mandate: NotFolded[OptionalText | None] = None


class WarningIssued(Sheet):
    """预警提醒单: the day is near."""

    sign: ClassVar[str] = "警"
    about: Number


class SupervisionIssued(Sheet):
    """问题督办单: the day has passed; rectify by another."""

    sign: ClassVar[str] = "督"
    about: Number
    problem: NotFolded[Text]
    rectify_by: Day


class TaskCleared(Sheet):
    """任务销号单: done, with evidence, submitted by one person and reviewed by another."""

    sign: ClassVar[str] = "销"
    about: Number
    result: NotFolded[Text]
    submitted_by: NotFolded[Text]
    reviewed_by: NotFolded[Text]
    evidence: NotFolded[list[Evidence] | None] = Field(default=None, max_length=100)

    @model_validator(mode="after")
    def _two_persons_and_proof(self) -> TaskCleared:
        if not self.evidence:
            raise PydanticCustomError(
                "evidence", msg("clearing a task requires evidence: attach at least one file")
            )
        if self.submitted_by == self.reviewed_by:
            raise PydanticCustomError(
                "reviewer", msg("reviewed_by must not be the same person as submitted_by")
            )
        return self


class TaskReopened(Dated):
    """A cleared task is open again; its ladder begins anew."""

    about: Number
    reason: NotFolded[Text]


class ExposurePublished(Sheet):
    """公开曝光单: published by a person's approval alone."""

    sign: ClassVar[str] = "曝"
    about: Number
    facts: NotFolded[Text]
    approved_by: NotFolded[Text]


TaskFollowUp = WarningIssued | SupervisionIssued | TaskCleared | TaskReopened | ExposurePublished
"""The events that name a task of their project."""
