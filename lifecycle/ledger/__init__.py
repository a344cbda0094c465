"""The ledger: the store's one door, and everything kept and verified beside the events."""
