"""A file that is no document, or was cut short, is named as such; nothing is printed of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from commands.reports.document_reading import read_document
from commands.reports.documents import write_document
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.commands.reports.conftest import composed

MONTH = ("month", "2024-05", "2024-05-31")


def cut_short(path: Path) -> None:
    """Leave half of a file, which has no end of its archive."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def text_alone(path: Path) -> None:
    """Leave text under the name of a document."""
    path.write_text("no document", encoding="utf-8")


def broken_xml(path: Path) -> None:
    """Cut the parts of an archive short, and leave the archive itself sound."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            is_text = name == "word/document.xml"
            archive.writestr(name, content[: len(content) // 2] if is_text else content)


@pytest.mark.parametrize("damage", [cut_short, text_alone, broken_xml])
def test_a_damaged_word_file_is_neither_a_document_nor_a_template(
    county_ledger: Ledger, tmp_path: Path, damage: object
) -> None:
    content, foot = composed(county_ledger, *MONTH)
    path = tmp_path / "notice.docx"
    write_document(path, "docx", content, foot)
    assert callable(damage)
    damage(path)
    with pytest.raises(StoreError, match="cannot be read"):
        read_document(path)
    target = tmp_path / "second.docx"
    with pytest.raises(StoreError, match="cannot be used as a template"):
        write_document(target, "docx", content, foot, template=path)
    assert not target.exists()
