"""Tables of bands, and their faults: gaps, overlaps, missing ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.intervals import Interval, seams

_FAULTS: Final = {
    "gap": msg("the bands {one} and {other} leave a gap"),
    "overlap": msg("the bands {one} and {other} overlap"),
}


class BandTable(NamedTuple):
    """Bands that must join each other.

    `covers_all`: every number must find a band. `whole_numbers`: only whole numbers are looked up,
    with `counts_from_one` counts that begin at 1.
    """

    place: str
    bands: list[Interval]
    covers_all: bool = False
    whole_numbers: bool = False
    counts_from_one: bool = True

    def findings(self) -> Iterator[Problem]:
        """Yield every fault between neighbouring bands and at the ends."""
        yield from self._seam_findings()
        if self.covers_all and not self._is_open_at_both_ends():
            template = msg("the bands do not cover both ends: some projects would fall into none")
            yield Problem(
                "bands_open",
                template,
                {},
                self.place,
            )
        begins_late = not any(1 in band for band in self.bands)
        if self.whole_numbers and self.counts_from_one and begins_late:
            template = msg("no band contains the first occurrence")
            yield Problem(
                "bands_open",
                template,
                {},
                self.place,
            )

    def _seam_findings(self) -> Iterator[Problem]:
        by_text = {band.text: band for band in self.bands}
        for fault, text, next_text in seams(self.bands):
            if fault == "gap" and self._is_whole_step(by_text[text], by_text[next_text]):
                continue
            values: dict[str, object] = {"one": text, "other": next_text}
            yield Problem(
                f"bands_{fault}",
                _FAULTS[fault],
                values,
                self.place,
            )

    def _is_whole_step(
        self,
        band: Interval,
        following: Interval,
    ) -> bool:
        """Whether no count lies between two bands.

        [1,2] and [3,) leave out 2.5, which no count is.
        """
        if not self.whole_numbers or band.high is None or following.low is None:
            return False
        return following.low - band.high == 1

    def _is_open_at_both_ends(self) -> bool:
        open_below = any(band.low is None for band in self.bands)
        open_above = any(band.high is None for band in self.bands)
        return open_below and open_above
