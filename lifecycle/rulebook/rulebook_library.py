"""Rulebooks as files: the shipped ones, reading one, its digest, and what stands against adopting one."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.field_errors import problems_of
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.rulebook_findings import findings
from lifecycle.rulebook.rulebook_model import Rulebook

DEFAULT: Final = "kaihua-2024"
"""The rulebook that stands in where none was adopted (spec 6)."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedRulebook:
    """A rulebook that passed its checks, with the text it came from and the digest of its canonical content."""

    rulebook: Rulebook
    content: str
    digest: str

    @property
    def id(self) -> str:
        """The rulebook's id."""
        return self.rulebook.id


def parse(content: str) -> LoadedRulebook:
    """Read a rulebook from TOML, exact decimals throughout, and check it. Raises `Rejected` with every problem."""
    try:
        data = tomllib.loads(content, parse_float=Decimal)
        rulebook = Rulebook.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise Rejected.by("toml", msg("is not TOML: {why}"), why=error) from None
    except ValidationError as error:
        raise Rejected(problems_of(error, None)) from None
    if problems := findings(rulebook):
        raise Rejected(problems)
    return LoadedRulebook(rulebook, content, digest_of(rulebook))


def digest_of(rulebook: Rulebook) -> str:
    """SHA-256 over the canonical content."""
    return hashlib.sha256(canonical(rulebook)).hexdigest()


def canonical(rulebook: Rulebook) -> bytes:
    """JSON of the typed data, names sorted, so that comments do not count."""
    data = rulebook.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def shipped_ids() -> list[str]:
    """The rulebooks that come with the product."""
    folder = files("lifecycle") / "rulebooks"
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )


@cache
def shipped(rulebook_id: str) -> LoadedRulebook:
    """A shipped rulebook. Raises `Rejected` where there is none of this id."""
    if rulebook_id not in shipped_ids():
        raise Rejected.by(
            "unknown_rulebook",
            msg("there is no rulebook {id}; there are {allowed}"),
            id=rulebook_id,
            allowed=shipped_ids(),
        )
    return parse(
        (files("lifecycle") / "rulebooks" / f"{rulebook_id}.toml").read_text(encoding="utf-8")
    )


def adoption_problem(event: RulebookAdopted) -> Problem | None:
    """What stands against adopting: the content cannot be used, or is not what the event says it is."""
    try:
        loaded = parse(event.content)
    except Rejected as refused:
        first = refused.problems[0]
        return Problem(
            "rulebook_unsound", msg("the rulebook cannot be used: {why}"), {"why": first}, "content"
        )
    if loaded.id != event.rulebook_id:
        return Problem(
            "rulebook_id", msg("the content is the rulebook {id}"), {"id": loaded.id}, "rulebook_id"
        )
    if loaded.digest != event.digest:
        return Problem(
            "rulebook_digest",
            msg("the content's digest is {digest}"),
            {"digest": loaded.digest},
            "digest",
        )
    return None
