"""The write side: what can happen, what is allowed, what is stored."""

__version__ = "0.1.0"
