"""Faults of the store, the disk, the server: told in one sentence, nothing lost."""
