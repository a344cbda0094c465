"""`project`: list, show, history."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from commands.cli.shared.command_context import (
    axes_options,
    day_view,
    opened,
    position_known,
    read_day,
)
from commands.cli.shared.people import shown
from commands.cli.shared.row_output import (
    OutputColumn,
    console,
    emit,
    format_option,
    print_json,
    print_table,
)
from commands.words.event_words import EVENTS, FIELDS, chinese_field
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.deciding.corrections import VOID, Correction, amendments
from lifecycle.events import FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import fields_of
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.evaluation import View, judged_projects, units_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.views.project_view import anomalies, project_row


@click.group("project", help=_("The projects: list, show, history."))
def command() -> None:
    """The projects."""


def _judged(ledger: Ledger, view: View, code: str | None = None) -> list[JudgedProject]:
    units, policy = units_at(ledger, view.position), prepared(view.rulebook)
    opened_rows = (
        ledger.rows_of_kind("project", view.position)
        if code is None
        else ledger.rows_of_streams([f"project/{code}"], view.position)
    )
    with opened_rows as rows:
        return list(judged_projects(rows, policy, view.axes, units))


_LIST = [
    OutputColumn("project", "项目编号", show=str, whole=True),
    OutputColumn("name", "项目名称", show=str),
    OutputColumn("sector", "类别", whole=True),
    OutputColumn("unit", "引进单位", show=str, whole=True),
    OutputColumn("stage", "已到节点", whole=True),
    OutputColumn("scale", "规模（万元）", number=True),
    OutputColumn("invested", "累计投资", number=True),
    OutputColumn("excluded", "不计", show=word),
]


@command.command("list", help=_("The projects known by a day."))
@click.option("--unit", help=_("Those credited to, or reported by, this unit."))
@click.option("--stage", help=_("Those whose furthest node is this one."))
@click.option("--sector", help=_("Those of this sector."))
@click.option("--text", help=_("Those whose name, investor or code holds this text."))
@axes_options(year=False, rulebook=False)
@format_option
def list_command(
    unit: str | None,
    stage: str | None,
    sector: str | None,
    text: str | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
) -> None:
    """List them."""
    with opened() as ledger:
        rows = [
            project_row(judged).as_json()
            for judged in _judged(ledger, day_view(ledger, as_of, known_at))
        ]
    wanted = [
        row
        for row in rows
        if unit in (None, row["unit"], row["reporting_unit"])
        and stage in (None, row["stage"], word(row["stage"]))
        and sector in (None, row["sector"], word(row["sector"]))
        and (
            text is None or any(text in str(row[name]) for name in ("name", "investor", "project"))
        )
    ]
    emit(wanted, _LIST, form)
    if form == "table":
        click.echo(say(msg("{count} projects"), count=len(wanted)))


@command.command("show", help=_("One project: facts, nodes, amounts, credit, standing, anomalies."))
@click.argument("code")
@axes_options(year=False, rulebook=False)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def show_command(code: str, as_of: str | None, known_at: str | None, form: str) -> None:
    """Show it."""
    with opened() as ledger:
        found = _judged(ledger, day_view(ledger, as_of, known_at), code)
        if not found:
            raise _unknown(ledger, code)
    judged = found[0]
    row = project_row(judged).as_json()
    if form == "json":
        print_json({**row, "anomalies": odd(judged)})
    else:
        _print(judged, row)


def odd(judged: JudgedProject) -> list[str]:
    """What looks odd about a project, in the user's language."""
    return [
        say(problem.template, **{name: _named(value) for name, value in problem.values.items()})
        for problem in anomalies(judged)
    ]


def _named(value: object) -> object:
    return word(value) if isinstance(value, (str, list)) else value


def _unknown(ledger: Ledger, code: str) -> Rejected:
    with ledger.rows_of_kind("project") as rows:
        codes = list(dict.fromkeys(row[1].partition("/")[2] for row in rows))
    near = difflib.get_close_matches(code, codes, n=3, cutoff=0.5)
    return Rejected.by(
        "unknown_project",
        msg("there is no project {code} by that day; near are {near}"),
        code=code,
        near=near,
    )


