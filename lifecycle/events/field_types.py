"""The kinds of value an event may hold, each checked and normalised once, at the border."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache, partial
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

from lifecycle.rejections import msg

# China has kept one zone without daylight saving since 1991; a fixed offset needs no zone database on the machine.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,6}))?", re.ASCII)
# Years 1900 to 2199, so that no month or day added to a date leaves the calendar.
_DATE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATETIME = re.compile(
    r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)

_SHORT: Final = 64
"""Up to this length a text is a name, and a ledger brings the same names over and over."""


def clean_text(text: str) -> str:
    """Trim and bring to NFC; refuse control characters and lone surrogates (spec 1, the envelope)."""
    text = text.strip()
    if _UNPRINTABLE.search(text):
        raise PydanticCustomError(
            "text", msg("control characters and lone surrogates are not allowed in text")
        )
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def text(most: int, *, least: int = 1) -> AfterValidator:
    """Clean text of a length, which is checked by the same call: a constraint behind a function costs another one in Python."""

    def check(given: str) -> str:
        cleaned = clean_text(given)
        if len(cleaned) > most:
            raise PydanticKnownError("string_too_long", {"max_length": most})
        if len(cleaned) < least:
            raise PydanticKnownError("string_too_short", {"min_length": least})
        return cleaned

    return AfterValidator(lru_cache(maxsize=16_384)(check) if most <= _SHORT else check)


def _number(value: object, *, signed: bool) -> Decimal:
    """Read a number of at most six places from ASCII digits; an integer is accepted, a binary float never."""
    if isinstance(value, str):
        return _exact(value, signed)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return _exact(f"{value:f}" if isinstance(value, Decimal) else str(value), signed)
    raise PydanticCustomError(
        "number_text",
        msg('must be text such as "96000.5": a JSON number with a point is not exact'),
    )


@lru_cache(maxsize=65_536)  # a ledger names the same days, months and round figures over and over
def _exact(text: str, signed: bool) -> Decimal:  # noqa: FBT001 -- a keyword doubles the cost of asking the cache
    match = _PLAIN.fullmatch(text.strip(" "))
    if match is None or (match[1] and not signed):
        raise PydanticCustomError(
            "number",
            msg(
                "must be ASCII digits with at most 18 before and 6 after the point, no sign, no exponent, no separators"
            )
            if not signed
            else msg(
                "must be ASCII digits with at most 18 before and 6 after the point, a leading - allowed"
            ),
        )
    whole, places = match[2].lstrip("0") or "0", (match[3] or "").rstrip("0")
    sign = match[1] if whole != "0" or places else ""
    return Decimal(f"{sign}{whole}.{places}" if places else f"{sign}{whole}")


def _ratio(value: Decimal) -> Decimal:
    if value > 1:
        raise PydanticCustomError("ratio", msg("must lie between 0 and 1, such as 0.35"))
    return value


def iso_date(value: object) -> date:
    """Read an ISO date; a datetime is not a date."""
    day = (
        _day(value)
        if isinstance(value, str)
        else _day(value.isoformat())
        if type(value) is date
        else None
    )
    if day is None:
        raise PydanticCustomError("date", msg("must be a date such as 2024-03-31"))
    return day


@lru_cache(maxsize=16_384)
def _day(text: str) -> date | None:
    if _DATE.fullmatch(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            return None
    return None


def zoned_datetime(value: object) -> datetime:
    """Read an ISO datetime and bring it to Asia/Shanghai, which is also the zone of one without any."""
    if isinstance(value, str) and _DATETIME.fullmatch(value.strip()):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise PydanticCustomError(
            "datetime", msg("must be a date and time such as 2024-03-31T09:30:00+08:00")
        )
    return value.astimezone(SHANGHAI) if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    raise PydanticCustomError("truth", msg("must be true or false (是 or 否)"))


_WORDS: Final = {"true": True, "false": False, "是": True, "否": False}


def _count(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,8}", value.strip(), re.ASCII):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9:
        return value
    raise PydanticCustomError("count", msg("must be a whole number from 1 on"))


def _credit_code(value: str) -> str:
    code = value.upper()
    try:
        if uscc.compact(code) != code:
            raise StdnumError
        return str(uscc.validate(code))
    except StdnumError:
        raise PydanticCustomError(
            "credit_code",
            msg(
                "must be a unified social credit code (统一社会信用代码): 18 characters with a right check character"
            ),
        ) from None


_MONTH: Final = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
_PERIOD: Final = r"^(19|20|21)[0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"
_SHA256: Final = r"^[0-9a-fA-F]{64}$"
_FILING_CODE: Final = r"^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$"
_SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_DOCUMENT_SIGN: Final = r"^[^\s〔〕0-9]{1,20}$"
FORMS: Final = {
    _MONTH: "2024-05",
    _PERIOD: "2024, 2024-Q2, 2024-05",
    _SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    _FILING_CODE: "2403-330824-04-01-123456",
    _SLUG: "kaihua-2024",
    _DOCUMENT_SIGN: "开招办",
}
"""An example of what each pattern takes, for the refusal."""

Text = Annotated[str, text(4000)]
OptionalText = Annotated[str, text(4000, least=0)]
"""Text that may be missing; the empty text means that it is."""
Code = Annotated[str, text(64)]
"""A stream's name: a project code that the clerk chooses, or a unit's name."""
Amount = Annotated[Decimal, BeforeValidator(partial(_number, signed=False))]
"""万元 (ten thousand yuan), or another exact number from 0 on, at most six places: 0.000001 万元 is one 分."""
Points = Annotated[Decimal, BeforeValidator(partial(_number, signed=True))]
"""An exact number that may be negative, at most six places."""
Ratio = Annotated[Decimal, BeforeValidator(partial(_number, signed=False)), AfterValidator(_ratio)]
"""An exact number from 0 to 1, at most six places."""
Day = Annotated[date, BeforeValidator(iso_date)]
Moment = Annotated[datetime, BeforeValidator(zoned_datetime)]
"""A point in time, normalised to Asia/Shanghai."""
Truth = Annotated[bool, BeforeValidator(_truth)]
Count = Annotated[int, BeforeValidator(_count)]
Month = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_MONTH)]
Year = Annotated[int, BeforeValidator(_count), Field(ge=1900, le=2199)]
Period = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_PERIOD)]
Sha256 = Annotated[str, StringConstraints(to_lower=True, pattern=_SHA256)]
FilingCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_FILING_CODE)]
DocumentSign = Annotated[str, Field(pattern=_DOCUMENT_SIGN)]
"""What a sheet's number begins with."""
Slug = Annotated[str, Field(pattern=_SLUG, max_length=64)]
"""A rulebook's id."""
CreditCode = Annotated[str, AfterValidator(clean_text), AfterValidator(_credit_code)]


def plain(value: Decimal) -> str:
    """Write a stored number in plain notation without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
