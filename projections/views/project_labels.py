"""What lists call a project, and whose it is; one project's label is exchanged at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from projections.facts.values_by_code import ValuesByCode
from projections.scoring.judgement import JudgedProject


class ProjectLabel(NamedTuple):
    """A project's name, the unit with the credit for it, if any, and the one that reported it."""

    name: str
    unit: str | None
    reporting_unit: str


class ProjectLabels:
    """The labels of projects by code; they do not change once they are made."""

    def __init__(self) -> None:
        self.by_code: ValuesByCode[ProjectLabel] = ValuesByCode({})

    def exchanged(self, labels: Mapping[str, ProjectLabel | None]) -> ProjectLabels:
        """Return the labels with those of these projects in place of the earlier ones.

        They are these very labels where the projects are called the same as before.
        """
        if all(self.by_code.get(code) == label for code, label in labels.items()):
            return self
        exchanged = ProjectLabels()
        exchanged.by_code = self.by_code.exchanged(labels)
        return exchanged


def project_label(project: JudgedProject) -> ProjectLabel:
    """Return what lists call a project on the day it is judged at."""
    information = project.information
    return ProjectLabel(information.name, project.unit, information.reporting_unit)
