"""What the server logs: requests and errors, without naming anybody, as lines or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Literal

from lifecycle.rejections import LedgerError

LogForm = Literal["text", "json"]
NO_ROUTE: Final = "—"


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """A request: the kind of page, never its name, query, account or address."""

    event: ClassVar = "request"
    level: ClassVar = "info"

    method: str
    route: str
    status: int
    milliseconds: int
    role: str

    @property
    def text(self) -> str:
        """The request on a line."""
        return f"{self.method} {self.route} {self.status} {self.milliseconds}ms {self.role}"


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """An error by its kind; what it was about may name somebody and is not logged."""

    event: ClassVar = "error"
    level: ClassVar = "error"

    kind: str
    message: str

    @property
    def text(self) -> str:
        """The error on a line."""
        return self.message


LogEntry = RequestEntry | ErrorEntry


def reason(error: LedgerError) -> str:
    """Return what an error says: numbers as they are, of what may name somebody the place alone."""
    values: dict[str, object] = {}
    for name, value in error.values.items():
        values[name] = value if isinstance(value, int) else f"{{{name}}}"
    return error.template.format_map(values)


def log_line(entry: LogEntry, form: LogForm, moment: datetime) -> str:
    """Return an entry as the log shows it."""
    if form == "text":
        return f"{moment:%Y-%m-%d %H:%M:%S} {entry.text}"
    stamp = {"time": moment.isoformat(timespec="milliseconds"), "level": entry.level}
    return _json_line({**stamp, "event": entry.event, **asdict(entry)})


def written_log(form: LogForm) -> Callable[[LogEntry], None]:
    """Return what writes an entry of the log to standard error."""

    def write(entry: LogEntry) -> None:
        line = log_line(entry, form, datetime.now().astimezone())
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    return write


class JsonFormatter(logging.Formatter):
    """Writes what the HTTP server itself logs as JSON too; tracebacks, which may name, are left."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        moment = datetime.fromtimestamp(record.created).astimezone()
        fields = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": "server",
            "message": record.getMessage(),
        }
        return _json_line(fields)


def _json_line(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)


# What the HTTP server itself says, in the same form as the requests.
JSON_LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"uvicorn": {"handlers": ["stderr"], "propagate": False}},
}
