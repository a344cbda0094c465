"""Writes the reference pages from the code they describe: `python tools/reference_pages.py`; a test holds the pages against it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from commands.cli.main import COMMANDS, cli
from commands.intake.typed_fields import EXAMPLES, fields_of_kind
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.events import BY_NAME
from lifecycle.events.codec import topic
from lifecycle.rulebook.measures import MEASURES
from projections.readmodels.query_tables import CONTENT_TABLES, tracking

HERE = Path(__file__).parents[1] / "docs"


def events() -> Iterator[str]:
    """Every event with its fields."""
    yield "# Events 事件\n"
    yield 'What the ledger holds. Amounts are 万元, written as text such as `"96000.5"`. ＊ must be given.\n'
    for name, kind in BY_NAME.items():
        yield f"## {name} {kind.chinese}\n"
        yield f"{cleandoc(kind.__doc__ or '')}\n"
        streams = ", ".join(kind.streams)
        yield f"Stored as `{topic(kind)}`; belongs to: {streams}.\n"
        yield "| field | 中文 | shape | allowed |\n| --- | --- | --- | --- |"
        for field in fields_of_kind(kind):
            allowed = "、".join(
                f"`{word}` {VOCABULARY[word].chinese if word in VOCABULARY else ''}".strip()
                for word in field.choices
            ) or EXAMPLES.get(field.name, "")
            yield f"| `{field.name}`{' ＊' if field.required else ''} | {field.chinese} | {field.shape} | {allowed} |"
        yield ""


def commands() -> Iterator[str]:
    """Every command as its own help tells it."""
    yield "# Commands 命令\n"
    yield "Exit codes: 0 done; 1 refused or found different; 2 wrong usage; 3 the store or a file cannot be used.\n"
    context = click.Context(cli, info_name="lifecycle", **cli.context_settings)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        yield from _command(
            command, click.Context(command, info_name=name, parent=context, terminal_width=100)
        )


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n"
    yield f"```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group) and context.command_path != "lifecycle record":
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _command(
                inner, click.Context(inner, info_name=name, parent=context, terminal_width=100)
            )


def measures() -> Iterator[str]:
    """What rules can count."""
    yield "# Measures 计量\n"
    yield "The closed vocabulary of what a rule counts. One that counts or sums events is a row in `lifecycle/rulebook/measures.py`.\n"
    for title, of in (("Of a project", "project"), ("Of a unit", "unit")):
        yield f"## {title}\n"
        yield "| measure | unit | counts | from |\n| --- | --- | --- | --- |"
        for name, measure in MEASURES.items():
            if measure.of == of:
                yield f"| `{name}` | {measure.unit} | {measure.description} | {', '.join(measure.events)} |"
        yield ""


def tables() -> Iterator[str]:
    """The read tables."""
    yield "# Read tables 读表\n"
    yield (
        "Made from history, in the store's own database, for any SQL client to read; never trusted over history. Amounts and points are\n"
        "`NUMERIC` on PostgreSQL and plain decimal text on SQLite; `*_exact` columns are fractions such as `4/3`. `score_parts` and\n"
        "`score_lines` sum to `scores`, `target_shares` to `targets`. `deadlines` and `sheets` stand as of the tables' day, `as_of` in `read_tables`;\n"
        "how many days are left is for whoever asks, such as `julianday(due_on) - julianday('now')` on SQLite.\n"
        "`lifecycle projections check` makes the tables anew and says which had been changed by another hand.\n"
    )
    for table in (*CONTENT_TABLES, tracking):
        yield f"## {table.name}\n"
        for column in table.columns:
            key = " (key)" if column.primary_key else ""
            yield f"- `{column.name}`{key}: {column.type}"
        yield ""


PAGES = {"events.md": events, "commands.md": commands, "measures.md": measures, "tables.md": tables}


def page(name: str) -> str:
    """One page's text."""
    return "\n".join(PAGES[name]()).rstrip() + "\n"


if __name__ == "__main__":
    os.environ["LANGUAGE"] = "en"
    for name in PAGES:
        (HERE / name).write_text(page(name), encoding="utf-8")
    sys.stdout.write(f"{len(PAGES)} pages\n")
