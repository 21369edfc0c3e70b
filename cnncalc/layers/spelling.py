"""Names as users of different frameworks write them."""

from __future__ import annotations


def normal(name: str) -> str:
    """A name normalized for comparison: without case, underscores, hyphens, and the modules before its last dot."""
    return name.rsplit(".", 1)[-1].replace("_", "").replace("-", "").lower()
