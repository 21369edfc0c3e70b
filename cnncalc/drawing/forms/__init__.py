"""Forms of a drawing: each module has `render`, of a picture (svg, tikz) or of a diagram (dot, mermaid)."""

from __future__ import annotations

from collections.abc import Mapping

ENDINGS: Mapping[str, str] = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".tex": "tikz",
}
"""The form that the ending of a file decides."""

DIAGRAM_FORMS = frozenset(("dot", "mermaid"))
"""The forms for programs that do their own layout."""
