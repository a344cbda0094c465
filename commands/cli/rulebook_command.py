"""`rulebook`: policies as data."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from commands.cli.rulebook_compare import compare_command
from commands.cli.rulebook_drafting import export_command, import_command, new_command, show_changes
from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.receipt_output import print_entry, receipt_option
from commands.cli.shared.row_output import OutputColumn, format_option, print_json, print_rows
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.store_access import author, open_store
from commands.handlers.adopting import adopt_rulebook
from commands.reports.rulebook_page import page
from commands.words.messages import _, say
from commands.words.policy_words import beyond_rows
from commands.words.rule_words import number, what, worth
from lifecycle.rejections import StoreError, msg
from lifecycle.rulebook import Rulebook, shipped, shipped_ids
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.reach import reach
from lifecycle.rulebook.rulebook_parameters import parameter_changes
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.rounding import decimal_text
from projections.views.requested_axes import RequestedAxes


@click.group("rulebook", help=_("Policies as data: list, show, check, compare, draft, adopt."))
def command() -> None:
    """Policies as data."""


@command.command("list", help=_("The rulebooks shipped and adopted."))
@axes_options(year=False, as_of=False, rulebook=False)
@format_option
def list_command(axes: RequestedAxes, form: str) -> None:
    """List them; a missing store is no hindrance to listing what is shipped."""
    try:
        with open_store() as ledger:
            adopted = in_force.adopted(ledger, axes.position(ledger))
    except StoreError:
        adopted = []
    books = [(shipped(name), False) for name in shipped_ids()] + [(book, True) for book in adopted]
    rows = [
        {
            "id": book.id,
            "title": book.rulebook.title,
            "from": book.rulebook.effective_from.isoformat(),
            "to": book.rulebook.effective_to.isoformat(),
            "adopted": taken,
            "digest": book.digest,
        }
        for book, taken in books
    ]
    columns = [
        OutputColumn("id", "编号"),
        OutputColumn("title", "名称"),
        OutputColumn("from", "起"),
        OutputColumn("to", "止"),
        OutputColumn("adopted", "已采用"),
        OutputColumn("digest", "摘要", show=lambda digest: str(digest)[:12]),
    ]
    print_rows(rows, columns, form)


@command.command(
    "show",
    help=_("A policy as tables: modules, groups, rules with their clauses and what they rest on."),
)
@click.argument("rulebook")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "html"]),
    default="table",
    show_default=True,
    help=_("How it is shown; html is a page by itself."),
)
def show_command(rulebook: str, form: str) -> None:
    """Show one."""
    policy = loaded(rulebook)
    book = policy.rulebook
    if form == "json":
        print_json(
            {
                "id": book.id,
                "digest": policy.digest,
                "rulebook": book.model_dump(mode="json", by_alias=True, exclude_none=True),
            }
        )
        return
    rows = [_rule_row(rule, book) for rule in book.rules]
    if form == "html":
        click.echo(page(policy, _limits(book), rows))
        return
    columns = [
        OutputColumn("module", "模块"),
        OutputColumn("rule", "规则", show=str),
        OutputColumn("chinese", "内容"),
        OutputColumn("points", "分值"),
        OutputColumn("clause", "条款"),
        OutputColumn("basis", "依据"),
        OutputColumn("note", "说明"),
    ]
    if form == "csv":
        print_rows(rows, columns, form)
        return
    click.echo(
        f"{book.title}\n{book.issuer}  {book.effective_from} — {book.effective_to}  {policy.digest[:16]}"
    )
    print_rows(
        _limits(book),
        [
            OutputColumn("name", "模块／板块"),
            OutputColumn("floor", "保底", number=True),
            OutputColumn("cap", "封顶", number=True),
            OutputColumn("clause", "条款"),
            OutputColumn("basis", "依据"),
            OutputColumn("note", "说明"),
        ],
        form,
    )
    print_rows(rows, columns, form)
    beyond = beyond_rows(book)
    if beyond:
        print_rows(
            beyond,
            [
                OutputColumn("what", "分值之外", show=str, whole=True),
                OutputColumn("says", "规定", show=str),
                *columns[-3:],
            ],
            form,
        )


def _limits(book: Rulebook) -> list[dict[str, Any]]:
    named = {module.id: module.chinese for module in book.modules}
    rows = [
        {
            "name": module.chinese,
            "floor": number(module.floor),
            "cap": number(module.cap),
            "clause": module.clause,
            "basis": module.basis,
            "note": module.note,
        }
        for module in book.modules
    ]
    rows += [
        {
            "name": f"{group.chinese}（{'＋'.join(named[m] for m in group.modules)}）",
            "floor": "",
            "cap": number(group.cap),
            "clause": group.clause,
            "basis": group.basis,
            "note": group.note,
        }
        for group in book.groups
    ]
    total = book.total
    return (
        rows
        if total is None
        else [
            *rows,
            {
                "name": "总分",
                "floor": number(total.floor),
                "cap": number(total.cap),
                "clause": total.clause,
                "basis": total.basis,
                "note": total.note,
            },
        ]
    )


def _rule_row(rule: Rule, book: Rulebook) -> dict[str, Any]:
    modules = {module.id: module.chinese for module in book.modules}
    return {
        "rule": rule.id,
        "module": modules[rule.module],
        "chinese": what(rule),
        "points": worth(rule),
        "clause": rule.clause,
        "basis": rule.basis,
        "note": rule.note,
    }


@command.command(
    "check",
    help=_(
        "What is wrong with a rulebook (an id or a FILE.toml), and the least and greatest points of each module."
    ),
)
@click.argument("rulebook")
@format_option
def check_command(rulebook: str, form: str) -> None:
    """Check one; every finding is told, exit code 1 if there is any."""
    policy = loaded(rulebook)
    modules = {module.id: module.chinese for module in policy.rulebook.modules}
    rows = [
        {"module": module, "name": modules[module], "least": _end(low), "greatest": _end(high)}
        for module, (low, high) in reach(policy.rulebook).items()
    ]
    columns = [
        OutputColumn("name", "模块"),
        OutputColumn("least", "最低", number=True),
        OutputColumn("greatest", "最高", number=True),
    ]
    print_rows(rows, columns, form)
    if form == "table":
        click.echo(say(msg("{id} is sound; digest {digest}"), id=policy.id, digest=policy.digest))


def _end(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value, 6)


@command.command(
    "adopt",
    help=_(
        "Adopt a rulebook (an id or a FILE.toml): a county event; past scores stay as they are. What changes is shown first."
    ),
)
@click.argument("rulebook")
@click.option("--occurred-on", metavar="DATE", help=_("The day of adoption; today if left out."))
@click.option("--source-ref", help=_("The document that adopts it."))
@click.option("--on-behalf-of", help=_("The person for whom you enter it."))
@receipt_option
def adopt_command(
    rulebook: str,
    occurred_on: str | None,
    source_ref: str | None,
    on_behalf_of: str | None,
    receipt: Path | None,
) -> None:
    """Show what changes against the one in force, then record its adoption."""
    policy = loaded(rulebook)
    with open_store() as ledger:
        before = in_force.at_day(
            in_force.adopted(ledger, ledger.head().position), policy.rulebook.effective_from
        )
        if before.digest != policy.digest:
            click.echo(say(msg("against {id}, in force until now:"), id=before.id))
            show_changes(parameter_changes(before.data(), policy.data()))
        entry = adopt_rulebook(
            ledger,
            policy,
            occurred_on or ledger.clock().date(),
            author(ledger, on_behalf_of),
            source_ref=source_ref,
        )
        print_entry(ledger, entry, receipt)


for one in (new_command, export_command, import_command, compare_command):
    command.add_command(one)
