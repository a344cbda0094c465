"""The certificate of a unit of the demo county: sound, and changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rulebook import shipped
from projections.audit.certificates import unit_certificate
from projections.scoring.result_view import View
from tests.county import CountyCli
from tests.projections.audit.bundle_parts import CONSISTENT, Verify


@pytest.fixture(scope="session")
def certificate(county_folder: Path) -> str:
    """The certificate of a township."""
    with Ledger.open(f"sqlite:///{county_folder / 'l.db'}") as ledger:
        head = ledger.head()
        key = SigningKey.load(head.origin, county_folder / "key.pem")
        checkpoint = Checkpoint(head.origin, head.position, ledger.tree().root())
        view = View(2024, date(2024, 12, 31), head.position, shipped("kaihua-2024"))
        signed = unit_certificate(ledger, view, "华埠镇", key.sign(checkpoint.text))
        return json.dumps(signed.as_json())


@pytest.mark.parametrize("unit", ["华埠镇", "驻杭州招商组"])
def test_a_certificate_shows_the_unit_s_score(
    county: CountyCli,
    tmp_path: Path,
    verify: Verify,
    unit: str,
) -> None:
    path = tmp_path / "c.json"
    assert county("audit", "certificate", unit, path, "--year", "2024").code == 0
    score = county("score", unit, "--year", "2024", "--format", "json")
    total = json.loads(score.out)["units"][0]["total"]

    lines = verify(path)

    assert lines[-1] == CONSISTENT.replace(
        "--key, --cosigner, --receipt, --witness", "--key or --witness"
    )
    text = "\n".join(lines)
    assert f"total {total} in 2024, as of 2024-12-31" in text
    assert "no event here adopts the rulebook kaihua-2024" in text


def test_a_certificate_shows_that_its_rulebook_was_adopted(
    county: CountyCli,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "c.json"
    assert county("rulebook", "adopt", "kaihua-2024").code == 0
    assert county("audit", "certificate", "华埠镇", path, "--year", "2024").code == 0

    assert "was adopted by county#" in "\n".join(verify(path))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c["score"].update(total="100"), 'total: certified "100", recomputed "98"'),
        (
            lambda c: c["events"][3].update(state=c["events"][3]["state"] + " "),
            "not in the signed tree",
        ),
        (lambda c: c["events"].pop(0), "not among the events"),
        (lambda c: c["events"][0]["proof"].pop(), "not in the signed tree"),
        (
            lambda c: c.update(checkpoint=c["checkpoint"].replace("lifecycle", "lifecycles", 1)),
            "does not hold",
        ),
        (lambda c: c["lines"].pop(0), "line 1, events: certified "),
        (
            lambda c: c.update(rulebook=c["rulebook"].replace('"limit":"15"', '"limit":"99"')),
            "does not match its digest",
        ),
        (lambda c: c.pop("axes"), "damaged"),
    ],
)
def test_a_changed_certificate_is_rejected(
    certificate: str,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    words: str,
) -> None:
    changed = json.loads(certificate)
    change(changed)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(changed), encoding="utf-8")

    last_line = verify(path)[-1]

    assert last_line.startswith("DIFFERS: ")
    assert words in last_line


def test_a_certificate_needs_a_registered_unit(
    county: CountyCli,
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.json"

    assert county("audit", "certificate", "无此单位", path, "--year", "2024").code == 1
    assert not path.exists()
