"""A folder of Parquet files in hive layout, `scores/year=2024/part-0.parquet`, kept up to date."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from commands.analysis.exported_tables import EVENTS, EXPORTED_TABLES, ExportedTable
from commands.analysis.folder_export import FolderExport, TableExport
from commands.analysis.year_partitions import YearRow, year_partitions
from lifecycle.atomic_file import wait_for_disk
from lifecycle.atomic_folder import build_folder_atomically
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections import readmodels
from projections.views.recorded_event_rows import recorded_event_rows

_FILE: Final = "part-0.parquet"
_YEAR_DIGITS: Final = 4
_FOREIGN: Final = msg(
    "{folder} contains {name}, which no export wrote and the next one would remove: name an empty "
    "or a new folder"
)
_CURRENT: Final = msg(
    "{folder} is the folder that the command runs in, and a new one takes its place: run it from "
    "another folder"
)


def export_folder(ledger: Ledger, folder: Path) -> FolderExport:
    """Bring a folder to the ledger's present state; nothing is written to the store.

    Files with the same rows are not written again. The folder changes at once or not at all.
    Raises `Rejected` for a folder with other files, and for the one that the command runs in;
    `StoreError` and `OSError`.
    """
    _require_other_folder(folder)
    axes = readmodels.table_axes(ledger)
    tables: list[TableExport] = []
    export = FolderExport(axes.position, axes.today, tables)

    def build(draft: Path) -> bool:
        _require_own_files(folder)
        with readmodels.tables_in_memory(ledger, axes) as query_tables:
            for table in EXPORTED_TABLES:
                if table is EVENTS:
                    rows = _event_rows(ledger, axes.position)
                else:
                    rows = _query_rows(query_tables, table)
                tables.append(_export_table(table, rows, axes.today, folder, draft))
        return export.changed

    build_folder_atomically(folder, build)
    return export


def _require_other_folder(folder: Path) -> None:
    """Raise `Rejected` where the shell would be left in a folder that is gone."""
    if Path.cwd().is_relative_to(folder.resolve()):
        raise Rejected.by("current_folder", _CURRENT, folder=folder)


def _require_own_files(folder: Path) -> None:
    """Raise `Rejected` where the folder holds a file that would be lost with the old folder."""
    patterns = [f"{table.name}/year=*/{_FILE}" for table in EXPORTED_TABLES]
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        relative = path.relative_to(folder)
        if not any(relative.match(pattern) for pattern in patterns):
            raise Rejected.by("foreign_file", _FOREIGN, folder=folder, name=relative)


def _event_rows(ledger: Ledger, position: int) -> Iterator[YearRow]:
    for row in recorded_event_rows(ledger, position):
        yield YearRow(row.occurred_on.year, row)


def _query_rows(query_tables: readmodels.TablesInMemory, table: ExportedTable) -> Iterator[YearRow]:
    assert table.source is not None
    columns = [table.year_of, *table.columns]
    for year_text, *cells in query_tables.rows(table.source, columns):
        year = int(str(year_text)[:_YEAR_DIGITS])
        yield YearRow(year, tuple(cells))


def _export_table(
    table: ExportedTable,
    rows: Iterable[YearRow],
    today: date,
    folder: Path,
    draft: Path,
) -> TableExport:
    row_count = 0
    written = 0
    obsolete = _stored_years(folder, table)
    unchanged = 0
    for year, content in year_partitions(table, rows, year_if_empty=today.year):
        row_count += content.num_rows
        year_folder = f"year={year}"
        relative = Path(table.name, year_folder, _FILE)
        target = draft / relative
        target.parent.mkdir(parents=True)
        obsolete.discard(year_folder)
        if _holds(folder / relative, content):
            _link(folder / relative, target)
            unchanged += 1
        else:
            _write(target, content)
            written += 1
    return TableExport(table.name, row_count, written, unchanged, len(obsolete))


def _stored_years(folder: Path, table: ExportedTable) -> set[str]:
    """Return the names of the folders in which the table's files are now."""
    return {path.parent.name for path in folder.glob(f"{table.name}/year=*/{_FILE}")}


def _write(target: Path, content: pa.Table) -> None:
    # With checksums, so that the next export notices a damaged file.
    parquet.write_table(content, target, compression="zstd", write_page_checksum=True)
    wait_for_disk(target)


def _holds(path: Path, content: pa.Table) -> bool:
    """Return whether a file is there, undamaged, with exactly these rows."""
    try:
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            stored = file.read()
    except (OSError, pa.ArrowException):
        # Whatever is wrong with it, a new one takes its place.
        return False
    # Rows, not bytes: another release of Arrow writes the same rows in other bytes.
    return bool(stored.equals(content))


def _link(source: Path, target: Path) -> None:
    """Let the new folder have the old file itself, with its time; a copy where links do not go."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
