"""Tuples and calls inside YAML's brackets, `{kernel_size: (3, 3)}` and `[nn.Conv2d(3, 8, 3), nn.ReLU()]`.

YAML splits the contents of `[…]` and `{…}` at every comma, even inside parentheses; the pieces are joined again.
"""

from __future__ import annotations

from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode


def rejoin(node: Sequence | Mapping) -> None:
    """Join the pieces of a tuple or call that YAML parsed as several items, or as keys without values."""
    if isinstance(node, Sequence):
        node.items[:] = _rejoined(node.items)
        return
    entries: dict[str, tuple[Scalar, SpecNode]] = {}
    waiting: tuple[Scalar, Scalar] | None = None
    for word, (key, value) in node.entries.items():
        if waiting is not None and _is_bare(value):
            opened = _through(waiting[1], key)
            entries[waiting[0].text] = (waiting[0], opened)
            waiting = (waiting[0], opened) if _depth(opened.text) > 0 else None
            continue
        entries[word] = (key, value)
        is_open = isinstance(value, Scalar) and value.plain and _depth(value.text) > 0
        waiting = (key, value) if is_open and isinstance(value, Scalar) else None
    node.entries.clear()
    node.entries.update(entries)


def _rejoined(items: list[SpecNode]) -> list[SpecNode]:
    joined: list[SpecNode] = []
    opened: Scalar | None = None
    for item in items:
        if opened is not None and isinstance(item, Scalar) and item.plain:
            joined[-1] = opened = _through(opened, item)
        else:
            joined.append(item)
            opened = item if isinstance(item, Scalar) and item.plain else None
        opened = opened if opened is not None and _depth(opened.text) > 0 else None
    return joined


def _is_bare(value: SpecNode) -> bool:
    return isinstance(value, Scalar) and value.plain and not value.text


def _through(first: Scalar, last: Scalar) -> Scalar:
    """The text from one scalar to the end of another."""
    return Scalar(first.source, first.start, last.end, first.source.text[first.start : last.end])


def _depth(text: str) -> int:
    """The number of unclosed parentheses in a text."""
    return text.count("(") - text.count(")")
