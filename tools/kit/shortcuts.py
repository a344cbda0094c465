"""Add the pages and a command prompt to the start menu of the account that runs this.

Run it again after the folder has moved. It asks the system itself, as many offices lock PowerShell.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import wintypes
from pathlib import Path
from typing import Final
from uuid import UUID

assert sys.platform == "win32"

MENU: Final = "招商引资台账"
BOARD: Final = "看板"
PROMPT: Final = "命令行"
_PROGRAMS: Final = UUID("a77f5d77-2e2b-44c3-a6a2-aba601054a51")
_DOCUMENTS: Final = UUID("fdd39ad0-238f-46af-adb4-6c85480369c7")
_SHELL_LINK: Final = UUID("00021401-0000-0000-c000-000000000046")
_SHELL_LINK_INTERFACE: Final = UUID("000214f9-0000-0000-c000-000000000046")
_FILE_INTERFACE: Final = UUID("0000010b-0000-0000-c000-000000000046")
_IN_THIS_PROCESS: Final = 1
# Places in the tables of methods of IShellLinkW, IPersistFile and what every interface has.
_QUERY_INTERFACE: Final = 0
_SET_WORKING_DIRECTORY: Final = 9
_SET_ARGUMENTS: Final = 11
_SET_PATH: Final = 20
_SAVE: Final = 6

_ole: Final = ctypes.OleDLL("ole32")
_shell: Final = ctypes.OleDLL("shell32")


def known_folder(folder_id: UUID) -> Path:
    """Return a folder of this account. Raises `OSError`."""
    path = ctypes.c_wchar_p()
    _shell.SHGetKnownFolderPath(_identifier(folder_id), 0, None, ctypes.byref(path))
    return Path(path.value or "")


def write_shortcut(shortcut: Path, target: Path, arguments: str, folder: Path) -> None:
    """Write a shortcut that starts a program in a folder. Raises `OSError`."""
    link = ctypes.c_void_p()
    _ole.CoCreateInstance(
        *(_identifier(_SHELL_LINK), None, _IN_THIS_PROCESS),
        *(_identifier(_SHELL_LINK_INTERFACE), ctypes.byref(link)),
    )
    for method, text in (
        (_SET_PATH, str(target)),
        (_SET_ARGUMENTS, arguments),
        (_SET_WORKING_DIRECTORY, str(folder)),
    ):
        _method(link, method, wintypes.LPCWSTR)(link, text)
    file = ctypes.c_void_p()
    query = _method(link, _QUERY_INTERFACE, ctypes.c_void_p, ctypes.c_void_p)
    query(link, ctypes.cast(_identifier(_FILE_INTERFACE), ctypes.c_void_p), ctypes.addressof(file))
    save = _method(file, _SAVE, wintypes.LPCWSTR, wintypes.BOOL)
    save(file, str(shortcut), True)  # noqa: FBT003 -- its order


def _identifier(identifier: UUID) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(identifier.bytes_le, 16)


def _method(interface: ctypes.c_void_p, place: int, *arguments: type) -> ctypes._FuncPointer:
    """Return a method of an interface; a failure becomes `OSError`."""
    table = ctypes.cast(interface, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
    prototype = ctypes.WINFUNCTYPE(ctypes.HRESULT, ctypes.c_void_p, *arguments)
    return prototype(table[place])


def main() -> None:
    """Write both shortcuts, over those of an earlier version."""
    kit = Path(__file__).resolve().parent
    menu = known_folder(_PROGRAMS) / MENU
    menu.mkdir(parents=True, exist_ok=True)
    _ole.CoInitialize(None)
    write_shortcut(menu / f"{BOARD}.lnk", kit / f"{BOARD}.cmd", "", kit)
    command_prompt = Path(os.environ["COMSPEC"])
    # cmd takes the outer quotes away; the inner ones keep an & in the folder's name.
    arguments = f'/k "set "PATH={kit};%PATH%""'
    write_shortcut(menu / f"{PROMPT}.lnk", command_prompt, arguments, known_folder(_DOCUMENTS))


if __name__ == "__main__":
    main()
