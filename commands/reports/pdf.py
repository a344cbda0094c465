"""PDF by typst: a template and texts in, a document with every font embedded out."""

from __future__ import annotations

import io
import json
from pathlib import Path

import segno
import typst

from commands import fonts
from commands.reports.template_texts import DocumentTexts
from lifecycle.rejections import StoreError, msg


def qr_code(code: str) -> segno.QRCode:
    """The code as a QR code that still reads when a smudge covers part of it."""
    # A fixed mask: weighing all eight of them takes longer than laying out the page.
    return segno.make(
        code,
        error="m",
        micro=False,
        mask=3,
    )


def write_pdf(texts: DocumentTexts, template: Path) -> bytes:
    """Lay out a document and return its bytes. Raises `StoreError` if the template is unusable."""
    picture = io.BytesIO()
    qr_code(texts["code"]).save(
        picture,
        kind="svg",
        border=0,
        svgns=True,
        xmldecl=False,
    )
    # Texts reach the template as JSON data, never as its source, so none becomes markup.
    data = json.dumps({**texts, "qr": picture.getvalue().decode()}, ensure_ascii=False)
    try:
        document = typst.compile(
            template,
            root=template.parent,
            font_paths=[fonts.FOLDER],
            sys_inputs={"data": data},
            format="pdf",
        )
    except typst.TypstError as error:
        raise StoreError(
            msg("{path} cannot be used as a template: {why}"),
            path=template,
            why=str(error),
        ) from None
    assert isinstance(document, bytes)
    return document
