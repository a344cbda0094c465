"""Errors of our own that fill values in are translated by their templates."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lifecycle
from lifecycle.events.field_errors import OWN_TEMPLATES

ERROR_WITHOUT_VALUES, ERROR_WITH_VALUES = 2, 3
FILES = sorted(Path(lifecycle.__file__).parent.rglob("*.py"))


def errors_of(file: Path, arguments: int) -> list[tuple[str, str]]:
    """The type and template of each error in a file that is made of so many arguments."""
    errors = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) != "PydanticCustomError":
            continue
        if len(node.args) != arguments:
            continue
        error_type, message, *_values = node.args
        if isinstance(message, ast.Call) and isinstance(error_type, ast.Constant):
            errors.append((str(error_type.value), ast.literal_eval(message.args[0])))
    return errors


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_error_that_fills_values_in_has_its_template(file: Path) -> None:
    for error_type, template in errors_of(file, ERROR_WITH_VALUES):
        assert OWN_TEMPLATES.get(error_type) == template


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_error_without_values_is_of_no_type_that_fills_some_in(file: Path) -> None:
    for error_type, template in errors_of(file, ERROR_WITHOUT_VALUES):
        assert OWN_TEMPLATES.get(error_type, template) == template
