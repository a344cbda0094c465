"""Days and months of the demo.

The demo's clerks record on working days of this fixed table, not of the shipped calendar:
ranks and boards of the county hang on their days, so a calendar corrected later must not move them.
"""

from datetime import date, datetime, timedelta

from lifecycle.calendar import add_months
from lifecycle.events.field_types import SHANGHAI

LAST_RECORDING = date(2025, 1, 20)

# As the State Council arranged them from 2021 to the beginning of 2025.
_HOLIDAYS = (
    ("2021-01-01", "2021-01-03"),
    ("2021-02-11", "2021-02-17"),
    ("2021-05-01", "2021-05-05"),
    ("2021-10-01", "2021-10-07"),
    ("2022-01-01", "2022-01-03"),
    ("2022-01-31", "2022-02-06"),
    ("2022-04-30", "2022-05-04"),
    ("2022-10-01", "2022-10-07"),
    ("2023-01-01", "2023-01-02"),
    ("2023-01-21", "2023-01-27"),
    ("2023-04-29", "2023-05-03"),
    ("2023-09-29", "2023-10-06"),
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
)
# Weekend days on which offices work in exchange for a longer holiday (调休).
_WORKED_WEEKEND_DAYS = (
    "2024-02-04",
    "2024-02-18",
    "2024-04-07",
    "2024-04-28",
    "2024-05-11",
    "2024-09-14",
    "2024-09-29",
    "2024-10-12",
    "2025-01-26",
    "2025-02-08",
)


def is_working_day(day: date) -> bool:
    """Whether the county's offices are open on that day."""
    text = day.isoformat()
    if text in _WORKED_WEEKEND_DAYS:
        return True
    is_weekday = day.isoweekday() <= 5
    is_holiday = any(first <= text <= last for first, last in _HOLIDAYS)
    return is_weekday and not is_holiday


def working_day_from(day: date) -> date:
    """The day itself if it is a working day, else the next one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """The count-th working day after the day, as 五个工作日内 is counted."""
    for _ in range(count):
        day = working_day_from(day + timedelta(days=1))
    return day


def recording_day(day: date) -> date:
    """The first working day on which a fact of that day can be recorded.

    Never later than the day on which the demo's ledger closes.
    """
    return min(working_day_from(day), LAST_RECORDING)


def month_end(month: str) -> date:
    """The last day of a month written YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    return add_months(first, 1) - timedelta(days=1)


def month_after(month: str, count: int = 1) -> str:
    """The month that lies `count` months later."""
    first = date.fromisoformat(f"{month}-01")
    return f"{add_months(first, count):%Y-%m}"


def months_between(first: str, last: str) -> list[str]:
    """The months from first to last, inclusive."""
    months = []
    month = first
    while month <= last:
        months.append(month)
        month = month_after(month)
    return months


def moment(
    day: date,
    hour: int,
    minute: int,
) -> datetime:
    """A time of that day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
