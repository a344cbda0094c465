"""Build the shipped fonts from the full ones of two Debian packages: `make fonts`.

The packages are `fonts-noto-cjk` and `unicode-data`. GB/T 2312, the 8105 characters of
通用规范汉字表 (2013, by Unihan's kTGH), Latin and signs stay; other ideographs are left out,
which brings each font from about 20 MB to below 5.
"""

from __future__ import annotations

import bz2
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FOLDER: Final = Path(__file__).parents[1] / "commands" / "fonts"
SOURCES: Final = {
    "NotoSansSC-Regular": "NotoSansCJK-Regular",
    "NotoSerifSC-Regular": "NotoSerifCJK-Regular",
    "NotoSerifSC-Bold": "NotoSerifCJK-Bold",
}
PACKED: Final = "NotoSansSC-Regular"
"""The font of the pages."""
# Latin, punctuation, arrows, mathematics, numbered and drawn signs, those of Chinese text,
# full-width forms.
SIGNS: Final = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x2010, 0x2060),
    range(0x2070, 0x2270),
    range(0x2460, 0x2670),
    range(0x2713, 0x2718),
    range(0x3000, 0x3040),
    range(0x3200, 0x3400),
    range(0xFE10, 0xFE50),
    range(0xFF00, 0xFFF0),
)
# Where the codec's table differs from what every Chinese keyboard types.
_AS_TYPED: Final = {
    "\u2015": "—",
    "\u30fb": "·",
}
_FONTS: Final = Path("usr/share/fonts/opentype/noto")
_UNIHAN: Final = Path("usr/share/unicode/Unihan_OtherMappings.txt.bz2")


def gb2312() -> Iterator[int]:
    """Return the code points of GB/T 2312: 6763 ideographs, punctuation, full-width forms."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            text = bytes((row, cell)).decode("gb2312", errors="ignore")
            yield from map(ord, _AS_TYPED.get(text, text))


def standard_characters(unihan: Path) -> Iterator[int]:
    """The code points of 通用规范汉字表."""
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _tab, rest = line.partition("\t")
            if rest.startswith("kTGH\t"):
                yield int(code.removeprefix("U+"), 16)


def points_to_keep(root: Path) -> set[int]:
    """Every code point to keep."""
    return {*chain(*SIGNS), *gb2312(), *standard_characters(root / _UNIHAN)}


def chinese_face(collection: Path) -> TTFont:
    """The simplified Chinese face of a collection."""
    for face in TTCollection(collection, lazy=True):
        full_name = str(face["name"].getDebugName(4))
        if " CJK SC" in full_name:
            return face
    raise LookupError(collection)


def subset(
    face: TTFont,
    points: set[int],
    target: Path,
) -> set[int]:
    """Write the face with these code points alone, and return those that it has."""
    options = Options()
    options.layout_features = ["locl", "kern", "vert", "ccmp"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(face)
    face.recalcTimestamp = False
    face.save(target)
    return set(face.getBestCmap())


def main(root: Path) -> None:
    """Build every font, and the list of the characters that all of them draw."""
    points = points_to_keep(root)
    for target, source in SOURCES.items():
        face = chinese_face(root / _FONTS / f"{source}.ttc")
        points &= subset(face, set(points), FOLDER / f"{target}.otf")
    with TTFont(FOLDER / f"{PACKED}.otf") as font:
        # Browsers take it packed; documents need it as it is.
        font.flavor = "woff2"
        font.save(FOLDER / f"{PACKED}.woff2")
    text = "".join(map(chr, sorted(points)))
    (FOLDER / "coverage.txt.bz2").write_bytes(bz2.compress(text.encode()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
