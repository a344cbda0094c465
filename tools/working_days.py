"""Write the table of working days from chinesecalendar: `make calendar`, once a year.

The package follows the State Council's yearly arrangement
(国务院办公厅关于部分节假日安排的通知). The table keeps only what departs from the week, so that a
reader can compare it with that arrangement: weekdays off, and weekend days worked to make up.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar

from lifecycle.working_days import SATURDAY, working_day_digest

VERIFIER = Path(__file__).parents[1] / "projections" / "audit" / "verifier" / "verify_bundle.py"
TABLE = Path(__file__).parents[1] / "lifecycle" / "calendars" / "working-days.json"


def years_known() -> tuple[int, int]:
    """The first and the last year of which the package holds an arrangement."""
    days = [*chinese_calendar.holidays, *chinese_calendar.workdays]
    return min(days).year, max(days).year


def departures(first: int, last: int) -> tuple[list[date], list[date]]:
    """Weekdays off and weekend days worked, of all days of the years."""
    days = [
        date(first, 1, 1) + timedelta(days=n)
        for n in range((date(last, 12, 31) - date(first, 1, 1)).days + 1)
    ]
    works = {day: chinese_calendar.is_workday(day) for day in days}
    off = [day for day in days if day.weekday() < SATURDAY and not works[day]]
    worked = [day for day in days if day.weekday() >= SATURDAY and works[day]]
    return off, worked


def table(made_on: date) -> dict[str, object]:
    """The table as it is stored."""
    first, last = years_known()
    off, worked = departures(first, last)
    return {
        "title": "国务院办公厅关于部分节假日安排的通知：放假调休与补班",
        "source": f"chinesecalendar {version('chinesecalendar')}",
        "made_on": made_on.isoformat(),
        "first_year": first,
        "last_year": last,
        "digest": working_day_digest(range(first, last + 1), off, worked),
        "weekdays_off": [day.isoformat() for day in off],
        "weekends_worked": [day.isoformat() for day in worked],
    }


def arranged_days(days_off: list[date], days_worked: list[date], years: range) -> str:
    """The text by which the standalone verifier knows the same days, two lines a year."""
    lines = [""]
    for year in years:
        for label, days in (("off", days_off), ("worked", days_worked)):
            spans = _spans([day for day in days if day.year == year])
            lines.append(f"{year} {label} {' '.join(spans)}")
    return "\n".join([*lines, ""])


def _spans(days: list[date]) -> list[str]:
    """Days of a year as MMDD, those that follow one another as MMDD-MMDD."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ["-".join(f"{day:%m%d}" for day in dict.fromkeys((run[0], run[-1]))) for run in runs]


def write_into_verifier() -> None:
    """Put the days into the verifier, which shares no file with the program."""
    first, last = years_known()
    text = arranged_days(*departures(first, last), range(first, last + 1))
    verifier = VERIFIER.read_text(encoding="utf-8")
    before, _old, after = re.split(
        '(?<=ARRANGED_DAYS = """)(.*?)(?=""")', verifier, flags=re.DOTALL
    )
    VERIFIER.write_text(before + text + after, encoding="utf-8")


if __name__ == "__main__":
    TABLE.write_text(
        json.dumps(table(datetime.now(UTC).date()), ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )
    sys.stdout.write(f"{TABLE.name}\n")
    write_into_verifier()
