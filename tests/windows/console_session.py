"""Type at a program in a Windows console: runs under the Windows Python, with a pseudo console.

Standard input is JSON: `command` as CreateProcess takes it, and `answers`, pairs of what to wait
for on the screen and what is then typed. Standard output is JSON: the exit code, and the screen.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from ctypes import wintypes
from pathlib import Path
from typing import Final

assert sys.platform == "win32"

_COLUMNS_AND_ROWS: Final = (120, 60)
_PSEUDO_CONSOLE: Final = 0x00020016
_EXTENDED_STARTUP: Final = 0x00080000
_STILL_RUNNING: Final = 0x00000102
_CTRL_C: Final = 0
_SECONDS: Final = 90
# What moves the cursor and colours text, by ECMA-48, and the console's title.
_CONTROL: Final = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")

# Answers that an event needs nothing further.
_STAY: Final = ctypes.WINFUNCTYPE(ctypes.c_int, wintypes.DWORD)(lambda _event: 1)
_kernel: Final = ctypes.WinDLL("kernel32", use_last_error=True)


class _Size(ctypes.Structure):
    """COORD of the Windows API."""

    _fields_ = (("columns", ctypes.c_short), ("rows", ctypes.c_short))


class _StartupInfo(ctypes.Structure):
    """STARTUPINFOEXW of the Windows API."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("names", ctypes.c_void_p * 3),
        ("numbers", wintypes.DWORD * 8),
        ("show_window", wintypes.WORD),
        ("reserved_size", wintypes.WORD),
        ("reserved", ctypes.c_void_p),
        ("streams", ctypes.c_void_p * 3),
        ("attributes", ctypes.c_void_p),
    )


class _ProcessInfo(ctypes.Structure):
    """PROCESS_INFORMATION of the Windows API."""

    _fields_ = (
        ("process", wintypes.HANDLE),
        ("thread", wintypes.HANDLE),
        ("process_id", wintypes.DWORD),
        ("thread_id", wintypes.DWORD),
    )


_kernel.CreatePseudoConsole.argtypes = [
    *(_Size, wintypes.HANDLE, wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p),
]
_kernel.UpdateProcThreadAttribute.argtypes = [
    *(ctypes.c_void_p, wintypes.DWORD, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t),
    *(ctypes.c_void_p, ctypes.c_void_p),
]


class Console:
    """A pseudo console with a program in it."""

    def __init__(self, command: str) -> None:
        input_end, self._keyboard = _pipe()
        self._picture, output_end = _pipe()
        console = ctypes.c_void_p()
        result = _kernel.CreatePseudoConsole(
            *(_Size(*_COLUMNS_AND_ROWS), input_end, output_end, 0, ctypes.byref(console))
        )
        assert result == 0, hex(result)
        self._screen = b""
        threading.Thread(target=self._read, daemon=True).start()
        self._process = _start(command, console)

    @property
    def screen(self) -> str:
        """Everything that was shown so far, without colours and movements of the cursor."""
        return _CONTROL.sub("", self._screen.decode("utf-8", errors="replace"))

    def wait_for(self, text: str, shown_before: int) -> int:
        """Wait until a text is shown after a place; return where it ends."""
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            place = self.screen.find(text, shown_before)
            if place >= 0:
                return place + len(text)
            time.sleep(0.05)
        sys.exit(f"{text!r} was not shown; the screen:\n{self.screen}")

    def type(self, text: str) -> None:
        """Type a text."""
        content = text.encode()
        written = wintypes.DWORD()
        assert _kernel.WriteFile(
            *(self._keyboard, content, len(content), ctypes.byref(written), None)
        )

    def exit_code(self) -> int:
        """Wait for the program's end and return its code."""
        result = _kernel.WaitForSingleObject(self._process, _SECONDS * 1000)
        assert result != _STILL_RUNNING, self.screen
        code = wintypes.DWORD()
        assert _kernel.GetExitCodeProcess(self._process, ctypes.byref(code))
        time.sleep(0.5)  # the console shows the last lines a moment after the program's end
        return code.value

    def _read(self) -> None:
        buffer = ctypes.create_string_buffer(65536)
        count = wintypes.DWORD()
        while _kernel.ReadFile(
            *(self._picture, buffer, len(buffer), ctypes.byref(count), None),
        ):
            self._screen += buffer.raw[: count.value]


def _pipe() -> tuple[wintypes.HANDLE, wintypes.HANDLE]:
    reading, writing = wintypes.HANDLE(), wintypes.HANDLE()
    assert _kernel.CreatePipe(ctypes.byref(reading), ctypes.byref(writing), None, 0)
    return reading, writing


def _start(command: str, console: ctypes.c_void_p) -> wintypes.HANDLE:
    """Start a program that has the console as its own; return its handle."""
    size = ctypes.c_size_t()
    _kernel.InitializeProcThreadAttributeList(None, 1, 0, ctypes.byref(size))
    attributes = ctypes.create_string_buffer(size.value)
    assert _kernel.InitializeProcThreadAttributeList(attributes, 1, 0, ctypes.byref(size))
    assert _kernel.UpdateProcThreadAttribute(
        *(attributes, 0, _PSEUDO_CONSOLE, console, ctypes.sizeof(console), None, None)
    )
    startup = _StartupInfo(size=ctypes.sizeof(_StartupInfo))
    startup.attributes = ctypes.addressof(attributes)
    process = _ProcessInfo()
    assert _kernel.CreateProcessW(
        *(None, ctypes.create_unicode_buffer(command), None, None, False, _EXTENDED_STARTUP),
        *(None, None, ctypes.byref(startup), ctypes.byref(process)),
    ), ctypes.WinError(ctypes.get_last_error())
    handle: wintypes.HANDLE = process.process
    return handle


def run_in_console(command: str, interruption: Path) -> int:
    """Run a program on the console's own keyboard and screen; Wine hands neither over."""
    # Ctrl-C reaches every program of a console; the one under test alone should answer it.
    _kernel.SetConsoleCtrlHandler(_STAY, True)
    with (
        Path("CONIN$").open("rb", buffering=0) as keyboard,
        Path("CONOUT$").open("wb", buffering=0) as screen,
    ):
        program = subprocess.Popen(command, stdin=keyboard, stdout=screen, stderr=screen)
        while program.poll() is None:
            if interruption.exists():
                interruption.unlink()
                _kernel.GenerateConsoleCtrlEvent(_CTRL_C, 0)
            time.sleep(0.1)
        return program.returncode


def main() -> None:
    """Hold the session and print how it ended; with an argument, be the program in the console."""
    if len(sys.argv) > 1:
        sys.exit(run_in_console(sys.argv[1], Path(sys.argv[2])))
    request = json.loads(sys.stdin.buffer.read())
    interruption = Path(tempfile.mkdtemp()) / "ctrl-c"
    inside = [sys.executable, __file__, request["command"], str(interruption)]
    console = Console(subprocess.list2cmdline(inside))
    place = 0
    for shown, typed in request["answers"]:
        place = console.wait_for(shown, place)
        if typed == "\x03":
            # Wine's console ends when it reads this key, so the event itself is sent.
            interruption.touch()
        else:
            console.type(typed)
    answer = {"code": console.exit_code(), "screen": console.screen}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    sys.stdout.flush()
    # The reading thread waits for a console that stays open; the process ends all the same.
    os._exit(0)


if __name__ == "__main__":
    main()
