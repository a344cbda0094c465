"""The demo county: invented, deterministic, lawful; `county.records` is its door."""
