"""The outside: what clerks, auditors and leaders type and see. The only place that asks, formats and prints."""
