"""Read-only pages for leaders and auditors, each with its axes in the address; and all in one file."""
