"""The five task sheets (五单, 意8): official acts, so they are events of their project."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary
from lifecycle.events.envelope import Dated, Evidence
from lifecycle.events.field_types import Code, Day, NamesUnit, NotFolded, OptionalText, Text, text
from lifecycle.rejections import msg

Number = Annotated[str, text(40)]
"""The number of a sheet, such as 开招办交〔2024〕1号."""


class Sheet(Dated):
    """Base of the numbered sheets. The character `sign` in a number says which kind it is."""

    sign: ClassVar[str]
    number: Number


class TaskAssigned(Sheet):
    """任务交办单: assigns a task to a unit with a due date, often the stage of a milestone."""

    sign: ClassVar[str] = "交"
    task: Text
    responsible_unit: NamesUnit[Code]
    due_on: Day
    stage: vocabulary.Stage | None = None
    mandate: NotFolded[OptionalText | None] = None


class WarningIssued(Sheet):
    """预警提醒单: warns that the due date of a task is near."""

    sign: ClassVar[str] = "警"
    about: Number


class SupervisionIssued(Sheet):
    """问题督办单: states that a task is overdue and sets a date for its rectification."""

    sign: ClassVar[str] = "督"
    about: Number
    problem: NotFolded[Text]
    rectify_by: Day


class TaskCleared(Sheet):
    """任务销号单: closes a task on evidence, submitted by one person and reviewed by another."""

    sign: ClassVar[str] = "销"
    about: Number
    result: NotFolded[Text]
    submitted_by: NotFolded[Text]
    reviewed_by: NotFolded[Text]
    evidence: NotFolded[list[Evidence] | None] = Field(default=None, max_length=100)

    @model_validator(mode="after")
    def _evidence_and_two_people(self) -> "TaskCleared":
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
    """任务重启: opens a cleared task again; its ladder starts from the beginning."""

    about: Number
    reason: NotFolded[Text]


class ExposurePublished(Sheet):
    """公开曝光单: makes a failure to rectify public; never issued without a person's approval."""

    sign: ClassVar[str] = "曝"
    about: Number
    facts: NotFolded[Text]
    approved_by: NotFolded[Text]


TaskFollowUp = WarningIssued | SupervisionIssued | TaskCleared | TaskReopened | ExposurePublished
"""The events that name a task of their project."""
