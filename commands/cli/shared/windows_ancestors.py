"""The programs that started this one, nearest first. Imported on Windows only."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from typing import Final, NamedTuple

# It also tells the type checker not to look for these functions on other systems.
assert sys.platform == "win32"

_ALL_PROCESSES: Final = 0x2
_QUERY_AND_READ: Final = 0x0400 | 0x0010
_BASIC_INFORMATION: Final = 0
# Where a process of 64 bits keeps its parameters, and these its command line.
_PARAMETERS: Final = 0x20
_COMMAND_LINE: Final = 0x70
_INVALID_HANDLE: Final = ctypes.c_void_p(-1).value

_kernel: Final = ctypes.WinDLL("kernel32", use_last_error=True)
_system: Final = ctypes.WinDLL("ntdll")


class Ancestor(NamedTuple):
    """A program by its file's name in lower case, and how it was called; empty if unreadable."""

    program: str
    command_line: str


class _ProcessEntry(ctypes.Structure):
    """PROCESSENTRY32W of the Windows API."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("usage", wintypes.DWORD),
        ("process_id", wintypes.DWORD),
        ("heap", ctypes.c_size_t),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent_id", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("program", wintypes.WCHAR * 260),
    )


class _BasicInformation(ctypes.Structure):
    """PROCESS_BASIC_INFORMATION of the Windows API."""

    _fields_ = (
        ("exit_status", ctypes.c_void_p),
        ("block", ctypes.c_size_t),
        ("others", ctypes.c_void_p * 4),
    )


class _CountedText(ctypes.Structure):
    """UNICODE_STRING of the Windows API: its length is in bytes."""

    _fields_ = (
        ("length", wintypes.USHORT),
        ("room", wintypes.USHORT),
        ("text", ctypes.c_size_t),
    )


# Handles and pointers have 64 bits, which ctypes would cut without these declarations.
_kernel.CreateToolhelp32Snapshot.restype = ctypes.c_void_p
_kernel.Process32FirstW.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
_kernel.Process32NextW.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
_kernel.OpenProcess.restype = ctypes.c_void_p
_kernel.ReadProcessMemory.argtypes = [
    *(ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p),
]
_kernel.CloseHandle.argtypes = [ctypes.c_void_p]
_system.NtQueryInformationProcess.argtypes = [
    *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, wintypes.ULONG, ctypes.c_void_p),
]


def ancestors() -> Iterator[Ancestor]:
    """Yield the programs that started this one, nearest first, as far as they still run."""
    entries = {entry.process_id: entry for entry in _running_processes()}
    entry = entries.pop(os.getpid(), None)
    while entry is not None:
        # Numbers of ended processes are used again; taking each out ends a circle of them.
        entry = entries.pop(entry.parent_id, None)
        if entry is not None:
            yield Ancestor(entry.program.lower(), _command_line(entry.process_id))


def _running_processes() -> list[_ProcessEntry]:
    """Return every process of this machine; none where the system does not tell."""
    snapshot = _kernel.CreateToolhelp32Snapshot(_ALL_PROCESSES, 0)
    if snapshot in (None, _INVALID_HANDLE):
        return []
    entries = []
    entry = _ProcessEntry(size=ctypes.sizeof(_ProcessEntry))
    has_entry = _kernel.Process32FirstW(snapshot, ctypes.byref(entry))
    while has_entry:
        entries.append(entry)
        entry = _ProcessEntry(size=ctypes.sizeof(_ProcessEntry))
        has_entry = _kernel.Process32NextW(snapshot, ctypes.byref(entry))
    _kernel.CloseHandle(snapshot)
    return entries


def _command_line(process_id: int) -> str:
    """Return how a process was called; empty where this account may not know."""
    information = _BasicInformation()
    parameters = ctypes.c_size_t()
    line = _CountedText()
    with _opened(process_id) as process:
        if process is None:
            return ""
        _system.NtQueryInformationProcess(
            *(process, _BASIC_INFORMATION, ctypes.byref(information)),
            *(ctypes.sizeof(information), None),
        )
        if not _read(process, information.block + _PARAMETERS, parameters):
            return ""
        if not _read(process, parameters.value + _COMMAND_LINE, line):
            return ""
        text = (ctypes.c_char * line.length)()
        if not _read(process, line.text, text):
            return ""
    return bytes(text).decode("utf-16-le", errors="replace")


def _read(
    process: int,
    address: int,
    target: ctypes._CData,
) -> bool:
    """Copy from a process's memory to a variable of ours; whether that was possible."""
    size = ctypes.sizeof(target)
    return bool(_kernel.ReadProcessMemory(process, address, ctypes.addressof(target), size, None))


@contextmanager
def _opened(process_id: int) -> Iterator[int | None]:
    process = _kernel.OpenProcess(_QUERY_AND_READ, False, process_id)  # noqa: FBT003 -- its order
    try:
        yield process
    finally:
        if process is not None:
            _kernel.CloseHandle(process)
