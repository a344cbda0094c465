"""A region for tests: members' ledgers with keys and checkpoints, and the file that names them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from projections.audit.bundles import write_bundle
from tests.given import OTHER, OUTPOST, UNITS, of, reported
from tests.ledgers import fill
from tests.store_copies import copy_key

Record = Mapping[str, Any]
KAIHUA, CHANGSHAN, JIANGSHAN = "开化县", "常山县", "江山市"
MEMBERS: Final = (KAIHUA, CHANGSHAN, JIANGSHAN)

# The tests work its points out by hand: 2 for an agreement, 1 for each 1,000 万元 agreed of a
# member's target of 4,000, −0.5 for a late start that the region itself reports.
RULEBOOK: Final = """
id = "region-2024"
title = "市对县招商引资工作考核"
issuer = "市招商引资主管部门"
effective_from = 2024-01-01
effective_to = 2024-12-31

[rounding]
shown = 2
json = 10
clause = "总则"
basis = "policy"

[ranking]
within = "sequence"
clause = "总则"
basis = "policy"

[credit]
transferred_from = ["outpost_group"]
share = 1
clause = "一"
basis = "policy"

[[modules]]
id = "signing"
chinese = "项目签约"
clause = "一"
basis = "policy"

[[modules]]
id = "discipline"
chinese = "工作纪律"
clause = "二"
basis = "policy"

[[rules]]
id = "signed"
chinese = "签约项目"
module = "signing"
kind = "per_item"
measure = "projects_signed"
points = 2
clause = "一1"
basis = "policy"

[[rules]]
id = "agreed"
chinese = "签约金额完成率"
module = "signing"
kind = "ratio"
measure = "signed_investment"
target = { source = "set", indicator = "signed_amount" }
when_zero = 0
when_missing = "none"
weight = 4
clause = "一2"
basis = "policy"

[[rules]]
id = "late_starts"
chinese = "超期未开工"
module = "discipline"
kind = "deduct"
measure = "indicator"
indicator = "late_starts"
points = -0.5
clause = "二1"
basis = "policy"

[boards.red]
places = 1
clause = "三"
basis = "policy"

[boards.missed_checks]
consecutive = 2
clause = "三"
basis = "policy"

[boards.last]
of_at_least = 3
clause = "三"
basis = "policy"

[boards.interview]
consecutive_months = 2
clause = "三"
basis = "policy"
"""


def signed(project: str, amount: str, on: str = "2024-03-01") -> Record:
    """Return an agreement of a project."""
    return of(
        "AgreementSigned",
        on,
        project,
        contract_investment=amount,
        contract_fixed_assets=amount,
    )


@dataclass
class Member:
    """A member's store with its key."""

    unit: str
    url: str
    key: SigningKey
    age: int | None = None
    bundle: Path | str | None = None
    witness: str = ""
    given_key: str = ""
    """What the region was told, where it is not the key's public half."""

    def add(self, *records: Record) -> Member:
        """Record more and sign a checkpoint."""
        with Ledger.open(self.url) as ledger:
            fill(ledger, records, keep=False)
            sign_checkpoint(ledger, self.key)
        return self

    def write_bundle(self, path: Path) -> Member:
        """Hand over a bundle in place of the store."""
        with Ledger.open(self.url) as ledger:
            write_bundle(ledger, path)
        self.bundle = path
        return self


