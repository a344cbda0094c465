"""The region file: a region's members, where their ledgers are, and the keys that sign them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from commands.words.member_words import MEMBER_EXAMPLE
from lifecycle.log.signed_notes import NoteError, VerifierKey
from lifecycle.regular_file import read_regular
from lifecycle.rejections import Problem, Rejected, StoreError, msg

REGION_FORMAT: Final = "lifecycle-region/1"
_TOP_FIELDS: Final = ("format", "max_age_days", "members")
_MEMBER_FIELDS: Final = ("unit", "store", "bundle", "witness", "key", "max_age_days")
_EXAMPLES: Final = {
    "unit": MEMBER_EXAMPLE,
    "witness": "witness/kaihua.jsonl",
    "key": "lifecycle/14aba5330d3d4080+95569103+AetxTfKkSWP6N3nwnsYvQQd8MrkYKW6DeVcfHwwUYPVO",
    "store": "postgresql+psycopg://city@kaihua.example/lifecycle",
    "bundle": "bundles/kaihua.zip",
}
_TEXTS: Final = ("unit", "witness", "key")
_UNKNOWN: Final = msg("unknown; allowed: {allowed}")
_NO_TEXT: Final = msg('a text is needed here, such as {name} = "{example}"')
_NO_DAYS: Final = msg("a whole number of days is needed here, 1 to {most}, such as {name} = 40")
_MOST_DAYS: Final = 36_500


@dataclass(frozen=True, slots=True)
class RegionMember:
    """A member as the region file names it: exactly one of `store` and `bundle` is given.

    `store` is a path or a URL of a database, `bundle` a path or a URL that fsspec opens.
    """

    unit: str
    store: str | None
    bundle: str | None
    witness: Path
    key: VerifierKey
    max_age_days: int | None


def read_region_file(path: Path) -> list[RegionMember]:
    """Read a region's members in the order of the file.

    Paths count from the file's folder. Raises `Rejected` with every problem, `StoreError` where it
    is no TOML, and `OSError` where it cannot be read.
    """
    content = _content(path)
    problems = list(_top_problems(content))
    tables = content.get("members")
    if not isinstance(tables, list) or not tables:
        text = msg("give at least one table [[members]]")
        raise Rejected([*problems, Problem("members", text, field="members")])
    for number, table in enumerate(tables):
        problems.extend(_member_problems(f"members.{number}", table))
    # Below, every value has its type.
    if problems:
        raise Rejected(problems)
    days = content.get("max_age_days")
    members = [_member(table, path.absolute().parent, days) for table in tables]
    problems.extend(_repeated(members))
    if problems:
        raise Rejected(problems)
    return members


def _content(path: Path) -> dict[str, Any]:
    content = read_regular(path)
    try:
        # Editors on Windows put a mark before the text.
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        template = msg("the region file {path} is not valid TOML: {why}")
        # As copied from Windows, a path begins an escape with every folder.
        if b"\\" in content:
            template = msg(
                "the region file {path} is not valid TOML: {why}; write paths with / or between "
                "single quotes, such as 'D:\\kaihua\\ledger.db'"
            )
        raise StoreError(template, path=path, why=error) from None


def _top_problems(content: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_fields("", content, _TOP_FIELDS)
    stated_format = content.get("format")
    if stated_format != REGION_FORMAT:
        text = msg('write format = "{expected}"; another version writes another format')
        yield Problem(
            "format",
            text,
            {"expected": REGION_FORMAT},
            "format",
        )
    yield from _age_problems("", content)


def _member_problems(
    place: str,
    table: object,
) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield Problem("members", msg("a table [[members]] is needed here"), field=place)
        return
    yield from _unknown_fields(f"{place}.", table, _MEMBER_FIELDS)
    for name in _TEXTS:
        if not _is_text(table.get(name)):
            yield _missing_text(place, name)
    places_of_ledger = [name for name in ("store", "bundle") if name in table]
    if len(places_of_ledger) != 1:
        text = msg('give exactly one of store and bundle, such as bundle = "{example}"')
        yield Problem("ledger", text, {"example": _EXAMPLES["bundle"]}, place)
    for name in places_of_ledger:
        if not _is_text(table[name]):
            yield _missing_text(place, name)
    yield from _age_problems(f"{place}.", table)
    if _is_text(table.get("key")):
        yield from _key_problems(place, table["key"])


def _missing_text(place: str, name: str) -> Problem:
    values: dict[str, object] = {"name": name, "example": _EXAMPLES[name]}
    return Problem("missing", _NO_TEXT, values, f"{place}.{name}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _unknown_fields(
    start: str,
    table: Mapping[str, Any],
    allowed: Sequence[str],
) -> Iterator[Problem]:
    # A misspelt `max_age_days` would let every age pass.
    for name in table:
        if name not in allowed:
            yield Problem(
                "unknown_field",
                _UNKNOWN,
                {"allowed": list(allowed)},
                f"{start}{name}",
            )


def _age_problems(
    start: str,
    table: Mapping[str, Any],
) -> Iterator[Problem]:
    days = table.get("max_age_days", 1)
    # In Python `true` is a number.
    is_number = isinstance(days, int) and not isinstance(days, bool)
    # More days than a calendar has would overflow where they are subtracted from a moment.
    if not is_number or not 1 <= days <= _MOST_DAYS:
        name = "max_age_days"
        values: dict[str, object] = {"name": name, "most": _MOST_DAYS}
        yield Problem(name, _NO_DAYS, values, f"{start}{name}")


def _key_problems(
    place: str,
    written: str,
) -> Iterator[Problem]:
    try:
        VerifierKey.parse(written)
    except NoteError as error:
        yield Problem(
            "key",
            error.template,
            error.values,
            f"{place}.key",
        )


def _member(
    table: Mapping[str, Any],
    folder: Path,
    days: int | None,
) -> RegionMember:
    return RegionMember(
        table["unit"].strip(),
        _store_from(folder, table.get("store")),
        _bundle_from(folder, table.get("bundle")),
        folder / table["witness"],
        VerifierKey.parse(table["key"]),
        table.get("max_age_days", days),
    )


def _store_from(
    folder: Path,
    written: str | None,
) -> str | None:
    """Return a store's URL; the path of a file counts from the region file's folder."""
    if written is None:
        return None
    if "://" not in written:
        return str(folder / written)
    scheme, _, rest = written.partition(":///")
    is_relative = scheme.startswith("sqlite") and rest and not rest.startswith("/")
    # On Windows a drive makes a path absolute, and joining keeps it as it is.
    if is_relative:
        return f"{scheme}:///{folder / rest}"
    return written


def _bundle_from(
    folder: Path,
    written: str | None,
) -> str | None:
    if written is None or "://" in written:
        return written
    return str(folder / written)


def _repeated(members: Sequence[RegionMember]) -> Iterator[Problem]:
    """Name what two members share: the same ledger would count twice."""
    for field in ("unit", "witness", "key"):
        counts = Counter(str(getattr(member, field)) for member in members)
        for value, count in counts.items():
            if count > 1:
                text = msg("{count} members have the same {field}: {value}")
                values: dict[str, object] = {"count": count, "field": field, "value": value}
                yield Problem(
                    "repeated",
                    text,
                    values,
                    "members",
                )