def _print(judged: JudgedProject, row: dict[str, Any]) -> None:
    out = console()
    out.print(f"{row['project']}  {row['name']}", style="bold")
    shown = (
        "investor",
        "investor_code",
        "sector",
        "kind",
        "site",
        "reporting_unit",
        "lead_person",
        "outside_ratio",
    )
    for name in shown:
        if row[name] is not None:
            out.print(f"{FIELDS[name]}  {word(row[name])}")
    out.print(f"引进单位  {row['unit']}")
    nodes = [{"node": word(stage), "on": row[f"{stage}_on"]} for stage in STAGES]
    print_table(nodes, [OutputColumn("node", "节点"), OutputColumn("on", "日期")])
    amounts = (
        "planned_investment",
        "planned_fixed_assets",
        "contract_investment",
        "contract_fixed_assets",
        "transfer_fee",
        "area_mu",
    )
    for name in amounts:
        if row[name] is not None:
            out.print(f"{FIELDS[name]}  {row[name]}{'' if name == 'area_mu' else ' 万元'}")
    out.print(f"累计投资  {row['invested']} 万元   累计税收  {row['tax']} 万元")
    out.print(f"考核期限  {row['period_end'] or '未签约'}")
    out.print(
        f"认可  {word(row['recognised'])}   符合条件  {word(row['eligible'])}   不计  {row['excluded'] or '—'}"
    )
    if judged.project.terminated_on is not None:
        out.print(f"终止  {judged.project.terminated_on}")
    for line in odd(judged):
        out.print(f"异常  {line}")


# History --------------------------------------------------------------------------------------------------------------


@command.command(
    "history", help=_("Every event of a project, corrections beside what they change.")
)
@click.argument("code")
@axes_options(year=False, rulebook=False)
@format_option
def history_command(code: str, as_of: str | None, known_at: str | None, form: str) -> None:
    """Show the events as they were recorded; nothing is left out."""
    with opened() as ledger:
        position, _moment = position_known(ledger, known_at)
        history = ledger.history(Stream("project", code), position)
        if not history:
            raise _unknown(ledger, code)
    last = None if as_of is None else read_day(as_of)
    rows = [event_row(item, history) for item in history if last is None or item.event.on <= last]
    columns = [
        OutputColumn("version", "#", number=True),
        OutputColumn("occurred_on", "发生日期", whole=True),
        OutputColumn("chinese", "事件", whole=True),
        OutputColumn("fields", "内容", show=fields_told),
        OutputColumn("recorded_at", "录入时间", show=_minute, whole=True),
        OutputColumn("recorded_by", "录入人", show=shown, whole=True),
        OutputColumn("on_behalf_of", "代何人录入", show=shown),
        OutputColumn("imported_by", "导入人", show=shown),
        OutputColumn("corrected", "更正", show=str),
    ]
    # Who entered it for whom, and who brought it in, have a column where there is anything to say.
    columns = [
        column
        for column in columns
        if column.field not in ("on_behalf_of", "imported_by")
        or any(row[column.field] for row in rows)
    ]
    emit(rows, columns, form, title=code)


def event_row(
    item: RecordedEvent,
    history: list[RecordedEvent],
    hide: Callable[[Any], Any] = lambda fields: fields,
) -> dict[str, Any]:
    """An event as it was recorded, with what became of it; `hide` takes from fields what a reader is not to see."""
    stamp = item.stamp
    fields = hide(
        {
            name: value
            for name, value in fields_of(item.event).items()
            if name not in ("occurred_on", "key")
        }
    )
    entered = hide(
        {
            "recorded_by": stamp.recorded_by,
            "on_behalf_of": stamp.on_behalf_of,
            "imported_by": stamp.imported_by,
        }
    )
    return {
        "version": item.version,
        "event": type(item.event).__name__,
        "chinese": EVENTS[type(item.event).__name__].chinese,
        "occurred_on": item.event.on.isoformat(),
        "recorded_at": stamp.recorded_at.isoformat(),
        **entered,
        "migrated_at": None if stamp.migrated_at is None else stamp.migrated_at.isoformat(),
        "fields": fields,
        "corrected": _corrected(item, history, hide),
    }


def _corrected(
    item: RecordedEvent, history: list[RecordedEvent], hide: Callable[[Any], Any]
) -> str:
    """What became of an event: void, or each changed field before and after, with the corrections that did it."""
    given = [entry for entry in history if isinstance(entry.event, FactCorrected)]
    changes = amendments(
        Correction(e.version, e.event.corrects, e.event.replacement)
        for e in given
        if isinstance(e.event, FactCorrected)
    )
    by = "、".join(
        f"#{e.version}"
        for e in given
        if isinstance(e.event, FactCorrected) and e.event.corrects == item.version
    )
    change = changes.get(item.version, {})
    if change is VOID:
        return f"作废（{by}）"
    before, after = hide(fields_of(item.event)), hide(dict(change or {}))
    told = [
        f"{chinese_field(name)} {word(before.get(name)) or '—'}→{word(value) or '—'}"
        for name, value in after.items()
    ]
    return f"{'；'.join(told)}（{by}）" if told else (f"更正已撤销（{by}）" if by else "")


def fields_told(fields: dict[str, Any]) -> str:
    """An event's fields in one line, those that say nothing left out."""
    return "；".join(
        f"{chinese_field(name)} {word(value)}"
        for name, value in fields.items()
        if value not in (None, [], False, "0")
    )


def _minute(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M")
