"""Faults of the store, the disk and the server: one clear error, and nothing lost."""
