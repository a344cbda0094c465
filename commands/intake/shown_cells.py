"""Whether a rejected cell comes back as a number, a day or a text."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final, NamedTuple

from commands.handlers.file_rows import NumberFormat
from commands.intake.typed_forms import TypedForm
from commands.intake.workbook_cells import is_cell_day, is_exact_number
from commands.intake.workbook_numbers import form_of_format

_NUMBER_FORMS: Final = ("number", "money", "ratio")


class ShownAs(NamedTuple):
    """The form of a cell's field, and how the office displayed its number or day, if it did."""

    form: TypedForm | None
    number_format: NumberFormat | None

    def is_figure(self, text: str) -> bool:
        """Whether a text is to be written as a number."""
        is_number = self.form in _NUMBER_FORMS or self.number_format is not None
        return is_number and is_exact_number(text)

    def day(self, text: str) -> date | datetime | None:
        """Return the day or moment as which a text is to be written, None for any other."""
        if self.form == "day" and is_cell_day(text):
            return date.fromisoformat(text)
        if self.number_format is None or form_of_format(self.number_format) != "date":
            return None
        # A month in a cell is its first day.
        for day_text in (text, f"{text}-01"):
            if is_cell_day(day_text):
                return date.fromisoformat(day_text)
        return _moment(text)


def _moment(text: str) -> datetime | None:
    day, _space, clock = text.partition(" ")
    if not clock or not is_cell_day(day):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Midnight would be read again as the day alone.
    return None if moment.time() == time.min else moment
