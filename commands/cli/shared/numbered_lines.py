"""Answers that name the lines of a list on the terminal by their numbers."""

from __future__ import annotations

import re
from typing import Final

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.typed_lines import read_line
from commands.words.messages import _, say
from commands.words.vocabulary_words import chinese_word
from lifecycle.rejections import msg

# What stands between numbers on a keyboard of either language.
_SEPARATORS: Final = re.compile("[,，、 ]")
_YES: Final = ("", "y", "yes", chinese_word("true"))
_NO: Final = ("n", "no", chinese_word("false"))


def numbers_typed(prompt: str, most: int) -> list[int]:
    """Ask until nothing or numbers from 1 to `most` are typed."""
    while True:
        texts = [part for part in _SEPARATORS.split(read_line(prompt)) if part]
        if all(_is_line_number(text, most) for text in texts):
            return [int(text) for text in texts]
        print_message(say(msg("type numbers from 1 to {most}"), most=most))


def confirmed_or_number(most: int) -> int | None:
    """Ask whether to record; return a line's number, or None where it is confirmed.

    Raises `Abort` where the clerk answers no.
    """
    prompt = _("Record this? Enter records, a number changes that line, n stops")
    while True:
        answer = read_line(prompt).lower()
        if answer in _YES:
            return None
        if answer in _NO:
            raise click.Abort
        if _is_line_number(answer, most):
            return int(answer)
        print_message(say(msg("type numbers from 1 to {most}"), most=most))


def _is_line_number(text: str, most: int) -> bool:
    # `isdigit` alone is true of digits of other scripts.
    return text.isascii() and text.isdigit() and 0 < int(text) <= most
