"""The write side: which events there are, what may be recorded, and how it is stored."""

__version__ = "0.2.0"
