"""The demo county: invented, deterministic and lawful. `county_records.records` is its entrance."""
