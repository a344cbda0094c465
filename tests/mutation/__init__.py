"""Mutation tests: a corpus drawn once, and quick checks of it that each changed line of code must fail."""
