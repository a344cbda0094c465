"""Make the pictures of documents in the manual: `python -m tools.document_pictures`.

They show the demo county's documents as poppler prints them; LibreOffice prints the workbook.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typst

from commands import fonts
from tools.guide_pictures import PICTURES
from tools.small_png import coloured_png

_OFFICE: Final = """
issuer = "开化县招商引资工作领导小组办公室"
addressees = "各乡镇人民政府（街道办事处），县直各有关单位"
copies_to = "县委办公室、县政府办公室"
printed_by = "开化县招商引资工作领导小组办公室"
"""
_NUMBER: Final = "开招办〔2024〕5号"
_MONTH: Final = ("month", "2024-05", "--number", _NUMBER, "--dated", "2024-07-05")
_SHEETS: Final = ("交2024-1", "销2024-1", "曝2024-1")
_MEETING: Final = "2024-06"
# Pages side by side, with a thin line around each.
_FRAME: Final = """
#set page(width: auto, height: auto, margin: 2pt, fill: luma(200))
#let pages = json(bytes(sys.inputs.pages))
#grid(columns: pages.len(), gutter: 2pt, ..pages.map(page => image(page, width: 290pt)))
"""
_SHARP: Final = "110"


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "office.toml").write_text(_OFFICE, encoding="utf-8")
        _run(folder, "demo", "county")
        _run(folder, "report", *_MONTH, "--format", "pdf", "--office", "office.toml")
        month = _pages(folder, "2024-05-红黑榜通报.pdf")
        # The text fills four pages, the decided lists one; the ranks follow.
        _draw(folder, "report-month", (month[0], month[5], month[-1]))
        _draw_meetings(folder)
        _draw_sheets(folder)
        _draw_large(folder)


def _draw_meetings(folder: Path) -> None:
    options = ("--dated", "2024-07-05", "--format", "pdf", "--office", "office.toml")
    _run(folder, "report", "agenda", _MEETING, *options)
    _run(folder, "report", "minutes", "2024-06-14", *options)
    agenda = _pages(folder, f"{_MEETING}-会议议程.pdf")
    minutes = _pages(folder, "2024-06-14-会议纪要.pdf")
    # The agenda's text fills three pages, earlier decisions one; what units report on follows.
    _draw(folder, "report-meetings", (agenda[0], agenda[4], minutes[0]))


def _draw_sheets(folder: Path) -> None:
    pages = []
    for number in _SHEETS:
        _run(folder, "report", "sheet", number, "--dated", "2024-12-31", "--format", "pdf")
    for path in sorted(folder.glob("*单-*.pdf")):
        pages.extend(_pages(folder, path.name))
    _draw(folder, "report-sheet", pages)


def _draw_large(folder: Path) -> None:
    """The picture of the county and the ledger workbook, one A3 page each."""
    _run(folder, "report", "wall", "wall.pdf", "--as-of", "2024-06-30")
    _run(folder, "report", "ledger", "ledger.xlsx", "--as-of", "2024-12-31")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "ledger.xlsx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    for name in ("wall", "ledger"):
        picture = PICTURES / f"report-{name}.png"
        picture.write_bytes(coloured_png(_printed(folder / f"{name}.pdf", "80")))


def _run(folder: Path, *arguments: str) -> None:
    environment = {
        **os.environ,
        "LIFECYCLE_DB": f"sqlite:///{folder}/county/ledger.db",
        "LIFECYCLE_LANG": "zh_CN",
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-m", "commands", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def _pages(folder: Path, name: str) -> list[Path]:
    """Print every page of a PDF as a picture of its own."""
    stem = folder / Path(name).stem
    command = ["pdftoppm", "-r", _SHARP, "-png", str(folder / name), str(stem)]
    subprocess.run(command, check=True, capture_output=True)
    return sorted(folder.glob(f"{stem.name}-*.png"))


def _draw(folder: Path, name: str, pages: Sequence[Path]) -> None:
    frame = folder / "frame.typ"
    frame.write_text(_FRAME, encoding="utf-8")
    inputs = {"pages": json.dumps([page.name for page in pages])}
    document = typst.compile(
        frame, font_paths=[fonts.FOLDER], sys_inputs=inputs, format="pdf", root=folder
    )
    printed = folder / f"{name}.pdf"
    printed.write_bytes(document)
    (PICTURES / f"{name}.png").write_bytes(coloured_png(_printed(printed, _SHARP)))


def _printed(document: Path, resolution: str) -> bytes:
    """The first page of a PDF as a coloured picture."""
    command = ["pdftoppm", "-singlefile", "-r", resolution, str(document)]
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
