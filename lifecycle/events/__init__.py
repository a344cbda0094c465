"""Every event the ledger knows, by its stored name (spec 1)."""

from __future__ import annotations

from typing import Final

from lifecycle.events import (
    county_events as county,
    project_events as project,
    sheet_events as sheets,
    unit_events as unit,
)
from lifecycle.events.envelope import (
    COUNTY,
    Dated,
    Event,
    EventValue,
    Evidence,
    Monthly,
    RecordedEvent,
    Stamp,
    Stream,
    StreamKind,
    last_day,
)
from lifecycle.events.project_events import FactCorrected

__all__ = [
    "BY_NAME",
    "COUNTY",
    "Dated",
    "Event",
    "EventValue",
    "Evidence",
    "FactCorrected",
    "Monthly",
    "RecordedEvent",
    "Stamp",
    "Stream",
    "StreamKind",
    "last_day",
]

_ALL: Final[tuple[type[Event], ...]] = (
    project.InformationReported,
    project.ConsultationHeld,
    project.AgreementSigned,
    project.LandAcquired,
    project.ProjectFiled,
    project.StatisticsEntered,
    project.InvestmentReported,
    project.TaxPaid,
    project.ScheduleSet,
    project.ProjectTransferred,
    project.ProjectTerminated,
    project.ViolationFound,
    project.ViolationCleared,
    project.RecognitionDenied,
    project.PerformanceAssessed,
    project.ReviewHeld,
    sheets.TaskAssigned,
    sheets.WarningIssued,
    sheets.SupervisionIssued,
    sheets.TaskCleared,
    sheets.TaskReopened,
    sheets.ExposurePublished,
    unit.UnitRegistered,
    unit.ActivityHeld,
    unit.RoutineAssessed,
    unit.AwardWon,
    unit.CadreSeconded,
    unit.LandingServiceFailed,
    unit.MajorProjectSupported,
    unit.UnitListed,
    unit.IndicatorReported,
    county.RulebookAdopted,
    county.TargetSet,
    county.MeetingHeld,
    county.ScoresPublished,
    county.BoardPublished,
    county.SigningKeyChanged,
    FactCorrected,
)

BY_NAME: Final[dict[str, type[Event]]] = {kind.__name__: kind for kind in _ALL}
