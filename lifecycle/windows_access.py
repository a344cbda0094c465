"""Windows' access lists, as far as private files need them. Imported on Windows only."""

from __future__ import annotations

import ctypes
import msvcrt
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from pathlib import Path
from typing import Final

# It also tells the type checker not to look for these functions on other systems.
assert sys.platform == "win32"

_TOKEN_QUERY: Final = 0x0008
_TOKEN_USER: Final = 1
_GENERIC_WRITE: Final = 0x40000000
_GENERIC_READ: Final = 0x80000000
_CREATE_NEW: Final = 1
_OPEN_EXISTING: Final = 3
_SHARING_VIOLATION: Final = 32
_ORDINARY_FILE: Final = 0x80
_INVALID_HANDLE: Final = ctypes.c_void_p(-1).value
_FILE_OBJECT: Final = 1
_ACCESS_LIST: Final = 0x4
_SDDL_REVISION: Final = 1
# The system itself, administrators and the owner: they can take any file over anyway.
_TRUSTED: Final = frozenset({"SY", "BA", "OW", "CO", "S-1-5-18", "S-1-5-32-544", "S-1-3-4"})
# An entry of an access list: type; flags; rights; object; inherited object; account.
_ENTRY: Final = re.compile(r"\(([^;()]*);([^;()]*);[^;()]*;[^;()]*;[^;()]*;([^;()]*)[^()]*\)")

_security: Final = ctypes.WinDLL("advapi32", use_last_error=True)
_kernel: Final = ctypes.WinDLL("kernel32", use_last_error=True)


