"""Facts: the effective history of each project and unit, folded from stored events."""
