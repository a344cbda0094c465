"""`lifecycle region` for tests, on a region of three members."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.commands.conftest import Answer, Cli
from tests.regions import Region

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
