"""The parts of an official notice around its text (GB/T 9704-2012). Chinese in every language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ANNEX: Final = "附件"


def annex_sign(number: int, count: int) -> str:
    """What stands above an annex; a single one bears no number (GB/T 9704, 7.3.4)."""
    return ANNEX if count == 1 else f"{ANNEX}{number}"


def annex_list(headings: Iterable[str]) -> list[str]:
    """附件说明: the lines below the text that name the annexes (GB/T 9704, 7.3.4)."""
    names = list(headings)
    if len(names) == 1:
        return [f"{ANNEX}：{names[0]}"]
    indent = "　" * 3
    lines = []
    for number, name in enumerate(names, start=1):
        lines.append(f"{f'{ANNEX}：' if number == 1 else indent}{number}．{name}")
    return lines


def see_annex(sentence: str, sign: str) -> str:
    """A sentence with the annex that it speaks of."""
    return f"{sentence.removesuffix('。')}（见{sign}）。"


_LONGEST_LETTERHEAD: Final = 17  # characters of 26 points on the 156 mm of a line


def letterhead(issuer: str) -> str:
    """发文机关标志: the issuer with 文件, or its whole name alone (GB/T 9704, 7.2.4)."""
    with_word = f"{issuer}文件"
    return with_word if len(with_word) <= _LONGEST_LETTERHEAD else issuer


def addressed_to(names: str) -> str:
    """主送机关, with the colon after it."""
    return f"{names.removesuffix('：')}：" if names else ""


COPIES_TO: Final = "抄送：{names}。"
PRINTED: Final = "{day}印发"
