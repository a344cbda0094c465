"""The reference pages of docs/ in Chinese, from the same declarations as the English ones.

`python -m tools.chinese_reference NAME` prints one. Each runs in a process of its own, as a
command's help is in the language in which the command was first loaded.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import sqlalchemy

from commands.cli.main import translate_help
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.field_examples import chinese_example_of
from commands.words.messages import choose_language
from commands.words.rule_terms import MEASURES as MEASURE_TERMS
from commands.words.table_headings import FILE_HEADINGS
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events import BY_NAME, Event
from lifecycle.events.codec import topic
from lifecycle.rulebook.measures import MEASURES, PROJECT_EVENTS
from projections.readmodels.query_tables import CONTENT_TABLES, tracking
from tools.command_help import every_help

EVENTS_INTRODUCTION: Final = """\
# 事件

[English](events.md)

账本可以记录的各类事件。金额单位为万元，按文本书写，如 `"96000.5"`。带＊的为必填项。
"""
COMMANDS_INTRODUCTION: Final = """\
# 命令

[English](commands.md)

退出码：0 完成；1 不予录入，或核对不一致；2 用法有误；3 账本或文件无法使用。
"""
MEASURES_INTRODUCTION: Final = """\
# 计量

[English](measures.md)

规则手册的规则可以计的数量。名称固定，使用其他名称的规则不予采用。
"""
TABLES_INTRODUCTION: Final = """\
# 查询表

[English](tables.md)

账本所在数据库中供 SQL 工具使用的表，由历史记录生成，任何结果都不依赖它们，可随时删除重建。
金额和得分在 PostgreSQL 中为 `NUMERIC`，在 SQLite 中为十进制文本；`*_exact` 列为分数，如 `4/3`。
`score_parts`、`score_lines` 之和为 `scores`，`target_shares` 之和为 `targets`。
`deadlines` 和 `sheets` 截至 `read_tables` 中的 `as_of`；余天在查询时计算。

- `lifecycle projections rebuild` 生成各表；
- `lifecycle projections check` 重新生成，并列出在系统之外被改动的表；尚未生成的只作提示。
"""
FORMS: Final = {
    "day": "日期",
    "month": "月份",
    "moment": "日期和时间",
    "number": "数值",
    "count": "整数",
    "money": "金额（万元）",
    "ratio": "比例",
    "choice": "单选",
    "choices": "多选",
    "truth": "是或否",
    "milestones": "节点及期限",
    "days": "日期，可多个",
    "evidence": "文件",
    "members": "各成员的数据截至位置和已签名的树",
    "text": "文本",
    "texts": "文本，可多个",
}
UNITS: Final = {"count": "个", "days": "天"}
STREAMS: Final = {"project": "项目", "unit": "单位", "county": "全县", "resource": "资源"}


def events_page() -> Iterator[str]:
    """Describe every event with its fields."""
    yield EVENTS_INTRODUCTION
    for name, kind in BY_NAME.items():
        streams = "、".join(STREAMS[stream] for stream in kind.streams)
        yield f"## {EVENTS[name].chinese} {name}\n"
        yield f"存储名 `{topic(kind)}`，属于{streams}。\n"
        yield from _field_table(kind)
        yield ""


def _field_table(kind: type[Event]) -> Iterator[str]:
    yield "| 内容 | 存储名 | 形式 | 可填 |"
    yield "| --- | --- | --- | --- |"
    for field in fields_of_kind(kind):
        required = " ＊" if field.required else ""
        form = FORMS[field.form or field.shape]
        yield f"| {field.chinese}{required} | `{field.name}` | {form} | {_allowed(field)} |"


def _allowed(field: TypedField) -> str:
    if not field.choices:
        example = chinese_example_of(field.name)
        return "" if example is None else f"例：{example}"
    words = []
    for stored in field.choices:
        words.append(VOCABULARY[stored].chinese if stored in VOCABULARY else stored)
    return "、".join(words)


def commands_page() -> Iterator[str]:
    """Quote the help of every command."""
    yield COMMANDS_INTRODUCTION
    yield from every_help()


def measures_page() -> Iterator[str]:
    """List every measure, those of projects first."""
    yield MEASURES_INTRODUCTION
    for of, title in (("project", "## 项目\n"), ("unit", "## 单位\n")):
        yield title
        yield "| 计量 | 名称 | 单位 | 来自事件 |"
        yield "| --- | --- | --- | --- |"
        for measure in MEASURES.values():
            if measure.of == of:
                events = "、".join(EVENTS[event].chinese for event in measure.events)
                if measure.events == PROJECT_EVENTS:
                    events = "项目的任何记录"
                unit = UNITS.get(measure.unit, measure.unit)
                term = MEASURE_TERMS[measure.name].chinese
                yield f"| `{measure.name}` | {term} | {unit} | {events} |"
        yield ""


def tables_page() -> Iterator[str]:
    """Describe every query table with its columns."""
    yield TABLES_INTRODUCTION
    for table in (*CONTENT_TABLES, tracking):
        yield f"## {table.name}\n"
        for column in table.columns:
            yield f"- {_column_text(table.name, column)}"
        yield ""


def _column_text(table: str, column: sqlalchemy.Column[object]) -> str:
    term = FIELDS.get(column.name) or FILE_HEADINGS.get(column.name)
    # The name is a project's in the table of projects alone.
    if column.name == "name" and table != "projects":
        term = None
    chinese = "" if term is None else f" {term.chinese}"
    key = "（主键）" if column.primary_key else ""
    return f"`{column.name}`{chinese}{key}：{column.type}"


PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "events.zh-CN.md": events_page,
    "commands.zh-CN.md": commands_page,
    "measures.zh-CN.md": measures_page,
    "tables.zh-CN.md": tables_page,
}


def chinese_page(name: str) -> str:
    """Return the text of one page, composed by a Chinese process."""
    environment = {**os.environ, "LANGUAGE": "zh_CN", "LIFECYCLE_LANG": "zh_CN"}
    finished = subprocess.run(
        [sys.executable, "-m", "tools.chinese_reference", name],
        env=environment,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return finished.stdout


if __name__ == "__main__":
    choose_language()
    translate_help()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write("\n".join(PAGES[sys.argv[1]]()).rstrip() + "\n")
