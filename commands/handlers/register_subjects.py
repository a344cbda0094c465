"""What the rows of a register are: projects, or resources that the county offers (spec 5, 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from lifecycle.events import Event
from lifecycle.events.project_events import InformationReported
from lifecycle.events.resource_events import ResourceListed
from lifecycle.rejections import msg

SubjectKind = Literal["project", "resource"]


@dataclass(frozen=True, slots=True)
class MatchingWords:
    """The sentences about rows; `{project}` in them is the code of what the row is."""

    alike: str
    several: str
    unknown_code: str
    unknown_row: str
    no_identity: str
    vanished: str
    perhaps_row: str
    perhaps_vanished: str
    empty_row: str


@dataclass(frozen=True, slots=True)
class RegisterSubject:
    """What a register has a row for: its kind of stream, and how a row without a code is known."""

    kind: SubjectKind
    founding: type[InformationReported | ResourceListed]
    """The event that begins the stream, and without which it has no other."""
    counterpart: str
    """The field that makes it one of a kind together with its name."""
    sentences: MatchingWords


PROJECTS: Final = RegisterSubject(
    "project",
    InformationReported,
    "investor",
    MatchingWords(
        alike=msg("rows {first} and {second} are the same project ({project})"),
        several=msg(
            "investor and name are those of several projects ({projects}): say which by --same "
            "CODE={row}"
        ),
        unknown_code=msg("--same names {code}, but there is no such project"),
        unknown_row=msg("--same and --new name row {row}, but it is no project's row"),
        no_identity=msg("the row has neither a code nor investor and name; it is left out"),
        vanished=msg("{project} {name} is not in the workbook"),
        perhaps_row=msg(
            "perhaps the same as {projects}, which the workbook lacks: nothing of the row is "
            "recorded until --same CODE={row} or --new {row} says so"
        ),
        perhaps_vanished=msg(
            "{project} {name} is not in the workbook; perhaps it is row {rows}: say so by "
            "--same {project}=ROW, or --new ROW"
        ),
        empty_row=msg("the row says nothing of any project ({text}) and is passed over"),
    ),
)
RESOURCES: Final = RegisterSubject(
    "resource",
    ResourceListed,
    "location",
    MatchingWords(
        alike=msg("rows {first} and {second} are the same resource ({project})"),
        several=msg(
            "name and location are those of several resources ({projects}): say which by --same "
            "CODE={row}"
        ),
        unknown_code=msg("--same names {code}, but there is no such resource"),
        unknown_row=msg("--same and --new name row {row}, but it is no resource's row"),
        no_identity=msg("the row has neither a code nor name and location; it is left out"),
        vanished=PROJECTS.sentences.vanished,
        perhaps_row=PROJECTS.sentences.perhaps_row,
        perhaps_vanished=PROJECTS.sentences.perhaps_vanished,
        empty_row=msg("the row says nothing of any resource ({text}) and is passed over"),
    ),
)
FOUNDING_EVENTS: Final = (InformationReported, ResourceListed)


def subject_of(kind: type[Event]) -> RegisterSubject:
    """Return what an event is about."""
    return RESOURCES if "resource" in kind.streams else PROJECTS
