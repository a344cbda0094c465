"""The web application of a region: its pages over the members' ledgers (spec 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from commands.handlers.region_look import NOBODY_LEFT_OUT, LeftOut
from commands.handlers.watched_members import WatchedMembers
from commands.web import page_contents, region_pages
from commands.web.application import guarded_pages
from commands.web.county_views import HOLD
from commands.web.login_sessions import LoginSessions
from commands.web.metrics_page import MetricsSource
from commands.web.page_axes import PageAxes
from commands.web.region_view import RegionViews, as_region_reader
from commands.web.server_log import LogEntry
from commands.web.site import Site
from commands.web.tile_pages import has_tiles, tile_routes
from commands.words import member_words
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger

_MEMBERS: Final = "/members"


def region_application(
    ledger: Ledger,
    watched: WatchedMembers,
    sessions: LoginSessions | None,
    log: Callable[[LogEntry], None],
    *,
    left_out: LeftOut = NOBODY_LEFT_OUT,
    evidence: EvidenceStore | None = None,
    hold: float = HOLD,
    publishes_tiles: bool = True,
    metrics: MetricsSource | None = None,
) -> Starlette:
    """The pages of a region's ledger over its members, which stay open as long as `watched`.

    `left_out` names members that do not count, and why; the other parameters are those of a
    county's pages.
    """
    regions = RegionViews(ledger, watched, left_out, evidence, hold=hold)
    site = Site(
        ledger,
        sessions,
        regions,
        menu=member_words.MENU,
        reader_of=as_region_reader,
    )
    routes = _routes(site, watched)
    if publishes_tiles and has_tiles(ledger):
        routes += tile_routes(ledger)
    return guarded_pages(site, sessions, log, routes, metrics)


def _routes(site: Site, watched: WatchedMembers) -> list[BaseRoute]:
    def verify_members(request: Request) -> Response:
        """Verify every member now, and show what that gave."""
        watched.verify()
        axes = PageAxes.from_query(request.query_params)
        return RedirectResponse(axes.link(_MEMBERS), 303)

    return [
        Route("/", site.page("region_board.html", region_pages.first_page)),
        Route("/unit", site.page("member.html", region_pages.member_page)),
        Route("/projects", site.page("projects.html", page_contents.projects_page)),
        Route("/project", site.page("project.html", region_pages.project_page)),
        Route("/charts", site.page("charts.html", region_pages.charts_page)),
        Route(_MEMBERS, site.page("members.html", region_pages.members_page)),
        Route(f"{_MEMBERS}/verify", verify_members),
        Route("/conflicts", site.page("conflicts.html", region_pages.conflicts_page)),
        Route("/publications", site.page("publications.html", region_pages.publications_page)),
        # The ledgers as they are now, which no view and so no cached page can answer for.
        Route("/audit", site.page("audit.html", page_contents.audit_page, cached=False)),
    ]
