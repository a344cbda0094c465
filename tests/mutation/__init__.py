"""Mutation tests: a corpus drawn once, and quick checks that every mutant must fail."""
