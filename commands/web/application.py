"""The application: addresses, what stands before them, and what is answered where something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from commands import fonts
from commands.intake.axis_texts import MistypedAxis
from commands.web import site as pages
from commands.web.guard import LOCAL, Guard
from commands.web.login_sessions import LoginSessions
from commands.web.site import Site
from commands.web.view_cache import HOLD
from commands.words.messages import in_chinese, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, Rejected

STATIC: Final = Path(__file__).parent / "static"

_STATUS: Final = {
    403: ("无权查看", "该页内容不属于您的单位，未予显示。"),
    404: ("没有这一页", "地址中的单位、项目或页面不存在，或在所选日期、时点还没有。"),
    405: ("只可查看", "本站只供查看，不接受这种请求。"),
}


def application(
    ledger: Ledger,
    url: str,
    sessions: LoginSessions | None,
    log: Callable[[str], None],
    *,
    hold: float = HOLD,
) -> Starlette:
    """The pages of a ledger; without sessions for this machine alone."""
    site = Site(ledger, url, sessions, hold=hold)

    def broken(request: HTTPConnection) -> Response:
        return site.message(request, 500, "程序出错", "该页未能生成，请告知管理员。")

    guard = Middleware(
        Guard, sessions=sessions, log=log, broken=broken, names=LOCAL if sessions is None else None
    )
    return Starlette(
        routes=_routes(site, sessions), middleware=[guard], exception_handlers=_handlers(site)
    )


def _routes(site: Site, sessions: LoginSessions | None) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Route("/", site.page("board.html", pages.board)),
        Route("/unit", site.page("unit.html", pages.unit)),
        Route("/projects", site.page("projects.html", pages.projects)),
        Route("/project", site.page("project.html", pages.project)),
        Route("/charts", site.page("charts.html", pages.pictures)),
        Route("/deadlines", site.page("deadlines.html", pages.deadlines)),
        Route("/sheets", site.page("sheets.html", pages.sheets)),
        Route("/audit", site.page("audit.html", pages.audit, keep=False)),
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/fonts/sans.otf", lambda _request: FileResponse(fonts.SANS)),
    ]
    if sessions is not None:
        routes += [
            Route("/login", site.login_form, methods=["GET"]),
            Route("/login", site.log_in, methods=["POST"]),
            Route("/logout", site.log_out, methods=["POST"]),
        ]
    return routes


def _handlers(site: Site) -> dict[object, Callable[[Request, Exception], Response]]:
    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        title, text = _STATUS.get(error.status_code, ("请求有误", "地址或表单无法读取。"))
        return site.message(request, error.status_code, title, text)

    def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, MistypedAxis)
        return site.message(request, 400, "地址有误", str(error))

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Rejected)
        with in_chinese():
            return site.message(
                request, 400, "无法显示", "；".join(map(problem_text, error.problems))
            )

    def unusable(request: Request, error: Exception) -> Response:
        assert isinstance(error, LedgerError)
        with in_chinese():
            return site.message(request, 503, "台账暂不可用", say(error.template, **error.values))

    return {
        HTTPException: http,
        MistypedAxis: wrong,
        Rejected: refused,
        LedgerError: unusable,
    }
