"""Results at a Python prompt and in notebooks: a short `repr`, the table as `str`, HTML and Markdown.

Results are made by earlier stages than the renderers, whose modules they do not import. The views of a type are in the
module of `cnncalc.render.views` that has its name, which is imported when a value is shown for the first time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

Shown = TypeVar("Shown")

_METHODS = (("__repr__", "brief"), ("__str__", "text"), ("_repr_markdown_", "markdown"), ("_repr_html_", "html"))
"""The methods that Python and notebooks call, with the functions of a module of views."""


def in_notebooks(kind: type[Shown]) -> type[Shown]:
    """Give a class its views."""
    for method, view in _METHODS:
        setattr(kind, method, _shower(view))
    return kind


def text(value: object, **options: Any) -> str:
    """A value as its command prints it."""
    return _viewed(value, "text", **options)


def _shower(view: str) -> Callable[[object], str]:
    def show(value: object) -> str:
        return _viewed(value, view)

    return show


def _viewed(value: object, view: str, **options: Any) -> str:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(value).__name__).lower()
    module = import_module(f"cnncalc.render.views.{name}")
    return str(getattr(module, view)(value, **options))
