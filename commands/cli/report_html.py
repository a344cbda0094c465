"""`report html`: the county in one file."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.main import tell
from commands.cli.shared.command_context import axes_options, opened, store_url, view_of, written
from commands.words.messages import _, say
from lifecycle.rejections import msg


@click.command(
    "html",
    help=_(
        "The whole county in one file that needs no network: ranking, every point explained, charts, deadlines, sheets."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@axes_options()
def html_command(
    file: Path, year: int | None, as_of: str | None, known_at: str | None, rulebook_id: str | None
) -> None:
    """Write it; it holds no names of persons."""
    from commands.web.onefile import one_file, undrawn  # noqa: PLC0415 -- as above
    from commands.web.view_cache import County  # noqa: PLC0415 -- help does not pay for the pages

    with opened() as ledger:
        text = one_file(
            County(ledger, store_url(), view_of(ledger, year, as_of, known_at, rulebook_id))
        )
    written(file, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
    lacking = undrawn(text)
    if lacking:
        tell(
            say(
                msg(
                    "note: the font in the file has no {characters}; a machine without such a font shows boxes"
                ),
                characters=lacking,
            )
        )
    click.echo(
        say(
            msg("{file}: {size} kB, to be opened in any browser, without a network"),
            file=file,
            size=len(text.encode()) // 1000,
        )
    )
