"""Read-only pages for leaders and auditors, with their axes in the URL; also as a single file."""