class _SecurityAttributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES of the Windows API."""

    _fields_ = (
        ("length", wintypes.DWORD),
        ("descriptor", ctypes.c_void_p),
        ("inherited", wintypes.BOOL),
    )


# Handles and pointers have 64 bits, which ctypes would cut without these declarations.
_kernel.GetCurrentProcess.restype = wintypes.HANDLE
_kernel.CreateFileW.restype = ctypes.c_void_p
_kernel.LocalFree.argtypes = [ctypes.c_void_p]
_kernel.CloseHandle.argtypes = [wintypes.HANDLE]
_security.OpenProcessToken.argtypes = [wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p]
_security.GetTokenInformation.argtypes = [
    *(wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p),
    *(wintypes.DWORD, ctypes.c_void_p),
]
_security.ConvertSidToStringSidW.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
_security.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = [
    *(wintypes.LPCWSTR, wintypes.DWORD, ctypes.c_void_p, ctypes.c_void_p),
]
_security.ConvertSecurityDescriptorToStringSecurityDescriptorW.argtypes = [
    *(ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, ctypes.c_void_p),
]
_security.GetNamedSecurityInfoW.argtypes = [
    *(wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD),
    *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p),
]


def create_for_this_account(path: Path) -> int:
    """Create a file that only this program's account can use; return its descriptor.

    It has its access list from the start and is shared with no other program while it is open.
    Raises `FileExistsError` where there is one.
    """
    with _security_attributes("D:P(A;;FA;;;{account})") as attributes:
        handle = _kernel.CreateFileW(
            wintypes.LPCWSTR(str(path)),
            wintypes.DWORD(_GENERIC_WRITE),
            wintypes.DWORD(0),
            attributes,
            wintypes.DWORD(_CREATE_NEW),
            wintypes.DWORD(_ORDINARY_FILE),
            None,
        )
    if handle in (None, _INVALID_HANDLE):
        raise _last_error(path)
    # Without O_BINARY Windows would write a carriage return before every line feed.
    return msvcrt.open_osfhandle(handle, os.O_WRONLY | os.O_BINARY)


def create_folder_for_this_account(folder: Path) -> None:
    """Create a folder for this account and the administrators; what is put into it inherits that.

    Raises `FileExistsError` where there is one.
    """
    entries = "(A;OICI;FA;;;{account})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
    with _security_attributes(f"D:P{entries}") as attributes:
        created = _kernel.CreateDirectoryW(wintypes.LPCWSTR(str(folder)), attributes)
    if not created:
        raise _last_error(folder)


def others_have_access(file: Path) -> bool:
    """Return whether an access list opens a file to anyone besides this account.

    The system and administrators don't count. Raises `OSError`.
    """
    text = access_list(file)
    if not _ENTRY.search(text) and "D:P" not in text:
        return True  # without a list everybody has every right
    trusted = _TRUSTED | {this_account()}
    for kind, flags, account in _ENTRY.findall(text):
        concerns_this_file = "IO" not in flags
        if kind == "A" and concerns_this_file and account not in trusted:
            return True
    return False


def is_open_elsewhere(file: Path) -> bool:
    """Return whether another program has a file open that does not share it."""
    handle = _kernel.CreateFileW(
        wintypes.LPCWSTR(str(file)),
        wintypes.DWORD(_GENERIC_READ),
        wintypes.DWORD(0),
        None,
        wintypes.DWORD(_OPEN_EXISTING),
        wintypes.DWORD(_ORDINARY_FILE),
        None,
    )
    if handle in (None, _INVALID_HANDLE):
        return ctypes.get_last_error() == _SHARING_VIOLATION
    _kernel.CloseHandle(handle)
    return False


def this_account() -> str:
    """Return the security identifier of the account that runs this program."""
    user = _token_user()
    # TOKEN_USER begins with a pointer to the identifier.
    identifier = ctypes.c_void_p.from_buffer(user)
    text = wintypes.LPWSTR()
    _expect(_security.ConvertSidToStringSidW(identifier, ctypes.byref(text)))
    return _take_text(text)


def _token_user() -> ctypes.Array[ctypes.c_char]:
    token = wintypes.HANDLE()
    process = _kernel.GetCurrentProcess()
    _expect(_security.OpenProcessToken(process, _TOKEN_QUERY, ctypes.byref(token)))
    try:
        size = wintypes.DWORD()
        _security.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(size))
        user = ctypes.create_string_buffer(size.value)
        _expect(_security.GetTokenInformation(token, _TOKEN_USER, user, size, ctypes.byref(size)))
    finally:
        _kernel.CloseHandle(token)
    return user


@contextmanager
def _security_attributes(access_list: str) -> Iterator[object]:
    """What a new file or folder is given: an access list (SDDL) that names this account."""
    descriptor = ctypes.c_void_p()
    _expect(
        _security.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            access_list.format(account=this_account()),
            *(_SDDL_REVISION, ctypes.byref(descriptor), None),
        )
    )
    size = ctypes.sizeof(_SecurityAttributes)
    try:
        yield ctypes.byref(_SecurityAttributes(size, descriptor.value, inherited=False))
    finally:
        _kernel.LocalFree(descriptor)


def access_list(file: Path) -> str:
    """Return a file's access list as text (SDDL)."""
    descriptor = ctypes.c_void_p()
    error = _security.GetNamedSecurityInfoW(
        *(str(file), _FILE_OBJECT, _ACCESS_LIST),
        *(None, None, None, None, ctypes.byref(descriptor)),
    )
    if error:
        raise ctypes.WinError(error)
    text = wintypes.LPWSTR()
    try:
        _expect(
            _security.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, _SDDL_REVISION, _ACCESS_LIST, ctypes.byref(text), None
            )
        )
    finally:
        _kernel.LocalFree(descriptor)
    return _take_text(text)


def _take_text(text: wintypes.LPWSTR) -> str:
    """Return a text that Windows has allocated, and free it."""
    value = text.value or ""
    _kernel.LocalFree(text)
    return value


def _last_error(path: Path) -> OSError:
    error = ctypes.WinError(ctypes.get_last_error())
    error.filename = str(path)
    return error


def _expect(succeeded: int) -> None:
    if not succeeded:
        raise ctypes.WinError(ctypes.get_last_error())
