"""Commands to paste into the shell at hand: how it quotes, and how Python is called there."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from enum import Enum
from typing import Final

if sys.platform == "win32":
    from commands.cli.shared.windows_ancestors import ancestors

# What neither cmd nor PowerShell reads as anything but itself; Chinese characters are word
# characters.
_PLAIN_ON_WINDOWS: Final = re.compile(r"[\w./\\:~+-]+")
# PowerShell takes typographic quotes, common in Chinese names, for its own.
_SINGLE_QUOTES: Final = re.compile(r"['\u2018\u2019\u201a\u201b]")
_POWERSHELLS: Final = frozenset({"powershell.exe", "pwsh.exe", "powershell_ise.exe"})
# cmd's own name, its switches, among them /c.
_ONE_COMMAND: Final = re.compile(r"""\s*("[^"]*"|\S+)(\s*/[^k\s/]*)*?\s*/c""", re.IGNORECASE)
# Without Python, Windows has programs of this name that open its shop.
_SHOP_FOLDER: Final = "WindowsApps"


class Shell(Enum):
    """A family of shells that quote alike."""

    POSIX = "posix"
    CMD = "cmd"
    POWERSHELL = "powershell"


if sys.platform == "win32":

    def shell_at_hand() -> Shell:
        """Return the shell that the program was called from; cmd after a double click."""
        for ancestor in ancestors():
            if ancestor.program in _POWERSHELLS:
                return Shell.POWERSHELL
            if ancestor.program == "cmd.exe" and not runs_one_command(ancestor.command_line):
                break
        return Shell.CMD

else:

    def shell_at_hand() -> Shell:
        """Return the shell that the program was called from."""
        return Shell.POSIX


def runs_one_command(cmd_line: str) -> bool:
    """Return whether cmd was called for one command, as PowerShell calls it for lifecycle.cmd.

    Otherwise somebody types into it; that is supposed where the line cannot be read, too.
    """
    return _ONE_COMMAND.match(cmd_line) is not None


def shell_quoted(argument: object) -> str:
    """Return an argument as the shell at hand reads it whole."""
    text = str(argument)
    shell = shell_at_hand()
    if shell is Shell.POSIX:
        return shlex.quote(text)
    if _PLAIN_ON_WINDOWS.fullmatch(text):
        return text
    if shell is Shell.POWERSHELL:
        # In double quotes it would replace $ and `.
        return "'" + _SINGLE_QUOTES.sub(r"\g<0>\g<0>", text) + "'"
    # No file's name holds a double quote on Windows.
    return f'"{text}"'


def shell_command(program: object) -> str:
    """Return a program as the first word of a line: PowerShell takes a quoted one for a text."""
    word = shell_quoted(program)
    if shell_at_hand() is Shell.POWERSHELL and word.startswith("'"):
        return f"& {word}"
    return word


def python_command() -> str:
    """Return the command that starts Python here: `python3`, on Windows `python` or `py`.

    Where Windows knows neither, as after unpacking the offline kit, the program's own path.
    """
    if shell_at_hand() is Shell.POSIX:
        return "python3"
    for name in ("python", "py"):
        place = shutil.which(name)
        if place is not None and _SHOP_FOLDER not in place:
            return name
    return shell_command(sys.executable)
