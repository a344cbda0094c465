"""The command line: one module for each command."""

from __future__ import annotations

from lifecycle.late_module import load_late

# Before the libraries are loaded that import them: stdnum has TLS and pydoc for web services, and
# Python sockets for mail, in the format of which packages describe themselves to pydantic.
load_late("socket", "ssl", "pydoc")
