"""The programs of the text files beside this one, each after a line `### title`."""

from __future__ import annotations

import re
from pathlib import Path


def programs(name: str) -> dict[str, str]:
    """The programs of a text file, by their titles."""
    return dict(titled(name))


def titled(name: str, folder: str = "source") -> list[tuple[str, str]]:
    """The title and the text of each program of a file of a folder of tests."""
    text = (Path(__file__).parents[1] / folder / name).read_text(encoding="utf-8")
    parts = re.split(r"^### (.*)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))
