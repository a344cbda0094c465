"""Pages in one file: their styles, scripts and font within, and nothing else may run."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from markupsafe import Markup

from commands import fonts
from commands.web.site import templates
from commands.web.static_files import STATIC
from commands.web.table_files import no_table_files


def self_contained_page(template: str, **content: Any) -> str:
    """The text of a page that opens anywhere and reads nothing from a network."""
    styles = [_font_style(), _static_text("pages.css")]
    names = ("vendor/echarts.min.js", "tables.js", "clauses.js", "charts.js")
    scripts = [_static_text(name) for name in names]
    page = templates().get_template(template)
    return page.render(
        policy=_content_policy(scripts, styles),
        styles=map(Markup, styles),
        scripts=map(Markup, scripts),
        files=no_table_files,
        **content,
    )


def _static_text(name: str) -> str:
    """A file of the pages' own scripts and styles."""
    text = (STATIC / name).read_text(encoding="utf-8")
    # The digests of the content policy count line ends as browsers do.
    return text.replace("\r\n", "\n")


def _font_style() -> str:
    """The style that carries the font of the pages."""
    data = base64.b64encode(fonts.SANS_PACKED.read_bytes()).decode()
    return (
        '@font-face { font-family: "Lifecycle Sans"; font-display: block; '
        f'src: url(data:font/woff2;base64,{data}) format("woff2"); }}'
    )


def _content_policy(scripts: list[str], styles: list[str]) -> str:
    """What a browser may run: the scripts and styles of the file, word for word."""
    return (
        # Without unsafe-inline: a reason that a clerk typed never becomes a script.
        "default-src 'none'; "
        f"script-src {_digests(scripts)}; "
        f"style-src {_digests(styles)}; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def _digests(texts: list[str]) -> str:
    sources = []
    for text in texts:
        digest = hashlib.sha256(text.encode()).digest()
        sources.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    return " ".join(sources)
