"""The name of a measure as a rulebook writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.nearest_names import nearest


# A validator of its own: a `Literal` would not name the nearest measures.
def _known_measure(name: Any) -> Any:
    if name not in MEASURES:
        template = msg("unknown measure {name}; most similar: {nearest}; allowed: {allowed}")
        raise PydanticCustomError(
            "measure",
            template,
            {"name": name, "nearest": nearest(str(name), MEASURES), "allowed": sorted(MEASURES)},
        )
    return name


MeasureName = Annotated[str, AfterValidator(_known_measure)]
"""A measure's name. Raises a validation error that names the nearest ones."""
