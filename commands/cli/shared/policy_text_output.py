"""What pages will show of a policy's text: which clauses of its rulebook are in the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.print_message import print_message
from commands.intake.policy_clauses import PolicyClauses
from commands.intake.policy_file import POLICY_ENDINGS, policy_paragraphs
from commands.words.messages import say
from lifecycle.rejections import StoreError, msg
from lifecycle.rulebook import LoadedRulebook

_CLAUSE: Final = "clause"
# Texts to their makers, though not read here; a scan is known to be none.
_OTHER_TEXT_ENDINGS: Final = (".doc", ".wps", ".odt", ".rtf")


def print_clauses_in(policy: LoadedRulebook, files: Iterable[Path]) -> None:
    """Say of how many clauses the files have the text, and name the others.

    A file that is no text is evidence all the same; nothing is said where all are scans.
    """
    texts = _readable_texts(files)
    if not texts:
        return
    clauses = PolicyClauses(texts)
    # A rulebook names most clauses in several tables.
    references = list(dict.fromkeys(_references(policy.data())))
    lacking = [reference for reference in references if not clauses.paragraphs_of(reference)]
    count = len(references) - len(lacking)
    template = msg("the text has {count} of the {whole} clauses that the rulebook names")
    click.echo(say(template, count=count, whole=len(references)))
    if lacking:
        template = msg("not just once in the text, so that pages cannot show them: {clauses}")
        click.echo(say(template, clauses=lacking))


def _readable_texts(files: Iterable[Path]) -> list[list[str]]:
    """The paragraphs of each file that is a text; one that cannot be read is named."""
    texts = []
    for file in files:
        if file.suffix.lower() not in (*POLICY_ENDINGS, *_OTHER_TEXT_ENDINGS):
            continue
        try:
            texts.append(policy_paragraphs(file, file.name))
        except StoreError as error:
            print_message(say(error.template, **error.values))
    return texts


def _references(data: Any) -> Iterator[str]:
    """The clauses that a rulebook's tables name, as it writes them."""
    if isinstance(data, dict):
        reference = data.get(_CLAUSE)
        if isinstance(reference, str):
            yield reference
        for part in data.values():
            yield from _references(part)
    elif isinstance(data, list):
        for part in data:
            yield from _references(part)
