"""Files as other tools know them."""

from __future__ import annotations

import os
from pathlib import PurePath


def relative(file: str) -> str:
    """A path from the current folder, with forward slashes; one outside of it, or a text's name, as it is."""
    if file.startswith("<") or not os.path.isabs(file):
        return file.replace(os.sep, "/").removeprefix("./")
    inside = os.path.relpath(file)
    return PurePath(file if inside.startswith("..") else inside).as_posix()
