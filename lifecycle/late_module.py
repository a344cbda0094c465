"""Modules that few commands need: each is loaded when something of it is first used.

For a type checker the module is imported as any other:

    if TYPE_CHECKING:
        from rapidfuzz import fuzz
    else:
        fuzz = LateModule("rapidfuzz.fuzz")
"""

from __future__ import annotations

from importlib import import_module


class LateModule:
    """Stands for a module, and has its attributes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        """Load the module, and store the attribute here, where Python looks first next time."""
        value: object = getattr(import_module(self._name), attribute)
        self.__dict__[attribute] = value
        return value
