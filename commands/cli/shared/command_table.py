"""Every command, in the order of a county's work, and where each is loaded from."""

from __future__ import annotations

from typing import Final

from commands.cli.shared.lazy_group import LazyCommand
from lifecycle.rejections import msg

COMMANDS: Final[dict[str, LazyCommand]] = {
    "init": LazyCommand("commands.cli.init", msg("Create an empty store.")),
    "demo": LazyCommand(
        "commands.cli.demo_command",
        msg("Create a realistic sample county and show the main tasks."),
    ),
    "status": LazyCommand(
        "commands.cli.status",
        msg("Show where the store is, what it contains and how current the query tables are."),
    ),
    "today": LazyCommand(
        "commands.cli.today",
        msg("Show the morning's screen: what is due, urgent, pending and changed."),
    ),
    "record": LazyCommand(
        "commands.cli.record", msg("Record one event, from options or by prompts.")
    ),
    "import": LazyCommand(
        "commands.cli.import_command", msg("Record the events of a JSONL, CSV or XLSX file.")
    ),
    "template": LazyCommand("commands.cli.template", msg("Write an empty ledger workbook.")),
    "correct": LazyCommand(
        "commands.cli.correct", msg("Correct or void an earlier event; the original stays visible.")
    ),
    "undo": LazyCommand(
        "commands.cli.undo", msg("Take back the last record of today that you made yourself.")
    ),
    "log": LazyCommand(
        "commands.cli.log_command", msg("The last entries of the ledger: what, when, by whom.")
    ),
    "project": LazyCommand("commands.cli.project", msg("Projects: list, show, history.")),
    "unit": LazyCommand(
        "commands.cli.unit", msg("Units: list, show, history, rename, regroup, dissolve.")
    ),
    "resources": LazyCommand(
        "commands.cli.resources", msg("Land and buildings on offer (资源清单): list, match, show.")
    ),
    "score": LazyCommand("commands.cli.score", msg("Totals, modules and ranks of a year.")),
    "explain": LazyCommand(
        "commands.cli.explain",
        msg("Explain every point of a unit or project, and why the rest earns nothing."),
    ),
    "deadlines": LazyCommand("commands.cli.deadlines", msg("Deadlines, the most urgent first.")),
    "sheets": LazyCommand(
        "commands.cli.sheets",
        msg("The five task sheets (五单): list, due, week; issue, clear, reopen, expose."),
    ),
    "targets": LazyCommand(
        "commands.cli.targets",
        msg("The year's targets of the county and its units, with progress."),
    ),
    "incentives": LazyCommand(
        "commands.cli.incentives",
        msg("Incentives earned by the year's projects, and near misses."),
    ),
    "board": LazyCommand(
        "commands.cli.board",
        msg("The red and black lists of a month: ranks, proposals with reasons, listing."),
    ),
    "region": LazyCommand(
        "commands.cli.region",
        msg("A city's or province's results from the ledgers of its counties."),
    ),
    "rulebook": LazyCommand(
        "commands.cli.rulebook_command",
        msg("Policies as data: list, show, check, compare, draft, adopt."),
    ),
    "audit": LazyCommand(
        "commands.cli.audit",
        msg("Verification of the ledger; checkpoints, receipts, bundles."),
    ),
    "calendar": LazyCommand(
        "commands.cli.calendar_command",
        msg("Working days that deadlines count by; deadlines for a calendar program."),
    ),
    "publish": LazyCommand("commands.cli.publish", msg("Freeze a result: scores or a board.")),
    "report": LazyCommand(
        "commands.cli.report",
        msg("Documents: ledger workbook, reports of a period, sheets, forms."),
    ),
    "export": LazyCommand(
        "commands.cli.export",
        msg("Tables for analysts, in files that their programs read (Parquet)."),
    ),
    "notify": LazyCommand(
        "commands.cli.notify",
        msg("Send the units what is due, by mail or to DingTalk, WeCom, Feishu."),
    ),
    "serve": LazyCommand(
        "commands.cli.serve",
        msg("Pages for leaders and auditors, read-only, in a browser."),
    ),
    "completion": LazyCommand(
        "commands.cli.completion", msg("The script by which a shell completes with Tab.")
    ),
    "backup": LazyCommand(
        "commands.cli.backup", msg("Write the whole store and its evidence to one file.")
    ),
    "restore": LazyCommand("commands.cli.restore", msg("Make a store from a backup.")),
    "copy": LazyCommand("commands.cli.copy", msg("Copy the store to another database.")),
    "projections": LazyCommand(
        "commands.cli.projections_command", msg("The query tables: status, rebuild, check.")
    ),
}
