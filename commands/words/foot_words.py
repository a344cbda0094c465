"""The foot of a document: what it rests on, and how it is checked. Chinese in every language."""

from __future__ import annotations

from typing import Final

FOOT_WORKSHEET: Final = "核验"
VERIFIER_NAMED: Final = "核验程序 verify_bundle.py 的 SHA-256："
TREE_ROOT: Final = "事件树根"
CONTENT_DIGEST: Final = "内容摘要"


def rests_on(
    rulebook: str,
    digest: str,
    as_of: str,
    known: str,
    events: int,
) -> str:
    """Rulebook, day, moment of knowledge and number of events that a document rests on."""
    return (
        f"规则手册 {rulebook}（摘要 {digest}）；截至 {as_of}；数据时点 {known}，共 {events} 条记录"
    )


def checked_by(
    root: str,
    digest: str,
    dated: str,
    verifier: str,
) -> str:
    """Tree root, digest and date of a document, the command that checks it, the verifier."""
    text = (
        f"事件树根 {root}；内容摘要 {digest}；出具于 {dated}；"
        "核验：lifecycle audit document 文件（或下列验证码）"
    )
    # A document of an earlier version names none.
    return f"{text}；{VERIFIER_NAMED}{verifier}" if verifier else text


TABLE_LEFT_OUT: Final = "未列入的表"


def cell_place(table: int, row: int, column: int) -> str:
    """Where in a document a cell of a table stands."""
    return f"第{table}张表第{row}行第{column}列"


def line_place(number: int) -> str:
    """Where in a document a line stands."""
    return f"第{number}行"
