"""The sections of pages as they were last rendered, for pages on which they say the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, NamedTuple

from cachetools import LRUCache
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

# A page has four at most; as many pages are kept whole.
_MOST_SECTIONS: Final = 256


class _Rendered(NamedTuple):
    """What a section was made from, and its text."""

    content: tuple[object, ...]
    text: Markup


class KeptSections:
    """The last text of each section; several threads may use it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sections: LRUCache[Hashable, _Rendered] = LRUCache(_MOST_SECTIONS)

    def text(
        self,
        key: Hashable,
        content: tuple[object, ...],
        render: Callable[[], Markup],
    ) -> Markup:
        """Return a section's text, rendered again unless its content is what it was last time."""
        with self._lock:
            kept = self._sections.get(key)
        # Parts that are the very same are not gone through.
        if kept is not None and kept.content == content:
            return kept.text
        text = render()
        with self._lock:
            self._sections[key] = _Rendered(content, text)
        return text


class PageSections:
    """The sections of one page: `key` has all that they rest on beside their content."""

    def __init__(self, kept: KeptSections, key: Hashable) -> None:
        self._kept = kept
        self._key = key

    @pass_context
    def __call__(
        self,
        context: Context,
        template: str,
        *content: Any,
    ) -> Markup:
        """The text of a template that shows this content, and nothing else of its page's."""

        def render() -> Markup:
            section = context.environment.get_template(template)
            return Markup(section.render(context.get_all()))  # noqa: S704 -- it escapes on its own

        return self._kept.text((self._key, template), content, render)
