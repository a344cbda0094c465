"""Run the suite under the Windows Python: `python -m tests.windows.suite [PATH …]`.

Left out is what cannot run there, with the reason. Tests that need PostgreSQL skip themselves: the
package that carries a server has none for Windows.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from tests.windows.conftest import FOLDER, ROOT, plain_environment

ROOMS: Final = ("tests/lifecycle", "tests/projections", "tests/commands", "tests/trust")

LEFT_OUT: Final = {
    "tests/trust/fuzz.py": "alarms and limits of memory are POSIX's",
    "tests/trust/test_kill.py": "kills by signal; check_windows.py kills on Windows",
    "tests/commands/cli/test_sheets.py": "pipes with a name and forked processes",
    "tests/commands/cli/test_import.py": "limits of memory are POSIX's",
    "tests/commands/intake/test_workbook_reading.py": "limits of memory are POSIX's",
}
# Single tests of what Windows has in another form.
DESELECTED: Final = {
    "tests/lifecycle/log/test_signed_notes.py::"
    "test_a_key_is_readable_by_its_owner_alone_and_created_once": (
        "permission bits; check_files.py reads the access list"
    ),
}


def command(paths: list[str]) -> list[str]:
    """Pytest under Wine, without what is left out."""
    options = []
    for path in LEFT_OUT:
        options.append(f"--ignore={path}")
    for test in DESELECTED:
        options.append(f"--deselect={test}")
    return [
        *("wine", str(FOLDER / "python" / "python.exe"), "-m", "pytest", "-q"),
        *("-p", "no:cacheprovider", "-p", "no:xdist"),
        *options,
        *(paths or ROOMS),
    ]


def main() -> None:
    """Run it and end with its code; output passes through a pipe, which Wine needs."""
    running = subprocess.Popen(
        command(sys.argv[1:]),
        cwd=ROOT,
        env={**plain_environment(), "HYPOTHESIS_PROFILE": "wine"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert running.stdout is not None
    for line in running.stdout:
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
    sys.exit(running.wait())


if __name__ == "__main__":
    main()
