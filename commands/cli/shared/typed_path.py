"""Paths that are typed: an empty one is no path."""

from __future__ import annotations

from typing import Any

import click

from commands.words.messages import _


class TypedPath(click.Path):
    """A file or folder. An empty text is wrong usage: as a path it would mean this folder."""

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Return the path, or fail for one that is missing between the quotes."""
        if value == "":
            self.fail(_("the name is empty; give the name of a file or folder"), param, ctx)
        return super().convert(value, param, ctx)
