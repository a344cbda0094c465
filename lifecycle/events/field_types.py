"""The types of value an event may hold. Each is checked and normalised once, at the border."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError

from lifecycle.events.read_by import CheckedText, ReadBy
from lifecycle.events.vocabulary import WORD
from lifecycle.late_module import LateModule
from lifecycle.rejections import msg

if TYPE_CHECKING:
    from stdnum import exceptions as stdnum_exceptions
    from stdnum.cn import uscc
else:
    # It brings TLS and pydoc with it, and few commands check a code.
    stdnum_exceptions = LateModule("stdnum.exceptions")
    uscc = LateModule("stdnum.cn.uscc")

T = TypeVar("T")

# China has kept one zone without daylight saving since 1991; a fixed offset needs no zone database.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


# Text ---------------------------------------------------------------------------------------------

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NAME_LENGTH: Final = 64
"""Text up to this length is a name, and a ledger repeats the same names over and over."""


def clean_text(text: str) -> str:
    """Trim text and bring it to NFC; reject control characters and lone surrogates (spec 1)."""
    text = text.strip()
    if _UNPRINTABLE.search(text):
        raise PydanticCustomError(
            "text", msg("text must not contain control characters or lone surrogates")
        )
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class CleanText(CheckedText):
    """A validator of clean text that says what lengths it takes."""

    most: int
    least: int


def text(most: int, *, least: int = 1) -> CleanText:
    """Return the validator of clean text with a length between `least` and `most`."""

    # One function checks both content and length: pydantic would call a further constraint
    # behind a function validator through Python again.
    def check(text: str) -> str:
        cleaned = clean_text(text)
        if len(cleaned) > most:
            raise PydanticKnownError("string_too_long", {"max_length": most})
        if len(cleaned) < least:
            raise PydanticKnownError("string_too_short", {"min_length": least})
        return cleaned

    if most <= _NAME_LENGTH:
        return CleanText(lru_cache(maxsize=16_384)(check), most, least)
    return CleanText(check, most, least)


# Exact numbers ------------------------------------------------------------------------------------

_DIGITS = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,6}))?", re.ASCII)


def _exact_number(value: object, *, signed: bool) -> str:
    """Read a number and return its canonical text; an integer is accepted, a float never."""
    if isinstance(value, str):
        return _canonical_number(value, signed)
    if isinstance(value, Decimal):
        return _canonical_number(f"{value:f}", signed)
    if isinstance(value, int) and not isinstance(value, bool):
        return _canonical_number(str(value), signed)
    raise PydanticCustomError(
        "number_text",
        msg('must be text such as "96000.5": a JSON number with a decimal point is not exact'),
    )


@lru_cache(maxsize=65_536)  # a ledger repeats the same round figures over and over
def _canonical_number(text: str, signed: bool) -> str:  # noqa: FBT001 -- a keyword doubles the cost of a cache hit
    """Return the one way to write a number: no leading or trailing zeros, no sign on zero."""
    match = _DIGITS.fullmatch(text)
    if match is None or (match[1] and not signed):
        raise _not_a_number(signed=signed)
    whole = match[2].lstrip("0") or "0"
    places = (match[3] or "").rstrip("0")
    number = f"{whole}.{places}" if places else whole
    return f"-{number}" if match[1] and number != "0" else number


def _not_a_number(*, signed: bool) -> PydanticCustomError:
    if signed:
        return PydanticCustomError(
            "number",
            msg(
                "must be ASCII digits, at most 18 before and 6 after the decimal point, "
                "with an optional leading -"
            ),
        )
    return PydanticCustomError(
        "number",
        msg(
            "must be ASCII digits, at most 18 before and 6 after the decimal point, "
            "without sign, exponent or separators"
        ),
    )


def _ratio(number: str) -> str:
    if Decimal(number) > 1:
        raise PydanticCustomError("ratio", msg("must be between 0 and 1, such as 0.35"))
    return number


def plain(value: Decimal) -> str:
    """Write a number in plain notation without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Dates and times ----------------------------------------------------------------------------------

# Years 1900 to 2199, so that no month or day added to a date leaves the calendar.
_DATE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATETIME = re.compile(
    rf"{_DATE.pattern}[T ][0-9]{{2}}:[0-9]{{2}}"
    r"(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


def iso_date(value: object) -> date:
    """Read an ISO date. A datetime is not a date."""
    day = None
    if isinstance(value, str):
        day = _day(value)
    elif type(value) is date:
        day = _day(value.isoformat())
    if day is None:
        raise PydanticCustomError("date", msg("must be a date such as 2024-03-31"))
    return day


@lru_cache(maxsize=16_384)
def _day(text: str) -> date | None:
    text = text.strip()
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def zoned_datetime(value: object) -> datetime:
    """Read an ISO datetime in Asia/Shanghai, which is also the zone of one that names none."""
    moment = value
    if isinstance(value, str) and _DATETIME.fullmatch(value.strip()):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            moment = None
    if not isinstance(moment, datetime):
        raise PydanticCustomError(
            "datetime", msg("must be a date and time such as 2024-03-31T09:30:00+08:00")
        )
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)


