"""`lifecycle region` for tests, on a region of three members."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from tests.commands.conftest import Answer, Cli
from tests.given import OTHER, OUTPOST, of
from tests.regions import CHANGSHAN, JIANGSHAN, KAIHUA, Region, project, signed

AXES: Final = ("--as-of", "2024-12-31")


class RegionCli(Cli):
    """`lifecycle region` on a region of tests."""

    def __init__(self, region: Region, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(region.url, capsys)
        self.region = region

    def on(self, command: str, *arguments: object) -> Answer:
        """Run a command of the region."""
        return self("region", command, *arguments, "--region", self.region.written())

    def publish(self, *arguments: object) -> Answer:
        """`region publish` by the region's rulebook, which it has adopted."""
        return self.on("publish", *arguments)

    def adopt(self) -> None:
        """Adopt the region's rulebook."""
        answer = self("rulebook", "adopt", self.region.rulebook, "--doubts-read")
        assert answer.code == 0, answer.err

    def publications(self, *arguments: object) -> list[dict[str, Any]]:
        """What `audit publications` says, with the members' ledgers at hand."""
        answer = self(
            "audit",
            "publications",
            "--region",
            self.region.written(),
            *arguments,
            "--format",
            "json",
        )
        rows: list[dict[str, Any]] = answer.json
        return rows

    def members(self) -> dict[str, Any]:
        """What `region verify` says of each member."""
        rows = self.on("verify", "--format", "json").json["members"]
        return {row["unit"]: row for row in rows}

    def scores(self, *arguments: object) -> Any:
        """`region score` by the region's rulebook, as JSON."""
        rulebook = ("--rulebook", self.region.rulebook)
        answer = self.on("score", *AXES, *rulebook, *arguments, "--format", "json")
        assert answer.code == 0, answer.err
        return answer.json

    def totals(self, *arguments: object) -> dict[str, str]:
        """The members' totals."""
        return {row["unit"]: row["total"] for row in self.scores(*arguments)["units"]}


def region_of_three(tmp_path: Path, store: str = "") -> Region:
    """Three members: a store, a bundle, and a store with a project that two units passed on."""
    region = Region(tmp_path, store=store)
    region.add(KAIHUA, [project("A"), signed("A", "3000"), project("B"), signed("B", "1000")])
    changshan = region.add(CHANGSHAN, [project("A", name="常山项目"), signed("A", "2000")])
    changshan.write_bundle(tmp_path / "changshan.zip")
    passed_on = [
        project("C", reporting_unit=OUTPOST),
        signed("C", "1000"),
        of("ProjectTransferred", "2024-05-01", "C", to_unit=OTHER),
    ]
    region.add(JIANGSHAN, passed_on)
    return region
