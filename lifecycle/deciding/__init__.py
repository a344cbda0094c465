"""Deciding: which events are allowed. State, decide and evolve are pure; nothing here reads or writes a store."""
