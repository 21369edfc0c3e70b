"""The forms in which findings are written. A form is a file here, its name the word after `--format`:

    def render(result: Result, *, limit: int | None = None, color: bool = False) -> str

`limit` is the width of the terminal, None where a line may be as long as it needs to be.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.linting.run import Result

_FOLDER = os.path.dirname(__file__)


def forms() -> list[str]:
    """The words after `--format`: `text` first, then the others in sorted order."""
    names = [file[:-3] for file in os.listdir(_FOLDER) if file.endswith(".py") and not file.startswith("_")]
    return sorted(names, key=lambda name: (name != "text", name))


def render(form: str, result: Result, *, limit: int | None = None, color: bool = False) -> str:
    """The findings in a form; empty where there is nothing to say."""
    written = import_module(f"cnncalc.render.linting.{form}").render(result, limit=limit, color=color)
    assert isinstance(written, str)
    return written
