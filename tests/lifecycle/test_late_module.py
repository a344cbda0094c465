"""A late module is loaded when something of it is first used."""

import sys
from importlib import import_module
from types import ModuleType

import pytest

from lifecycle.late_module import LateModule, load_late


def test_it_is_loaded_at_its_first_use_and_is_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    late = LateModule("colorsys")
    assert "colorsys" not in sys.modules
    function = late.rgb_to_hls
    assert function is sys.modules["colorsys"].rgb_to_hls
    monkeypatch.delitem(sys.modules, "colorsys")
    # What was used once needs no second look.
    assert late.rgb_to_hls is function
    assert "colorsys" not in sys.modules


def test_what_it_lacks_is_an_error_that_names_the_module() -> None:
    with pytest.raises(AttributeError, match="colorsys"):
        _ = LateModule("colorsys").no_such_function
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = LateModule("no_such_module").anything


def test_what_a_library_imports_runs_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    load_late("colorsys", "no_such_module")
    module = import_module("colorsys")
    assert type(module) is not ModuleType
    assert module.rgb_to_hls(0, 0, 0) == (0, 0, 0)
    assert type(module) is ModuleType
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        import_module("no_such_module")
