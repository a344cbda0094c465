"""The command line: one module for each command."""

from __future__ import annotations

from lifecycle.late_module import load_late

# Before the libraries are loaded that import them: stdnum has TLS and pydoc for web services, and
# pydantic could look at what other packages say of themselves, in the format of mail, and list
# their files, maybe of an archive.
load_late("socket", "ssl", "pydoc", "importlib.metadata._adapters", "csv", "zipfile")