@dataclass
class Region:
    """A region's ledger, its members and its file."""

    folder: Path
    members: dict[str, Member] = field(default_factory=dict)
    max_age_days: int | None = None
    store: str = ""
    """Where its own ledger is, if not in its folder."""
    units: Sequence[str] = MEMBERS

    has_ledger: bool = False
    """Whether its own ledger is there already."""

    def __post_init__(self) -> None:
        if not self.has_ledger:
            _write_ledger(self.url, self.units)
        self.rulebook.write_text(RULEBOOK, encoding="utf-8")
        (self.folder / "witness").mkdir()

    @property
    def url(self) -> str:
        """The URL of the region's own ledger."""
        return self.store or f"sqlite:///{self.folder / 'region.db'}"

    @property
    def rulebook(self) -> Path:
        """The region's rulebook."""
        return self.folder / "region-2024.toml"

    @property
    def file(self) -> Path:
        """The region file."""
        return self.folder / "region.toml"

    def add(
        self,
        unit: str,
        records: Iterable[Record],
        url: str | None = None,
    ) -> Member:
        """Create a member's ledger with these records beside its units; sign it."""
        number = len(self.members)
        url = url or f"sqlite:///{self.folder / f'member{number}.db'}"
        with Ledger.open(url, create=True) as ledger:
            key = create_signer(ledger, self.folder / f"member{number}.pem")
            fill(ledger, [*UNITS, *records], keep=False)
            sign_checkpoint(ledger, key)
        self.members[unit] = Member(unit, url, key)
        return self.members[unit]

    def written(self) -> Path:
        """Write the region file; return its path."""
        lines = ['format = "lifecycle-region/1"']
        if self.max_age_days is not None:
            lines.append(f"max_age_days = {self.max_age_days}")
        for number, member in enumerate(self.members.values()):
            # Between these quotes the paths of Windows stay as they are.
            place = f"store = '{member.url}'"
            if member.bundle is not None:
                place = f"bundle = '{member.bundle}'"
            lines += [
                "[[members]]",
                f'unit = "{member.unit}"',
                place,
                f'witness = "witness/{member.witness or number}.jsonl"',
                f'key = "{member.given_key or member.key.verifier}"',
            ]
            if member.age is not None:
                lines.append(f"max_age_days = {member.age}")
        self.file.write_text("\n".join(lines), encoding="utf-8")
        return self.file


def project(code: str, **changes: Any) -> Record:
    """Return the report of a project."""
    return reported(code, **changes)


def write_region_ledger(url: str) -> None:
    """Write the own ledger of a region of three, for `copy_of`."""
    _write_ledger(url, MEMBERS)


def _write_ledger(url: str, units: Sequence[str]) -> None:
    """Register the members, each with a target."""
    records: list[Record] = []
    for unit in units:
        records.append(
            {
                "event": "UnitRegistered",
                "unit": unit,
                "occurred_on": "2024-01-01",
                "sequence": "县区",
                # Its own kind must not let a county's transfers move the credit.
                "category": "outpost_group",
            }
        )
        records.append(
            {
                "event": "TargetSet",
                "occurred_on": "2024-01-02",
                "year": 2024,
                "indicator": "signed_amount",
                "amount": "4000",
                "for_unit": unit,
            }
        )
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, records, keep=False)


def write_three_members(folder: Path) -> Region:
    """Three members: a store, a bundle, and a store with a project that two units passed on."""
    region = Region(folder)
    region.add(KAIHUA, [project("A"), signed("A", "3000"), project("B"), signed("B", "1000")])
    changshan = region.add(CHANGSHAN, [project("A", name="常山项目"), signed("A", "2000")])
    changshan.write_bundle(folder / "changshan.zip")
    passed_on = [
        project("C", reporting_unit=OUTPOST),
        signed("C", "1000"),
        of("ProjectTransferred", "2024-05-01", "C", to_unit=OTHER),
    ]
    region.add(JIANGSHAN, passed_on)
    return region


def region_of_three(three_members: Region, folder: Path, store: str = "") -> Region:
    """Copies of three members that were written before, and of their region's ledger.

    `store` is a copy of that ledger elsewhere.
    """
    if not store:
        shutil.copy(three_members.folder / "region.db", folder)
    region = Region(folder, store=store, has_ledger=True)
    for number, (unit, member) in enumerate(three_members.members.items()):
        path, key = folder / f"member{number}.db", folder / f"member{number}.pem"
        shutil.copy(three_members.folder / path.name, path)
        copy_key(three_members.folder / key.name, key)
        region.members[unit] = replace(member, url=f"sqlite:///{path}")
    bundle = shutil.copy(three_members.folder / "changshan.zip", folder)
    region.members[CHANGSHAN].bundle = Path(bundle)
    return region
