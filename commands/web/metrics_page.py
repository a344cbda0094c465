"""`/metrics`: the store's and the server's figures for a monitoring system (OpenMetrics)."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from commands.metrics.openmetrics import CONTENT_TYPE, Metric, Sample, metrics_text
from commands.web.request_guards import reader_of
from commands.web.server_log import NO_ROUTE, LogEntry, RequestEntry
from lifecycle.rejections import Rejected, msg

# A reader of pages who may see the figures of the whole system; a unit sees its own affairs.
_READING_ROLES: Final = ("leader", "auditor")
_LEAST_TOKEN_LENGTH: Final = 20
_BEARER: Final = "Bearer "


def read_token(file: Path) -> bytes:
    """Return the token of a monitoring system. Raises `Rejected` for one that can be guessed."""
    token = file.read_bytes().strip()
    if len(token) < _LEAST_TOKEN_LENGTH:
        raise Rejected.by(
            "metrics_token",
            msg("the token in {path} has {length} characters; at least {least} are required"),
            path=file,
            length=len(token),
            least=_LEAST_TOKEN_LENGTH,
        )
    return token


@dataclass(frozen=True, slots=True)
class MetricsSource:
    """Where `/metrics` reads the store's figures, and the token that opens it without a login."""

    store_metrics: Callable[[], list[Metric]]
    token: bytes | None = None


class RequestTally:
    """Counts what is logged, by kinds that are few: never by the address that was typed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._milliseconds: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()

    def count(self, entry: LogEntry) -> None:
        """Count an entry of the log."""
        with self._lock:
            if isinstance(entry, RequestEntry):
                route = "none" if entry.route == NO_ROUTE else entry.route
                self._requests[route, str(entry.status)] += 1
                self._milliseconds[route] += entry.milliseconds
            else:
                self._errors[entry.kind] += 1

    def metrics(self) -> list[Metric]:
        """Return requests by page and status, their time by page, and errors by kind."""
        with self._lock:
            return [self._request_counts(), self._request_times(), self._error_counts()]

    def _request_counts(self) -> Metric:
        samples: list[Sample] = []
        for (route, status), count in sorted(self._requests.items()):
            samples.append(Sample(count, {"route": route, "status": status}, "_total"))
        return Metric(
            "lifecycle_http_requests",
            "counter",
            msg("Requests answered since the server started, by page and status."),
            tuple(samples),
        )

    def _request_times(self) -> Metric:
        samples: list[Sample] = []
        counts: Counter[str] = Counter()
        for (route, _status), count in self._requests.items():
            counts[route] += count
        for route, milliseconds in sorted(self._milliseconds.items()):
            labels = {"route": route}
            samples.append(Sample(counts[route], labels, "_count"))
            samples.append(Sample(milliseconds / 1000, labels, "_sum"))
        return Metric(
            "lifecycle_http_request_duration_seconds",
            "summary",
            msg("How long the answers to requests took, by page."),
            tuple(samples),
            "seconds",
        )

    def _error_counts(self) -> Metric:
        samples: list[Sample] = []
        for kind, count in sorted(self._errors.items()):
            samples.append(Sample(count, {"kind": kind}, "_total"))
        return Metric(
            "lifecycle_server_errors",
            "counter",
            msg("Errors of the server since it started, by kind."),
            tuple(samples),
        )


class MetricsPage:
    """Answers a monitoring system that has the token, and leaders and auditors who logged in."""

    def __init__(self, source: MetricsSource, tally: RequestTally) -> None:
        self._source = source
        self._tally = tally

    def answer(self, request: Request) -> Response:
        """The figures of this moment; 401 for whoever may not see them."""
        if not self._may_read(request):
            return Response(
                "log in, or send the token of --metrics-token",
                401,
                {"www-authenticate": "Bearer"},
            )
        metrics = [*self._source.store_metrics(), *self._tally.metrics()]
        return Response(metrics_text(metrics), headers={"content-type": CONTENT_TYPE})

    def _may_read(self, request: Request) -> bool:
        reader = reader_of(request.scope)
        if reader is not None and reader.role in _READING_ROLES:
            return True
        header = request.headers.get("authorization", "")
        if self._source.token is None or not header.startswith(_BEARER):
            return False
        # In constant time, so that the token cannot be found letter by letter.
        return hmac.compare_digest(header.removeprefix(_BEARER).encode(), self._source.token)
