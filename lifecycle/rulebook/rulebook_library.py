"""Rulebooks as files: read one, compute its digest, list the shipped ones."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import attrgetter
from typing import Any, Final

from pydantic import ValidationError

from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.field_errors import problems_of
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.conditions import CONDITION_FORMS
from lifecycle.rulebook.kinds.composite_rule import PART_FORMS
from lifecycle.rulebook.open_words import known_words
from lifecycle.rulebook.rulebook_findings import rulebook_findings
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.toml_mistakes import toml_problem

DEFAULT: Final = "kaihua-2024"
"""The rulebook in force for its year where none was adopted (spec 6)."""

_FORMS: Final = CONDITION_FORMS | PART_FORMS
_FORMER: Final = "former"
"""The folder of what earlier versions shipped, where it has changed since."""

_BLANK: Final = "blank"
"""The folder of the skeleton."""
_BLANK_YEAR: Final = "2024"
"""The year that the skeleton is written for."""

TomlData = dict[str, Any]
"""A rulebook as its file has it: text, whole numbers, exact decimals, days, lists and tables."""


@dataclass(
    frozen=True,
    slots=True,
    eq=False,
)
class LoadedRulebook:
    """A rulebook that passed its checks, with its text and the digest of its canonical content."""

    rulebook: Rulebook
    content: str
    digest: str

    @property
    def id(self) -> str:
        """The rulebook's id."""
        return self.rulebook.id

    def data(self) -> TomlData:
        """Return the data as the file has it."""
        return read_toml(self.content)


def read_toml(content: str) -> TomlData:
    """Read TOML with exact decimals, never binary floats. Raises `tomllib.TOMLDecodeError`."""
    return tomllib.loads(content, parse_float=Decimal)


def parse(content: str) -> LoadedRulebook:
    """Read a rulebook from TOML and check it. Raises `Rejected` with every problem."""
    try:
        rulebook = _validated(read_toml(content))
    except tomllib.TOMLDecodeError as error:
        raise Rejected([toml_problem(content, error)]) from None
    except ValidationError as error:
        raise Rejected([_at_its_place(problem) for problem in problems_of(error, None)]) from None
    problems = rulebook_findings(rulebook)
    if problems:
        raise Rejected(problems)
    return LoadedRulebook(rulebook, content, digest_of(rulebook))


def _validated(data: TomlData) -> Rulebook:
    """Return the typed data; what it names must be built in or declared by itself."""
    return Rulebook.model_validate(data, context=known_words(data))


def _at_its_place(problem: Problem) -> Problem:
    """The problem at a place that the file has, without pydantic's names for forms of a table."""
    if problem.field is None:
        return problem
    names = [name for name in problem.field.split(".") if name not in _FORMS]
    return replace(problem, field=".".join(names))


def digest_of(rulebook: Rulebook) -> str:
    """Return the SHA-256 of the canonical content, in hex."""
    # Over the meaning, not the file: a comment added to a file leaves every publication valid.
    return hashlib.sha256(canonical(rulebook)).hexdigest()


def canonical(rulebook: Rulebook) -> bytes:
    """Return the typed data as JSON with sorted names.

    Comments, order and number notation don't count.
    """
    # Absent fields are left out, so that a field added later does not change an old digest.
    data = rulebook.model_dump(
        mode="json",
        by_alias=True,
        exclude_none=True,
    )
    text = json.dumps(
        data,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode()


def shipped_ids() -> list[str]:
    """Return the ids of the rulebooks that come with the product."""
    return list(_shipped_names())


@cache
def _shipped_names() -> tuple[str, ...]:
    # The folder is the installation's own: nothing is put there while the program runs.
    names = [file.name for file in _shipped_folder().iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _shipped_folder() -> Traversable:
    return files("lifecycle") / "rulebooks"


@cache
def shipped(rulebook_id: str) -> LoadedRulebook:
    """Read a shipped rulebook. Raises `Rejected` where there is none with this id."""
    if rulebook_id not in shipped_ids():
        raise Rejected.by(
            "unknown_rulebook",
            msg("unknown rulebook {id}; available: {allowed}"),
            id=rulebook_id,
            allowed=shipped_ids(),
        )
    file = _shipped_folder() / f"{rulebook_id}.toml"
    return parse(file.read_text(encoding="utf-8"))


def blank_rulebook(year: int) -> LoadedRulebook:
    """Read the skeleton of a year's policy, in which every table is explained."""
    # In a folder of its own, since it is no rulebook that a year could use.
    file = _shipped_folder() / _BLANK / "blank.toml"
    # Its title, its days and those of its case alike.
    return parse(file.read_text(encoding="utf-8").replace(_BLANK_YEAR, str(year)))


@cache
def every_shipped() -> list[LoadedRulebook]:
    """Read every shipped rulebook, then what earlier versions shipped under the same ids.

    Publications name a rulebook by its digest: what they rest on stays readable.
    """
    current = [shipped(rulebook_id) for rulebook_id in shipped_ids()]
    files_before = sorted((_shipped_folder() / _FORMER).iterdir(), key=attrgetter("name"))
    former = [parse(file.read_text(encoding="utf-8")) for file in files_before]
    return [*current, *former]


def shipped_with_digest(digest_start: str) -> LoadedRulebook | None:
    """Return the shipped rulebook, current or former, whose digest begins so; None without one."""
    # Most publications rest on the default, and reading all the others takes half a second.
    default = shipped(DEFAULT)
    if default.digest.startswith(digest_start):
        return default
    for book in every_shipped():
        if book.digest.startswith(digest_start):
            return book
    return None


def adoption_problem(event: RulebookAdopted) -> Problem | None:
    """Return why an adoption is rejected; None where it is lawful.

    Its content may be unusable, or not what the event names.
    """
    try:
        loaded = parse(event.content)
    except Rejected as rejection:
        # One problem is enough to reject; `rulebook check` lists them all.
        first_problem = rejection.problems[0]
        return Problem(
            "rulebook_unsound",
            msg("the rulebook cannot be used: {why}"),
            {"why": first_problem},
            "content",
        )
    if loaded.id != event.rulebook_id:
        return Problem(
            "rulebook_id",
            msg("the content is that of the rulebook {id}"),
            {"id": loaded.id},
            "rulebook_id",
        )
    if loaded.digest != event.digest:
        return Problem(
            "rulebook_digest",
            msg("the content's digest is {digest}"),
            {"digest": loaded.digest},
            "digest",
        )
    return None
