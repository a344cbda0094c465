"""Calendar programs and another library read the deadlines: `make test-interop`.

calcurse reads iCalendar by code of its own, and khal is what a terminal's users have. Whichever of
them, and of the library vobject, is not installed is skipped.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from commands.demo.county_records import records
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import process
from tests.ledgers import fill

DAY = ("--as-of", "2024-06-05")
MONTH = ("2024-06-01", "2024-06-30")
KHAL_SETTINGS = """
[calendars]
[[deadlines]]
path = {folder}/calendar
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


@pytest.fixture(scope="module")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deadlines of the demo county as a calendar file."""
    folder = tmp_path_factory.mktemp("calendar")
    store = f"sqlite:///{folder / 'l.db'}"
    with Ledger.open(store, create=True) as ledger:
        fill(ledger, records())
    path = folder / "期限.ics"
    written = process("--db", store, "calendar", path, *DAY)
    assert written.code == 0, written.err
    return path


def summaries(calendar: Path) -> list[tuple[str, str]]:
    """Day and summary of each entry of June, as the file has them; long lines are folded."""
    text = calendar.read_bytes().decode().replace("\r\n ", "")
    entries = re.findall(r"SUMMARY:([^\r]*)\r\nDTSTART;VALUE=DATE:(\d{8})", text)
    june = [(day, summary) for summary, day in entries if day.startswith("202406")]
    assert len(june) > 10
    return sorted(june)


def run(*command: object) -> str:
    finished = subprocess.run(
        [*map(str, command)],
        capture_output=True,
        encoding="utf-8",
        env={"LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "TERM": "dumb"},
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def test_calcurse_imports_every_entry(calendar: Path, tmp_path: Path) -> None:
    calcurse = (program("calcurse"), "-D", tmp_path)
    count = calendar.read_text(encoding="utf-8").count("BEGIN:VEVENT")
    report = run(*calcurse, "-i", calendar)
    assert f"{count} events / 0 todos / 0 skipped" in report
    listed = run(*calcurse, "-Q", "--from", "06/01/2024", "--to", "06/30/2024")
    day = ""
    entries = []
    for line in listed.splitlines():
        if match := re.fullmatch(r"06/(\d\d)/24:", line):
            day = f"202406{match[1]}"
        elif line.startswith(" * "):
            entries.append((day, line.removeprefix(" * ")))
    assert sorted(entries) == summaries(calendar)


def test_khal_lists_the_same_days(calendar: Path, tmp_path: Path) -> None:
    khal = (program("khal"), "-c", tmp_path / "settings")
    (tmp_path / "settings").write_text(KHAL_SETTINGS.format(folder=tmp_path), "utf-8")
    (tmp_path / "calendar").mkdir()
    run(*khal, "import", "--batch", "-a", "deadlines", calendar)
    listed = run(*khal, "list", "--format", "{start-date} {title}", "--day-format", "", *MONTH)
    entries = []
    for line in listed.splitlines():
        day, _blank, summary = line.partition(" ")
        if summary:
            entries.append((day.replace("-", ""), summary))
    assert sorted(entries) == summaries(calendar)


def test_vobject_reads_the_same_entries(calendar: Path) -> None:
    vobject = pytest.importorskip("vobject")
    parsed = vobject.readOne(calendar.read_text(encoding="utf-8"))
    entries = []
    for event in parsed.vevent_list:
        day = f"{event.dtstart.value:%Y%m%d}"
        if day.startswith("202406"):
            entries.append((day, event.summary.value))
    assert sorted(entries) == summaries(calendar)
