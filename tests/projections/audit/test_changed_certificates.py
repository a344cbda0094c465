"""Certificates after a merger and after a move: sound, and changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.county import CountyCli
from tests.projections.audit.bundle_parts import Verify

SUCCESSOR, DISSOLVED = "长虹乡", "何田乡"
YEAR = ("--year", "2024")
NEW = "KH-2024-990"


def certified(county: CountyCli, path: Path, unit: str, *axes: str) -> dict[str, Any]:
    answer = county("audit", "certificate", unit, path, *YEAR, *axes)
    assert answer.code == 0, answer.err
    certificate: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return certificate


def total(county: CountyCli, unit: str, *axes: str) -> str:
    rows = county("score", unit, *YEAR, *axes, "--format", "json").json["units"]
    return str(rows[0]["total"])


def test_a_successor_is_certified_with_what_the_dissolved_unit_earned(
    county: CountyCli, tmp_path: Path, verify: Verify
) -> None:
    path = tmp_path / "c.json"
    certificate = certified(county, path, SUCCESSOR)
    lines = verify(path)
    assert lines[-1].startswith("CONSISTENT")
    assert f"total {total(county, SUCCESSOR)} in 2024" in "\n".join(lines)
    events = [event for line in certificate["lines"] for event in line["events"]]
    assert any(event.startswith(f"{DISSOLVED}#") for event in events)
    # The day before, the certificate holds neither the merger nor its points.
    before = certified(county, path, SUCCESSOR, "--as-of", "2024-12-29")
    lines = verify(path)
    assert lines[-1].startswith("CONSISTENT")
    assert f"total {total(county, SUCCESSOR, '--as-of', '2024-12-29')} in 2024" in "\n".join(lines)
    events = [event for line in before["lines"] for event in line["events"]]
    assert not any(event.startswith(f"{DISSOLVED}#") for event in events)


def test_a_dissolved_unit_is_certified_until_the_day_before(
    county: CountyCli, tmp_path: Path, verify: Verify
) -> None:
    path = tmp_path / "c.json"
    answer = county("audit", "certificate", DISSOLVED, path, *YEAR)
    assert answer.code == 1
    assert not path.exists()
    certified(county, path, DISSOLVED, "--as-of", "2024-12-29")
    assert verify(path)[-1].startswith("CONSISTENT")


def test_a_certificate_without_the_merger_differs(
    county: CountyCli, tmp_path: Path, verify: Verify
) -> None:
    path = tmp_path / "c.json"
    certificate = certified(county, path, SUCCESSOR)
    merger = [event for event in certificate["events"] if "UnitDissolved" in json.dumps(event)]
    assert len(merger) == 1
    certificate["events"].remove(merger[0])
    path.write_text(json.dumps(certificate), encoding="utf-8")
    assert verify(path)[-1].startswith("DIFFERS: ")


@pytest.mark.parametrize(
    ("unit", "old"),
    [
        pytest.param(SUCCESSOR, "KH-2024-046", id="its own"),
        pytest.param("县发改局", "KH-2023-050", id="one that it supported"),
    ],
)
def test_a_moved_project_is_certified_under_its_new_code(
    county: CountyCli, tmp_path: Path, verify: Verify, unit: str, old: str
) -> None:
    path = tmp_path / "c.json"
    before = total(county, unit)
    reasons = ("--reason", "编号录错", "--approved-by", "余敏")
    moved = county("project", "move", old, NEW, *reasons, "--yes")
    assert moved.code == 0, moved.err
    certificate = certified(county, path, unit)
    lines = verify(path)
    assert lines[-1].startswith("CONSISTENT")
    assert total(county, unit) == before
    assert f"total {before} in 2024" in "\n".join(lines)
    shown = json.dumps(certificate["lines"])
    assert NEW in shown
    assert old not in shown
