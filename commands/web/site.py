"""The site: it renders pages into templates, and caches them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from operator import attrgetter
from threading import Condition
from typing import Any, Final, NamedTuple

from cachetools import LRUCache, cachedmethod
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.background import BackgroundTask
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from commands.handlers.declared_words_of_ledger import declared_words_of
from commands.web.accounts import Reader
from commands.web.county_views import CountyViews
from commands.web.gzip_answers import PackedPage, page_answer, takes_gzip
from commands.web.list_pages import ListLinks
from commands.web.login_sessions import LoginSessions
from commands.web.page_axes import PageAxes, rulebook_ids
from commands.web.page_contents import ContentOf, PageRequest
from commands.web.page_sections import KeptSections, PageSections
from commands.web.ready_pages import ReadyPages
from commands.web.redaction import without_telephones
from commands.web.static_files import static_address
from commands.web.table_files import TableFileLinks, asked_file_form, table_file
from commands.web.wall_mode import wall_seconds
from commands.words import page_words
from commands.words.date_text import chinese_date, chinese_moment
from commands.words.declared_words import use_words
from commands.words.foot_words import VERIFIER_NAMED
from commands.words.messages import in_chinese
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unreadable_values import named_error
from lifecycle.rejections import LedgerError
from projections.audit.verifier import verifier_digest

_MOST_CACHED_PAGES: Final = 64
# Parameters that choose what a page is about, and stay when its axes are changed.
_SUBJECT_PARAMETERS: Final = ("name", "code")


def templates() -> Environment:
    """The templates: everything is escaped, and an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("commands.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["chinese_date"] = chinese_date
    environment.filters["chinese_moment"] = chinese_moment
    environment.globals["static"] = static_address
    return environment


class _PageKey(NamedTuple):
    """Everything that the text of a page depends on."""

    view: Hashable
    members: Hashable
    position: int
    changes: int
    path: str
    query: str
    is_part: bool
    role: str
    unit: str | None


def _key_of_page(_site: Site, key: _PageKey, _render: Callable[[], str]) -> _PageKey:
    return key


def _same_reader(reader: Reader) -> Reader:
    return reader


class Site:
    """The pages of a ledger; without sessions for this machine alone.

    `menu` has the address and the name of each page that every page links to, `reader_of` says as
    whom a reader sees the pages.
    """

    def __init__(
        self,
        ledger: Ledger,
        sessions: LoginSessions | None,
        counties: CountyViews,
        *,
        offers_calendars: bool = False,
        menu: Sequence[tuple[str, str]] = page_words.MENU,
        reader_of: Callable[[Reader], Reader] = _same_reader,
    ) -> None:
        self._ledger = ledger
        self._counties = counties
        self._menu = menu
        self._reader_of = reader_of
        self._sessions = sessions
        self._offers_calendars = offers_calendars
        self._templates = templates()
        self._verifier = f"{VERIFIER_NAMED}{verifier_digest()}"
        self._pages: LRUCache[_PageKey, PackedPage] = LRUCache(_MOST_CACHED_PAGES)
        self._sections = KeptSections()
        self.ready_pages = ReadyPages(ledger, counties)
        self._condition = Condition()

    def named_error(self, error: LedgerError) -> LedgerError:
        """Return the error that names the event, where one is about a value that a page met."""
        return named_error(self._ledger.recorder, error)

    def on_store_change(self, report: Callable[[], None]) -> None:
        """Call this when the store turns out to be changed beneath what pages keep of it."""
        self._counties.on_change = report

    # Pages

    def page(
        self,
        template: str,
        content_of: ContentOf,
        *,
        cached: bool = True,
        stays_ready: bool = False,
    ) -> Callable[[Request], Response]:
        """An endpoint: what the page shows of the view that its address asks for, in a template.

        A page that `stays_ready` is made again for its readers as the ledger grows, where they
        chose no axis.
        """

        def endpoint(request: Request) -> Response:
            with self._in_words_of_ledger():
                page_request = self._page_request(request)
                form = page_request.file_form
                if form is not None:
                    text = self._render(template, request, page_request, content_of)
                    return table_file(text, page_request.text("table"), form)
                if not cached:
                    # Nor packed: the length of what is packed tells of the secrets in it (BREACH).
                    return HTMLResponse(self._render(template, request, page_request, content_of))
                page = self._page_now(template, request, page_request, content_of)
                # Each other view rests on parts of its own, of which only a few are kept.
                if stays_ready and page_request.axes == PageAxes():
                    self._keep_ready(template, request, page_request.reader, content_of)
                answer = page_answer(page, request.headers)
                # Once the reader has the page: nobody waits for it.
                answer.background = BackgroundTask(self._counties.check_if_due)
                return answer

        return endpoint

    @contextmanager
    def _in_words_of_ledger(self) -> Iterator[None]:
        """Make pages in Chinese, with the words that the county's rulebooks declare."""
        with in_chinese():
            use_words(partial(declared_words_of, self._ledger))
            yield

    def _page_now(
        self,
        template: str,
        request: Request,
        page_request: PageRequest,
        content_of: ContentOf,
    ) -> PackedPage:
        return self._kept_page(
            self._page_key(request, page_request),
            lambda: self._render(template, request, page_request, content_of),
        )

    def _keep_ready(
        self,
        template: str,
        request: Request,
        reader: Reader,
        content_of: ContentOf,
    ) -> None:
        # Of the request itself alone: not its connection, which ends.
        same_request = Request(request.scope)

        def make_again() -> None:
            with self._in_words_of_ledger():
                page_request = self._page_request(same_request)
                page = self._page_now(template, same_request, page_request, content_of)
                if takes_gzip(same_request.headers):
                    page.pack()

        self.ready_pages.keep((_address(request), reader.role, reader.unit), make_again)

    @cachedmethod(attrgetter("_pages"), key=_key_of_page, condition=attrgetter("_condition"))
    def _kept_page(self, _key: _PageKey, render: Callable[[], str]) -> PackedPage:
        """A page, rendered once: who asks for it meanwhile waits, and for no other page."""
        return PackedPage(render())

    def _page_request(self, request: Request) -> PageRequest:
        axes = PageAxes.from_query(request.query_params)
        view = axes.view(self._ledger, self._counties)
        return PageRequest(
            query=request.query_params,
            file_form=asked_file_form(request.query_params),
            axes=axes,
            county=self._counties.at(view),
            reader=self._reader_of(request.user),
        )

    def _page_key(self, request: Request, page_request: PageRequest) -> _PageKey:
        return _PageKey(
            view=page_request.county.view,
            members=page_request.county.members_state,
            position=self._counties.position(),
            changes=self._counties.changes_seen,
            path=request.url.path,
            query=request.url.query,
            is_part=_wants_part(request),
            role=page_request.reader.role,
            unit=page_request.reader.unit,
        )

    def _render(
        self,
        template: str,
        request: Request,
        page_request: PageRequest,
        content_of: ContentOf,
    ) -> str:
        content = content_of(page_request)
        if not page_request.reader.sees_persons:
            content = without_telephones(content)
        if _wants_part(request):
            # The script of a page asks for the part that changes, if the page has one.
            template = content.get("part", template)
        frame = self._frame(request, page_request)
        return self._templates.get_template(template).render(**frame, **content)

    def _frame(self, request: Request, page_request: PageRequest) -> dict[str, Any]:
        """What the frame around every page shows."""
        view = page_request.county.view
        subject = {}
        for name in _SUBJECT_PARAMETERS:
            value = request.query_params.get(name)
            if value:
                subject[name] = value
        return {
            "axes": page_request.axes,
            "link": page_request.axes.link,
            "view": view,
            "book": view.rulebook.rulebook,
            "reader": page_request.reader,
            "path": request.url.path,
            "origin": f"{request.url.scheme}://{request.url.netloc}",
            "rulebooks": rulebook_ids(self._counties),
            "section": PageSections(self._sections, self._section_key(request, page_request)),
            "accounts": self._sessions is not None,
            "menu": self._menu,
            "standing": page_request.county.standing,
            "offers_calendars": self._offers_calendars,
            "subject": subject,
            "wall": wall_seconds(request.url.path, request.query_params),
            "address": _address(request),
            "list_links": ListLinks(request.url.path, request.query_params),
            "files": TableFileLinks(request.url.path, request.query_params),
            "verifier": self._verifier,
            "time_corrections": page_request.county.time_correction_lines(),
        }

    def _section_key(self, request: Request, page_request: PageRequest) -> Hashable:
        """All that sections of a page rest on beside their content; not the position."""
        view, reader = page_request.county.view, page_request.reader
        axes = replace(view, position=0, county=None, projects=None)
        return axes, _address(request), reader.role, reader.unit

    def message(self, status: int, title: str, text: str) -> Response:
        """A page that says what is wrong, and nothing else."""
        template = self._templates.get_template("message.html")
        return HTMLResponse(template.render(title=title, text=text), status)

    def error_page(self, _connection: HTTPConnection) -> Response:
        """The page shown if the program itself fails."""
        title, text = page_words.PROGRAM_ERROR
        return self.message(500, title, text)


def _address(request: Request) -> str:
    """The page with its query, as its reader asked for it."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _wants_part(request: Request) -> bool:
    """Whether the script of a page asks for the part that changes."""
    return request.headers.get("hx-request") == "true"