# Truth values, counts and codes -------------------------------------------------------------------

_LARGEST_COUNT: Final = 10**9


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise PydanticCustomError("truth", msg("must be true or false"))


def _count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST_COUNT:
        return value
    raise PydanticCustomError("count", msg("must be a whole number, at least 1"))


def _credit_code(value: str) -> str:
    code = value.upper()
    try:
        # The library forgives spaces and hyphens; what is stored is the code itself.
        if uscc.compact(code) != code:
            raise stdnum_exceptions.ValidationError
        return str(uscc.validate(code))
    except stdnum_exceptions.ValidationError:
        raise PydanticCustomError(
            "credit_code",
            msg(
                "must be a unified social credit code (统一社会信用代码): 18 characters "
                "with a valid check character"
            ),
        ) from None


_MONTH: Final = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
_PERIOD: Final = r"^(19|20|21)[0-9]{2}(-H[12]|-Q[1-4]|-(0[1-9]|1[0-2]))?$"
_SHA256: Final = r"^[0-9a-fA-F]{64}$"
_FILING_CODE: Final = r"^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$"
_SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_DOCUMENT_SIGN: Final = r"^[^\s〔〕0-9]{1,20}$"
FORMS: Final = {
    _MONTH: "2024-05",
    _PERIOD: "2024, 2024-H1, 2024-Q2, 2024-05",
    _SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    _FILING_CODE: "2403-330824-04-01-123456",
    _SLUG: "kaihua-2024",
    _DOCUMENT_SIGN: "开招办",
    WORD: "energy_review",
}
"""Each pattern with an example of what it accepts, for the message that rejects a value."""


# The types ----------------------------------------------------------------------------------------


class Unfolded:
    """Marks a field that no projection reads, so that decoding for projections skips it."""


NotFolded = Annotated[T, Unfolded()]
"""`NotFolded[Text]`: free text, evidence and the like, which are stored but never counted."""


class UnitReference:
    """Marks a field that names a unit, which must be registered when the event is recorded."""


NamesUnit = Annotated[T, UnitReference()]
"""`NamesUnit[Code]`: the field names a unit."""

Text = Annotated[str, text(4000)]
OptionalText = Annotated[str, text(4000, least=0)]
"""Text that may be missing; the empty text means that it is."""
Code = Annotated[str, text(_NAME_LENGTH)]
"""The name of a stream: a project code that the clerk chooses, or a unit's name."""

# Exact numbers stay the text that is stored: binary floats are not exact, and most readers of an
# event pass its numbers on unchanged. Code that computes reads the text as millionths or fractions.
Amount = Annotated[str, ReadBy(partial(_exact_number, signed=False))]
"""The text of an exact number from 0 on with at most six places.

Sums of money are in 万元 (ten thousand yuan): 0.000001 万元 is one 分.
"""
Points = Annotated[str, ReadBy(partial(_exact_number, signed=True))]
"""The text of an exact number that may be negative, with at most six places."""
Proportion = Annotated[
    str,
    ReadBy(partial(_exact_number, signed=False)),
    AfterValidator(_ratio),
]
"""The text of an exact number from 0 to 1 with at most six places."""
Day = Annotated[date, ReadBy(iso_date)]
Moment = Annotated[datetime, ReadBy(zoned_datetime)]
"""A point in time, normalised to Asia/Shanghai."""
Truth = Annotated[bool, ReadBy(_truth)]
Count = Annotated[int, ReadBy(_count)]
Month = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_MONTH)]
Year = Annotated[int, ReadBy(_count), Field(ge=1900, le=2199)]
Period = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_PERIOD)]
Sha256 = Annotated[str, StringConstraints(to_lower=True, pattern=_SHA256)]
FilingCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_FILING_CODE)]
DocumentSign = Annotated[str, Field(pattern=_DOCUMENT_SIGN)]
"""What the number of a sheet begins with."""
Slug = Annotated[str, Field(pattern=_SLUG, max_length=64)]
"""The id of a rulebook."""
CreditCode = Annotated[str, AfterValidator(clean_text), AfterValidator(_credit_code)]
