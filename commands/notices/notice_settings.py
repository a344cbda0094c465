"""The settings of messages: who gets what, where and when. A TOML file that the office edits."""

from __future__ import annotations

import string
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from commands.intake.settings_table import settings_table
from lifecycle.private_files import others_may_read
from lifecycle.regular_file import read_regular
from lifecycle.rejections import Problem, Rejected, StoreError, msg

NoticeKind = Literal["sheets", "deadlines", "week", "board"]
NOTICE_KINDS: Final[tuple[NoticeKind, ...]] = get_args(NoticeKind)
TEMPLATE_FIELDS: Final = ("unit", "count", "day", "lines", "source")


def _checked_template(text: str) -> str:
    """Return a template all of whose fields exist. Raises `ValueError`."""
    for _literal, field, _format, _conversion in string.Formatter().parse(text):
        if field is not None and field not in TEMPLATE_FIELDS:
            raise ValueError(field)
    return text


Template = Annotated[str, AfterValidator(_checked_template)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SendingHours(_Settings):
    """When messages may be sent, by the clock of Shanghai."""

    start: time = Field(time(8, 30), alias="from")
    end: time = Field(time(17, 30), alias="to")
    working_days: bool = True

    def include(self, moment: datetime, *, is_working_day: bool) -> bool:
        """Return whether a message may be sent at a moment. Hours may run past midnight."""
        if self.working_days and not is_working_day:
            return False
        if self.start <= self.end:
            return self.start <= moment.time() <= self.end
        return moment.time() >= self.start or moment.time() <= self.end


class Recipient(_Settings):
    """A unit, or the whole county where none is named, and its addresses as apprise writes them."""

    unit: str | None = None
    addresses: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[NoticeKind, ...] = NOTICE_KINDS


class NoticeTemplate(_Settings):
    """What the office writes instead of the usual title or text."""

    title: Template | None = None
    text: Template | None = None


class NoticeSettings(_Settings):
    """The whole file."""

    hours: SendingHours = SendingHours()
    recipients: tuple[Recipient, ...] = Field((), alias="recipient")
    templates: dict[NoticeKind, NoticeTemplate] = Field(default_factory=dict)


def read_notice_settings(path: Path) -> NoticeSettings:
    """Read the settings.

    Raises `StoreError` where others can read the file, whose addresses hold tokens; `Rejected`
    with the place of each mistake; `OSError`.
    """
    content = read_regular(path)
    if others_may_read(path):
        raise StoreError(
            msg("{path} holds tokens and other accounts can read it; allow its owner alone"),
            path=path,
        )
    table = settings_table(path, content, "notice_settings")
    try:
        return NoticeSettings.model_validate(table)
    except ValidationError as error:
        raise Rejected([_problem(path, detail) for detail in error.errors()]) from None


def _problem(path: Path, detail: Any) -> Problem:
    """Return a mistake with its place, and what is allowed there."""
    # Counted from 1, as the office counts its recipients.
    place = ".".join(str(step + 1 if isinstance(step, int) else step) for step in detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        template = msg("{path}: {place} is not a setting")
    elif kind == "value_error":
        template = msg("{path}: {place} has a field that is none of: {allowed}")
        return Problem(
            "notice_settings",
            template,
            {"path": path, "place": place, "allowed": [f"{{{name}}}" for name in TEMPLATE_FIELDS]},
        )
    elif kind == "literal_error":
        template = msg("{path}: {place} must be one of: {allowed}")
        values = {"path": path, "place": place, "allowed": list(NOTICE_KINDS)}
        return Problem("notice_settings", template, values)
    elif kind.startswith("time"):
        template = msg('{path}: {place} must be a time such as "08:30"')
    elif kind in ("missing", "too_short"):
        template = msg("{path}: {place} is missing")
    else:
        template = msg("{path}: {place} has a value of another kind than expected")
    return Problem("notice_settings", template, {"path": path, "place": place})
