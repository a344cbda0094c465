"""PDF by typst: a template and texts in, every font that is used embedded."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

import segno
import typst

from commands import fonts
from lifecycle.rejections import StoreError, msg

TEMPLATES: Final = Path(__file__).parent / "templates"


def qr(code: str) -> segno.QRCode:
    """The code as a QR code that a smudge does not spoil; one mask for all, as weighing the eight takes longer than the page."""
    return segno.make(code, error="m", micro=False, mask=3)


def write_pdf(told: dict[str, Any], template: Path) -> bytes:
    """A document's bytes; the texts cannot become markup. Raises `StoreError` where the template does not compile."""
    picture = io.BytesIO()
    qr(told["code"]).save(picture, kind="svg", border=0, svgns=True, xmldecl=False)
    data = json.dumps({**told, "qr": picture.getvalue().decode()}, ensure_ascii=False)
    try:
        made = typst.compile(
            template,
            root=template.parent,
            font_paths=[fonts.FOLDER],
            sys_inputs={"data": data},
            format="pdf",
        )
    except typst.TypstError as error:
        raise StoreError(
            msg("{path} cannot be used as a template: {why}"), path=template, why=str(error)
        ) from None
    assert isinstance(made, bytes)
    return made
