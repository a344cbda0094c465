"""Modules that few commands need: each is loaded when something of it is first used.

For a type checker the module is imported as any other:

    if TYPE_CHECKING:
        from rapidfuzz import fuzz
    else:
        fuzz = LateModule("rapidfuzz.fuzz")

What a library imports for itself and few commands use, `load_late` names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


class LateModule:
    """Stands for a module, and has its attributes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        """Load the module, and store the attribute here, where Python looks first next time."""
        value: object = getattr(import_module(self._name), attribute)
        self.__dict__[attribute] = value
        return value


class _LateFinder:
    """Finds some modules so that their code runs once something of them is used."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find one of the modules; any other is left to the finders that follow."""
        if name not in self._names:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def load_late(*names: str) -> None:
    """Let these modules, where a library imports them, run only once something of them is used.

    `from module import name` uses it. Before Python 3.12 two threads must not do so at once.
    """
    sys.meta_path.insert(0, _LateFinder(names))
