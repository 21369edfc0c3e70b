"""Forms of a drawing: each module has `render`, of a picture (svg, png, tikz) or of a diagram (dot, mermaid)."""

from __future__ import annotations

from collections.abc import Mapping

ENDINGS: Mapping[str, str] = {
    ".svg": "svg",
    ".png": "png",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".tex": "tikz",
}
"""The form that the ending of a file decides."""

DIAGRAM_FORMS = frozenset(("dot", "mermaid"))
"""The forms for programs that do their own layout."""

BINARY_FORMS = frozenset(("png",))
"""The forms that are not texts."""
