"""Build the offline kits: `python -m tools.offline_kit [windows-x64 linux-x86_64 linux-aarch64]`.

They land in dist/ with a file of checksums. The Windows kit carries Python itself and is unpacked
and double-clicked; the Linux kits carry wheels for Python 3.11 to 3.14 and an install script.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

from lifecycle import __version__
from projections.audit.verifier import verifier_source
from tools.windows_python import (
    ROOT,
    create_prefix,
    install_lifecycle,
    install_packages,
    run,
    unpack_python,
    wine_environment,
)

BUILD: Final = ROOT / "build" / "kit"
DIST: Final = ROOT / "dist"
PARTS: Final = ROOT / "tools" / "kit"
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
GLIBCS: Final = ("2_28", "2_26", "2_17")
"""UOS 20 and Kylin V10 have glibc 2.28; a wheel for an older one fits too."""
WINDOWS_SCRIPTS: Final = {
    "lifecycle.cmd": "lifecycle.cmd",
    "board.cmd": "看板.cmd",
    "demo.cmd": "示例县.cmd",
    "shortcuts.cmd": "添加到开始菜单.cmd",
    "shortcuts.py": "shortcuts.py",
    "windows-readme.txt": "使用说明.txt",
}
UNUSED: Final = ("include", "libs", "tcl", "Tools", "Scripts", "NEWS.txt")
UNUSED_LIBRARY: Final = ("idlelib", "tkinter", "turtledemo", "test", "lib2to3", "ensurepip")


def windows_kit() -> Path:
    """Python for Windows with every package, scripts to double-click, compiled ahead of time."""
    folder = BUILD / f"lifecycle-{__version__}-windows-x64"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python = unpack_python(BUILD / "windows-python")
    prefix = create_prefix(BUILD / "windows-python")
    if not (python / "Lib" / "site-packages" / "click").exists():
        install_packages(python, ROOT / "requirements" / "run.txt")
    install_lifecycle(python, BUILD / "windows-python")
    shutil.copytree(python, folder / "python")
    for name in UNUSED:
        remove(folder / "python" / name)
    for name in UNUSED_LIBRARY:
        remove(folder / "python" / "Lib" / name)
    for source, target in WINDOWS_SCRIPTS.items():
        write_windows_script(PARTS / source, folder / target)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    # Without bytecode every start compiles what it imports, and a protected folder keeps nothing.
    run(
        *("wine", folder / "python" / "python.exe", "-m", "compileall", "-q", "-j", "1"),
        *("--invalidation-mode", "unchecked-hash", windows_path(folder / "python" / "Lib")),
        environment=wine_environment(prefix),
    )
    archive = DIST / f"{folder.name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target_file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                target_file.write(path, path.relative_to(folder.parent))
    return archive


def write_windows_script(source: Path, target: Path) -> None:
    """Copy a text with Windows line ends, and with a BOM where Notepad reads it."""
    text = source.read_text(encoding="utf-8").replace("{version}", __version__)
    encoding = "ascii" if target.suffix == ".cmd" else "utf-8-sig"
    target.write_text(text, encoding=encoding, newline="\r\n")


def linux_kit(architecture: str) -> Path:
    """Wheels by hash for every supported Python, and the script that installs them."""
    folder = BUILD / f"lifecycle-{__version__}-linux-{architecture}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    requirements = ROOT / "requirements" / "run.txt"
    for version in PYTHONS:
        platforms = [
            part for glibc in GLIBCS for part in ("--platform", f"manylinux_{glibc}_{architecture}")
        ]
        run(
            *(
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary=:all:",
            ),
            *platforms,
            *("--platform", f"manylinux2014_{architecture}", "--implementation", "cp"),
            *("--python-version", version, "--require-hashes", "-r", requirements),
            *("-d", folder / "wheels"),
        )
    shutil.copy(requirements, folder / "requirements.txt")
    shutil.copy(PARTS / "install.sh", folder / "install.sh")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *(ROOT, "-w", folder),
    )
    archive = DIST / f"{folder.name}.tar.gz"
    with tarfile.open(archive, "w:gz") as target:
        target.add(folder, folder.name)
    return archive


def remove(path: Path) -> None:
    """Delete a file or a whole folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def windows_path(path: Path) -> str:
    """How a Windows program under Wine names a file of this machine."""
    return "Z:" + str(path).replace("/", "\\")


def write_checksums() -> None:
    """Write SHA256SUMS over the kits in dist/ and the verifier, for `sha256sum --check`."""
    # An outsider gets the verifier from here, and not from the county that it is to check.
    (DIST / "verify_bundle.py").write_bytes(verifier_source())
    archives = sorted([*DIST.glob("lifecycle-*.zip"), *DIST.glob("lifecycle-*.tar.gz")])
    archives.append(DIST / "verify_bundle.py")
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in archives]
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def main() -> None:
    """Build the kits that the arguments name, or all."""
    kits = sys.argv[1:] or ["windows-x64", "linux-x86_64", "linux-aarch64"]
    DIST.mkdir(exist_ok=True)
    for kit in kits:
        system, _, architecture = kit.partition("-")
        archive = windows_kit() if system == "windows" else linux_kit(architecture)
        print(f"{archive.relative_to(ROOT)}  {archive.stat().st_size / 2**20:.0f} MiB")
    write_checksums()


if __name__ == "__main__":
    main()
