"""What pages keep of a store, held against what the store says when it is read again."""

from __future__ import annotations

from lifecycle.ledger.store import Ledger
from projections.scoring.plots_of_projects import plots_at
from projections.scoring.units_of_view import registered_units
from projections.views.kept_parts import HISTORIES, PLOTS, REGISTERED, KeptParts


def agrees_with_history(ledger: Ledger, kept: KeptParts) -> bool:
    """Read the store again, and return whether all that is kept was read from the same.

    Every other part follows from the projects' histories, the registered units and the plots.
    """
    parts = kept.all_parts()
    agrees = True
    if HISTORIES in parts:
        agrees = parts[HISTORIES].part.agrees_with(ledger)
    if REGISTERED in parts:
        position, _basis, registered = parts[REGISTERED]
        agrees = agrees and registered_units(ledger, position) == registered
    if PLOTS in parts:
        _position, view, plots = parts[PLOTS]
        agrees = agrees and plots_at(ledger, view) == plots
    return agrees
