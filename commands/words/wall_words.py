"""The words of the picture of the county. Chinese in every language, like all documents."""

from __future__ import annotations

from typing import Final

from commands.words.ledger_words import NO_SEQUENCE

FILE: Final = "招商引资作战图.pdf"
FILE_NAME: Final = "招商引资作战图-{day}"
SEQUENCE: Final = "序列"
PROJECTS_OF_NO_UNIT: Final = NO_SEQUENCE
NOBODY: Final = "无"
NO_LIST: Final = "本年尚未公布"
STANDINGS: Final = {
    "overdue": "逾期",
    "stalled": "久无进展",
    "on_track": "正常推进",
    "complete": "已完成",
    "paused": "暂缓",
}
"""Where a project stands, by colour and shape of its dot."""


def title(county: str, year: int) -> str:
    """The title of the picture."""
    return f"{county}{year}年招商引资作战图"


def subtitle(as_of: str, pace: str, projects: int) -> str:
    """The day of the data, the share of the year passed, and the projects shown."""
    return f"数据截至{as_of}，全年时间已过{pace}；图中{projects}个项目，一点一个"


def reached_of(reached: str, target: str) -> str:
    """What is reached of a target."""
    return f"{reached}／{target}"


def completion(share: str, pace: str) -> str:
    """The completion of a target, and whether it is ahead of the year."""
    return f"完成{share}，{pace}"


def reached_node(count: int) -> str:
    """How many projects reached a node."""
    return f"到达{count}个"


def present_at_node(count: int) -> str:
    """How many projects stand at a node now."""
    return f"现有{count}个"


def list_heading(board: str, month: str) -> str:
    """The heading of the red or the black list, with its month."""
    return f"{board}（{month}）" if month else board


def delays_heading(listed: int, delayed: int) -> str:
    """The heading of the projects that are overdue for longest."""
    return f"逾期项目{delayed}个，最久的{listed}个" if listed < delayed else f"逾期项目{delayed}个"


def delay(awaited: str, days: int) -> str:
    """What of a project is overdue, and for how long."""
    return f"{awaited}逾期{days}天"


def legend(standing: str, count: int) -> str:
    """A colour of the dots, and how many there are."""
    return f"{STANDINGS[standing]}{count}个"
