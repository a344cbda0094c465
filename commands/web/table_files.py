"""The tables of a page as files: CSV and XLSX, with the links to them below each table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from commands.intake.table_csv import BYTE_ORDER_MARK, csv_text
from commands.intake.table_workbook import build_table_workbook
from commands.web.table_reading import PageTable, table_named
from commands.words import page_words

_CSV: Final = "csv"
_XLSX: Final = "xlsx"
_MEDIA_TYPES: Final = {
    _CSV: "text/csv; charset=utf-8",
    _XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What chooses a view, on every page alike.
AXIS_NAMES: Final = ("year", "as_of", "known_at", "rulebook")
# The page of a list that is on several; a file has the whole list.
_PAGE_PARAMETER: Final = "page"


def asked_file_form(query: Mapping[str, str]) -> str | None:
    """In which form an address asks for a table; None where it asks for the page.

    Raises `HTTPException` 404 for a form that there is not.
    """
    form = query.get("format")
    if form is not None and form not in _MEDIA_TYPES:
        raise HTTPException(404)
    return form


def table_file(page: str, name: str, form: str) -> Response:
    """A table of a page as a file. Raises `HTTPException` 404 for a name that it does not have."""
    table = table_named(page, name)
    if table is None:
        raise HTTPException(404)
    content = _csv_content(table) if form == _CSV else _xlsx_content(table)
    # Names of tables are Chinese, which a header has in percent (RFC 6266, 8187).
    file_name = quote(f"{name}.{form}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{file_name}"}
    return Response(content, media_type=_MEDIA_TYPES[form], headers=headers)


def _csv_content(table: PageTable) -> bytes:
    text = csv_text(table.headings, table.rows, table.numbers)
    return f"{BYTE_ORDER_MARK}{text}".encode()


def _xlsx_content(table: PageTable) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        build_table_workbook(path, headings=table.headings, rows=table.rows, numbers=table.numbers)
        return path.read_bytes()


class TableFileLinks:
    """The links of a page's tables to their files, as its templates call for them."""

    def __init__(self, path: str, query: Mapping[str, str]) -> None:
        self._path = path
        self._query = dict(query)
        self._query.pop(_PAGE_PARAMETER, None)

    def __call__(
        self,
        name: str,
        path: str = "",
        chosen: Mapping[str, str] = MappingProxyType({}),
    ) -> Markup:
        """The links to the files of a table, or of what a list shows of another page's table.

        `path` and `chosen` name that page and what of it is chosen.
        """
        query = self._query
        if path:
            axes = {name: value for name, value in self._query.items() if name in AXIS_NAMES}
            query = {**axes, **chosen}
        links = []
        for form in _MEDIA_TYPES:
            file_query = urlencode({**query, "table": name, "format": form})
            label = page_words.table_file_label(name, form.upper())
            links.append(
                Markup('<a href="{}" download aria-label="{}">{}</a>').format(
                    f"{path or self._path}?{file_query}", label, form.upper()
                )
            )
        return Markup('<p class="files">{}</p>').format(Markup(" ").join(links))


def no_table_files(*_table: object) -> str:
    """What stands below a table of a page in one file: no server could give it another."""
    return ""
