"""Questions about the text of a spec that its nodes do not answer directly."""

from __future__ import annotations

from cnncalc.reading.nodes import Mapping, Scalar, SpecNode


def is_inline(root: SpecNode | None) -> bool:
    """Whether a spec was read from the inline form, whose keys are nowhere in the text."""
    entry = root.entries.get("layers") if isinstance(root, Mapping) else None
    return entry is not None and entry[0].start == entry[0].end


def letters(node: Scalar) -> tuple[int, int] | None:
    """Start and end of a scalar's letters, without its quotes; None for an alias, or an escaped or folded text."""
    text = node.source.text
    quoted = text[node.start : node.start + 1] in ("'", '"')
    start, end = (node.start + 1, node.end - 1) if quoted else (node.start, node.end)
    return (start, end) if text[start:end] == node.text else None
