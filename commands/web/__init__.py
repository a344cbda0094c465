"""Pages for leaders and auditors: read-only, each with its axes in the address; and the same in one file."""
