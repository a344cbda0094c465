"""The pages: one function for each, from the address to the template and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from commands.web import charts, duties, page_rows as rows
from commands.web.accounts import Reader
from commands.web.audit_page import trust
from commands.web.guard import address_of
from commands.web.login_sessions import COOKIE, HOURS, LoginSessions
from commands.web.page_axes import PageAxes, rulebook_ids
from commands.web.personal import without_telephones
from commands.web.view_cache import County, Kept, Remembered
from commands.words.messages import in_chinese
from lifecycle.ledger.store import Ledger
from projections.scoring.explanation import explain_project
from projections.scoring.judgement import JudgedProject

PER_PAGE: Final = 50
_DIGITS: Final = 8
"""The longest page number that an address may ask for."""
PAGES: Final = 64
"""Written pages kept at once."""


def templates() -> Environment:
    """The templates: everything is escaped, and a name that is not there is an error."""
    return Environment(
        loader=PackageLoader("commands.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: the axes, the county at them, and who reads."""

    request: Request
    axes: PageAxes
    county: County
    reader: Reader

    def text(self, name: str) -> str:
        """A value of the query; a control character names nothing that the ledger holds."""
        value = (self.request.query_params.get(name) or "").strip()
        if any(character < " " for character in value):
            raise HTTPException(404)
        return value


class Site:
    """The pages of a ledger."""

    def __init__(
        self, ledger: Ledger, url: str, sessions: LoginSessions | None, *, hold: float
    ) -> None:
        self._ledger = ledger
        self._remembered = Remembered(ledger, url, hold=hold)
        self._sessions = sessions
        self._templates = templates()
        self._pages = Kept[str](PAGES)

    def page(
        self, template: str, content: Callable[[Asked], dict[str, Any]], *, keep: bool = True
    ) -> Callable[[Request], Response]:
        """An endpoint: the view that the address asks for, what the page shows of it, in the template.

        A page says the same for ever at one position of the ledger and to one kind of reader, and is kept unless it is told not to be.
        """

        def endpoint(request: Request) -> Response:
            with in_chinese():
                axes, reader = PageAxes.of(request.query_params), request.state.reader
                asked = Asked(
                    request,
                    axes,
                    self._remembered.at(axes.view(self._ledger, self._remembered)),
                    reader,
                )
                if not keep:
                    return HTMLResponse(self._written(template, asked, content))
                key = (
                    asked.county.view,
                    self._remembered.position(),
                    request.url.path,
                    request.url.query,
                    _wants_part(request),
                    reader.role,
                    reader.unit,
                )
                return HTMLResponse(
                    self._pages.get(key, lambda: self._written(template, asked, content))
                )

        return endpoint

    def _written(
        self, template: str, asked: Asked, content: Callable[[Asked], dict[str, Any]]
    ) -> str:
        found = content(asked) if asked.reader.sees_persons else without_telephones(content(asked))
        part = _wants_part(asked.request) and found.get("part")
        frame = {
            "axes": asked.axes,
            "link": asked.axes.link,
            "view": asked.county.view,
            "book": asked.county.view.rulebook.rulebook,
            "reader": asked.reader,
            "here": asked.request.url.path,
            "rulebooks": rulebook_ids(self._remembered),
            "accounts": self._sessions is not None,
            "keep": {
                name: value
                for name in ("name", "code")
                if (value := asked.request.query_params.get(name))
            },
        }
        return self._templates.get_template(part or template).render(**frame, **found)

    def message(self, request: HTTPConnection, status: int, title: str, text: str) -> Response:
        """A page that says what is wrong, and no more."""
        body = self._templates.get_template("message.html").render(
            title=title, text=text, status=status, here=request.url.path
        )
        return HTMLResponse(body, status)

    # Logging in -------------------------------------------------------------------------------------------------------

    def login_form(self, request: Request) -> Response:
        """The form."""
        return HTMLResponse(self._login(request, ""))

    def _login(self, request: Request, wrong: str) -> str:
        return self._templates.get_template("login.html").render(
            to=_within(request.query_params.get("to")), wrong=wrong
        )

    async def log_in(self, request: Request) -> Response:
        """A session for a right name and password."""
        from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 -- the one page that awaits

        sessions = self._sessions
        if sessions is None:
            raise HTTPException(404)
        address = address_of(request.scope)
        if sessions.waits(address):
            return HTMLResponse(self._login(request, "错误次数过多，请一分钟后再试。"), 429)
        async with request.form(max_files=0, max_fields=4) as form:
            name, password = str(form.get("name", ""))[:200], str(form.get("password", ""))[:1000]
        cookie = await run_in_threadpool(sessions.log_in, name, password, address)
        if cookie is None:
            return HTMLResponse(self._login(request, "用户名或密码不正确。"), 401)
        answer = RedirectResponse(_within(request.query_params.get("to")), 303)
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=HOURS * 3600,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    def log_out(self, request: Request) -> Response:
        """End the session."""
        if self._sessions is not None:
            self._sessions.log_out(request.cookies.get(COOKIE))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer


def _wants_part(request: Request) -> bool:
    """Whether the page's script asks for the part that changes."""
    return request.headers.get("hx-request") == "true"


def _within(to: str | None) -> str:
    """An address of this site, nothing else."""
    return (
        to
        if to and to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
        else "/"
    )


# What each page shows -------------------------------------------------------------------------------------------------


def board(asked: Asked) -> dict[str, Any]:
    """The first page: what matters, the boards, the ranking."""
    county, reader = asked.county, asked.reader
    shown: dict[str, Any] = without_telephones(
        {
            "figures": duties.key_figures(county, reader),
            "boards": duties.boards(county),
            "pressed": duties.pressed(county, reader),
            "ranking": charts.ranking(county, reader),
        }
    )
    return shown


def deadlines(asked: Asked) -> dict[str, Any]:
    """What is due, most urgent first."""
    table = asked.county.view.rulebook.rulebook.deadlines
    return {
        "deadlines": duties.deadline_rows(asked.county, asked.reader),
        "levels": None if table is None else table.levels,
    }


def sheets(asked: Asked) -> dict[str, Any]:
    """The five sheets: what ought to be issued today, what is not cleared."""
    return {
        "due": duties.due_rows(asked.county, asked.reader),
        "sheets": duties.sheet_rows(asked.county, asked.reader),
    }


def unit(asked: Asked) -> dict[str, Any]:
    """One unit: its points, what is due of it, its projects."""
    name = asked.text("name")
    if not asked.reader.sees(name):
        raise HTTPException(403)
    if name not in asked.county.units:
        raise HTTPException(404)
    found, book = asked.county.explained(name), asked.county.view.rulebook.rulebook
    score = next(row for row in asked.county.scores["units"] if row["unit"] == name)
    return {
        "name": name,
        "score": score,
        "modules": rows.modules(found, asked.reader),
        "totals": rows.totals(found, book),
        "basis": rows.basis(found, book),
        "not_counted": rows.not_counted(found, asked.reader),
        "projects": rows.projects(found.projects.values()),
        "deadlines": [
            row for row in duties.deadline_rows(asked.county, asked.reader) if row["unit"] == name
        ],
        "sheets": [
            row for row in duties.sheet_rows(asked.county, asked.reader) if row["unit"] == name
        ],
    }


def projects(asked: Asked) -> dict[str, Any]:
    """The projects, by what their names hold."""
    text = asked.text("text").casefold()
    found = [
        judged
        for judged in asked.county.projects.values()
        if _open(asked.reader, judged) and (not text or _holds(judged, text))
    ]
    number = asked.text("page")
    last = max(1, -(-len(found) // PER_PAGE))
    page = (
        min(int(number), last)
        if number.isascii() and number.isdigit() and 0 < len(number) <= _DIGITS and int(number)
        else 1
    )
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "projects": rows.projects(shown),
        "count": len(found),
        "page": page,
        "last": last,
        "text": asked.text("text"),
        "part": "projects_part.html",
    }


def _open(reader: Reader, judged: JudgedProject) -> bool:
    return reader.sees(judged.unit, judged.information.reporting_unit)


def _holds(judged: JudgedProject, text: str) -> bool:
    information = judged.information
    return any(
        text in part.casefold()
        for part in (judged.project.code, information.name, information.investor, judged.unit)
    )


def project(asked: Asked) -> dict[str, Any]:
    """One project: facts, points, history with corrections."""
    code, reader = asked.text("code"), asked.reader
    judged = asked.county.projects.get(code)
    if reader.role == "unit" and (judged is None or not _open(reader, judged)):
        raise HTTPException(403)  # whether there is one, is another's affair too
    if judged is None:
        raise HTTPException(404)
    found = explain_project(asked.county.ledger, asked.county.view, code)
    assert found is not None
    return {
        "code": code,
        "name": judged.information.name,
        "unit": judged.unit,
        "facts": rows.facts(judged, reader),
        "nodes": rows.nodes(judged),
        "anomalies": rows.anomalies(judged, reader),
        "modules": rows.modules(found, reader),
        "not_counted": rows.not_counted(found, reader),
        "history": rows.history(asked.county.ledger, asked.county.view, code, reader),
    }


def pictures(asked: Asked) -> dict[str, Any]:
    """The charts, each with its table."""
    county, reader = asked.county, asked.reader
    pace = duties.pace_chart(county)
    return {
        "charts": [
            *([] if pace is None else [pace]),
            charts.heat_chart(county, reader),
            duties.overdue_chart(county, reader),
            charts.funnel_chart(county, reader),
            *charts.rank_charts(county),
            charts.timeline_chart(county, reader),
        ],
    }


def audit(asked: Asked) -> dict[str, Any]:
    """Whether the ledger is what it was."""
    return trust(asked.county, verified=asked.text("verify") == "1")
