"""Commands to paste into the shell at hand: how it quotes, and how Python is called there."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from typing import Final

# What neither cmd nor PowerShell reads as anything but itself; Chinese characters are word
# characters.
_PLAIN_ON_WINDOWS: Final = re.compile(r"[\w./\\:~+-]+")
# Without Python, Windows has programs of this name that open its shop.
_SHOP_FOLDER: Final = "WindowsApps"


def shell_quoted(argument: object) -> str:
    """Return an argument as the shell reads it whole: cmd and PowerShell know double quotes."""
    text = str(argument)
    if sys.platform != "win32":
        return shlex.quote(text)
    if _PLAIN_ON_WINDOWS.fullmatch(text):
        return text
    # No file's name holds a double quote on Windows.
    return f'"{text}"'


def python_command() -> str:
    """Return the command that starts Python here: `python3`, on Windows `python` or `py`.

    Where Windows knows neither, as after unpacking the offline kit, the program's own path.
    """
    if sys.platform != "win32":
        return "python3"
    for name in ("python", "py"):
        place = shutil.which(name)
        if place is not None and _SHOP_FOLDER not in place:
            return name
    return shell_quoted(sys.executable)
