"""A result folder is the old one or the new one, whatever interrupts the change."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle import atomic_folder
from lifecycle.atomic_file import replace_path
from lifecycle.atomic_folder import build_folder_atomically
from tests.platforms import not_on_windows


def write_new(draft: Path) -> bool:
    (draft / "new").write_text("new", encoding="utf-8")
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, in a folder of its own."""
    folder = tmp_path / "around" / "成绩"
    folder.mkdir(parents=True)
    (folder / "old").write_text("old", encoding="utf-8")
    return folder


def names(folder: Path) -> list[str]:
    """What is in the folder; beside it nothing may be left."""
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_takes_the_place_of_the_old_one(folder: Path) -> None:
    build_folder_atomically(folder, write_new)
    assert names(folder) == ["new"]


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    build_folder_atomically(folder, write_new)
    assert names(folder) == ["new"]


def test_a_build_that_has_nothing_new_changes_nothing(folder: Path) -> None:
    def build(draft: Path) -> bool:
        return not write_new(draft)

    build_folder_atomically(folder, build)
    assert names(folder) == ["old"]


def test_a_failed_build_leaves_the_old_folder(folder: Path) -> None:
    def build(draft: Path) -> bool:
        write_new(draft)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 -- the builder's own error passes through
        build_folder_atomically(folder, build)
    assert names(folder) == ["old"]


def test_a_swap_that_fails_half_way_is_taken_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_for_draft(temporary: Path, path: Path) -> None:
        if temporary.name.endswith(".next"):
            raise PermissionError(13, "Permission denied", str(temporary))
        replace_path(temporary, path)

    monkeypatch.setattr(atomic_folder, "replace_path", fail_for_draft)
    with pytest.raises(PermissionError) as failure:
        build_folder_atomically(folder, write_new)
    assert failure.value.filename == str(folder)
    assert names(folder) == ["old"]


@pytest.mark.parametrize("is_swapped", [False, True])
def test_after_a_loss_of_power_the_next_call_tidies_up(folder: Path, *, is_swapped: bool) -> None:
    previous = folder.with_name(f".{folder.name}.previous")
    if is_swapped:
        previous.mkdir()
        (previous / "older").touch()
    else:
        folder.rename(previous)
    draft = folder.with_name(f".{folder.name}.next")
    draft.mkdir()
    (draft / "half").touch()

    def build(draft: Path) -> bool:
        assert list(draft.iterdir()) == []
        return False

    build_folder_atomically(folder, build)
    assert names(folder) == ["old"]


@not_on_windows("Windows has access lists; links need a right of their own")
def test_a_closed_folder_behind_a_link_stays_closed(folder: Path, tmp_path: Path) -> None:
    folder.chmod(0o700)
    link = tmp_path / "link"
    link.symlink_to(folder)
    build_folder_atomically(link, write_new)
    assert link.is_symlink()
    assert names(folder) == ["new"]
    assert folder.stat().st_mode & 0o777 == 0o700
