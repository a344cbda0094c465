"""Tests of `lifecycle`: events, decisions, the ledger and rulebooks."""
