"""Make the pictures of the guide to the own ledger: `python -m tools.guide_pictures`.

The workbook is printed by LibreOffice, the terminal is what the program really shows on one.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from datetime import date
from fcntl import ioctl
from pathlib import Path
from typing import Any, Final

import typst
import xlsxwriter

from commands import fonts
from tools.small_png import grey_png

PICTURES: Final = Path(__file__).parents[1] / "docs" / "pictures"
_WORKBOOK: Final = "台账.xlsx"
_UPPER: Final = (
    *("序号", "项目名称", "投资方", "责任单位", "报送时间", "产业类别", "是否新引进"),
    *("县外投资比例", "计划投资", "", "签约情况", "", "", "入库时间", "2024年累计完成固投"),
)
_LOWER: Final = (*("",) * 8, "总投资", "固投", "时间", "总投资", "固投", "", "1月", "2月", "3月")
_MERGED: Final = (
    ("A1:Q1", "某县招商引资项目台账（单位：亿元）"),
    *((f"{letter}2:{letter}3", _UPPER[place]) for place, letter in enumerate("ABCDEFGH")),
    ("I2:J2", "计划投资"),
    ("K2:M2", "签约情况"),
    ("N2:N3", "入库时间"),
    ("O2:Q2", "2024年累计完成固投"),
)
_SILICONE: Final = (
    *(1, "年产5万吨有机硅", "浙江甲新材料有限公司", "华埠镇", date(2024, 1, 8), "工业", "是", 1),
    *(3.5, 2.8, date(2024, 2, 1), 3.5, 2.8, date(2024, 2, 20), None, 0.1, 0.25),
)
_BAMBOO: Final = (
    *(2, "竹制品加工", "乙竹业有限公司", "华埠镇", "2024.1.9", "制造业", "是", 0.8, 0.3, 0.2),
    *("2024年2月20日", "3000万元", "2000万元"),
)
_STREET: Final = (
    *(3, "根雕文创街区", "丙文旅有限公司", "马金镇", "2024/1/15", "文旅", "是", 1, 1.2, 0.9),
    *("3月5日", 1.2, 0.9),
)
_TOTAL: Final = ("合计", *(None,) * 7, 5.0, 3.9, None, 5.0, 3.9, None, None, 0.1, 0.25)
_ROWS: Final[tuple[tuple[Any, ...], ...]] = (
    ("小计：华埠镇",),
    _SILICONE,
    _BAMBOO,
    ("小计：马金镇",),
    _STREET,
    _TOTAL,
)
_COLUMNS: Final = 96
_PATIENCE: Final = 60
_CONTROL: Final = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])|\r")
_PAGE: Final = """
#set page(width: 190mm, height: auto, margin: 4mm, fill: luma(250))
#set text(font: ("DejaVu Sans Mono", "Noto Sans SC"), size: 8.5pt)
#set par(leading: 0.55em)
#text(json(bytes(sys.inputs.text)))
"""
_RESOLUTION: Final = "110"


def main() -> None:
    """Write the three pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_workbook(folder / _WORKBOOK)
        _print_workbook(folder, PICTURES / "own-ledger-workbook.png")
        _run(folder, "init")
        _register_units(folder)
        proposal = _shown(folder, "import", _WORKBOOK, "--propose", "对照表.toml")
        _draw(proposal, PICTURES / "own-ledger-dialogue.png", folder)
        trial = _shown(folder, "import", _WORKBOOK, "--map", "对照表.toml", "--dry-run")
        _draw(trial, PICTURES / "own-ledger-dry-run.png", folder)


# The workbook -------------------------------------------------------------------------------------


def _write_workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("项目台账")
    centred = {"align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
    heading = book.add_format({**centred, "bold": True, "bg_color": "#DDEBF7"})
    day = book.add_format({"num_format": "yyyy/m/d", "border": 1})
    plain = book.add_format({"border": 1})
    for address, text in _MERGED:
        sheet.merge_range(address, text, heading)
    for column, text in enumerate(_LOWER):
        if text:
            sheet.write_string(2, column, text, heading)
    for number, row in enumerate(_ROWS, start=3):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value, plain)
    sheet.set_column(1, 2, 20)
    sheet.set_column(3, 16, 11)
    # As on a screen: the letters of columns, the numbers of rows, the lines between the cells.
    sheet.print_row_col_headers()
    sheet.hide_gridlines(0)
    sheet.set_landscape()
    sheet.set_margins(0.1, 0.1, 0.1, 0.1)
    sheet.fit_to_pages(1, 0)
    book.close()


def _print_workbook(folder: Path, picture: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder / 'office'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / _WORKBOOK)], check=True, capture_output=True)
    # The page below the rows is empty.
    cut = ("-x", "0", "-y", "0", "-W", "1640", "-H", "170")
    picture.write_bytes(_printed((folder / _WORKBOOK).with_suffix(".pdf"), "140", ("-png", *cut)))


# The terminal -------------------------------------------------------------------------------------


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "LIFECYCLE_DB": f"sqlite:///{folder}/ledger.db",
        "LIFECYCLE_LANG": "zh_CN",
        "LANG": "C.UTF-8",
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "TERM": "xterm",
    }


def _run(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "commands", *arguments]
    subprocess.run(command, cwd=folder, env=_environment(folder), check=True, capture_output=True)


def _register_units(folder: Path) -> None:
    records = []
    for unit in ("华埠镇", "马金镇"):
        record = {
            "event": "UnitRegistered",
            "unit": unit,
            "occurred_on": "2024-01-01",
            "sequence": "乡镇",
            "category": "township",
        }
        records.append(json.dumps(record, ensure_ascii=False))
    (folder / "units.jsonl").write_text("\n".join(records), encoding="utf-8")
    _run(folder, "import", "units.jsonl")


def _shown(folder: Path, *arguments: str) -> str:
    """Return what a terminal shows of a command whose questions are all answered with Enter."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, _COLUMNS, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "commands", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env=_environment(folder),
    )
    os.close(slave)
    screen = b""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        ready, _written, _failed = select.select([master], [], [], 0.3)
        if ready:
            # The end of a terminal is an error on Linux.
            try:
                screen += os.read(master, 4096)
            except OSError:
                break
            continue
        # Nothing has come for a while: the program waits for an answer, or works.
        last_line = _plain(screen).rpartition("\n")[2]
        if last_line.endswith(": "):
            os.write(master, b"\n")
    process.wait(timeout=_PATIENCE)
    return f"$ lifecycle {' '.join(arguments)}\n{_plain(screen).rstrip()}"


def _plain(screen: bytes) -> str:
    return _CONTROL.sub("", screen.decode("utf-8", "replace"))


# Pictures -----------------------------------------------------------------------------------------


def _draw(text: str, picture: Path, folder: Path) -> None:
    page = folder / "page.typ"
    page.write_text(_PAGE, encoding="utf-8")
    inputs = {"text": json.dumps(text, ensure_ascii=False)}
    document = typst.compile(page, font_paths=[fonts.FOLDER], sys_inputs=inputs, format="pdf")
    printed = folder / "page.pdf"
    printed.write_bytes(document)
    picture.write_bytes(grey_png(_printed(printed, _RESOLUTION, ("-gray",))))


def _printed(document: Path, resolution: str, options: Sequence[str]) -> bytes:
    """Return the first page of a PDF as poppler prints it."""
    command = ["pdftoppm", "-singlefile", "-r", resolution, *options, str(document)]
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
