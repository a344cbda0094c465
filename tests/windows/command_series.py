"""Run many commands in one process, as starting Python under Wine takes seconds.

Standard input is JSON: a list of argument lists. Standard output is JSON: for each of them the exit
code, standard output and standard error.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import partial

import typst

from commands.cli.main import run
from commands.words.messages import choose_language


def answer(arguments: list[str]) -> tuple[int, str, str]:
    """Run a command as a user would; return its code and what it wrote."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = run(arguments)
    return code, out.getvalue(), err.getvalue()


def main() -> None:
    """Answer every command."""
    choose_language()
    # Only the fonts that are shipped: each machine has others of its own.
    setattr(typst, "compile", partial(typst.compile, ignore_system_fonts=True))  # noqa: B010 -- its type is overloaded
    answers = [answer(arguments) for arguments in json.load(sys.stdin.buffer)]
    sys.stdout.buffer.write(json.dumps(answers).encode())


if __name__ == "__main__":
    main()
