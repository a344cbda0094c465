"""What changed about a project by a day, and what was done about it, as folds keep it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from lifecycle.events.project_events import AgreementAmended, LandAcquired


class InvestorChange(NamedTuple):
    """A change of the investor, with the new one's name."""

    on: date
    version: int
    investor: str


class Contract(NamedTuple):
    """The amounts of a contract by a day, in 万元, and the events that they rest on.

    `amendments` are the supplements in order; an amount is the last that one of them gives, else
    the signing's.
    """

    contract_investment: str
    contract_fixed_assets: str
    signing_version: int
    investment_version: int
    fixed_assets_version: int
    amendments: tuple[Amendment, ...] = ()

    def amended(self, on: date, version: int, event: AgreementAmended) -> Contract:
        """Return the contract with a supplement, which leaves alone what it does not give."""
        investment = event.contract_investment
        fixed_assets = event.contract_fixed_assets
        amendment = Amendment(on, version, investment, fixed_assets)
        contract = self._replace(amendments=(*self.amendments, amendment))
        if investment is not None:
            contract = contract._replace(contract_investment=investment, investment_version=version)
        if fixed_assets is not None:
            contract = contract._replace(
                contract_fixed_assets=fixed_assets,
                fixed_assets_version=version,
            )
        return contract


class Amendment(NamedTuple):
    """A supplement to a contract; an amount that it leaves as it was is None."""

    on: date
    version: int
    contract_investment: str | None
    contract_fixed_assets: str | None


class Parcel(NamedTuple):
    """A parcel of land that was acquired; its numbers are read where they are summed."""

    on: date
    version: int
    land: LandAcquired


class FollowUp(NamedTuple):
    """A follow-up: what was talked about, what is next, and the day of the next one."""

    on: date
    version: int
    content: str
    next_step: str | None
    next_on: date | None
