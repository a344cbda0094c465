"""The application layer: each handler takes plain values and a ledger and appends events."""
