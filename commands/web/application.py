"""The web application: its addresses, what stands before them, and the answers to errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.authentication import AuthenticationBackend
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from commands import fonts
from commands.intake.axis_texts import MistypedAxis
from commands.web import deadline_page, page_contents, resource_pages
from commands.web.accounts import AccountFileError
from commands.web.calendar_feed import CalendarFeed
from commands.web.county_views import HOLD, CountyViews
from commands.web.login_pages import LoginPages
from commands.web.login_sessions import LoginSessions
from commands.web.metrics_page import MetricsPage, MetricsSource, RequestTally
from commands.web.request_guards import (
    METRICS_PATH,
    AccountAuthenticationError,
    FormGuard,
    LocalReaders,
    LoginGuard,
    RequestLog,
    SessionReaders,
    SizeGuard,
    misdirected,
)
from commands.web.security_headers import SecurityHeaders
from commands.web.server_log import ErrorEntry, LogEntry, reason
from commands.web.site import Site, templates
from commands.web.static_files import PackedStaticFiles
from commands.web.tile_pages import has_tiles, tile_routes
from commands.words import page_words
from commands.words.messages import in_chinese, say
from commands.words.option_words import in_terms_of_pages
from commands.words.problem_text import problem_text
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, Rejected

_STORE_CHANGED: Final = ErrorEntry(
    "StoreChanged",
    "the store was changed outside lifecycle beneath what the pages had read of it;"
    " `lifecycle audit verify` names the event",
)
ErrorHandler = Callable[[Request, Exception], Response]


def application(
    ledger: Ledger,
    sessions: LoginSessions | None,
    log: Callable[[LogEntry], None],
    *,
    evidence: EvidenceStore | None = None,
    hold: float = HOLD,
    publishes_tiles: bool = True,
    offers_calendars: bool = False,
    metrics: MetricsSource | None = None,
) -> Starlette:
    """The pages of a ledger.

    Without sessions they are for this machine alone. `evidence` has the texts of adopted policies.
    `hold` is the number of seconds for which pages stay at a position. Checkpoint and tiles are
    published to anybody unless `publishes_tiles` is False. With `offers_calendars` each reader
    gets an address of deadlines.
    `metrics` says what a monitoring system reads at `/metrics`.
    """
    counties = CountyViews(ledger, evidence, hold=hold)
    site = Site(ledger, sessions, counties, offers_calendars=offers_calendars)
    routes = _routes(site)
    if publishes_tiles and has_tiles(ledger):
        routes += tile_routes(ledger)
    if offers_calendars:
        routes += _calendar_routes(site, CalendarFeed(ledger, sessions))
    return guarded_pages(site, sessions, log, routes, metrics)


def guarded_pages(
    site: Site,
    sessions: LoginSessions | None,
    log: Callable[[LogEntry], None],
    routes: Sequence[BaseRoute],
    metrics: MetricsSource | None,
) -> Starlette:
    """The pages of a site behind its guards, with logins, scripts and fonts beside them."""
    all_routes = [*routes, *_common_routes(sessions)]
    tally = RequestTally()
    if metrics is not None:
        all_routes.append(Route(METRICS_PATH, MetricsPage(metrics, tally).answer))

    def count_and_log(entry: LogEntry) -> None:
        tally.count(entry)
        log(entry)

    site.on_store_change(lambda: count_and_log(_STORE_CHANGED))
    return Starlette(
        routes=all_routes,
        middleware=_middleware(site, sessions, count_and_log),
        exception_handlers=_error_handlers(site, count_and_log),
        lifespan=lambda _application: site.ready_pages.kept_ready(),
    )


def _calendar_routes(site: Site, feed: CalendarFeed) -> list[BaseRoute]:
    # Each reader's page has an address of their own, which a cache would show to others.
    page = Route("/calendar", site.page("calendar.html", feed.page, cached=False))
    return [page, *feed.routes()]


def _middleware(
    site: Site,
    sessions: LoginSessions | None,
    log: Callable[[LogEntry], None],
) -> list[Middleware]:
    """Who may ask for what, from the outermost guard to the innermost."""
    readers: AuthenticationBackend = LocalReaders()
    if sessions is not None:
        readers = SessionReaders(sessions)
    return [
        Middleware(RequestLog, log=log, error_page=site.error_page),
        Middleware(SecurityHeaders),
        Middleware(SizeGuard),
        Middleware(
            AuthenticationMiddleware,
            backend=readers,
            on_error=_authentication_answer(site, log),
        ),
        Middleware(FormGuard),
        Middleware(LoginGuard),
    ]


def _routes(site: Site) -> list[BaseRoute]:
    return [
        Route("/", site.page("board.html", page_contents.first_page, stays_ready=True)),
        Route("/unit", site.page("unit.html", page_contents.unit_page)),
        Route("/projects", site.page("projects.html", page_contents.projects_page)),
        Route("/project", site.page("project.html", page_contents.project_page)),
        Route("/resources", site.page("resources.html", resource_pages.resources_page)),
        Route("/resource", site.page("resource.html", resource_pages.resource_page)),
        Route("/charts", site.page("charts.html", page_contents.charts_page)),
        Route("/deadlines", site.page("deadlines.html", deadline_page.deadlines_page)),
        Route("/sheets", site.page("sheets.html", page_contents.sheets_page)),
        # The ledger as it is now, which no view and so no cached page can answer for.
        Route("/audit", site.page("audit.html", page_contents.audit_page, cached=False)),
    ]


def _common_routes(sessions: LoginSessions | None) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Mount("/static", PackedStaticFiles()),
        Route("/fonts/sans.woff2", _font),
    ]
    if sessions is not None:
        login = LoginPages(sessions, templates())
        routes += [
            Route("/login", login.login_form, methods=["GET"]),
            Route("/login", login.log_in, methods=["POST"]),
            Route("/logout", login.log_out, methods=["POST"]),
        ]
    return routes


def _font(_request: Request) -> Response:
    # Millions of bytes, for machines without a Chinese font; a new version only adds characters.
    return FileResponse(
        fonts.SANS_PACKED,
        headers={"cache-control": "public, max-age=2592000"},
        # Not every machine knows the ending.
        media_type="font/woff2",
    )


def _authentication_answer(
    site: Site,
    log: Callable[[LogEntry], None],
) -> Callable[[HTTPConnection, Exception], Response]:
    """What to answer where the reader cannot be known."""

    def answer(connection: HTTPConnection, error: Exception) -> Response:
        if isinstance(error, AccountAuthenticationError):
            return _accounts_unavailable(site, log, error)
        return misdirected(connection, error)

    return answer


def _accounts_unavailable(
    site: Site,
    log: Callable[[LogEntry], None],
    error: Exception,
) -> Response:
    # The path is for the log alone: who asks may be anybody.
    log(ErrorEntry(type(error).__name__, str(error)))
    title, text = page_words.ACCOUNTS_UNAVAILABLE
    return site.message(503, title, text)


def _error_handlers(
    site: Site,
    log: Callable[[LogEntry], None],
) -> dict[type[Exception], ErrorHandler]:
    """A page for each kind of error, which says in Chinese what is wrong."""

    def http_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        title, text = page_words.ERRORS.get(error.status_code, page_words.OTHER_ERROR)
        return site.message(error.status_code, title, text)

    def mistyped_axis(_request: Request, error: Exception) -> Response:
        return site.message(400, page_words.WRONG_ADDRESS, str(error))

    def rejected(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Rejected)
        with in_chinese():
            text = in_terms_of_pages("；".join(map(problem_text, error.problems)))
        return site.message(400, page_words.CANNOT_SHOW, text)

    def ledger_unavailable(_request: Request, error: Exception) -> Response:
        assert isinstance(error, LedgerError)
        named = site.named_error(error)
        log(ErrorEntry(type(error).__name__, f"the store cannot be read: {reason(named)}"))
        with in_chinese():
            text = say(named.template, **named.values)
        return site.message(503, page_words.LEDGER_UNAVAILABLE, text)

    def accounts_unavailable(_request: Request, error: Exception) -> Response:
        return _accounts_unavailable(site, log, error)

    return {
        HTTPException: http_error,
        MistypedAxis: mistyped_axis,
        Rejected: rejected,
        LedgerError: ledger_unavailable,
        AccountFileError: accounts_unavailable,
    }
