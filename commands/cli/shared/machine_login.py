"""The account that is logged in to this machine."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import ctypes
    from typing import Final

    _LONGEST_NAME: Final = 257
    """UNLEN of the Windows API, and the closing zero."""

    def machine_login() -> str:
        """Return the name of the account; unlike `%USERNAME%` it cannot be set by the user."""
        name = ctypes.create_unicode_buffer(_LONGEST_NAME)
        size = ctypes.c_uint32(_LONGEST_NAME)
        if not ctypes.windll.advapi32.GetUserNameW(name, ctypes.byref(size)):
            raise ctypes.WinError()
        return name.value

else:
    import pwd

    def machine_login() -> str:
        """Return the name of the account; a container's account may have only a number."""
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return str(os.getuid())
